"""Services are kept as the municipality's data say, or written on pages; whoever gives one tells what has changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

import discussion.actions
from accounts.models import User
from discussion.models import Subject, TimelineRow, Visibility
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Sector
from participation import rules
from participation.models import Service
from participation.workflow import Who

TEXTS = ("name", "what", "who", "how")


@transaction.atomic
def keep_service(slug: str, facts: dict[str, Any], *, sector: Sector) -> tuple[Service, str]:
    """The service of that slug with these facts (fields of Service), made public; and whether it is new, changed or the same."""
    about = _about(facts, sector)
    found = Service.objects.select_related("subject").filter(slug=slug).first()
    if found is None:
        return _made(slug, facts, about), "new"
    subject = discussion.actions.lock(found.pk)
    same = all(getattr(found, name) == value for name, value in facts.items())
    if same and all(getattr(subject, name) == value for name, value in about.items()):
        return found, "same"
    about["is_public"] = subject.visibility == Visibility.PUBLIC
    Subject.objects.filter(pk=found.pk).update(**about)
    for name, value in facts.items():
        setattr(found, name, value)
    found.full_clean(exclude=["subject"], validate_unique=False)
    found.save(update_fields=list(facts))
    _search(found)
    return found, "changed"


def _about(facts: dict[str, Any], sector: Sector) -> dict[str, Any]:
    """Fields of its Subject."""
    language = language_of(facts["name"])
    return {"title": text_in(facts["name"], language)[:150], "language": language, "sector": sector, "is_public": True}


def _made(slug: str, facts: dict[str, Any], about: dict[str, Any]) -> Service:
    """A new one. Raises ValidationError by field, IntegrityError for an address that is taken."""
    subject = Subject.objects.create(kind=Subject.Kind.SERVICE, area=Area.objects.root(), **about)
    made = Service(subject=subject, slug=slug, **facts)
    made.full_clean(exclude=["subject"], validate_unique=False)
    made.save(force_insert=True)
    _search(made)
    return made


def _search(service: Service) -> None:
    words = [text for name in TEXTS for text in (getattr(service, name) or {}).values()]
    Subject.objects.filter(pk=service.pk).update(search=vector(*words))


@transaction.atomic
def tell_change(service_id: int, text: str, *, by: User, version: int | None = None, at: Any = None) -> TimelineRow:
    """What has changed in the service, after which recommendation or why; whoever follows it hears of it."""
    subject = discussion.actions.lock(service_id, version=version)
    service = Service.objects.get(pk=service_id)
    if not rules.answers_for(by, service.department_id):
        raise PermissionDenied
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    return discussion.actions.append(subject, "changed", by=by, capacity=Who.ORGANISER, text=text, at=at)


@transaction.atomic
def add_service(slug: str, facts: dict[str, Any], *, sector: Sector, by: User, at: Any = None) -> Service:
    """A service that no file of data names. Raises ValidationError for an address that is taken, PermissionDenied."""
    if not rules.keeps_services(by):
        raise PermissionDenied
    last: int = Service.objects.aggregate(last=Max("order"))["last"] or 0
    try:
        with transaction.atomic():
            made = _made(slug, facts | {"order": last + 1}, _about(facts, sector))
    except IntegrityError:
        raise ValidationError({"slug": _("Another service has this address. Choose another.")}) from None
    discussion.actions.append(made.subject, "submitted", by=by, capacity=Who.ORGANISER, at=at, bumps=False)
    return made


@transaction.atomic
def describe_anew(
    service_id: int, facts: dict[str, Any], *, sector: Sector, by: User, version: int | None = None, at: Any = None
) -> TimelineRow | None:
    """What is said of a service, anew; texts of other languages stay. None where nothing differs. Raises ValidationError by field."""
    subject = discussion.actions.lock(service_id, version=version)
    if not rules.keeps_services(by):
        raise PermissionDenied
    service = Service.objects.get(pk=service_id)
    whole = {
        name: rewritten(getattr(service, name), value) if isinstance(value, dict) else value for name, value in facts.items()
    }
    with override(subject.language):  # the title stays in its language
        kept, what = keep_service(service.slug, whole, sector=sector)
    if what == "same":
        return None
    return discussion.actions.append(kept.subject, "described", by=by, capacity=Who.ORGANISER, at=at, tells=False)
