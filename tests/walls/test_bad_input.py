"""Every field of every form and of every body of the API against bad input: found from the classes, so that none is forgotten.

What a field cannot take is refused at that field, in the reader's language, and stays in the form; nothing ever breaks.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils.translation import override
from rest_framework import serializers

from accounts.forms import AcceptForm, EraseForm, InviteForm, LinkForm, ProfileForm, ReauthenticationCodeForm, RolesForm
from accounts.models import Correspondent
from api.v1.comments import CommentSent
from api.v1.own_comment import CommentMended
from api.v1.sending import Sent, Strict, Supporter
from api.v1.session import Asked
from api.v1.transitions import Act
from discussion.models import Comment
from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.geometry_fields import _KIND_OF_COLUMN, LonLatForm
from geoportal.kernel.text import CleanCharField, CleanSerializerField
from municipality.admin import SeenForm, TextsField
from municipality.models import Area, Organisation
from notifications.forms.alert import AlertForm
from notifications.forms.preferences import CodeForm, HabitsForm, NumberForm, TableForm
from participation.actions.initiative import propose
from participation.forms import adopted, answering, coming, goal, policy, practice, publishing, service, survey
from participation.forms import alternative as alternatives
from participation.forms import consultation as consulting
from participation.forms import event as events
from participation.forms import initiative as initiatives
from participation.forms import pledge as pledges
from participation.forms import profile as people
from participation.models import Comparison, Goal, Initiative, Policy, Proposal, Survey
from reports import workflow
from reports.filters import Filters
from reports.forms import author, cover, desk, organisation, planning, submit, talk, together
from reports.forms.block import BlockForm, WholeForm
from reports.forms.links import ConnectForm
from reports.forms.shots import ShotsForm
from reports.forms.transition import ReportField, TransitionForm
from reports.forms.watched import WatchedForm
from reports.loading.areas import polygon_of
from reports.loading.rows import LoadError, Row
from reports.models import Report
from tests import factories
from tests.api.test_sending import body
from tests.kernel.hostile import HOSTILE
from tests.participation import compared
from tests.participation.asked import opened
from tests.participation.test_initiatives import said as proposed
from tests.reports.test_citizen_input import WHOLE

pytestmark = pytest.mark.django_db
NUL, LONG, RTL, EMOJI, WRONG = "а\x00б", "я" * 50_000, "а\u202eб", "дупка 🕳️👍🏽", "няма такова"
DAYS = ("0001-01-01", "9999-12-31")
"""No day of anybody's: one step further is none that a computer knows."""
VALUES = {"empty": "", "long": LONG, "nul": NUL, "rtl": RTL, "emoji": EMOJI, "wrong": WRONG}
FREE = (forms.BooleanField, forms.FileField)
"""Fields that hold no text of people: whatever is sent is yes, or no file."""
READ = (answering.PlacesField, alternatives.ShapesField)
"""Fields of text that is read as something else: what is short enough can still be refused."""
NOT_SHOWN = {SeenForm, LonLatForm, WatchedForm, ShotsForm, author.PhotoKept, desk.VersionForm, TransitionForm}
"""Bases of other forms; the administration's and each transition's own are made below."""
MAKERS: dict[type[forms.BaseForm], Callable[[Any], forms.BaseForm]] = {
    **{
        plain: plain
        for plain in (
            AcceptForm, EraseForm, InviteForm, LinkForm, ProfileForm, RolesForm, author.AddForm, author.EditForm,
            author.AddressForm,
            talk.CommentForm, talk.WordsForm, talk.ConclusionForm, organisation.MemberForm, together.InviteForm, together.JoinForm,
            ConnectForm, BlockForm, WholeForm, people.ProfileForm,
            author.FixedForm, author.FlagForm, cover.CoverForm, cover.StaffCoverForm, desk.SettleForm, desk.IntakeForm,
            desk.NoteForm, desk.RestrictForm, submit.PhotosForm,
            submit.PlaceForm, submit.SendForm, submit.WhatForm,
        )
    },
    together.EndorseForm: lambda data: together.EndorseForm(data, organisations=list(Organisation.objects.departments())),
    AlertForm: lambda data: AlertForm(data, known=False, departments=list(Organisation.objects.departments())),
    HabitsForm: HabitsForm,
    NumberForm: NumberForm,
    CodeForm: CodeForm,
    ReauthenticationCodeForm: lambda data: ReauthenticationCodeForm(data, user=factories.official()),
    TableForm: lambda data: TableForm(data, correspondent=_reader(), works_here=True),
    author.NameForm: lambda data: author.NameForm(data, name="Рада Колева"),
    author.ActForm: lambda data: author.ActForm(data, fields=("text", "photo")),
    author.MoveForm: lambda data: author.MoveForm(data, report=_case()),
    desk.DeskMoveForm: lambda data: desk.DeskMoveForm(data, report=_case()),
    talk.ModerateCommentForm: lambda data: talk.ModerateCommentForm(data, comment=Comment(state=Comment.State.PUBLISHED)),
    organisation.DescriptionForm: lambda data: organisation.DescriptionForm(
        data, organisation=Organisation.objects.get(slug="water")
    ),
    desk.TurnForm: lambda data: desk.TurnForm(data, report=_case()),
    desk.ModerateForm: lambda data: desk.ModerateForm(data, verb="hide"),
    planning.NameForm: planning.NameForm,
    planning.AreaForm: planning.AreaForm,
    planning.AnalysisForm: planning.AnalysisForm,
    planning.ChangedAnalysisForm: planning.ChangedAnalysisForm,
    planning.NewAnalysisForm: lambda data: planning.NewAnalysisForm(data, user=factories.planner()),
    events.EventForm: lambda data: events.EventForm(data, user=factories.official()),
    events.DiscussForm: events.DiscussForm,
    events.TakeOffForm: events.TakeOffForm,
    events.MinutesForm: events.MinutesForm,
    events.WordsForm: events.WordsForm,
    events.RejectForm: events.RejectForm,
    publishing.ReadForm: publishing.ReadForm,
    publishing.CardReadForm: publishing.CardReadForm,
    coming.ComingForm: coming.ComingForm,
    coming.RemindForm: coming.RemindForm,
    practice.PracticeForm: practice.PracticeForm,
    survey.SurveyForm: survey.SurveyForm,
    survey.QuestionForm: survey.QuestionForm,
    survey.LongerForm: survey.LongerForm,
    survey.SureForm: survey.SureForm,
    answering.AnswerForm: lambda data: answering.AnswerForm(data, survey=Survey.objects.first() or opened()),
    initiatives.InitiativeForm: lambda data: initiatives.InitiativeForm(data, user=factories.official()),
    initiatives.JoiningForm: lambda data: initiatives.JoiningForm(data, initiative=_initiative()),
    initiatives.ResultForm: initiatives.ResultForm,
    initiatives.MessageForm: initiatives.MessageForm,
    pledges.PledgeForm: lambda data: pledges.PledgeForm(data, user=factories.official()),
    pledges.PledgeEndForm: pledges.PledgeEndForm,
    **{plain: plain for plain in (policy.PromiseForm, policy.KeepForm, policy.PostponeForm, policy.EndForm, policy.ChangeForm)},
    alternatives.ComparisonForm: lambda data: alternatives.ComparisonForm(data, user=factories.official()),
    alternatives.VariantForm: lambda data: alternatives.VariantForm(data, user=factories.official(), own=True),
    alternatives.ProlongForm: alternatives.ProlongForm,
    alternatives.DecideForm: lambda data: alternatives.DecideForm(data, comparison=Comparison.objects.first() or compared.opened()),
    adopted.PolicyForm: lambda data: adopted.PolicyForm(data, user=factories.official()),
    adopted.WeightsForm: lambda data: adopted.WeightsForm(data, parts=[(("measure", 7), "Сянка", 2)]),
    **{each: each for each in (adopted.UnkeepForm, goal.GoalEndForm)},
    adopted.ProjectForm: lambda data: adopted.ProjectForm(data, policy=Policy(pk=0)),
    service.ServiceForm: service.ServiceForm,
    goal.GoalForm: lambda data: goal.GoalForm(data, goal=Goal(pk=7)),
    consulting.ConsultationForm: lambda data: consulting.ConsultationForm(data, user=factories.official()),
    consulting.DraftForm: consulting.DraftForm,
    consulting.SectionForm: lambda data: consulting.SectionForm(data, public=True),
    consulting.RowForm: lambda data: consulting.RowForm(data, others=[(Proposal(pk=7), "Да има липи.")]),
    consulting.CollectForm: lambda data: consulting.CollectForm(data, comments=[Comment(pk=7, text="Хубаво.")]),
    **{each: each for each in (consulting.PaperForm, consulting.ProlongForm, consulting.SureForm, consulting.AdoptForm, consulting.GiveForm)},
    desk.RedactForm: lambda data: desk.RedactForm(data, report=_case()),
}  # fmt: skip
BODIES: dict[type[serializers.Serializer], dict[str, Any]] = {
    Sent: body(),
    Supporter: {"email": "rada@levka.test"},
    Asked: {"name": "x", "scopes": ["read"]},
    CommentSent: {"text": "Вярно е."},
    CommentMended: {"text": "Вярно е."},
    Act: {"name": "refuse", "reason": "not_ours", "text": "Не е наше."},
}


