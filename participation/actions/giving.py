"""Ideas that were there already are given to a consultation; those of an earlier phase are carried into a later one."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from discussion import gates
from discussion.models import Link, Subject, TimelineRow
from participation.actions.move import edge_of, locked, take
from participation.actions.table import ideas_of
from participation.models import Consultation, Proposal
from participation.workflow import Who
from reports.models import Report


def _link(found: Consultation, ideas: list[Subject]) -> list[int]:
    """Links those that are not linked yet; answers their keys. The caller has seen that they lie inside."""
    known = set(Link.objects.filter(target=found.pk, kind=Link.Kind.GIVEN_TO).values_list("source", flat=True))
    new = [idea for idea in ideas if idea.pk not in known]
    Link.objects.bulk_create(Link(source=idea, target=found.subject, kind=Link.Kind.GIVEN_TO) for idea in new)
    return [idea.pk for idea in new]


def _fits(found: Consultation, idea: Subject) -> bool:
    report = Report.objects.get(pk=idea.pk)
    try:
        gates.require_inside(found.subject, report.geom, report.line or report.polygon, report.area)
    except ValidationError:
        return False
    return True


@transaction.atomic
def give(
    consultation_id: int, ideas: list[Subject], *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """Public ideas that were there already, by its organiser. Raises ValidationError on `ideas` with the title that does not fit."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "give", by)
    if not found.kind.takes_ideas:
        raise ValidationError({"ideas": _("This consultation takes no ideas with a place: write in it instead.")})
    for idea in ideas:
        if idea.kind != Subject.Kind.IDEA or not idea.is_public:
            raise ValidationError({"ideas": _("“%(title)s” is no idea that is public here.") % {"title": idea.title}})
        if not _fits(found, idea):
            words = _("“%(title)s” lies outside the border within which ideas are taken.")
            raise ValidationError({"ideas": words % {"title": idea.title}}, code="border")
    return take(found, edge, by=by, capacity=Who.ORGANISER, data={"ideas": _link(found, ideas)}, at=at)


@transaction.atomic
def carry(consultation_id: int, *, by: User, version: int | None = None) -> int:
    """Ideas of the phase before, but those that its table refused and those outside the border here. Answers how many are new."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "carry", by)
    if found.earlier is None or not found.kind.takes_ideas:
        raise ValidationError(_("There is no phase before whose ideas could come here."), code="earlier")
    refused = Proposal.objects.filter(consultation=found.earlier, verdict=Proposal.Verdict.REFUSED).values("sources__idea")
    ideas = ideas_of(found.earlier).exclude(pk__in=refused.exclude(sources__idea=None))
    new = _link(found, [idea for idea in ideas if _fits(found, idea)])
    if new:
        take(found, edge, by=by, capacity=Who.ORGANISER, data={"ideas": new}, tells=False)
    return len(new)
