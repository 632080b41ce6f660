"""Sectors, services, goals and figures: what their pages say, and who changes it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from discussion.models import Link, TimelineRow
from municipality.models import Area, Organisation, Sector
from participation import blocks
from participation.actions.goal import serve, set_goal
from participation.actions.policy import keep
from participation.actions.service import keep_service, tell_change
from participation.actions.weights import carry_out
from participation.models import Figure, Goal, Indicator, SectorGuide, Service
from participation.progress import toward
from participation.series import shown
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report
from reports.querysets import today
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_event_pages import signed_in
from tests.participation.test_policies import day, policy, project, promised
from tests.participation.test_practices import practice

pytestmark = pytest.mark.usefixtures("town")


def a_service(slug: str = "trees", **fields: Any) -> Service:
    facts: dict[str, Any] = {
        "name": factories.texts("Разрешение за дърво", "Tree permit"), "what": factories.texts("Оглежда дървета.", "Looks at trees."),
        "department": Organisation.objects.get(slug="roads"), **fields,
    }  # fmt: skip
    return keep_service(slug, facts, sector=Sector.objects.get(slug="urban"))[0]


def indicator(slug: str = "trees", area: Area | None = None, **figures: Any) -> Indicator:
    made = Indicator.objects.create(
        slug=slug, sector=Sector.objects.get(slug="urban"), name=factories.texts("Нови дървета", "New trees"), area=area,
        source_name=factories.texts("Отделът", "The department"), unit=factories.texts("бр.", "pcs"),
    )  # fmt: skip
    for year, value in figures.items():
        Figure.objects.create(indicator=made, on=datetime.date(int(year[1:]), 12, 31), value=value)
    return made


def goal_facts(**fields: Any) -> dict[str, Any]:
    return {
        "title": factories.texts("Сянка", "Shade"),
        "measure": factories.texts("300 дървета", "300 trees"),
        "by_year": 2030,
        **fields,
    }


def goal(slug: str = "shade", **fields: Any) -> Goal:
    return set_goal(slug, goal_facts(**fields), sector=Sector.objects.get(slug="urban"))[0]


def test_a_service_is_kept_once_and_changed_by_the_data() -> None:
    first = a_service()
    sector = Sector.objects.get(slug="urban")
    facts = {"name": first.name, "what": first.what, "department": first.department}
    assert keep_service("trees", facts, sector=sector) == (first, "same")
    changed, what = keep_service("trees", {**facts, "phone": "0700"}, sector=sector)
    assert (changed.pk, what, Service.objects.get().phone) == (first.pk, "changed", "0700")


def test_an_idea_recommends_to_the_service_and_stands_on_its_page_with_its_state() -> None:
    service, client = a_service(), Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    opened = client.get("/services/trees/recommend/")
    assert (opened.status_code, Report.objects.count()) == (302, 0)
    draft = opened["Location"].split("draft=")[1].split("&")[0]
    send = {"client_uuid": draft, "whole": "on", "kind": "idea", "category": "park-idea", "title": "По-бързо", "text": "До десет дни.",
            "inspired_by": service.subject.reference, "terms": "on"}  # fmt: skip
    for step in ("place", "what", "photos"):
        client.post("/reports/new/", {**send, "step": step, "go": "next"})
    client.post("/reports/new/", {**send, "step": "send", "go": "send"})
    idea = Report.objects.get()
    assert list(Link.objects.filter(source=idea.pk).values_list("target", "kind")) == [(service.pk, "recommends")]
    text = Client().get("/services/trees/").content.decode()
    assert "По-бързо" in text and "0 от 3" in text
    page = Client().get(f"/reports/{idea.subject.reference}/").content.decode()
    assert "Препоръка към услугата" in page and "Разрешение за дърво" in page


def test_whoever_gives_the_service_tells_what_has_changed() -> None:
    service = a_service()
    for stranger in (factories.resident(), factories.official("parks")):
        with pytest.raises(PermissionDenied):
            tell_change(service.pk, "Нищо.", by=stranger)
        assert signed_in(stranger).get("/services/trees/change/").status_code == 404
    with pytest.raises(ValidationError):
        tell_change(service.pk, "", by=factories.official())
    owner = signed_in(factories.official())
    assert (
        owner.post("/services/trees/change/", {"text": "Оглед до пет дни.", "version": service.subject.version}).status_code
        == 302
    )
    text = Client().get("/services/trees/").content.decode()
    assert "Оглед до пет дни." in text
    assert list(TimelineRow.objects.filter(subject=service.pk).values_list("code", "audience")) == [("changed", "public")]


def test_a_service_is_found_by_its_number_too() -> None:
    service = a_service()
    assert Client().get(service.subject.path)["Location"] == "/services/trees/"


def test_a_goal_is_as_far_as_what_serves_it() -> None:
    by, made = factories.official(), goal()
    measure = policy(by)
    first, _second = promised(measure, by), promised(measure, by)
    keep(measure.pk, first.pk, by=by, done_on=day(0), note="Ето.")
    hidden, plan = project(steps=2), project(steps=4, done=4)
    idea = factories.report(category="park-idea")
    for source in (measure.subject, plan.subject, idea.subject, hidden.subject):
        serve(made.pk, source, by=by)
    type(hidden.subject).objects.filter(pk=hidden.pk).update(is_public=False)
    far = toward([made.pk], today())[made.pk]
    assert ([node.policy.pk for node in far.nodes], [one.pk for one in far.projects], far.ideas) == (
        [measure.pk],
        [plan.pk],
        [idea.pk],
    )
    assert far.percent == 75
    assert serve(made.pk, measure.subject, by=by) is False
    for address in ("/goals/", f"/goals/{made.subject.reference}/"):
        assert "Изпълнено: 75 %" in Client().get(address).content.decode()
    assert "Сянка" in Client().get(f"/policies/{measure.subject.reference}/").content.decode()


def test_a_target_needs_its_indicator() -> None:
    with pytest.raises(ValidationError):
        goal(target=300)
    made = goal("other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=made.pk).update(target=300)


def test_figures_are_shown_as_a_line_with_its_table_and_target() -> None:
    found = indicator(y2024=64, y2025=Decimal("1104"))
    said = shown(found, found.figures.all(), target=Decimal(1300))
    assert (said["last"], said["as_of"], said["target"]) == ("1\u00a0104 бр.", "2025", "1\u00a0300 бр.")
    assert said["rows"] == [("2024", "64 бр."), ("2025", "1\u00a0104 бр.")]
    assert "<svg" in said["chart"] and "polyline" in said["chart"]
    assert shown(found, found.figures.filter(on__year=2025))["chart"] == ""
    assert shown(indicator("none"), [])["last"] == ""


def test_figures_by_sector_and_area() -> None:
    indicator(y2025=1), indicator("village", Area.objects.get(slug="dabrava"), y2025=2)
    for query, count in (("", 2), ("sector=urban", 2), ("sector=health", 0), ("area=dabrava", 1), ("area=levka", 0)):
        assert (
            Client().get(f"/indicators/?{query}").content.decode().count("Нови дървета</h3>")
            + Client().get(f"/indicators/?{query}").content.decode().count("Нови дървета, с. Дъбрава</h3>")
            == count
        )


def test_the_page_of_a_sector_says_what_is_done_and_gathers_what_there_is() -> None:
    sector = Sector.objects.get(slug="urban")
    SectorGuide.objects.create(
        sector=sector, does=factories.texts("Поддържа улиците."), who=factories.texts("Отделът."), money=factories.texts("Такси."),
        papers=[{"name": factories.texts("Наредба за чистотата"), "url": ""}],
    )  # fmt: skip
    made, by = event(), factories.official()
    slipped = policy(by)
    promised(slipped, by, -3, text="Три пейки")
    a_service(), goal(), practice(), indicator(y2024=1, y2025=2), factories.report(title="Дупка на пътя")
    text = Client().get("/sectors/urban/").content.decode()
    for words in (
        "Поддържа улиците.", "Такси.", "Наредба за чистотата", "Отдел „Пътища“", made.subject.title, "Три пейки", "Зелени улици",
        "Разрешение за дърво", "Сянка", "Жителите делят част от бюджета", "Нови дървета", "Дупка на пътя",
    ):  # fmt: skip
        assert words in text, words
    other = Client().get("/sectors/health/").content.decode()
    assert not any(words in other for words in ("Зелени улици", "Разрешение за дърво", "Три пейки", "Дупка на пътя"))
    assert "/sectors/urban/" in Client().get("/sectors/").content.decode()


def test_blocks_take_an_area_too() -> None:
    a_service()
    dabrava = Area.objects.get(slug="dabrava")
    by = factories.official()
    policy(by, area=dabrava)
    found = {one["slug"]: one for one in blocks.shown(Filters(area=(dabrava.pk,), given={"area": "dabrava"}))}
    assert list(found) == ["policies"]
    assert found["policies"]["url"] == "/policies/?area=dabrava"


def test_a_block_that_has_nothing_to_show_is_not_there() -> None:
    assert blocks.shown(Filters(sector=(Sector.objects.get(slug="other").pk,), given={"sector": "other"})) == []


def _full(count: int) -> None:
    by = factories.official()
    for number in range(count):
        root = policy(by)
        promised(policy(by, parent=root), by, -3)
        carry_out(root.pk, project(steps=2, done=1).subject, by=by)
        event(by=by), practice(by=by), a_service(f"s{number}"), goal(f"g{number}"), indicator(f"i{number}", y2024=1, y2025=2)
        factories.report()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "most"), [("/sectors/urban/", 22), ("/goals/?q=", 3), ("/services/?q=", 2), ("/indicators/?q=", 3)]
)
def test_pages_ask_the_same_number_of_questions(count: int, address: str, most: int, django_assert_num_queries: Any) -> None:
    _full(count)
    Client().get(address)
    data_version.forget()
    with django_assert_num_queries(most):
        Client().get(address)