def _reader() -> Correspondent:
    return Correspondent.objects.first() or factories.guest()


def _initiative() -> Initiative:
    return Initiative.objects.first() or propose(proposed(), by=factories.official(), client_uuid=uuid.uuid4())


def _case() -> Report:
    return Report.objects.select_related("subject").first() or factories.report()


def _below(base: type) -> Iterator[type]:
    for found in base.__subclasses__():
        yield found
        yield from _below(found)


def _own(base: type) -> set[type]:
    """The classes of our applications, after all their modules were loaded."""
    names = [config.name for config in apps.get_app_configs() if config.path.startswith(str(settings.BASE_DIR / ""))]
    names = [name for name in names if (settings.BASE_DIR / name.replace(".", "/")).is_dir()]
    for name in names:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return {found for found in _below(base) if found.__module__.startswith(tuple(f"{name}." for name in names))}


def test_no_form_and_no_body_is_forgotten() -> None:
    made = {found for found in _own(forms.BaseForm) if found.__qualname__ == found.__name__}
    generated = {found for found in made if issubclass(found, SeenForm)}  # by the administration, for each of its models
    assert made - generated - NOT_SHOWN - set(MAKERS) == set()
    assert _own(Strict) - set(BODIES) == set()


def _refusals(make: Callable[[Any], forms.BaseForm]) -> list[str]:
    """What each field does wrong with each value: empty when all is well."""
    wrong = []
    for name, field in make(None).fields.items():
        wrong += [f"{name}: takes {day}" for day in DAYS if _day(field) and _takes(make, name, day)]
        for what, value in VALUES.items():
            data = QueryDict(mutable=True)
            parts = field.widget.widgets_names if isinstance(field.widget, forms.MultiWidget) else [""]
            for part in parts:
                data[name + part] = value
            form = make(data)
            form.is_valid()
            named = name in form.errors
            shown = form[name].value()
            if wanted(field, what) is not None and named is not wanted(field, what):
                wrong.append(f"{name} {what}: refused {named}, {field.__class__.__name__}")
            if named and not isinstance(field, FREE) and shown not in (value, [value], [value] * len(parts), None):
                wrong.append(f"{name} {what}: shows {str(shown)[:40]!r}")
            if named and not all(re.search("[а-я]{3}", sentence) for sentence in form.errors[name]):
                wrong.append(f"{name} {what}: {form.errors[name]}")
            str(form[name])
    return wrong


