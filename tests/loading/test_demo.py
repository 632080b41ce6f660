"""The demonstration: every state, the truth about projects, nobody written to, the same again changes nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from discussion.models import Comment, Subject, TimelineRow, Visibility
from layers.facts import steps
from layers.models import Project
from municipality.models import Area
from participation.models.profile import Profile
from reports import workflow
from reports.council.steps import steps as way
from reports.loading.demo import load_demo
from reports.loading.photos import SCENES, draw
from reports.models import Filing, Photo, Report

FOLDER = settings.BASE_DIR / "fixtures/botevgrad"


@pytest.fixture(scope="module")
def demo(botevgrad, django_db_blocker, tmp_path_factory):
    """Loaded once for the module's tests; the folder of its photos."""
    kept = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("demo-media")
    with django_db_blocker.unblock():
        load_demo(botevgrad / "demo")
    yield settings.MEDIA_ROOT
    settings.MEDIA_ROOT = kept


@pytest.fixture
def loaded(demo, settings, _django_db_helper, django_db_blocker):
    settings.MEDIA_ROOT = demo
    return demo


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", list(workflow.Kind))
def test_every_state_occurs(loaded, kind):
    assert set(Report.objects.filter(kind=kind).values_list("status", flat=True)) == set(workflow.STATES_OF[kind])


def test_visibilities_late_ones_and_numbers(loaded):
    assert set(Subject.objects.values_list("visibility", flat=True)) == set(Visibility.values)
    assert Report.objects.count() >= 60
    assert Report.objects.public().late().exists()
    assert Report.objects.filter(approximate=True).exists()
    assert Report.objects.exclude(line=None).exists()
    assert Report.objects.filter(kind="idea", geom=None).exists()
    assert Report.objects.filter(official=True, register_number=None).count() == 0
    assert set(Comment.objects.values_list("state", flat=True)) == {"published", "waiting", "withdrawn", "removed"}


def test_histories_lie_in_the_past_and_go_forward(loaded):
    now = timezone.now()
    for report in Report.objects.all():
        acts = list(TimelineRow.objects.filter(subject=report.pk).exclude(after="").order_by("id").values_list("at", flat=True))
        assert acts == sorted(acts)
        assert acts[-1] <= now
        assert report.created_at <= acts[0]


def test_nothing_is_told_of_a_thing_before_it_was_there(loaded):
    """In public, by the days of what happened: links and discussions come after the thing itself, and minutes after the announcement."""
    for code in ("discussed", "organised", "hold"):
        rows = TimelineRow.objects.filter(code=code, audience="public").select_related("subject")
        assert rows
        for row in rows:
            first = row.subject.timeline.filter(audience="public").order_by("at", "pk").first()
            assert first.pk != row.pk, (code, row.subject.title)


def test_three_invented_people_tell_of_themselves(loaded):
    assert [card.about.startswith("Измислен човек") for card in Profile.objects.public()] == [True] * 3
    assert {slug for card in Profile.objects.all() for slug in card.sectors.values_list("slug", flat=True)} >= {
        "culture",
        "sport",
    }


def test_nobody_is_written_to(loaded):
    assert not TimelineRow.objects.filter(tells=True).exists()
    assert not ProcrastinateJob.objects.exists()
    assert mail.outbox == []


def test_photos_are_rows_of_their_own_with_files(loaded):
    photos = list(Photo.objects.all())
    assert len(photos) >= 30
    assert all(photo.report_id and photo.draft is None for photo in photos)
    for photo in photos[:4]:
        with Image.open(Path(loaded) / str(photo.pk) / "large.jpg") as picture:
            assert picture.size == (photo.width, photo.height) == (1200, 900)


