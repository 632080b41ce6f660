"""Guides, services and figures from a municipality's folder; what cannot be read is named with its line."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from participation.loading.sectors import sectors
from participation.models import Figure, Indicator, SectorGuide, Service
from reports.loading.upsert import Load
from tests import factories

GUIDES = """- sector: urban
  does: {bg: "Поддържа улиците."}
  papers:
    - {name: {bg: "Наредба"}, url: "https://example.org/1"}
"""
SERVICES = """- {slug: trees, sector: urban, department: parks, name: {bg: "Дървета"}, what: {bg: "Оглежда ги."}}
"""
INDICATORS = """- slug: people
  sector: urban
  area: dabrava
  name: {bg: "Жители"}
  source_name: {bg: "Преброяване"}
  figures: {2013: 812, 2021: 800.5}
- slug: calls
  sector: urban
  name: {bg: "Обаждания"}
  source_name: {bg: "Линията"}
  yearly: false
  figures: {2018-06-30: 12}
"""


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    factories.town()
    for name, text in (("guides", GUIDES), ("services", SERVICES), ("indicators", INDICATORS)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def load(folder: Path) -> Load:
    made = Load()
    sectors(made, folder)
    return made


def test_all_of_it_is_loaded_and_a_second_run_changes_nothing(folder: Path) -> None:
    assert load(folder).problems == []
    assert SectorGuide.objects.get().papers == [{"name": {"bg": "Наредба"}, "url": "https://example.org/1"}]
    assert Service.objects.get().department.slug == "parks"
    assert Indicator.objects.get(slug="people").area.slug == "dabrava"
    assert list(Figure.objects.order_by("on").values_list("on", "value")) == [
        (datetime.date(2013, 12, 31), Decimal(812)), (datetime.date(2018, 6, 30), Decimal(12)),
        (datetime.date(2021, 12, 31), Decimal("800.5")),
    ]  # fmt: skip
    assert not load(folder).changed


def test_a_changed_figure_changes_its_row_alone(folder: Path) -> None:
    load(folder)
    (folder / "indicators.yaml").write_text(INDICATORS.replace("812", "811"), encoding="utf-8")
    again = load(folder)
    assert dict(again.counts["participation.Figure"]) == {"changed": 1, "same": 2}


@pytest.mark.parametrize(
    ("name", "text", "old", "new", "line", "word"),
    [("indicators", INDICATORS, "2013: 812", "няма: 812", 6, "година"), ("indicators", INDICATORS, "2018-06-30", "2018", 12, "дата"),
     ("indicators", INDICATORS, "area: dabrava", "area: nowhere", 3, "nowhere"), ("services", SERVICES, "parks", "nobody", 1, "nobody"),
     ("guides", GUIDES, "https://example.org/1", "няма", 4, "url"), ("guides", GUIDES, "  does:", "  deos:", 1, "does")],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    folder: Path, name: str, text: str, old: str, new: str, line: int, word: str
) -> None:
    (folder / f"{name}.yaml").write_text(text.replace(old, new), encoding="utf-8")
    (problem,) = load(folder).problems
    assert (problem.line, word in str(problem)) == (line, True), str(problem)
