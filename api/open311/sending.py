"""POST: what a client sends becomes a Submission, as a guest's or as an official's who vouches for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import ApiClient
from api.open311 import keys, locating, media
from api.open311.answers import absolute, answer, bad, refused
from api.open311.asked import COMMON
from api.open311.body import Body, read
from geoportal.kernel import idempotency
from geoportal.kernel.problems import Problem
from geoportal.kernel.text import clean
from reports import actions, workflow
from reports.actions import Submission
from reports.forms.submit import PHONE
from reports.models import Category, Channel, Report

KNOWN = (
    "service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id", "first_name", "last_name",
    "phone", "description", "media_url", *COMMON,
)  # fmt: skip
LONGEST = {
    "description": 4_000, "address_string": 200, "email": 254, "first_name": 60, "last_name": 60, "phone": 40, "media_url": 1_000,
    "address_id": 200, "device_id": 200, "account_id": 200,
}  # fmt: skip
LONGEST_TITLE = 150
CALLED = {
    "point": "lat, long", "place": "address_string", "category": "service_code", "photos": "media", "answers": "attribute",
    "object": "address_id",
}  # fmt: skip
"""The verb's names of fields in the words of the standard."""


def posted(request: HttpRequest, kind: str) -> HttpResponse:
    """Keeps the report once for an Idempotency-Key and tells its number, or the token under which the number will be told."""
    body = read(request, KNOWN)
    client = keys.client_of(request, body.fields.pop("api_key", ""), ApiClient.Scope.SEND, ApiClient.Scope.ENTER)
    key = idempotency.parse_key(request.headers.get("Idempotency-Key"))
    creator = f"client:{client.pk}"
    payload = {"fields": body.fields, "attributes": body.attributes, "files": [media.digest(file) for file in body.files]}
    repeat = idempotency.is_repeat(key, creator)
    sent = None if repeat else _submission(client, body, key or uuid.uuid4())
    if sent is not None:
        place = (sent.point.x, sent.point.y) if sent.point else None
        keys.count(client, email=sent.email, point=place)
        sent.photos = media.keep(body.files, sent.client_uuid, media.OF_REPORT)
    try:
        with idempotency.once(key, verb="open311", creator=creator, payload=payload) as slot:
            if slot.is_first:
                report = _submitted(sent or _submission(client, body, key or uuid.uuid4()))
                slot.keep(body=_outcome(report), reference=report.subject.reference if report.is_public else "")
    except Problem:
        if sent:
            media.drop(sent.photos, sent.client_uuid, media.OF_REPORT)
        raise
    told: dict[str, Any] = slot.answer.body
    if "reference" in told:  # the key is another client's, who learns the public number alone
        number = {"service_request_id": told["reference"]} if told["reference"] else {}
        told = {**number, "service_notice": None, "account_id": None}
    found = told.get("service_request_id")
    headers = {"Location": absolute(f"/open311/v2/requests/{found}.{kind}")} if found else None
    return answer("service_requests", [told], kind, headers=headers)


def _submission(client: ApiClient, body: Body, client_uuid: uuid.UUID) -> Submission:
    """What the verb takes; refusals name every field that is wrong."""
    fields = body.fields
    for name, most in LONGEST.items():
        if len(fields.get(name, "")) > most:
            raise bad(name, _("At most %(most)s characters fit: shorten the text.") % {"most": most})
    _check(fields)
    category = _category(fields)
    title, text = titled(fields.get("description", ""), category)
    vouching = keys.voucher(client)
    name = f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
    return Submission(
        kind=category.kind, category=category, title=title, text=text, client_uuid=client_uuid,
        language=_language(fields), **locating.place_of(fields), email=fields.get("email", "").lower(), name=name,
        phone=fields.get("phone", ""), channel=Channel.OPEN311, entered_by=vouching, answers=_answers(body),
        told=_told(client, fields),
    )  # fmt: skip


