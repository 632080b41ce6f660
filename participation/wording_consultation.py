"""Consultations in words: their papers, how long they still run, cards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from discussion import sentences
from participation.models import Consultation, PaperKind, Proposal
from participation.wording import day_in_words, mark

PAPER_NAMES: dict[str, Promise] = {
    PaperKind.DRAFT: pgettext_lazy("paper", "the draft"),
    PaperKind.MOTIVES: pgettext_lazy("paper", "the motives or report"),
    PaperKind.IMPACT: pgettext_lazy("paper", "the preliminary impact assessment"),
    PaperKind.OTHER: pgettext_lazy("paper", "another paper"),
}
VERDICTS: dict[str, tuple[Promise, str]] = {
    Proposal.Verdict.ACCEPTED: (pgettext_lazy("verdict", "accepted"), "done"),
    Proposal.Verdict.PARTLY: (pgettext_lazy("verdict", "accepted in part"), "active"),
    Proposal.Verdict.REFUSED: (pgettext_lazy("verdict", "not accepted"), "refused"),
}
"""Verdict → (in words, sign)."""


def time_left(left: int) -> str:
    """„Остават 12 дни“ of so many days on which one may still write, today among them."""
    if left == 1:
        return _("Today is the last day")
    return ngettext("%(n)d day is left", "%(n)d days are left", left) % {"n": left}


def status(consultation: Consultation) -> str:
    """„Отворена, остават 12 дни“; over and not closed by the clock yet is closed."""
    words, left = sentences.STATUS["consultation"], consultation.days_left
    if consultation.status == "open" and not left:
        return str(words["closed"])
    said = str(words[consultation.status])
    return f"{said} · {time_left(left)}" if consultation.status == "open" else said


def span(consultation: Consultation) -> str:
    """From what day to what day."""
    last = day_in_words(consultation.closes_on)
    if consultation.opens_on is None:
        return _("until %(day)s") % {"day": last}
    return _("%(first)s – %(last)s") % {"first": day_in_words(consultation.opens_on), "last": last}


def sign(consultation: Consultation) -> str:
    return "waiting" if consultation.status == "open" and not consultation.days_left else mark(consultation)


def card(consultation: Consultation) -> dict[str, Any]:
    """Context of components/_card.html; the place line is the kind and the time."""
    subject = consultation.subject
    return {
        "ref": subject.reference, "url": reverse("consultation", args=[subject.reference]), "kind": "consultation",
        "icon": subject.sector.icon, "mark": sign(consultation), "title": subject.title, "lang": subject.language,
        "place": f"{consultation.kind} · {span(consultation)}", "status": status(consultation), "photo": "",
    }  # fmt: skip
