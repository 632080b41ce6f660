"""Comparisons and their variants in words: letters, what they cost, how long they take, cards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from discussion import sentences
from geoportal.kernel.multilingual import language_of, text_in
from participation.models import Alternative, Comparison
from participation.wording import day_in_words, mark
from participation.wording_consultation import time_left

LETTERS: tuple[Promise, ...] = (
    pgettext_lazy("variant", "A"), pgettext_lazy("variant", "B"), pgettext_lazy("variant", "C"), pgettext_lazy("variant", "D"),
)  # fmt: skip


def unknown() -> str:
    return pgettext("cost or time", "not known")


def letter(variant: Alternative) -> str:
    """„А“ to „Г“ of the municipality's, „1“ of residents'; "" before it has one."""
    if variant.order is None:
        return ""
    return str(LETTERS[variant.order - 1]) if variant.own else str(variant.order)


def name(variant: Alternative) -> str:
    """„Вариант А“."""
    return _("Alternative %(letter)s") % {"letter": letter(variant)} if variant.order else _("Alternative without a number")


def grouped(number: float, digits: int = 0) -> str:
    """Rounded, as Django's format only cuts off."""
    return number_format(round(number, digits), decimal_pos=digits, force_grouping=True)


def between(low: int | None, high: int | None) -> str:
    """„40 000 – 60 000“, one number where both are the same, "" where nothing is known."""
    if low is None or high is None:
        return ""
    return grouped(low) if low == high else f"{grouped(low)} – {grouped(high)}"


def cost(variant: Alternative) -> str:
    """„40 000 – 60 000 €“."""
    said = between(variant.cost_from, variant.cost_to)
    return f"{said} €" if said else unknown()


def time(variant: Alternative) -> str:
    """„6 – 9 месеца“."""
    said = between(variant.months_from, variant.months_to)
    if not said or variant.months_to is None:
        return unknown()
    return ngettext("%(n)s month", "%(n)s months", variant.months_to) % {"n": said}


def sign(comparison: Comparison) -> str:
    return "waiting" if comparison.run_out else mark(comparison)


def status(comparison: Comparison) -> str:
    """„Отворено, остават 12 дни“; over and not closed by the clock yet is closed."""
    words = sentences.STATUS["comparison"]
    said = str(words[comparison.state_now])
    return f"{said} · {time_left(comparison.days_left)}" if comparison.runs else said


def until(comparison: Comparison) -> str:
    return _("until %(day)s") % {"day": day_in_words(comparison.last_day)}


def card(comparison: Comparison) -> dict[str, Any]:
    """Context of components/_card.html; the place line says where and until when."""
    subject = comparison.subject
    return {
        "ref": subject.reference, "url": reverse("comparison", args=[subject.reference]), "kind": "comparison",
        "sector": subject.sector.slug, "icon": subject.sector.icon, "mark": sign(comparison), "title": text_in(comparison.title),
        "lang": language_of(comparison.title), "photo": "", "place": f"{comparison.where} · {until(comparison)}",
        "status": status(comparison),
    }  # fmt: skip


def variant_card(variant: Alternative) -> dict[str, Any]:
    """The same of one variant; the place line says what it is compared in."""
    subject = variant.subject
    return {
        "ref": subject.reference, "url": reverse("alternative", args=[subject.reference]), "kind": "alternative",
        "sector": subject.sector.slug, "icon": subject.sector.icon, "mark": mark(variant), "title": text_in(variant.title),
        "lang": language_of(variant.title), "photo": "", "place": f"{name(variant)} · {text_in(variant.comparison.title)}",
        "status": str(sentences.STATUS["alternative"][variant.status]),
    }  # fmt: skip


def sent_by(variant: Alternative) -> str:
    """Who proposes it, as they wish to be named."""
    if variant.organisation_id and variant.organisation is not None:
        return str(variant.organisation)
    return variant.public_name or pgettext("author", "a resident")
