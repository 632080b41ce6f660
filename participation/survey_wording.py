"""Surveys in words: what they are, until when, how they stand, and as cards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from discussion import sentences
from geoportal.kernel.multilingual import language_of, text_in
from participation.models import Survey
from participation.wording import day_in_words, mark

SURVEY_FORMS: dict[str, Promise] = {"survey": pgettext_lazy("one", "survey"), "vision": pgettext_lazy("one", "vision")}


def survey_status(survey: Survey) -> str:
    """„Отворена“, „Приключила, резултатите предстоят“: one whose time is over is no longer called open."""
    late = survey.status == "open" and survey.closes_at <= timezone.now()
    return str(sentences.STATUS["survey"]["closed" if late else survey.status])


def until(survey: Survey) -> str:
    """„до вторник, 5 януари 2027“."""
    return _("until %(day)s") % {"day": day_in_words(survey.last_day)}


def survey_card(survey: Survey) -> dict[str, Any]:
    """Context of components/_card.html; the place line says what it is and until when."""
    subject = survey.subject
    return {
        "ref": subject.reference, "url": reverse("survey", args=[subject.reference]), "kind": "survey", "icon": subject.sector.icon,
        "mark": mark(survey), "title": text_in(survey.title), "lang": language_of(survey.title), "photo": "",
        "place": f"{SURVEY_FORMS[survey.form]} · {until(survey)}", "status": survey_status(survey),
    }  # fmt: skip
