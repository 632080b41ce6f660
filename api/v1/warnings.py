"""What is said about what was taken nevertheless: private data that everyone will read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.noticing import KIND_NAMES
from reports.private_data import private_data

READ_BY_ALL = ("title", "text", "place")


def warnings_of(given: dict[str, Any]) -> list[dict[str, str]]:
    """[{field, code, detail}] for the checked fields of a report; none for one that only the administration sees.

    The words themselves are not said again: the answer is kept for repeats longer than a mended report keeps them.
    """
    if given.get("restricted") or not given["category"].public:
        return []
    return said_of(given, READ_BY_ALL)


def said_of(given: dict[str, Any], fields: tuple[str, ...]) -> list[dict[str, str]]:
    """[{field, code, detail}] of the words in these fields, which everyone will read."""
    return [
        {
            "field": field,
            "code": f"private_{kind}",
            "detail": _("Everyone will read this: %(kind)s.") % {"kind": KIND_NAMES[kind]},
        }
        for field in fields
        for kind in dict.fromkeys(one.kind for one in private_data(given.get(field) or ""))
    ]
