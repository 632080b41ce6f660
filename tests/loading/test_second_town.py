"""Nothing in the code knows a town: a second, invented one walks the main path."""

from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils import timezone

from discussion.models import TimelineRow
from municipality.models import Area, Organisation
from reports import actions
from reports.actions.move import Given
from reports.loading.municipality import load_municipality
from reports.models import Category, Reason, Report
from tests import factories


@pytest.fixture
def yavor(db) -> None:
    load_municipality(settings.BASE_DIR / "tests/fixtures/yavor")


def submission(category: str, lon: float, **fields) -> actions.Submission:
    found = Category.objects.get(slug=category)
    return actions.Submission(
        kind=found.kind, category=found, title="Дупка на моста", text="Голяма е.", client_uuid=uuid.uuid4(), language="bg",
        point=Point(lon, 43.1, srid=4326), author=factories.person(organisation="works"), consents=("terms",), **fields,
    )  # fmt: skip


def test_problem_is_submitted_assigned_and_resolved_there(yavor):
    report = actions.submit(submission("hole", 25.31), tells=False)
    assert (report.area.slug, report.department.slug, report.status) == ("most", "works-most", "received")
    mason = factories.person("official", organisation="works-most")
    actions.act(report.pk, "assign", by=mason, given=Given(person=mason))
    actions.act(report.pk, "start", by=mason)
    actions.act(report.pk, "resolve", by=mason, given=Given(text="Запълнена е."))
    assert Report.objects.get().status == "resolved"
    assert [row.code for row in TimelineRow.objects.all()] == ["submitted", "assign", "start", "resolve"]


def test_quarter_is_the_smallest_area_and_routing_falls_back_to_the_category(yavor):
    report = actions.submit(submission("hole", 25.1), tells=False)
    assert (report.area.slug, report.department.slug) == ("old-town", "works")
    assert list(Area.objects.below("yavor").values_list("slug", flat=True)) == ["yavor", "old-town"]


def test_own_threshold_reasons_and_prefix_hold(yavor):
    idea = actions.submit(submission("grove", 25.1, official=False), tells=False)
    for _number in range(3):
        actions.support(idea.pk, factories.guest())
    assert Report.objects.get(pk=idea.pk).status == "under_review"
    keeper = factories.person("official", organisation="works")
    given = Given(reason=Reason.objects.get(slug="no_money"), text="Няма пари за това.")
    actions.act(idea.pk, "refuse", by=keeper, given=given)
    assert Report.objects.get(pk=idea.pk).status == "refused"
    filed = actions.submit(
        submission(
            "hole", 25.31, official=True, happened_on=timezone.localdate(), name="Иво Илиев Иванов", address="ул. Липа 2"
        ),
        tells=False,
    )
    assert str(filed.register_number) == f"ЯВ-{timezone.localdate().year}-1"


def test_category_that_is_not_public_stays_out_of_the_public_set(yavor):
    report = actions.submit(submission("lonely", 25.1), tells=False)
    assert (report.subject.visibility, Report.objects.public().count()) == ("restricted", 0)


def test_a_point_outside_is_refused(yavor):
    with pytest.raises(ValidationError) as refused:
        actions.submit(submission("hole", 25.45), tells=False)
    assert list(refused.value.error_dict) == ["point"]
    assert Organisation.objects.bodies().count() == 1


def test_signs_and_colours_follow_the_icon_of_a_sector_whatever_its_slug(yavor, client):
    report = actions.submit(submission("hole", 25.1), tells=False)
    data = client.get("/map.json").json()
    pages = [client.get(path).content.decode() for path in ("/", f"/reports/{report.subject.reference}/")]
    drawn = set(re.findall(r'id="([\w-]+)"', (settings.BASE_DIR / "static/img/sprite.svg").read_text()))
    for html in (*pages, data["parts"]["map-filters"], data["parts"]["map-list"]):
        assert (used := set(re.findall(r"sprite[\w.]*\.svg#([\w-]+)", html))), html
        assert used <= drawn
        assert "s-streets" not in html
    assert [pin["icon"] for pin in data["pins"]] == ["urban"]
    assert {"s-urban", "s-sport", "s-social"} <= set(re.findall(r'class="dot (s-\w+)"', pages[0]))


NAMES = re.compile("|".join(("ботевград", "botevgrad", "боженица", "трудовец", "правец")), re.IGNORECASE)
CODE = {".py", ".html", ".js", ".css", ".sql", ".svg", ".txt"}
APPS = (
    "geoportal",
    "municipality",
    "accounts",
    "discussion",
    "layers",
    "reports",
    "notifications",
    "api",
    "templates",
    "static",
)


def test_no_code_knows_the_town():
    knows = [
        str(path.relative_to(settings.BASE_DIR))
        for folder in APPS
        for path in sorted((settings.BASE_DIR / folder).rglob("*"))
        if path.suffix in CODE and NAMES.search(path.read_text(encoding="utf-8").replace("fixtures/botevgrad", ""))
    ]
    assert knows == []
