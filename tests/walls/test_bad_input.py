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

from api.v1.sending import Strict
from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.geometry_fields import _KIND_OF_COLUMN, LonLatForm
from geoportal.kernel.text import CleanCharField, CleanSerializerField
from municipality.admin import SeenForm, TextsField
from municipality.models import Area
from participation.forms import alternative as alternatives
from participation.forms import answering
from reports import workflow
from reports.filters import Filters
from reports.forms import author, desk, place
from reports.forms.shots import ShotsForm
from reports.forms.transition import ReportField, TransitionForm
from reports.forms.watched import WatchedForm
from reports.loading.areas import polygon_of
from reports.loading.rows import LoadError, Row
from tests import factories
from tests.kernel.hostile import HOSTILE
from tests.reports.test_citizen_input import WHOLE
from tests.walls.makers import BODIES, MAKERS

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
        "map of a new report": "shape" in place.PlaceForm({"shape": text}).errors,
        "pin": "lon" in place.PlaceForm({"lon": text, "lat": text}).errors,
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
