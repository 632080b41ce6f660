"""Policies and promises in words, with their signs; as cards."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion import sentences
from geoportal.kernel.multilingual import language_of, text_in
from layers.wording import stage_mark, stage_sentence
from participation.models import Policy, Promise
from participation.progress import Carried, Node, percent

MARKS = {Promise.State.DONE: "done", Promise.State.PLANNED: "next", Promise.State.SLIPPED: "late"}


def short(day: datetime.date) -> str:
    return day.strftime("%d.%m.%Y")


def promise_line(promise: Promise, day: datetime.date) -> dict[str, Any]:
    """{pk, text, state, mark, words, moved, note, url, open}: one promise as a list shows it."""
    state = promise.state(day)
    moved = promise.due_on != promise.first_due_on
    return {
        "pk": promise.pk, "text": promise.text, "state": state, "mark": MARKS[state], "words": _when(promise, state, day),
        "moved": _("first promised for %(day)s") % {"day": short(promise.first_due_on)} if moved else "",
        "note": promise.note, "url": promise.evidence_url, "open": promise.done_on is None, "weight": promise.weight,
    }  # fmt: skip


def _when(promise: Promise, state: Promise.State, day: datetime.date) -> str:
    if promise.done_on is not None:
        words = _("kept on %(day)s") % {"day": short(promise.done_on)}
        if late := promise.late_days:
            words += ", " + ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}
        return words
    if state == Promise.State.SLIPPED:
        late = (day - promise.due_on).days
        words = ngettext("slipped: due on %(day)s, %(n)d day ago", "slipped: due on %(day)s, %(n)d days ago", late)
        return words % {"day": short(promise.due_on), "n": late}
    return _("to be kept by %(day)s") % {"day": short(promise.due_on)}


def project_line(project: Carried) -> dict[str, Any]:
    """{title, url, mark, words, percent, weight, reference}: a planned project by which a policy is carried out."""
    words = stage_sentence(project.stage)
    if project.steps:
        words += " · " + _("%(done)d of %(all)d milestones done") % {"done": project.done, "all": project.steps}
    if project.share is None:
        words += " · " + _("does not count until its milestones are known")
    return {
        "title": project.title, "url": reverse("project", args=[project.reference]), "mark": stage_mark(project.stage), "words": words,
        "percent": percent(project.share), "weight": project.weight, "reference": project.reference,
    }  # fmt: skip


def done_words(share: int | None) -> str:
    """„Изпълнено: 45 %“, or that nothing is known yet."""
    return _("nothing to measure yet") if share is None else _("%(percent)d %% done") % {"percent": share}


def counted(counts: dict[str, int]) -> str:
    """„2 спазени, 1 просрочено, 3 предстоят“; "" where nothing is promised."""
    kept, slipped, planned = (counts[state] for state in (Promise.State.DONE, Promise.State.SLIPPED, Promise.State.PLANNED))
    parts = [
        (kept, ngettext("%(n)d promise kept", "%(n)d promises kept", kept)),
        (slipped, ngettext("%(n)d slipped", "%(n)d slipped", slipped)),
        (planned, ngettext("%(n)d to come", "%(n)d to come", planned)),
    ]
    return ", ".join(words % {"n": number} for number, words in parts if number)


def mark(node: Node) -> str:
    """Late where a promise has slipped, done where all is, else active."""
    if node.policy.state.ends or node.percent == 100:
        return "done"
    return "late" if node.counts[Promise.State.SLIPPED] else "active"


def status(node: Node) -> str:
    """„Изпълнява се · 1 просрочено“: what is late is said where its sign stands."""
    words, slipped = str(sentences.STATUS["policy"][node.policy.status]), node.counts[Promise.State.SLIPPED]
    if node.policy.state.ends or not slipped:
        return words
    return f"{words} · " + ngettext("%(n)d slipped", "%(n)d slipped", slipped) % {"n": slipped}


def card(node: Node) -> dict[str, Any]:
    """Context of components/_card.html; the place line says who answers."""
    policy, subject = node.policy, node.policy.subject
    words = [status(node)] if policy.state.ends else []
    return {
        "ref": subject.reference, "url": reverse("policy", args=[subject.reference]), "kind": "policy", "icon": subject.sector.icon,
        "mark": mark(node), "title": text_in(policy.title), "lang": language_of(policy.title), "photo": "", "place": str(policy.organisation),
        "status": " · ".join(part for part in (*words, done_words(node.percent), counted(node.counts)) if part),
    }  # fmt: skip


def plain_card(policy: Policy) -> dict[str, Any]:
    """As `card`, where its tree is not asked for."""
    subject, words = policy.subject, str(sentences.STATUS["policy"][policy.status])
    return {
        "ref": subject.reference, "url": reverse("policy", args=[subject.reference]), "kind": "policy", "icon": subject.sector.icon,
        "mark": "done" if policy.state.ends else "active", "title": text_in(policy.title), "lang": language_of(policy.title), "photo": "",
        "place": str(policy.organisation), "status": words,
    }  # fmt: skip


def promise_card(promise: Promise, day: datetime.date) -> dict[str, Any]:
    """One promise as a card that leads to its policy."""
    policy, line = promise.policy, promise_line(promise, day)
    subject = policy.subject
    return {
        "ref": subject.reference, "url": reverse("policy", args=[subject.reference]), "kind": "policy", "icon": subject.sector.icon,
        "mark": line["mark"], "title": text_in(promise.text), "lang": language_of(promise.text), "photo": "",
        "place": f"{text_in(policy.title)} · {policy.organisation}", "status": line["words"],
    }  # fmt: skip


def branch(node: Node) -> dict[str, Any]:
    """A policy with all that is below it, for `participation/policies/_branch.html`."""
    return {
        "card": card(node), "title": node.policy.title, "url": card(node)["url"], "owner": node.policy.organisation,
        "weight": node.policy.weight, "percent": node.percent, "done": done_words(node.percent), "counted": counted(node.counts),
        "promises": [promise_line(one, node.day) for one in node.promises], "mark": mark(node),
        "projects": [project_line(one) for one in node.projects], "measures": [branch(below) for below in node.measures],
    }  # fmt: skip
