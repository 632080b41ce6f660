"""Weights that were learned from the municipality's own reports, and what they say of a text: read and reckoned without scikit-learn.

The file, `learned/categories.json` beside the media: {"version", "learned", "rules": shares of right answers on the same held-out
rows, "rows", "held", "model": null when it was not better than the rules, else {"categories": slugs, "offsets", "temperature",
"words": {lemma: [idf, weight for each category]}}}.
"""

from __future__ import annotations

import json
import logging
import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

VERSION = 1
log = logging.getLogger("reports")
_read: dict[str, tuple[tuple[int, int] | None, Model | None]] = {}
"""Path → (when written and how long, what it says): a file is read once, and again when it has changed."""


@dataclass(frozen=True)
class Model:
    """`words`: lemma → idf and one weight for each of the `categories` (slugs)."""

    categories: list[str]
    offsets: list[float]
    temperature: float
    words: dict[str, list[float]]

    def says(self, lemmas: Sequence[str]) -> list[tuple[str, float, tuple[str, ...]]]:
        """Category, calibrated probability (0 to 1) and the lemmas that speak most for it, likeliest first; empty when no lemma is known."""
        counts = Counter(lemma for lemma in lemmas if lemma in self.words)
        if not counts:
            return []
        shares = {lemma: (1 + math.log(count)) * self.words[lemma][0] for lemma, count in counts.items()}
        length = math.sqrt(sum(share * share for share in shares.values())) or 1.0
        found = []
        for at, slug in enumerate(self.categories):
            parts = {lemma: share / length * self.words[lemma][at + 1] for lemma, share in shares.items()}
            most = sorted((lemma for lemma in parts if parts[lemma] > 0), key=lambda lemma: -parts[lemma])
            found.append((slug, (sum(parts.values()) + self.offsets[at]) / self.temperature, tuple(most[:3])))
        top = max(score for _slug, score, _most in found)
        total = sum(math.exp(score - top) for _slug, score, _most in found)
        return sorted(((slug, math.exp(score - top) / total, most) for slug, score, most in found), key=lambda one: -one[1])


def path() -> Path:
    return Path(settings.MEDIA_ROOT) / "learned" / "categories.json"


def model() -> Model | None:
    """What was learned; None where nothing was, where it was no better than the rules, and where the file is not whole (logged)."""
    file = path()
    try:
        stat = file.stat()
        sign = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        sign = None
    before = _read.get(str(file))
    if before is None or before[0] != sign:
        before = _read[str(file)] = (sign, _whole(file, there=sign is not None))
    return before[1]


def _whole(file: Path, *, there: bool) -> Model | None:
    if not there:
        log.info("no learned categories, rules suggest")
        return None
    try:
        return checked(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        log.warning("learned categories cannot be read, rules suggest", extra={"why": repr(wrong)[:200]})
        return None


def checked(given: dict[str, Any]) -> Model | None:
    """The model of a file's content; raises ValueError, TypeError or KeyError for anything that is not one."""
    if given["version"] != VERSION:
        raise ValueError("version")
    if (told := given["model"]) is None:
        return None
    made = Model(
        [str(slug) for slug in told["categories"]], [float(one) for one in told["offsets"]], float(told["temperature"]),
        {str(word): [float(one) for one in row] for word, row in told["words"].items()},
    )  # fmt: skip
    most = len(made.categories)
    numbers = [*made.offsets, made.temperature, *(one for row in made.words.values() for one in row)]
    if not most or len(made.offsets) != most or any(len(row) != most + 1 for row in made.words.values()):
        raise ValueError("lengths")
    if made.temperature <= 0 or not all(math.isfinite(one) for one in numbers):
        raise ValueError("numbers")
    return made


def write(content: dict[str, Any]) -> None:
    """Replaces the file at once: a reader sees the old one or the new one."""
    checked(content)
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(content, ensure_ascii=False))
    fresh.replace(file)