def _day(field: forms.Field) -> bool:
    return isinstance(field, forms.DateField) and not isinstance(field.widget, admin.widgets.AdminDateWidget)


def _takes(make: Callable[[Any], forms.BaseForm], name: str, value: str) -> bool:
    form = make(QueryDict(f"{name}={value}"))
    form.is_valid()
    return name not in form.errors


def wanted(field: forms.Field, what: str) -> bool | None:
    """Whether the field must name itself for such a value; None where both is right."""
    if isinstance(field, FREE) or (isinstance(field.widget, forms.HiddenInput) and not field.required and what != "nul"):
        return None
    text = isinstance(field, TextsField | forms.CharField) and type(field) not in (forms.EmailField, forms.URLField)
    checked = any(isinstance(validator, RegexValidator) for validator in field.validators) or isinstance(field, ReportField)
    if what == "empty":
        return True if field.required else None
    if what == "long":
        most = getattr(field, "max_length", None)
        return True if not text else len(LONG) > most if most and not isinstance(field, READ) else None
    if what == "nul" or not text:
        return True if what in ("nul", "wrong") else None
    return False if isinstance(field, CleanCharField) and not checked else None


@pytest.mark.parametrize("form", MAKERS, ids=lambda form: form.__name__)
def test_every_field_of_a_form_refuses_what_it_cannot_take(form: type[forms.BaseForm]) -> None:
    factories.town()
    with override("bg"):
        assert _refusals(MAKERS[form]) == []


