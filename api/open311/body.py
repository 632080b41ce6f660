"""What is posted: a form, a form with files, or JSON; all three become the same names and texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _

from api.open311.answers import bad, refused
from geoportal.kernel.text import clean
from reports.parameters import BadParameter

LINES = ("description",)
"""Fields of several lines."""
FILES = ("media", "media[]")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\[\]]{1,60})\](?P<several>\[\])?")


@dataclass
class Body:
    """`fields`: {name: text}, empty ones left out; `attributes`: {code: texts}; `files` in their order."""

    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)


def read(request: HttpRequest, known: Iterable[str]) -> Body:
    """The body together with the address. Raises Problem for names that are unknown or stand there twice, and for no text."""
    names, body = list(known), Body()
    for name, values in [*request.GET.lists(), *_sent(request)]:
        plain = _unescaped(name)
        if found := _ATTRIBUTE.fullmatch(plain):
            _add_attribute(body, found["code"], [_text(plain, value, lines=True) for value in values])
        elif plain not in names:
            raise bad(
                plain, _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join([*names, "attribute[…]", *FILES[:1]])}
            )
        else:
            _add(body, plain, values)
    for name, files in request.FILES.lists():
        if _unescaped(name) not in FILES:
            raise bad(name, _("Send photos as the field media."))
        body.files += files
    return body


def _sent(request: HttpRequest) -> Iterable[tuple[str, list[Any]]]:
    if request.content_type in FORMS or not request.headers.get("Content-Length", "0").strip("0"):
        return request.POST.lists()
    if request.content_type == "application/json":
        return _of_json(request)
    raise refused(_("Send a form (with files as multipart) or JSON."))


def _of_json(request: HttpRequest) -> Iterable[tuple[str, list[Any]]]:
    """The members of an object; `attribute` may hold an object of its own."""
    try:
        sent = json.loads(request.body, object_pairs_hook=_once)
    except (ValueError, RecursionError, RawPostDataException):
        raise refused(_("The body is no JSON that can be read.")) from None
    if not isinstance(sent, dict):
        raise refused(_("The body must be a JSON object."))
    attributes = sent.pop("attribute", None)
    if attributes is not None and not isinstance(attributes, dict):
        raise bad("attribute", _("Write an object: code and value."))
    members = [*sent.items(), *((f"attribute[{code}]", value) for code, value in (attributes or {}).items())]
    return [(name, value if isinstance(value, list) and "attribute[" in name else [value]) for name, value in members]


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, of which no member stands twice: else the last one would win in silence."""
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise bad(name, BadParameter.ONCE)
        found[name] = value
    return found


def _unescaped(name: str) -> str:
    """Some clients escape the brackets once more than the form does."""
    return re.sub("%5b", "[", re.sub("%5d", "]", name, flags=re.IGNORECASE), flags=re.IGNORECASE)


def _text(name: str, value: Any, *, lines: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise bad(name, _("Write a text or a number."))
    try:
        return clean(str(value), lines=lines)
    except (ValidationError, ValueError):
        raise bad(name, _("The text holds characters that cannot be shown. Remove them and send again.")) from None


def _add(body: Body, name: str, values: list[Any]) -> None:
    texts = [text for value in values if (text := _text(name, value, lines=name in LINES))]
    if len(values) > 1 or (texts and name in body.fields and body.fields[name] != texts[0]):
        raise bad(name, BadParameter.ONCE)
    if texts:
        body.fields[name] = texts[0]


def _add_attribute(body: Body, code: str, texts: list[str]) -> None:
    said = [text for text in texts if text]
    if said:
        body.attributes.setdefault(code, []).extend(said)
