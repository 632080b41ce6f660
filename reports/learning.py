"""Learning categories from the municipality's own published reports, in a process of its own; used only where it beats the rules."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from dataclasses import dataclass

from geoportal.kernel import child
from reports import learned, learning_child
from reports.models import Report
from reports.querysets import open_levels
from reports.suggesting import by_rules, lemmas_of

FEWEST, FEWEST_CATEGORIES, FEWEST_EACH = 500, 5, 20
"""Below them a fifth is too little to judge by: with 20 of a category four are held out, with 500 a hundred in all, and the share of
right answers is known to about ten points. With fewer than five categories the rules say enough."""
MOST = 20_000
"""The newest: words and duties change, and more of them take minutes for little."""
HELD, SEED = 0.2, 7
SECONDS = 300
_places = threading.BoundedSemaphore(1)
log = logging.getLogger("reports")


@dataclass(frozen=True)
class Outcome:
    """`learned`, `rules`: shares of right answers (0 to 1) on the same `held` rows; None when there were too few `rows` to learn."""

    rows: int
    categories: int
    held: int = 0
    learned: float | None = None
    rules: float | None = None

    @property
    def better(self) -> bool:
        return self.learned is not None and self.rules is not None and self.learned > self.rules


def learn() -> Outcome:
    """Learns, judges and writes the file; leaves it alone when there is too little. Raises child.Unanswered."""
    rows = examples()
    found = Outcome(len(rows), len({slug for _text, slug in rows}))
    if found.rows < FEWEST or found.categories < FEWEST_CATEGORIES:
        return found
    order = {"rows": [(" ".join(lemmas_of(text)), slug) for text, slug in rows], "held": HELD, "seed": SEED}
    answer = child.answer(learning_child.__file__, json.dumps(order).encode(), seconds=SECONDS, places=_places, begins=b"{")
    told = json.loads(answer)
    held = [rows[at] for at in told["held"]]
    right = sum(said == slug for said, (_text, slug) in zip(told["said"], held, strict=True))
    by_rule = sum(next((one.slug for one in by_rules(text)), "") == slug for text, slug in held)
    found = Outcome(found.rows, found.categories, len(held), right / len(held), by_rule / len(held))
    learned.write({
        "version": learned.VERSION, "rows": found.rows, "held": found.held, "learned": found.learned, "rules": found.rules,
        "model": told["model"] if found.better else None,
    })  # fmt: skip
    log.info("learned categories", extra={**vars(found), "better": found.better})
    return found


def examples() -> list[tuple[str, str]]:
    """Words and category of the newest published reports, of those categories alone that everyone may choose and that have enough."""
    published = Report.objects.in_full().filter(category__open_to__in=open_levels(None)).order_by("-created_at", "-pk")
    rows = published.values_list("subject__title", "words__text", "category__slug")[:MOST]
    found = [(f"{title} {text or ''}", slug) for title, text, slug in rows]
    count = Counter(slug for _text, slug in found)
    return [(text, slug) for text, slug in found if count[slug] >= FEWEST_EACH]
