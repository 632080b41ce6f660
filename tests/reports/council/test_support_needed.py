"""How many supports an idea needs: by the people of its area, by the area's own number, by the one above; said alike everywhere."""

from __future__ import annotations

import pytest
from django.test import Client

from municipality import site
from municipality.models import Area
from municipality.site import support_needed
from reports import next_steps
from reports.actions import support
from reports.actions.clockwork import review_supported
from reports.cards import card, card_rows
from reports.models import Report
from reports.views import share_card
from reports.views.receipt import _next_lines
from tests import factories

pytestmark = pytest.mark.django_db
DABRAVA = (23.9, 42.9)


def area(slug: str) -> Area:
    return Area.objects.get(slug=slug)


def needed(slug: str) -> int:
    site.forget()
    return support_needed(area(slug).pk)


@pytest.mark.parametrize(("people", "expected"), [(0, 5), (200, 5), (500, 5), (501, 6), (800, 8), (4_999, 50), (31_238, 50)])
def test_a_village_needs_fewer_than_a_town(people, expected):
    factories.town(support_threshold=50, support_per_thousand=10, support_least=5)
    Area.objects.filter(slug="dabrava").update(population=people)
    assert needed("dabrava") == expected


def test_without_a_rule_it_is_one_number_everywhere():
    factories.town(support_threshold=40)
    assert {needed(slug) for slug in ("levka", "dabrava", "levka-municipality")} == {40}


def test_an_area_has_a_number_of_its_own_and_those_of_unknown_population_take_the_one_above():
    factories.town(support_threshold=50, support_per_thousand=10, support_least=5)
    quarter = factories.area("quarter", "quarter", "Горна махала", area("dabrava"))
    assert needed("quarter") == needed("dabrava") == 8
    Area.objects.filter(slug="dabrava").update(support_threshold=3)
    assert (needed("quarter"), needed("dabrava"), needed("levka")) == (3, 3, 50)
    Area.objects.filter(pk=quarter.pk).update(support_threshold=2)
    assert needed("quarter") == 2
    assert needed("levka-municipality") == 50, "its population is not known and nothing stands above it"


@pytest.fixture
def village_idea():
    factories.town(support_threshold=50, support_per_thousand=5, support_least=2)
    return factories.report(category="park-idea", at_point=DABRAVA)


def test_page_card_receipt_mail_and_programs_say_the_same_number(village_idea):
    path = f"/reports/{village_idea.subject.reference}/"
    assert "0 от 4" in Client().get(path).text
    assert card(card_rows(Report.objects.filter(pk=village_idea.pk)).get())["status"].endswith("0 от 4")
    assert any("4" in line for line in _next_lines(village_idea))
    assert share_card._state(village_idea).endswith("0 от 4")
    assert "4" in next_steps.for_reader(village_idea, own=False)
    found = Client().get(f"/api/v1/reports/{village_idea.subject.reference}/").json()
    assert found["support_needed"] == 4
    areas = {row["slug"]: row["support_needed"] for row in Client().get("/api/v1/areas/").json()["areas"]}
    assert (areas["dabrava"], areas["levka"]) == (4, 45)


def test_the_idea_of_a_village_is_reviewed_at_its_own_number(village_idea):
    for number in range(1, 5):
        assert village_idea.status == "gathering_support", number
        support(village_idea.pk, factories.guest())
        village_idea.refresh_from_db()
    assert village_idea.status == "under_review"


def test_a_problem_has_no_number():
    factories.town()
    problem = factories.report()
    assert Client().get(f"/api/v1/reports/{problem.subject.reference}/").json()["support_needed"] is None


def test_the_page_says_what_a_support_is_not_in_the_installations_words(village_idea):
    path = f"/reports/{village_idea.subject.reference}/"
    assert "подписка" in Client().get(path).text
    site.installation().__class__.objects.update(support_note={"bg": "Това не е референдум.", "en": "No referendum."})
    site.forget()
    page = Client().get(path).text
    assert "Това не е референдум." in page
    assert "подписка" not in page
    assert "Това не е референдум." not in Client().get(f"/reports/{factories.report().subject.reference}/").text


def test_a_rule_that_was_changed_takes_ideas_up_that_have_enough_once():
    factories.town(support_threshold=50)
    few, enough = (factories.report(category="park-idea", at_point=DABRAVA) for _n in range(2))
    for report, count in ((few, 1), (enough, 2)):
        for _n in range(count):
            support(report.pk, factories.guest())
    assert review_supported() == 0
    Area.objects.filter(slug="dabrava").update(support_threshold=2)
    site.forget()
    assert review_supported() == 1
    assert {Report.objects.get(pk=report.pk).status for report in (few, enough)} == {"gathering_support", "under_review"}
    assert Report.objects.get(pk=enough.pk).status == "under_review"
    assert review_supported() == 0
