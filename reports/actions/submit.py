"""A report comes in: from a resident, from an official on somebody's behalf, through the API."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field

from django.contrib.gis.geos import LineString, Point, Polygon
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import Correspondent, User
from discussion import gates
from discussion.models import Audience, Link, Subject, Visibility
from discussion.search import vector
from geoportal.kernel.multilingual import text_in
from layers.ground import NEIGHBOUR_METRES
from layers.models import Feature
from layers.near import near
from municipality.models import Area, Organisation, Sector
from municipality.site import SECONDS, installation, page_versions
from reports import answering, workflow
from reports.actions.filing import register
from reports.actions.move import due, restart_clock
from reports.at_objects import place_at
from reports.models import (
    Answer,
    Category,
    Channel,
    Consent,
    Contact,
    Photo,
    Report,
    RoutingRule,
    Tombstone,
    Words,
)
from reports.picked import in_words, of_feature
from reports.querysets import open_levels

MOST_PHOTOS = 5
LONGEST_PLACE = 200
TRIES = 4


class Expired(Exception):
    """The draft of this client UUID was never confirmed and is gone; it can be sent again under a new UUID."""


@dataclass(kw_only=True)
class Submission:
    """What somebody sends. `point` or, without a map, `settlement`; an idea may have neither (the whole municipality)."""

    kind: str
    category: Category
    title: str
    text: str
    client_uuid: uuid.UUID
    language: str
    point: Point | None = None
    settlement: Area | None = None
    place: str = ""
    line: LineString | None = None
    polygon: Polygon | None = None
    further_sectors: list[Sector] = field(default_factory=list)
    photos: list[uuid.UUID] = field(default_factory=list)
    official: bool = False
    happened_on: datetime.date | None = None
    restricted: bool = False
    author: User | None = None
    email: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    public_name: str = ""
    consents: tuple[str, ...] = ()
    inspired_by: Subject | None = None
    """What the idea came from: a practice of another place, a service to which it recommends something, a goal that it serves."""
    given_to: Subject | None = None
    """The consultation to which the idea is given."""
    object: Feature | None = None
    """The thing of a layer that it is about, with its layer; the place becomes what of it is nearest (`reports.at_objects`)."""
    answers: answering.Given = field(default_factory=dict)
    said: list[answering.Said] = field(default_factory=list, init=False)
    """Of `answers`, what can be kept; found when all is checked."""
    told: tuple[tuple[str, str], ...] = ()
    """What else was sent, for the administration and the author alone: (what it is, the words)."""
    channel: str = Channel.WEB
    entered_by: User | None = None
    taken_over: int | None = None
    """The import by which it comes from another system: it was checked there, nobody of ours sent it, and no term of ours ran."""
    proven: Correspondent | None = None
    """The browser's verified correspondent, when its address is `email`."""
    near: dict[str, str] = field(default_factory=dict, init=False)
    """What stands at the place by the gazetteer; found when all is checked."""
    just_outside: bool = False
    """Set by `place_of`: the point lies a little beyond the border."""


CAME_FROM: dict[str, str] = {
    Subject.Kind.PRACTICE: Link.Kind.INSPIRED_BY,
    Subject.Kind.SERVICE: Link.Kind.RECOMMENDS,
    Subject.Kind.GOAL: Link.Kind.SERVES,
}
"""Kind of what an idea came from → how the idea is linked to it."""


def submit(sent: Submission, *, at: datetime.datetime | None = None, tells: bool = True) -> Report:
    """Keeps the report and answers it; the same client UUID again answers the first one.

    Raises ValidationError per field, Expired for a UUID whose draft was removed unconfirmed.
    """
    for left in reversed(range(TRIES)):
        try:
            return _submit(sent, at or timezone.now(), tells)
        except (IntegrityError, ValidationError) as failed:
            # It was sent before: under its UUID stands the first one, whatever has changed since.
            if found := _known(sent.client_uuid):
                return found
            # Or the reference drawn is somebody's: at ten million reports that happens once in ninety times.
            if not left or isinstance(failed, ValidationError):
                raise
    raise AssertionError("unreachable")