def test_every_field_of_every_transition_refuses_what_it_cannot_take() -> None:
    factories.town()
    user, reports = factories.official(), {"problem": factories.report(), "idea": factories.report(category="park-idea")}
    wrong, seen = {}, set()
    with override("bg"):
        for (kind, name), edge in workflow.TRANSITIONS.items():
            if edge.fields and (kind, edge.fields) not in seen:
                seen.add((kind, edge.fields))
                found = _refusals(
                    lambda data, edge=edge, kind=kind: TransitionForm(data, edge=edge, report=reports[kind], user=user)
                )
                wrong |= {f"{kind} {name}": found} if found else {}
    assert wrong == {}


def test_every_field_of_the_administration_refuses_what_it_cannot_take() -> None:
    factories.town()
    request = RequestFactory().get("/admin/")
    request.user = factories.administrator()
    wrong = {}
    with override("bg"):
        for model, one in admin.site._registry.items():
            if issubclass(one.form, SeenForm):
                found = _refusals(lambda data, one=one: one.get_form(request)(data))
                wrong |= {model.__name__: found} if found else {}
    assert wrong == {}


@pytest.mark.parametrize("sent", BODIES, ids=lambda sent: sent.__name__)
def test_every_field_of_a_body_refuses_what_it_cannot_take(sent: type[serializers.Serializer]) -> None:
    factories.town()
    request = RequestFactory().post("/api/v1/")
    request.user = factories.official()
    wrong = []
    values = [*VALUES.values(), "\ud800", 5, 1.5, 2**80, True, None, [], {}, [[]], [{}], [NUL], [5]]
    for name, field in sent().fields.items():
        for value in values:
            asked = sent(data={**BODIES[sent], name: value}, context={"request": request})
            named = not asked.is_valid() and any(key.split(".")[0] == name for key in asked.errors)
            text = isinstance(field, serializers.CharField) and not isinstance(field, serializers.ChoiceField)
            must = value in (NUL, LONG, "\ud800") or (text and not isinstance(value, str) and value is not None)
            if must and not named:
                wrong.append((name, str(value)[:20], asked.errors))
            free = type(field) is CleanSerializerField and not any(isinstance(one, RegexValidator) for one in field.validators)
            if free and value in (RTL, EMOJI) and named:
                wrong.append((name, value, asked.errors))
    assert wrong == []