def test_projects_say_what_the_source_says_and_no_more(loaded):
    seen, examples = Project.objects.filter(example=False), Project.objects.filter(example=True)
    assert seen.count() >= 25
    assert examples.count() >= 3
    for project in seen:
        assert project.as_of_year, project.slug
        assert project.source_url, project.slug
        assert project.approximate
        assert (project.amount is None) == (project.currency == "")
        assert not project.milestones.exists()
    assert seen.filter(amount=None).exists()
    assert seen.filter(stage="done").count() == 4
    assert dict(seen.exclude(starts_year=None).values_list("slug", "starts_year")) == {"waste-water-plant": 2013}
    assert not seen.exclude(ends_year=None, participation="inform").exists()
    for project in examples:
        assert text_of(project).startswith("Пример"), project.slug
        assert project.milestones.count() >= 3
        assert None not in (project.amount, project.spent, project.funding, project.department)
        days = [(step.done_on or step.due_on).year for step in project.milestones.all()]
        assert (min(days) <= project.starts_year, project.ends_year) == (True, max(days)), project.slug
        done = [step.done_on is not None for step in project.milestones.all()]
        assert done == sorted(done, reverse=True)
        assert all(done) is (project.stage == "done")
        assert "unknown" not in {step.state for step in steps(project)}


def text_of(project: Project) -> str:
    return project.title["bg"]


def test_shapes_of_projects_lie_in_the_municipality(loaded):
    whole = Area.objects.root().polygon
    for project in Project.objects.exclude(point=None):
        for shape in (project.point, project.points, project.line, project.polygon):
            assert shape is None or whole.covers(shape), project.slug


def test_four_accounts_sign_in_and_hold_their_roles(loaded, client):
    roles = {}
    for name in ("resident", "official", "planner", "admin"):
        user = User.objects.get(email=f"{name}@demo.test")
        assert user.check_password("demo")
        roles[name] = {role for membership in user.memberships.all() for role in membership.roles}
    assert roles["resident"] == set()
    assert roles["official"] == {"official", "dispatcher"}
    assert "planner" in roles["planner"]
    assert roles["admin"] >= {"administrator", "moderator", "dispatcher"}
    others = User.objects.exclude(email__in=[f"{name}@demo.test" for name in roles])
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_second_run_changes_nothing(loaded):
    def counts() -> Counter:
        models = (Report, Subject, TimelineRow, Photo, User, Project, Comment)
        return Counter({model.__name__: model._default_manager.count() for model in models})

    before = counts()
    load = load_demo(FOLDER / "demo")
    assert counts() == before
    assert load.counts["reports.Report"]["new"] == 0


@pytest.mark.parametrize("kind", ["pothole", "lamp"])
def test_drawn_photo_is_a_jpeg_and_always_the_same(kind):
    first = draw(kind)
    with Image.open(BytesIO(first)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1200, 900))
    assert draw(kind) == first
    assert len(SCENES) >= 12


# -- the true story of 2020, and a page of filed ideas that is never empty


def of(title: str) -> Report:
    return Report.objects.select_related("subject").get(subject__title=title)


def test_both_ideas_of_2020_went_from_idea_to_done(loaded):
    for title in ("Заседанията на Общинския съвет да се излъчват на живо", "Ремонт на обществени чешми"):
        report = of(title)
        filing = Filing.objects.get(report=report)
        assert (filing.filed_on, filing.decided_on, filing.outcome) == (
            datetime.date(2020, 4, 1), datetime.date(2020, 4, 30), "accepted",
        )  # fmt: skip
        assert {(step.state, step.mark) for step in way(report)} == {("was", "done")}
        assert filing.source
        assert report.created_at.year == 2020


def test_the_fountains_took_what_the_source_says_and_are_the_project(loaded):
    filing = Filing.objects.get(report=of("Ремонт на обществени чешми"))
    assert filing.amount == Decimal("1431.62") == round(Decimal(900 + 900 + 1000) / Decimal("1.95583"), 2)
    assert filing.project is not None
    assert filing.project.title == "Три обществени чешми"
    assert filing.done_on == datetime.date(2020, 12, 31)


def test_the_page_of_filed_ideas_is_not_empty(loaded):
    page = Client().get("/ideas/council/").text
    assert "Ремонт на обществени чешми" in page
    assert "1431,62\u00a0€" in page.replace("\u00a0431", "431")
    assert "Още няма внесена идея" not in page