def _known(client_uuid: uuid.UUID) -> Report | None:
    return Report.objects.filter(subject__client_uuid=client_uuid).select_related("subject").first()


@transaction.atomic
def _submit(sent: Submission, at: datetime.datetime, tells: bool) -> Report:
    if Tombstone.objects.filter(client_uuid=sent.client_uuid).exists():
        raise Expired
    area = place_of(sent)
    inside(sent.line or sent.polygon)
    _check(sent)
    _check_gift(sent, area)
    correspondent = _correspondent(sent)
    if sent.author or (sent.proven is not None and correspondent is not None and sent.proven.pk == correspondent.pk):
        blocks.require_free(correspondent)  # anybody else learns nothing of whose address it is
    status = _first_status(sent, correspondent)
    sent.near = {} if sent.settlement is not None else near(sent.point)
    subject = _subject(sent, area, status, at)
    report = _report(sent, subject, area, status, at)
    _belongings(sent, report, correspondent)
    received = status not in workflow.DRAFTS
    if received and sent.official:
        register(report, timezone.localdate(at).year)
    discussion.actions.append(
        subject,
        "submitted" if received else f"kept_{status}",
        by=sent.author or sent.entered_by,
        capacity="official" if sent.entered_by else "author",
        audience=Audience.PUBLIC if received else Audience.AUTHOR,
        at=at,
        after=status,
        department=report.department,
        data={"channel": sent.channel, "photos": report.photo_count, "official": sent.official, **due(report), **_taken(sent)},
        tells=tells,
        bumps=False,
    )
    return report


def _taken(sent: Submission) -> dict[str, int]:
    return {} if sent.taken_over is None else {"taken_over": sent.taken_over}


def place_of(sent: Submission) -> Area:
    """The smallest area that contains the place; ValidationError on `point`, `place` or `object` names the remedy."""
    if sent.object is not None:
        sent.point, sent.settlement = place_at(sent.object, sent.point), None
        sent.place = sent.place or in_words(sent.object)[:LONGEST_PLACE]
    if sent.point is not None:
        found, sent.just_outside = responsible(sent.point)
        if found is None:
            raise ValidationError({"point": outside(sent.point)}, code="outside")
        return found
    if sent.settlement is not None:
        if sent.kind == workflow.Kind.PROBLEM:
            if not sent.place:
                raise ValidationError({"place": _("Describe the place in words: street, number, what stands there.")})
            sent.point = sent.settlement.point
        return sent.settlement
    if sent.kind == workflow.Kind.IDEA:
        return Area.objects.root()
    raise ValidationError({"place": _("Choose the place on the map, or the settlement and the place in words.")})


def responsible(point: Point) -> tuple[Area | None, bool]:
    """The area whose report a point makes, and whether it lies a little beyond the border; None farther out."""
    found = Area.objects.smallest_containing(point)
    if found is not None:
        return found, False
    border = Area.objects.nearest_border(point)
    if border is None or border[2] > installation().outside_metres:
        return None, False
    return Area.objects.beside(point), True


def inside(shape: LineString | Polygon | None) -> None:
    """A drawn line or area lies in the municipality; ValidationError on `place` names the remedy."""
    if shape is not None and not Area.objects.filter(parent=None, polygon__covers=shape).exists():
        raise ValidationError({"place": _("What you drew reaches outside the municipality. Draw only the part inside it.")})


def outside(point: Point) -> ValidationError:
    """The refusal of a point outside the municipality, with the nearest border point in `params`."""
    border = Area.objects.nearest_border(point)
    lon, lat, metres = border or (point.x, point.y, 0.0)
    params = {"km": number_format(metres / 1000, decimal_pos=1), "border_lon": round(lon, 6), "border_lat": round(lat, 6)}
    if metres <= NEIGHBOUR_METRES and (neighbour := Feature.objects.neighbour(point)):
        words = _(
            "This place is outside the municipality, %(km)s km from its border, towards %(neighbour)s. "
            "Report it there, or move the pin inside."
        )
        return ValidationError(words, code="outside", params={**params, "neighbour": text_in(neighbour.name)})
    words = _("This place is outside the municipality, %(km)s km from its border. Move the pin inside it.")
    return ValidationError(words, code="outside", params=params)


