"""What a department is told of that it answers for: observations on its policies and services, recommendations to its services."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Role, User
from discussion import messages
from discussion.actions.comments import OBSERVATIONS
from discussion.models import Comment, Link, Subject, TimelineRow
from discussion.shown import KINDS
from discussion.words import quoted
from municipality.models import Organisation
from notifications.comment_words import Told
from participation.models import Policy, Service
from reports.models import Report

ARRIVES = frozenset({"submitted", "confirm", "publish"})
"""Acts by which an idea comes before everyone."""


def department_of(row: TimelineRow, report: Report | None) -> Organisation | None:
    """The department to be told of this act; None for all other acts, and where the act was its own."""
    if report is None:
        found = _of_observed(row)
    else:
        service = _recommended(row) if report.is_public else None
        found = service.department if service and service.department_id != report.department_id else None
    if found is None or not found.active or (row.actor and found.pk in row.actor.departments):
        return None
    return found


def people_of(department: Organisation) -> list[User]:
    """Its officials and dispatchers, by their key."""
    held = {"memberships__organisation": department, "memberships__active": True}
    held["memberships__roles__overlap"] = [Role.OFFICIAL, Role.DISPATCHER]
    return list(User.objects.filter(is_active=True, **held).distinct().order_by("pk"))


def told(row: TimelineRow, language: str) -> Told:
    """The act in the department's words, with the page to open."""
    with translation.override(language):
        comment = Comment.objects.published().filter(pk=row.data.get("comment")).first() if "comment" in row.data else None
        if comment is not None:
            headline = _("An observation on what you answer for: %(kind)s.") % {"kind": KINDS[comment.kind]}
            said = messages.Message(headline, text=comment.text, text_language=comment.language, at=row.at)
            return Told([said], f"{row.subject.path}#comment-{comment.pk}", _("See it here"))
        service = _recommended(row)
        name = quoted(str(service)) if service else "—"
        headline = _("A recommendation to the service %(service)s, for which you answer.") % {"service": name}
        return Told([messages.Message(headline, at=row.at)], row.subject.path, _("See it here"))


def _of_observed(row: TimelineRow) -> Organisation | None:
    observed = row.code == "comment_published" and Comment.objects.published().filter(
        pk=row.data.get("comment"), kind__in=OBSERVATIONS
    ).exists()  # fmt: skip
    if not observed or not row.subject.is_public:
        return None
    if row.subject.kind == Subject.Kind.SERVICE:
        return Service.objects.select_related("department").get(pk=row.subject_id).department
    policy = Policy.objects.select_related("organisation").filter(pk=row.subject_id).first()
    return policy.organisation if policy else None


def _recommended(row: TimelineRow) -> Service | None:
    """The service to which the idea that comes with this act recommends something."""
    if row.code not in ARRIVES:
        return None
    services = Link.objects.filter(source=row.subject_id, kind=Link.Kind.RECOMMENDS).order_by("pk").values("target")
    found: Service | None = Service.objects.public().filter(pk__in=services).select_related("department").first()
    return found
