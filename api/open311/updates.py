"""Service request updates (mySociety's extension): the acts that everyone reads, and new ones in the name of a key's account.

An update without a new status is a comment of the account. `closed` is the transition of the workflow that ends it and needs nothing but
words; where there is none, it is refused: nothing is done that the account could not do at its desk, and nothing is opened again.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import ApiClient
from api.open311 import keys, media
from api.open311.answers import Resource, absolute, answer, bad, refused, when
from api.open311.asked import COMMON, MOST, STATUSES, numbers_of, page_of, parameters, window
from api.open311.body import read
from api.open311.reading import pages, same_for_everyone
from discussion.messages import describe_all
from discussion.models import Audience, TimelineRow
from geoportal.kernel import idempotency
from geoportal.kernel.problems import Problem
from geoportal.kernel.references import parse
from reports import actions, rules, workflow
from reports.models import Photo, Report

LISTED = ("service_request_id", "start_date", "end_date", "page", "page_size", "per_page")
KNOWN = (
    "service_request_id", "update_id", "updated_datetime", "status", "description", "email", "phone", "first_name", "last_name",
    "title", "media_url", "account_id", *COMMON,
)  # fmt: skip
LONGEST = 4_000
CLOSED = STATUSES[1]


class Updates(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What was done in the last 90 days, between two times, or with the requests that are named; the first act first."""
        given = parameters(request, LISTED)
        reports = Report.objects.in_full()
        acts = TimelineRow.objects.filter(audience=Audience.PUBLIC)
        if (named := numbers_of(given)) is not None:
            reports = reports.filter(subject__reference__in=named)
        else:
            first, last = window(given)
            acts = acts.filter(**({"at__gte": first} if first else {}), **({"at__lte": last} if last else {}))
        acts = (
            acts.filter(subject__in=reports.values("pk"))
            .annotate(reference=F("subject__reference"), state=_state())
            .order_by("pk")
        )
        page, size, _paged = page_of(given, MOST)
        # Always: the first page begins with the oldest act, so who asks without pages must see that there are more.
        headers = pages(request, given, page, size, acts.count())
        shown = list(acts[(page - 1) * size : page * size])
        return answer("service_request_updates", _trees(shown), kind, headers=headers)

    def post(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """An update of a client that may."""
        return _posted(request, kind)


def _state() -> Any:
    """The state after the act: what it or the last one before it led to."""
    before = TimelineRow.objects.filter(subject=OuterRef("subject"), pk__lte=OuterRef("pk")).exclude(after="")
    return Subquery(before.order_by("-pk").values("after")[:1])


def _trees(acts: list[Any]) -> list[dict[str, Any]]:
    pictured = _pictured([act.pk for act in acts])
    return [
        {
            "update_id": str(act.pk),
            "service_request_id": act.reference,
            "status": workflow.STATES[act.state].open311 if act.state else None,
            "external_status_code": act.state,
            "updated_datetime": when(act.at),
            "description": "\n".join(part for part in (message.headline, message.text) if part),
            "media_url": pictured.get(act.pk),
        }
        for act, message in zip(acts, describe_all(acts, audience=Audience.PUBLIC), strict=True)
    ]


def _pictured(acts: list[int]) -> dict[int, str]:
    """Act → the address of the first photo that came with it and nobody hid."""
    found: dict[int, str] = {}
    for photo in Photo.objects.filter(row__in=acts, hidden=False).order_by("position", "created_at"):
        found.setdefault(photo.row_id or 0, absolute(photo.url("large")))
    return found


def _posted(request: HttpRequest, kind: str) -> HttpResponse:
    body = read(request, KNOWN)
    fields = body.fields
    client = keys.client_of(request, fields.pop("api_key", ""), ApiClient.Scope.UPDATE)
    if client.account is None or not client.account.is_active:
        raise refused(_("This key was not given the right to do this."), status=403)
    report = _report(fields)
    _check(fields, bool(body.attributes))
    key, creator = _key(request, client, fields.get("update_id", "")), f"client:{client.pk}"
    draft, home, kept = key or uuid.uuid4(), media.OF_WORDS, list[uuid.UUID]()
    payload: dict[str, Any] = {**fields, "media": [media.digest(file) for file in body.files]} if body.files else {**fields}
    if not idempotency.is_repeat(key, creator):
        keys.count(client)
        if body.files:
            home = _home(client, report, fields)
            kept = media.keep(body.files, draft, home)
    try:
        with idempotency.once(key, verb="open311 update", creator=creator, payload=payload) as slot:
            if slot.is_first:
                slot.keep(
                    body={"update_id": _done(client, report, fields, draft, kept, home)}, reference=report.subject.reference
                )
    except Problem:
        media.drop(kept, draft, home)
        raise
    told = slot.answer.body
    return answer("service_request_updates", [{"update_id": told.get("update_id"), "account_id": None}], kind)


def _key(request: HttpRequest, client: ApiClient, update_id: str) -> uuid.UUID | None:
    """The header's key, else one made of the client's own `update_id`, so that what it sends again is done once. None without both."""
    key = idempotency.parse_key(request.headers.get("Idempotency-Key"))
    if key or not update_id:
        return key
    # Keyed by the site's secret: nobody else can take the key before.
    made = salted_hmac("open311 update", f"{client.pk} {update_id}", algorithm="sha256").digest()
    return uuid.UUID(bytes=made[:16], version=4)


def _report(fields: dict[str, str]) -> Report:
    if "service_request_id" not in fields:
        raise bad("service_request_id", _("This field is required."))
    number = parse(fields["service_request_id"])
    found = Report.objects.public().filter(subject__reference=number or "").select_related("subject").first()
    if found is None:
        raise Http404
    return found


def _check(fields: dict[str, str], more: bool) -> None:
    if more or "media_url" in fields:
        raise bad("attribute" if more else "media_url", _("Updates take words, and photos as files in the field media."))
    if not fields.get("description"):
        raise bad("description", _("This field is required."))
    if len(fields["description"]) > LONGEST:
        raise bad("description", _("At most %(most)s characters fit: shorten the text.") % {"most": LONGEST})
    if fields.get("status", STATUSES[0]).lower() not in STATUSES:
        raise bad("status", _("Known: %(names)s.") % {"names": ", ".join(STATUSES)})


def _home(client: ApiClient, report: Report, fields: dict[str, str]) -> media.Home:
    """Whose photos those of the update become: the act's, or the comment's. Raises Problem for an act that takes none."""
    edge = _edge(client, report, fields)
    if edge is None:
        return media.OF_WORDS
    if "photo" not in edge.fields:
        raise bad("media", _("This step takes no photos. Send them with an update that closes nothing."))
    return media.OF_REPORT


def _done(
    client: ApiClient, report: Report, fields: dict[str, str], draft: uuid.UUID, kept: list[uuid.UUID], home: media.Home
) -> str:
    """The act's key, or the comment's with a c before it. Refused where what can be done changed while the photos came."""
    account, text = client.account, fields["description"]
    assert account is not None
    try:
        edge = _edge(client, report, fields)
        if kept and (edge is None) != (home is media.OF_WORDS):
            raise refused(_not_possible())
        if edge:
            return str(actions.act(report.pk, edge.name, by=account, given=actions.Given(text=text, photo=kept)).pk)
        made = discussion.actions.comment(
            report.pk, text=text, client_uuid=draft, correspondent=discussion.actions.correspondent_of(account), by=account,
            photos=draft if kept else None,
        )  # fmt: skip
        return f"c{made.pk}"
    except (actions.NotAllowed, PermissionDenied):
        raise refused(_not_possible()) from None
    except ValidationError as failed:
        raise refused(*failed.messages) from failed


def _edge(client: ApiClient, report: Report, fields: dict[str, str]) -> workflow.Transition | None:
    """The first act that ends it without refusing, needs words alone and is the account's to do; no key was given the right to open.

    None where no new status is asked for.
    """
    status = fields.get("status", "").lower()
    if not status or status == report.state.open311:
        return None
    for edge in workflow.allowed(report.kind, report.status) if status == CLOSED else ():
        target = (
            report.left_status
            if edge.target == workflow.LEFT
            else report.status
            if edge.target == workflow.STAYS
            else edge.target
        )
        leads = (
            target and workflow.STATES[target].open311 == status and workflow.STATES[target].phase is not workflow.Phase.REFUSED
        )
        words = set(workflow.required(edge, report.status)) <= {"text"} and not edge.one_of
        if leads and words and rules.may(client.account, report, edge):
            return edge
    raise refused(_not_possible())


def _not_possible() -> str:
    return _("Its state does not allow this now, or the account of this key may not do it.")