def _check(sent: Submission) -> None:
    wrong: dict[str, str | list[str]] = {}
    if sent.category.kind != sent.kind:
        wrong["category"] = _("Choose a category for this kind.")
    if sent.taken_over is not None and not wrong:
        return
    if sent.category.open_to not in open_levels(sent.entered_by or sent.author):
        wrong["category"] = _("This category is closed for new reports. Choose another.")
    if sent.category.not_ours and not sent.entered_by:
        wrong["category"] = text_in(sent.category.not_ours)
    by_program = sent.entered_by is None or sent.channel == Channel.OPEN311
    sent.said, problems = answering.read(sent.category, sent.answers, all_needed=by_program)
    if problems:
        wrong["answers"] = list(problems.values())
    if sent.official and len(sent.name.split()) < 2:
        wrong["name"] = _("Official filing needs your names.")
    if sent.official and not sent.address:
        wrong["address"] = _("Official filing needs your address.")
    if sent.official and sent.kind == "problem" and not sent.happened_on:
        wrong["happened_on"] = _("Official filing asks when it happened.")
    if sent.happened_on and sent.happened_on > timezone.localdate():
        wrong["happened_on"] = _("The day lies in the future.")
    if len(sent.photos) > MOST_PHOTOS:
        wrong["photos"] = _("At most %(most)s photos.") % {"most": MOST_PHOTOS}
    if sent.category.photo == Category.Photo.REQUIRED and not sent.photos and not sent.entered_by:
        wrong["photos"] = _("This category needs a photo.")
    if wrong:
        raise ValidationError(wrong)


def _check_gift(sent: Submission, area: Area) -> None:
    if sent.given_to is None:
        return
    if sent.kind != workflow.Kind.IDEA:
        raise ValidationError({"given_to": _("Ideas are given to a consultation; a problem is sent by itself.")})
    gates.take(sent.given_to, gates.Gift(sent.author or sent.entered_by, bool(sent.author or sent.email)))
    gates.require_inside(sent.given_to, sent.point, sent.line or sent.polygon, area)


def _correspondent(sent: Submission) -> Correspondent | None:
    if sent.author:
        return discussion.actions.correspondent_of(sent.author)
    if sent.email:
        return discussion.actions.correspondent_for(sent.email, sent.language)
    return None


def _first_status(sent: Submission, correspondent: Correspondent | None) -> str:
    """Guests confirm by e-mail or wait for a moderator; what is moderated before publishing is the installation's choice."""
    if sent.taken_over is not None:
        return workflow.entry_state(sent.kind, official=False)
    proven = sent.proven is not None and correspondent is not None and sent.proven.pk == correspondent.pk
    confirmed = bool(sent.author or sent.entered_by or proven) or correspondent is None
    rule = installation().premoderation
    guest = sent.author is None and sent.entered_by is None
    moderated = (guest and (correspondent is None or rule.get("guests"))) or (sent.category.slug in rule.get("categories", ()))
    if rule.get("first_posts") and sent.author and not sent.author.reports.exists():
        moderated = True
    return workflow.first_state(sent.kind, confirmed=confirmed, moderated=bool(moderated), official=sent.official)


def _subject(sent: Submission, area: Area, status: str, at: datetime.datetime) -> Subject:
    restricted = sent.restricted or not sent.category.public
    public = not restricted and workflow.STATES[status].public
    subject = Subject.objects.create(
        kind=sent.kind,
        client_uuid=sent.client_uuid,
        title=sent.title,
        language=sent.language,
        sector_id=sent.category.sector_id,
        area=area,
        visibility=Visibility.RESTRICTED if restricted else Visibility.PUBLIC,
        is_public=public,
        created_at=at,
        search=vector(
            sent.title, sent.text, sent.place, *sent.near.values(), *(of_feature(sent.object).all_words if sent.object else ())
        ),
    )
    further = [sector for sector in sent.further_sectors if sector.pk != sent.category.sector_id]
    if further:
        subject.further_sectors.set(further)
    return subject


