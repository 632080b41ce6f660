"""English speaks in “English marks”: a message's own words carry no „Bulgarian ones“."""

from __future__ import annotations

from pathlib import Path

import polib

PARTS = Path(__file__).resolve().parents[2] / "locale" / "bg.parts"


def test_no_message_in_english_has_bulgarian_quotation_marks() -> None:
    found = [
        entry.msgid
        for part in sorted(PARTS.glob("*.po"))
        for entry in polib.pofile(str(part))
        if "„" in entry.msgid + entry.msgid_plural
    ]
    assert found == []
