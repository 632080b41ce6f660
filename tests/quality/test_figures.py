"""What is read from Lighthouse, what counts as missed, and where the figures are written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "deploy"))

from tests.quality import document, lighthouse
from tests.quality.figures import Figures, missed
from tests.quality.interaction import Interactions
from tests.quality.weights import Times, Weight


def report(**points: float | None) -> dict[str, Any]:
    """Lighthouse's answer: one audit for each category, all right unless given."""
    found = {name: points.get(name.replace("-", "_"), 1.0) for name in lighthouse.CATEGORIES}
    audits: dict[str, Any] = {
        f"audit-of-{name}": {"score": value, "title": f"Title of {name}"} for name, value in found.items()
    }
    for name in ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"):
        audits[name] = {"numericValue": 1.5}
    categories = {
        name: {"score": value, "auditRefs": [{"id": f"audit-of-{name}", "weight": 1}]} for name, value in found.items()
    }
    return {"audits": audits, "categories": categories, "lighthouseVersion": "12", "environment": {"benchmarkIndex": 900}}


def figures(score: lighthouse.Score, *, size: int = 1000, longest: float = 16) -> Figures:
    return Figures(score, Weight({"Script": size}, 1), Times(1, 2, 3, 4), Interactions(1, longest, "a button"))


def test_points_and_what_took_them_away_are_read() -> None:
    score = lighthouse.read(report(seo=0.5))
    assert score.points == {"performance": 100, "accessibility": 100, "best-practices": 100, "seo": 50}
    assert score.faults == ["seo: audit-of-seo: Title of seo"]


def test_a_category_that_could_not_be_measured_has_no_points() -> None:
    assert lighthouse.read(report(performance=None)).points["performance"] == 0


def test_each_goal_is_missed_by_its_own_figure() -> None:
    good = lighthouse.read(report())
    assert missed({"map": figures(good, size=250_000, longest=199), "submit": figures(good)}) == []
    assert missed({"map": figures(good, size=250_001)}) == ["map: 250001 of 250000 bytes"]
    assert missed({"submit": figures(good, size=150_001)}) == ["submit: 150001 of 150000 bytes"]
    assert missed({"report": figures(good, size=900_000)}) == []
    assert missed({"report": figures(good, longest=200)}) == ["report: 200 of 200 ms after “a button”"]
    assert missed({"report": figures(lighthouse.read(report(best_practices=0.94)))}) == ["report: best-practices 94 of 95"]


def test_figures_stand_between_the_marks_and_the_words_around_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "quality.md"
    path.write_text(f"before\n{document.BEGIN}old\n{document.END}after\n")
    monkeypatch.setattr(document, "PATH", path)
    document.write({"map": figures(lighthouse.read(report()), size=123_456)}, [])
    text = path.read_text()
    assert text.startswith(f"before\n{document.BEGIN}")
    assert text.endswith(f"{document.END}after\n")
    assert "old" not in text
    assert "**123.5**" in text
    assert "All goals are met." in text