def _report(sent: Submission, subject: Subject, area: Area, status: str, at: datetime.datetime) -> Report:
    report = Report(
        subject=subject,
        kind=sent.kind,
        is_public=subject.is_public,
        sector_id=subject.sector_id,
        area=area,
        created_at=at,
        category=sent.category,
        department=route(sent.category, area),
        status=status,
        status_at=at,
        geom=sent.point,
        line=sent.line,
        polygon=sent.polygon,
        place=sent.place,
        near=sent.near,
        just_outside=sent.just_outside,
        approximate=sent.settlement is not None and sent.point is not None,
        official=sent.official,
        happened_on=sent.happened_on,
        channel=sent.channel,
        author=sent.author,
        entered_by=sent.entered_by,
        public_name=sent.public_name,
    )
    if status not in workflow.DRAFTS and sent.taken_over is None:
        restart_clock(report, timezone.localdate(at))
    report.save(force_insert=True)
    Words.objects.create(report=report, text=sent.text)
    return report


def route(category: Category, area: Area) -> Organisation:
    """The department: the rule for the narrowest area wins, a rule for the category before one for all."""

    def read() -> list[tuple[int, int, int | None, Organisation]]:
        rules = RoutingRule.objects.select_related("department", "area").defer("area__polygon", "area__point")
        return [(rule.area_id, rule.area.depth, rule.category_id, rule.department) for rule in rules]

    rules = cache.get_or_set(f"routing-{installation().edition}", read, SECONDS) or ()
    ids = {int(pk) for pk in area.path.split(".") if pk}
    fitting = [rule for rule in rules if rule[0] in ids and rule[2] in (None, category.pk)]
    best = max(fitting, key=lambda rule: (rule[1], rule[2] is not None), default=None)
    return best[3] if best else category.department


def _belongings(sent: Submission, report: Report, correspondent: Correspondent | None) -> None:
    """Contact, consents, photos and links of the new report."""
    Contact.objects.create(report=report, correspondent=correspondent, name=sent.name, address=sent.address, phone=sent.phone)
    if sent.consents:
        versions = page_versions()
        Consent.objects.bulk_create(
            Consent(report=report, page=slug, page_version=versions[slug]) for slug in sent.consents if slug in versions
        )
    answers = [
        Answer(
            report=report, question=one.question, asked=str(one.question)[:200], said=one.words[:4000], value=one.value,
            datatype=one.question.datatype, public=one.question.public,
        )
        for one in sent.said
    ]  # fmt: skip
    Answer.objects.bulk_create([*answers, *(Answer(report=report, asked=name, said=words) for name, words in sent.told)])
    if sent.inspired_by is not None:
        Link.objects.get_or_create(source_id=report.pk, target=sent.inspired_by, kind=CAME_FROM[sent.inspired_by.kind])
    if sent.given_to is not None:
        Link.objects.get_or_create(source_id=report.pk, target=sent.given_to, kind=Link.Kind.GIVEN_TO)
    if sent.object is not None:
        of_feature(sent.object, report).save(force_insert=True)
    if sent.photos:
        report.photo_count = attach_photo(report, sent.photos)


def attach_photo(report: Report, client_uuids: list[uuid.UUID]) -> int:
    """Draft photos become the report's, in the order named; answers how many it has now."""
    for position, client_uuid in enumerate(client_uuids):
        Photo.objects.filter(client_uuid=client_uuid, report=None).update(report=report, draft=None, position=position)
    count = Photo.objects.filter(report=report, row=None, hidden=False).count()
    Report.objects.filter(pk=report.pk).update(photo_count=count)
    return count
