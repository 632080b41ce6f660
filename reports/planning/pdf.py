"""A page of ours as PDF. It fetches nothing: its style is handed over, its drawings stand in it."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from geoportal.kernel import child
from reports.planning import pdf_child

STYLES = Path(__file__).parent
SECONDS = 30
# Each child takes some hundred megabytes while it lives; who comes third waits for a place.
_places = threading.BoundedSemaphore(2)


def of(template: str, context: dict[str, Any], style: str = "paper.css") -> bytes:
    """The PDF of a template in a `style` of this folder, with the system's letters: two files of one family, as the site has them, come out mixed up.

    Made in a process of its own. Raises child.Unanswered.
    """
    order = json.dumps({"html": render_to_string(template, context), "style": (STYLES / style).read_text()}).encode()
    return child.answer(pdf_child.__file__, order, seconds=SECONDS, places=_places, begins=b"%PDF-")
