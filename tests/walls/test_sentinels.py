"""Personal data marked by words that occur nowhere else is searched for in every answer of every address."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import override_settings
from django.urls import reverse

from discussion import actions as spine
from participation.actions import answering, joining
from participation.models import Comparison, Initiative, Survey
from reports import actions
from tests import factories
from tests.databases import kept_meanwhile
from tests.participation import compared
from tests.participation.asked import given
from tests.walls.test_matrix import matrix
from tests.walls.world import World, build

SENTINELS = {
    "e-mail": "sentinel.mail@levka.test",
    "name": "Сентинела Наумова",
    "address": "ул. Сентинелна 17",
    "phone": "0888 700 700",
    "supporter": "sentinel.supporter@levka.test",
    "note": "Сентинелна вътрешна бележка",
    "question": "Сентинелен въпрос до подателя",
    "commenter": "sentinel.commenter@levka.test",
    "joined": "sentinel.joined@levka.test",
    "appeal": "Сентинелна молба до модератора",
    "taken down": "Сентинелен свален коментар",
    "answer": "Сентинелен отговор на анкета",
    "variant": "Сентинелен непрочетен вариант",
    "asked": "Сентинелен отговор на въпрос",
}
STAFF_ONLY = {"e-mail", "name", "address", "phone", "note", "question", "answer", "asked"}
MODERATORS = {"appeal", "taken down", "variant"}
NEVER = {"supporter", "joined"}
LANGUAGES = {"anonymous": ("", "/en")}
"""Role → prefixes crawled: the second language repeats the same views, so that strangers alone try both."""


def seeded() -> World:
    """The world, with a public report whose every private word is a sentinel in place of its plain one."""
    world = build()
    report = factories.report(
        author=None,
        email=SENTINELS["e-mail"],
        name=SENTINELS["name"],
        address=SENTINELS["address"],
        phone=SENTINELS["phone"],
        official=True,
        told=(("Въпрос", SENTINELS["asked"]),),
    )
    actions.act(report.pk, "confirm", proven_author=True)
    official = world.people["official"]
    assert official
    actions.act(report.pk, "assign", by=official, given=actions.move.Given(person=official))
    actions.note(report.pk, text=SENTINELS["note"], by=official)
    actions.act(report.pk, "ask", by=official, given=actions.move.Given(text=SENTINELS["question"]))
    actions.support(report.pk, factories.guest(SENTINELS["supporter"]))
    spine.comment(
        report.pk,
        text="Коментар.",
        client_uuid=uuid.uuid4(),
        correspondent=factories.guest(SENTINELS["commenter"]),
        by=None,
    )
    _taken_down(report.pk, world)
    initiative = Initiative.objects.get(subject__reference=world.kwargs["initiative"]["ref"])
    joined = factories.guest(SENTINELS["joined"])
    for task in (None, initiative.tasks.first()):
        joining.join(initiative.pk, joined, task.pk if task else None)
    _answered(world)
    compared.sent(
        Comparison.objects.get(subject__reference=world.kwargs["comparison"]["ref"]), description={"bg": SENTINELS["variant"]}
    )
    world.kwargs["report"] = {"ref": report.subject.reference}
    world.kwargs["json of report"] = {**world.kwargs["report"], "kind": "json"}
    return world


def _taken_down(report: int, world: World) -> None:
    """A comment that a supporter found helpful, hidden then by a moderator, whose author asks to look again."""
    moderator, writer = (
        world.people["moderator"],
        factories.guest(SENTINELS["commenter"].replace("sentinel", "sentinel.second")),
    )
    assert moderator
    made = spine.comment(report, text=SENTINELS["taken down"], client_uuid=uuid.uuid4(), correspondent=writer, by=None)
    spine.settle_comment(made.pk, publish=True, by=moderator)
    spine.find_helpful(made.pk, factories.guest("second." + SENTINELS["supporter"]))
    spine.settle_comment(made.pk, publish=False, hide=True, by=moderator, reason="spam")
    spine.appeal(made.pk, text=SENTINELS["appeal"], correspondent=writer)


def _answered(world: World) -> None:
    """Somebody answers a survey in words that no moderator shows."""
    survey = Survey.objects.get(subject__reference=world.kwargs["survey"]["ref"])
    said, who = given(survey, text=SENTINELS["answer"]), factories.guest("third." + SENTINELS["supporter"])
    answering.answer(survey.pk, said, correspondent=who, client_uuid=uuid.uuid4())


@pytest.fixture(scope="module")
def seeded_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world for all roles, and the folder of its files: nobody's reading leaves anything in it."""
    media = tmp_path_factory.mktemp("sentinels")
    with kept_meanwhile(django_db_blocker), override_settings(MEDIA_ROOT=media):
        yield seeded(), media


@pytest.fixture
def world(seeded_once: tuple[World, Path], settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    found, settings.MEDIA_ROOT = seeded_once
    # A PDF and a GeoPackage pack their words: what a program of ours is given to write is read in its stead.
    monkeypatch.setattr("geoportal.kernel.child.answer", told)
    monkeypatch.setattr("geoportal.kernel.geopackage.write", laid)
    # The page of a refusal knows nothing of what was asked for: it is drawn once for each role, and not 300 times.
    drawn: set[int] = set()

    def refused(request: HttpRequest, template: str, status: int) -> HttpResponse:
        seen_before = status in drawn
        drawn.add(status)
        return HttpResponse(status=status) if seen_before else render(request, template, status=status)

    monkeypatch.setattr("geoportal.errors.render", refused)
    return World(found.people, found.kwargs)


def told(_program: str, sent: bytes, *_words: str, begins: bytes = b"", **_bounds: Any) -> bytes:
    return begins + json.dumps(json.loads(sent), ensure_ascii=False).encode()


def laid(path: Path, layers: list[dict[str, Any]], **_bounds: Any) -> list[str]:
    path.write_text(json.dumps(layers, ensure_ascii=False, default=str))
    return []


def leaks(world: World, role: str, forbidden: set[str]) -> list[tuple[str, str, str]]:
    found, client = [], world.client(role)
    for name, kwargs, _rows in matrix():
        for language in LANGUAGES.get(role, ("",)):
            cache.clear()
            address = reverse(name, kwargs=world.kwargs[kwargs])
            response = client.get(language + address)
            body = b"".join(response) if response.streaming else response.content
            text = body.decode("utf-8", "replace") + str(dict(response.items()))
            found += [(name, language, kind) for kind in forbidden if SENTINELS[kind] in text]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "resident", "author", "other_official"])
def test_personal_data_reaches_nobody_outside_the_work(world, role):
    assert leaks(world, role, set(SENTINELS)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["official", "dispatcher", "moderator", "planner", "administrator"])
def test_who_supports_reaches_nobody(world, role):
    """What official and moderator do see is really on a page: the search would find it."""
    seen_by = leaks(world, role, set(SENTINELS))
    found = {kind for _name, _language, kind in seen_by}
    forbidden = NEVER if role == "moderator" else NEVER | MODERATORS
    assert [leak for leak in seen_by if leak[2] in forbidden] == []
    # Of a survey that is open no single answer is handed out, not even to its officials.
    seen = {"official": STAFF_ONLY - {"answer"}, "moderator": MODERATORS}.get(role, set())
    assert (seen - found, "answer" in found and role == "official") == (set(), False)
