"""The example municipality as it is loaded: all that a site needs, in both languages, the same when loaded again."""

from __future__ import annotations

from collections import Counter

import pytest

from layers.models import BaseMap, Feature
from municipality.models import Area, Installation, Organisation, Page, Sector
from reports.loading.municipality import load_municipality
from reports.models import Category, MessageTemplate, Reason, Regime, RoutingRule
from tests.loading.test_municipality import everything

pytestmark = pytest.mark.django_db


def test_botevgrad_loads_with_all_that_the_site_needs(botevgrad):
    assert [sector.slug for sector in Sector.objects.all()] == [
        "taxes", "urban", "health", "culture", "economy", "sport", "social", "other",
    ]  # fmt: skip
    kinds = Counter(Category.objects.values_list("kind", flat=True))
    assert kinds["problem"] >= 30
    assert set(Category.objects.filter(kind="idea").values_list("sector__slug", flat=True)) == {
        sector.slug for sector in Sector.objects.all()
    }
    assert Counter(Area.objects.values_list("kind", flat=True))["settlement"] == 13
    for area in Area.objects.settlements():
        assert area.polygon.covers(area.point), area.slug
        assert (area.schematic, len(area.code)) == (True, 5)
    for model in (Regime, RoutingRule, Reason, MessageTemplate, Page, BaseMap, Feature):
        assert model._default_manager.exists(), model
    assert set(Category.objects.values_list("open_to", flat=True)) == {"all", "staff", "closed"}
    assert set(Category.objects.values_list("photo", flat=True)) == {"optional", "asked", "required"}


def test_every_department_has_a_mailbox_and_every_text_is_in_both_languages(botevgrad):
    assert not Organisation.objects.departments().filter(mailbox="").exists()
    for model in (Sector, Category, Reason, MessageTemplate, Page, Organisation, Area, Regime, Feature):
        for row in model._default_manager.all():
            for field in ("name", "title", "text", "body", "hint", "note", "prefix"):
                value = getattr(row, field, None)
                assert not value or set(value) == {"bg", "en"}, (row, field)


def test_outline_is_ours_coarse_and_holds_every_settlement(botevgrad):
    root = Area.objects.root()
    (ring,) = (polygon.exterior_ring.coords for polygon in root.polygon)
    assert len(ring) - 1 <= 40
    assert all(round(number, 2) == number for position in ring for number in position)
    assert root.schematic
    whole = Area.objects.settlements().values_list("polygon", flat=True)
    assert abs(sum(polygon.area for polygon in whole) - root.polygon.area) < 1e-6


def test_second_run_changes_nothing(botevgrad):
    before = everything()
    load = load_municipality(botevgrad)
    assert everything() == before
    assert not load.changed


def test_what_organisations_are_is_loaded_and_what_they_wrote_of_themselves_stays(botevgrad):
    council, wheels = (Organisation.objects.get(slug=slug) for slug in ("municipal-council", "wheel-and-mountain"))
    assert (Installation.objects.get().council, council.trusted, wheels.trusted) == (council, True, False)
    assert wheels.about["en"].startswith("People who cycle") and [s.slug for s in wheels.sectors.all()] == ["urban", "sport"]
    Organisation.objects.filter(pk=council.pk).update(
        about={"bg": "Двадесет и един съветници."}, website="https://council.example"
    )
    load_municipality(botevgrad)
    council.refresh_from_db()
    assert (council.about, council.website) == ({"bg": "Двадесет и един съветници."}, "https://council.example")