def _language(fields: dict[str, str]) -> str:
    """In which the words are written: `locale`, else that of the request."""
    if fields.get("locale") and fields["locale"] not in dict(settings.LANGUAGES):
        raise bad("locale", _("Known: %(names)s.") % {"names": ", ".join(code for code, _name in settings.LANGUAGES)})
    return fields.get("locale") or get_language() or settings.LANGUAGE_CODE


def _answers(body: Body) -> dict[str, Any]:
    return {code: said[0] if len(said) == 1 else said for code, said in body.attributes.items()}


def _told(client: ApiClient, fields: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Where it came from, and where a picture is said to be: a text for whoever works on it, which is never fetched."""
    found = [(_("Sent by"), client.name)]
    if url := fields.get("media_url"):
        found.append((_("Address of a picture, not fetched"), url))
    return tuple(found)


def _category(fields: dict[str, str]) -> Category:
    if "service_code" not in fields:
        raise bad("service_code", _("This field is required."))
    found = Category.objects.select_related("department", "regime").filter(slug=fields["service_code"][:50]).first()
    if found is None:
        raise bad("service_code", _("There is no service “%(code)s”.") % {"code": fields["service_code"][:60]}, status=404)
    return found


def _check(fields: dict[str, str]) -> None:
    for name, check, words in (
        ("email", validate_email, _("Write the e-mail as name@example.org.")),
        ("phone", PHONE, _("Write a phone number.")),
        ("media_url", URLValidator(schemes=["http", "https"]), _("Write an address that begins with https://.")),
    ):
        if name in fields:
            try:
                check(fields[name])
            except ValidationError:
                raise bad(name, words) from None


def titled(description: str, category: Category) -> tuple[str, str]:
    """(title, text): the first line stands as the title, cut at a word where it is too long for one; all of it is the text then."""
    first, _newline, rest = description.partition("\n")
    line = clean(first)
    if not line:
        return str(category)[:LONGEST_TITLE], rest.strip()
    if len(line) <= LONGEST_TITLE:
        return line, rest.strip()
    whole = line[: LONGEST_TITLE - 1]
    cut = whole.rsplit(" ", 1)[0] if " " in whole[LONGEST_TITLE // 2 :] else whole
    return f"{cut}…", description


def _submitted(sent: Submission) -> Report:
    try:
        return actions.submit(sent)
    except actions.Expired:
        raise Problem(
            _("This was never confirmed and is gone. Send it again under a new Idempotency-Key."), status=410
        ) from None
    except ValidationError as failed:
        raise refused(*_sentences(failed)) from failed


def _sentences(failed: ValidationError) -> list[str]:
    """One for each thing that is wrong, with the field's name in the words of the standard."""
    if not hasattr(failed, "error_dict"):
        return list(failed.messages)
    found = failed.message_dict
    return [f"{CALLED.get(name, name)}: {sentence}" for name, sentences in found.items() for sentence in sentences]


def _outcome(report: Report) -> dict[str, Any]:
    """The number of what everyone may read, a token for what may become so, neither of what never will."""
    if report.is_public:
        said = {"service_request_id": report.subject.reference, "service_notice": None}
    elif report.subject.visibility == "public" and report.status in workflow.DRAFTS:
        said = {"token": str(report.subject.client_uuid), "service_notice": _waits(report, numbered=True)}
    else:
        said = {"service_notice": f"{_waits(report)} {_('Reports of this service are not published, so no number is told.')}"}
    return {**said, "account_id": None}


def _waits(report: Report, *, numbered: bool = False) -> str:
    """What it waits for, whoever may read it later; `numbered`: it has its number then."""
    if report.status == "awaiting_confirmation":
        if numbered:
            return _("A link went to the e-mail address; once it is opened, the report is received and has its number.")
        return _("A link went to the e-mail address; once it is opened, the report is received.")
    if report.status in workflow.DRAFTS:
        return _("A moderator reads it first; then it has its number.") if numbered else _("A moderator reads it first.")
    return _("It was received.")
