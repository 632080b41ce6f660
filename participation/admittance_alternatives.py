"""When one may write of a comparison and its variants: asked by pages, API and verbs alike."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from discussion.gates import Gate, Gift, Writing
from discussion.models import Subject
from participation.models import Alternative, Comparison


def shut_words(comparison: Comparison) -> str:
    """Why nobody may write of it now; "" when one may."""
    if comparison.takes_part:
        return ""
    if comparison.in_preparation:
        return _("The comparison is not open yet.")
    if not comparison.subject.is_public:
        return _("The comparison is hidden: nothing can be written of it now.")
    if comparison.stopped:
        return _("The comparison was stopped.")
    day = comparison.last_day.strftime("%d.%m.%Y")
    return _("The comparison ended on %(day)s: nothing can be written of it any more.") % {"day": day}


def _of(subject: Subject) -> str:
    return shut_words(Comparison.objects.select_related("subject").get(pk=subject.pk))


def _of_variant(subject: Subject) -> str:
    variant = Alternative.objects.select_related("comparison__subject").get(pk=subject.pk)
    if variant.withdrawn:
        return _("The alternative was withdrawn: nothing can be written of it any more.")
    return shut_words(variant.comparison)


def _admit(subject: Subject, writing: Writing) -> None:
    """Everyone who may write at all; variants have conversations of their own, so a comment is about no part."""
    if writing.anchor:
        raise ValidationError({"anchor": _("Open the page anew and write under the part that you mean.")}, code="anchor")


def _take(subject: Subject, gift: Gift) -> None:
    raise ValidationError({"given_to": _("Ideas are not given to this.")}, code="kind")


GATE = Gate(_of, _admit, lambda _subject: {}, _take, lambda _subject: None)
VARIANT_GATE = Gate(_of_variant, _admit, lambda _subject: {}, _take, lambda _subject: None)
