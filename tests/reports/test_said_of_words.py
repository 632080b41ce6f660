"""What is said about the words of a new report before it is sent: category, emergency, private data, questions, who is responsible."""

from __future__ import annotations

import json
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.test import Client

from layers.models import Feature, Layer
from municipality import site
from municipality.models import Installation, Organisation
from reports import actions, noticing, workflow
from reports.actions.submit import responsible
from reports.forms.submit import WhatForm
from reports.forms.transition import TransitionForm
from reports.models import Category, Question, Report
from reports.suggesting import suggest
from tests import factories

pytestmark = pytest.mark.django_db
WHAT = {"kind": "problem", "category": "pothole", "title": "Дупка на пътя", "text": "Голяма."}


@pytest.fixture(autouse=True)
def town():
    factories.town(emergency_words={"bg": ["пожар", "ранен", "паднал кабел", "бие ток"], "en": ["fire"]})
    Category.objects.filter(slug="lamp").update(keywords=["осветление", "тъмно", "стълб"])
    Category.objects.filter(slug="tree").update(keywords=["клон", "стълб"])
    Category.objects.filter(slug="private").update(
        not_ours=factories.texts("Това прави съдът."), not_ours_url="https://court.test/", public=True
    )
    choices = [
        {"slug": "deep", "text": factories.texts("дълбока"), "advice": None, "stops": False},
        {"slug": "abyss", "text": factories.texts("бездънна"), "advice": factories.texts("Не приближавайте, обадете се на 112."), "stops": True},
    ]  # fmt: skip
    pothole = Category.objects.get(slug="pothole")
    Question.objects.create(slug="depth", category=pothole, text=factories.texts("Каква е дупката?"), choices=choices)
    site.forget()


def form(**more) -> WhatForm:
    return WhatForm({**WHAT, **more})


def test_words_in_any_form_speak_for_a_category():
    assert next((one.slug, one.sure) for one in suggest("Лампите не светят, тъмно е край стълба")) == ("lamp", True)
    assert suggest("стълб")[0].sure is False
    assert suggest("нещо съвсем друго") == suggest("") == suggest("\0") == []


def test_category_that_is_closed_is_never_suggested():
    assert "closed" not in [one.slug for one in suggest("затворена служебна лампа")]


def test_script_hears_it_while_one_types():
    answer = Client().post(
        "/reports/suggest/", {**WHAT, "title": "Тъмно, няма осветление", "text": "тел. 0888 123 456, има пожар"}
    )
    parts = json.loads(answer.content)
    assert 'data-category="lamp"' in parts["said"] and "0888 123 456" in parts["said"] and 'href="tel:112"' in parts["said"]
    assert "Каква е дупката?" in parts["questions"]
    assert Report.objects.count() == 0


@pytest.mark.parametrize("words", ["Има пожар в двора", "Ранени хора", "ПОЖАР", "Fire in the yard",
                                   "Паднали кабели на пътя", "Кабелът до входа е паднал", "Golqm pozhar do bloka", "Стълбът бие с ток"])  # fmt: skip
def test_emergency_stops_once_and_goes_on_when_nobody_is_in_danger(words):
    asked = form(text=words)
    assert list(asked.errors) == ["noticed"]
    seal = asked.open_notices[0].seal
    assert form(text=words, noticed=[seal]).is_valid()


@pytest.mark.parametrize(
    "words", ["Падналият лист е до кофата. Никой не мете, а старият кабел", "Кабел за тока", "ток", "Паднал клон"]
)
def test_a_part_of_an_entry_is_no_emergency(words):
    assert noticing.emergency_words_in(words) == []


def test_seal_of_other_words_does_not_count():
    seal = form(text="тел. 0888 123 456").notices()[0].seal
    assert form(text="тел. 0888 123 456", noticed=[seal]).is_valid()
    assert list(form(text="тел. 0888 123 457", noticed=[seal]).errors) == ["noticed"]


def test_private_data_is_shown_as_written_and_taken_out_without_scripts():
    client, draft = Client(), str(uuid.uuid4())
    given = {**WHAT, "text": "Колата е СО 1234 АВ", "step": "what", "client_uuid": draft, "settlement": "levka", "place": "тук"}
    stopped = client.post("/reports/new/", {**given, "go": "next"})
    assert (stopped.status_code, "<b>„СО 1234 АВ“</b>" in stopped.content.decode()) == (422, True)
    cleaned = client.post("/reports/new/", {**given, "go": "remove_private"}).content.decode()
    assert "Колата е …</textarea>" in cleaned and "СО 1234" not in cleaned
    assert 'name="place" value="тук"' in cleaned


def test_what_is_not_ours_says_who_is_and_loses_nothing():
    client, draft = Client(), str(uuid.uuid4())
    given = {**WHAT, "category": "private", "step": "what", "client_uuid": draft, "go": "next"}
    page = client.post("/reports/new/", given).content.decode()
    assert "Това прави съдът." in page and 'href="https://court.test/"' in page and 'value="Дупка на пътя"' in page
    with pytest.raises(ValidationError) as refused:
        actions.submit(factories.submission(category="private"))
    assert refused.value.message_dict == {"category": ["Това прави съдът."]}


def test_answer_is_kept_for_the_desk_and_a_stopping_one_advises():
    kept = form(answers=["depth:deep"])
    assert kept.is_valid() and kept.cleaned_data["answers"] == {"depth": "deep"}
    assert form(answers=["depth:abyss"]).errors["answers"] == ["Не приближавайте, обадете се на 112."]
    assert form(answers=["other:deep", ""]).is_valid()
    report = actions.submit(factories.submission(answers={"depth": "deep"}))
    assert list(report.answers.values_list("asked", "said")) == [("Каква е дупката?", "дълбока")]
    with pytest.raises(ValidationError) as refused:
        actions.submit(factories.submission(answers={"depth": "abyss"}))
    assert list(refused.value.message_dict) == ["answers"]


def test_the_neighbour_is_offered_first_for_what_lies_just_outside():
    west = factories.BOX[0]
    layer = Layer.objects.create(slug="neighbours", name=factories.texts("Съседи"), published=True)
    for slug, away in (("near", 0.02), ("far", 0.2)):
        Organisation.objects.create(slug=slug, kind="body", name=factories.texts(slug))
        Feature.objects.create(layer=layer, slug=slug, name=factories.texts(slug), point=Point(west - away, 42.9))
    edge = workflow.TRANSITIONS[workflow.Kind.PROBLEM, "forward"]
    official = factories.official()
    for at, offered in (((west - 0.001, 42.9), "near"), (factories.CENTRE, None)):
        report = actions.submit(factories.submission(at_point=at))
        assert TransitionForm(None, edge=edge, report=report, user=official).fields["forwarded_to"].initial == offered


def test_a_few_metres_outside_are_taken_and_marked_and_farther_is_refused():
    west = factories.BOX[0]
    report = actions.submit(factories.submission(at_point=(west - 0.001, 42.9)))
    assert (report.just_outside, report.area.slug) == (True, "levka")
    assert actions.submit(factories.submission()).just_outside is False
    Installation.objects.update(outside_metres=50)
    site.forget()
    assert responsible(Point(west - 0.001, 42.9, srid=4326)) == (None, False)
    with pytest.raises(ValidationError):
        actions.submit(factories.submission(at_point=(west - 0.001, 42.9)))
