"""From readings to figures: median and spread over the rounds, ratios within a run, goals met or not. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Summary = dict[str, Any]
FIGURES = ("per_second", "p50", "p95", "p99", "mean", "size")


def summary(readings: Sequence[Mapping[str, float]]) -> Summary:
    """{figure: median over the rounds, figure_spread: [least, most], requests, failed: sums}."""
    found: Summary = {"rounds": len(readings)}
    for name in FIGURES:
        values = [reading[name] for reading in readings]
        found[name] = round(statistics.median(values), 3)
        found[f"{name}_spread"] = [round(min(values), 3), round(max(values), 3)]
    for name in ("requests", "failed"):
        found[name] = int(sum(reading[name] for reading in readings))
    return found


MOST_FAILED = 0.001
"""Share of answers that may fail: more, and the rate is not that of the work that was asked for."""


def failing(figures: Mapping[str, Any]) -> str:
    """„n of m failed“ where too many did for the figures to mean anything, else nothing."""
    failed, requests = figures.get("failed", 0), figures.get("requests", 0)
    return f"{failed} of {requests} failed" if failed > requests * MOST_FAILED else ""


@dataclass(frozen=True)
class Goal:
    """`kind`: ratio (requests/s of `of` to those of `to`), growth (median latency against the run with a tenth of the rows),
    most or least (a figure of `of`). `from_rows`, `to_rows`: sizes at which it is judged."""

    words: str
    kind: str
    limit: float
    of: str = "ours"
    to: str = "limit"
    figure: str = "per_second"
    from_rows: int = 0
    to_rows: int = 10**9

    def value(self, variants: Mapping[str, Summary], smaller: Mapping[str, Summary] | None) -> float | None:
        """The measured figure, None where something it needs was not measured or failed too often: quick errors are no speed."""
        ours = variants.get(self.of)
        if ours is None or "error" in ours or failing(ours):
            return None
        if self.kind == "ratio":
            other = variants.get(self.to)
            if other is None or not other.get("per_second") or failing(other):
                return None
            return float(ours["per_second"]) / float(other["per_second"])
        if self.kind == "growth":
            before = (smaller or {}).get(self.of)
            if not before or not before.get("p50") or failing(before):
                return None
            return float(ours["p50"]) / float(before["p50"])
        found = ours.get(self.figure)
        return None if found is None else float(found)

    def met(self, value: float | None) -> bool | None:
        """None where nothing was measured."""
        if value is None:
            return None
        return value <= self.limit if self.kind in ("most", "growth") else value >= self.limit

    def judged(self, rows: int, variants: Mapping[str, Summary], smaller: Mapping[str, Summary] | None) -> dict[str, Any]:
        """{words, limit, value, met} for JSON and table; not at this size: met None with the reason."""
        if not self.from_rows <= rows <= self.to_rows:
            return {"words": self.words, "limit": self.limit, "value": None, "met": None, "why": "judged at other sizes"}
        value = self.value(variants, smaller)
        found: dict[str, Any] = {"words": self.words, "limit": self.limit, "value": value and round(value, 4)}
        found["met"] = self.met(value)
        if value is None:
            found["why"] = self._why(variants)
        return found

    def _why(self, variants: Mapping[str, Summary]) -> str:
        for name in (self.of, self.to) if self.kind == "ratio" else (self.of,):
            figures = variants.get(name, {})
            if error := figures.get("error") or failing(figures):
                return f"{name}: {error}"
        if self.kind == "growth":
            return "no run with a tenth of the rows is stored, or it failed"
        return "not measured in this run"
