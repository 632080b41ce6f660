"""What one person takes part in or sent of this app, for their own page: nobody else reads it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Correspondent, Membership
from discussion import sentences
from discussion.addresses import page_of
from discussion.models import Subject
from participation import calendar, wording
from participation.models import Alternative, Event, Initiative, Joining, Matter, Pledge, Practice, TakingPart
from participation.workflow import ENDS
from reports.querysets import today

FEW = 10
"""Of each kind: the next events, the latest of everything else."""
Rows = list[dict[str, str]]


def of(known: Correspondent) -> dict[str, Any]:
    """{groups: [{title, rows: [{url, title, language, says}]}], calendar: a private address or ""}; a query for each kind."""
    events = _events(known)
    groups = [(_("Events to which I come"), events), (_("Initiatives in which I take part"), _initiatives(known))]
    if user := known.user_id:
        groups += [(_("Events that I organise"), _sent(Event, user)), (_("Initiatives that I began"), _sent(Initiative, user))]
        groups += [(_("What I promised"), _pledges(user)), (_("Practices that I sent"), _sent(Practice, user))]
        groups.append((_("Alternatives that I sent"), _sent(Alternative, user)))
    shown = [{"title": title, "rows": rows} for title, rows in groups if rows]
    return {"groups": shown, "calendar": calendar.my_address(known) if events else ""}


def _row(subject: Subject, says: str) -> dict[str, str]:
    return {"url": page_of(subject), "title": subject.title, "language": subject.language, "says": says}


def _events(known: Correspondent) -> Rows:
    """Those that are not over, the next first: a seat or a place in the waiting list, or what became of the event."""
    mine = TakingPart.objects.in_force().filter(correspondent=known, subject__is_public=True)
    found = mine.filter(subject__event__ends_at__gt=timezone.now()).select_related("subject__event")
    words = {"going": _("You have a seat."), "waiting": _("You are on the waiting list.")}
    rows = []
    for part in found.order_by("subject__event__starts_at", "pk")[:FEW]:
        event = part.subject.event
        says = words[part.state] if event.status == "announced" else str(sentences.STATUS["event"][event.status])
        when = wording.between(timezone.localtime(event.starts_at), timezone.localtime(event.ends_at))
        rows.append(_row(part.subject, f"{when} · {says}"))
    return rows


def _initiatives(known: Correspondent) -> Rows:
    """Those that are not over, each with the tasks taken."""
    going = Joining.objects.going().filter(correspondent=known, initiative__subject__is_public=True)
    found: dict[int, tuple[Subject, list[str]]] = {}
    for one in going.exclude(initiative__status__in=ENDS).select_related("initiative__subject", "task").order_by("-pk"):
        tasks = found.setdefault(one.initiative_id, (one.initiative.subject, []))[1]
        if one.task is not None:
            tasks.append(one.task.title)
    return [_row(subject, ", ".join(reversed(tasks))) for subject, tasks in list(found.values())[:FEW]]


def _pledges(user: int) -> Rows:
    mine = Pledge.objects.filter(author=user, subject__is_public=True).select_related("subject").order_by("-pk")[:FEW]
    held = Pledge.objects.held(mine)
    return [_row(one.subject, f"{one.what} · {wording.pledge_status(one, today(), held)[1]}") for one in mine]


def _sent(model: type[Matter], user: int) -> Rows:
    """In every state: whoever sent it opens it always, or, where it stands in the name of an organisation, as long as they are its
    member."""
    bodies = Membership.objects.filter(user=user, active=True).values("organisation")
    opens = Q(organisation=None) | Q(organisation__in=bodies) | Q(subject__is_public=True)
    mine = model._default_manager.filter(opens, author=user).select_related("subject").order_by("-pk")[:FEW]
    return [_row(one.subject, str(sentences.STATUS[one.subject.kind][one.status])) for one in mine]
