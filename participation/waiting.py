"""What of events, practices, initiatives and pledges waits for a moderator, for the one queue of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from discussion.addresses import page_of
from discussion.models import Subject
from geoportal.kernel.multilingual import language_of, text_in
from participation.models import Alternative, Event, Initiative, Matter, Pledge, Practice, Profile, Rewording
from reports.moderated import Moderated


def _rows(model: type[Matter]) -> Callable[[], QuerySet[Any]]:
    waiting = model._default_manager.filter(status="awaiting_moderation").select_related("subject")
    return lambda: waiting.order_by("pk")


def _item(matter: Matter, kind: str, text: str, language: str = "") -> dict[str, Any]:
    """`language`: of the text, where it is not that of the title."""
    subject, act = matter.subject, f"{matter.subject.kind}_act"
    return {
        "title": subject.title, "kind": kind, "url": reverse(subject.kind, args=[subject.reference]), "at": subject.created_at,
        "lang": subject.language, "author": matter.author_id, "text": text, "text_lang": language or subject.language,
        "publish_url": f"{reverse(act, args=[subject.reference, 'publish'])}?version={subject.version}",
        "reject_url": reverse(act, args=[subject.reference, "reject"]),
    }  # fmt: skip


EVENTS = Moderated(_rows(Event), lambda event: _item(event, pgettext("one", "event"), event.text))
PRACTICES = Moderated(
    _rows(Practice), lambda each: _item(each, pgettext("one", "practice"), text_in(each.what), language_of(each.what))
)
INITIATIVES = Moderated(_rows(Initiative), lambda each: _item(each, pgettext("one", "initiative"), each.text))

ALTERNATIVES = Moderated(
    _rows(Alternative),
    lambda each: _item(each, pgettext("one", "alternative"), text_in(each.description), language_of(each.description)),
)


def _pledge(pledge: Pledge) -> dict[str, Any]:
    act = lambda name: reverse("pledge_act", args=[pledge.pk, name])  # noqa: E731
    return {
        "title": pledge.subject.title, "kind": pgettext("one", "promise"), "url": page_of(pledge.subject),
        "at": pledge.created_at, "author": pledge.author_id, "lang": pledge.subject.language, "text": pledge.what, "text_lang": pledge.language,
        "publish_url": f"{act('publish')}?version={pledge.version}",
        "reject_url": act("reject"),
    }  # fmt: skip


def _rewording(found: Rewording) -> dict[str, Any]:
    subject, act = found.subject, f"{found.subject.kind}_act"
    kind = pgettext("one", "event") if subject.kind == Subject.Kind.EVENT else pgettext("one", "initiative")
    lines = [line if isinstance(line, str) else line[0] for line in found.lines or []]
    where = [found.where[name] for name in ("place", "link") if found.where.get(name)]
    return {
        "title": subject.title, "kind": _("%(kind)s, new words") % {"kind": kind}, "url": page_of(subject), "at": found.asked_at,
        "lang": subject.language, "text": "\n".join([found.title, found.text, *lines, *where]), "text_lang": subject.language, "author": found.by_id,
        "publish_url": f"{reverse(act, args=[subject.reference, 'reword'])}?version={subject.version}",
        "reject_url": reverse(act, args=[subject.reference, "keep_words"]),
    }  # fmt: skip


REWORDINGS = Moderated(Rewording.objects.to_read, _rewording)
PLEDGES = Moderated(lambda: Pledge.objects.waiting().select_related("subject").order_by("pk"), _pledge)


def _profile(profile: Profile) -> dict[str, Any]:
    settle = lambda verb: reverse("person_settle", args=[profile.key, verb])  # noqa: E731
    return {
        "title": profile.name, "kind": pgettext("one", "a person's card"), "url": reverse("person", args=[profile.key]),
        "at": profile.changed_at, "author": profile.user_id, "text": "\n".join((profile.about, profile.helps)),
        "publish_url": f"{settle('publish')}?{urlencode({'version': profile.version})}",
        "reject_url": settle("reject"),
    }  # fmt: skip


PROFILES = Moderated(lambda: Profile.objects.filter(state=Profile.State.WAITING).order_by("pk"), _profile)