def _of_devices() -> list[str]:
    """Bodies of which none names a device."""
    right = {"endpoint": "https://push.example/1", "keys": {"p256dh": "x", "auth": "x"}}
    values = [
        *VALUES.values(),
        "\ud800",
        "\x00",
        5,
        1.5,
        2**80,
        True,
        None,
        [],
        {},
        [[]],
        [{}],
        [NUL],
        {"auth": "\ud800", "p256dh": NUL},
    ]
    said = [{**right, name: value} for name in ("endpoint", "keys", "old") for value in values]
    said += [{"stop": 1, "endpoint": value} for value in values]
    said += [{**right, "old": {"endpoint": value, "keys": {"auth": value}}} for value in values]
    return [json.dumps(one) for one in said] + [
        "",
        "[" * 5000,
        "{" * 5000,
        "7",
        "null",
        '"x"',
        '{"endpoint":',
        "\x00",
        "1e999",
        "NaN",
    ]


@pytest.mark.parametrize("known", [False, True])
def test_a_device_refuses_what_no_browser_says(settings: Any, known: bool) -> None:
    """JSON to the one page that takes it: of a stranger, and of somebody whose device it may be."""
    settings.LIMITS = {"*": ""}
    factories.town()
    client = Client()
    if known:
        client.force_login(factories.resident())
    wrong = []
    for said_so in _of_devices():
        answer = client.post("/accounts/notifications/device/", said_so, content_type="application/json")
        lets_go = known and '"stop": 1' in said_so and answer.status_code == 200
        if answer.status_code != (400 if known else 302) and not lets_go:
            wrong.append((said_so[:60], answer.status_code))
        if answer.status_code == 400 and not re.search("[а-я]{3}", answer.json()["detail"]):
            wrong.append((said_so[:60], answer.json()))
    assert wrong == []


def _entered(name: str, shape: str | dict[str, Any], point_form: type[forms.BaseForm]) -> list[str]:
    """The entrances beside the API (tests/api/test_sending.py) that let a hostile geometry in."""
    text = shape if isinstance(shape, str) else json.dumps(shape)
    got = {
        "map of a new report": "shape" in submit.PlaceForm({"shape": text}).errors,
        "pin": "lon" in submit.PlaceForm({"lon": text, "lat": text}).errors,
        "administration": "point" in point_form({"point": text}).errors,
        "box of a filter": _box_refused(text),
    }
    return [f"{name}: {entrance}" for entrance, refused in got.items() if not refused]


def _box_refused(text: str) -> bool:
    query = QueryDict(mutable=True)
    query["bbox"] = text or "x"
    return [bad.name for bad in Filters.readable(query, None)[1]] == ["bbox"]


def test_t80_no_hostile_geometry_gets_in_by_pages_and_the_administration(settings: Any) -> None:
    settings.LIMITS = {"*": ""}
    factories.town()
    request = RequestFactory().get("/admin/")
    request.user = factories.administrator()
    point_form = admin.site._registry[Area].get_form(request)
    assert [entered for name, shape in HOSTILE for entered in _entered(name, shape, point_form)] == []
    for _name, shape in HOSTILE[::6]:
        sent = {**WHOLE, "step": "place", "go": "next", "client_uuid": str(uuid.uuid4())}
        page = Client().post("/reports/new/", {**sent, "shape": shape if isinstance(shape, str) else json.dumps(shape)})
        assert (page.status_code, 'href="#id_shape' in page.content.decode()) == (422, True)


def test_t80_no_hostile_geometry_gets_in_by_files() -> None:
    for name, shape in HOSTILE:
        if isinstance(shape, dict):
            with pytest.raises(GeometryRefused):
                polygon_of(shape)
            kind = shape.get("type")
            if (
                shape.get("coordinates") not in (None, "")
                and set(shape) == {"type", "coordinates"}
                and kind in _KIND_OF_COLUMN.values()
            ):
                with pytest.raises(LoadError, match="shape"):
                    Row("areas.yaml", 1, {"shape": shape["coordinates"]}, {}).shape("shape", kind)
                    pytest.fail(name)
