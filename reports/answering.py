"""What a category asks, and what of what was said can be kept: one reading for pages, programs and other systems."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import clean
from reports.models import Category, Question

Given = Mapping[str, str | list[str]]
"""Slug of a question → what was said: texts, slugs of choices."""
LONGEST = {"string": 200, "text": 3_900, "number": 30, "datetime": 40}
YEARS = (1900, 2199)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?", re.ASCII)
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
"""A thousand in English, 1 and nothing more in Bulgarian."""
_WRITTEN = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?: ?г\.?)?(?:,? (?P<clock>\d{1,2}[:.]\d\d)(?: ?ч\.?)?)?", re.ASCII
)
"""As a Bulgarian writes it: 31.1.2026 г., 8.30 ч."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)


@dataclass(frozen=True)
class Said:
    """An answer that can be kept. `value`: in one spelling for programs; `words`: for people, in the language of now."""

    question: Question
    value: str | list[str]
    words: str


class _Wrong(Exception):
    """The sentence that says what to do instead."""


def read(category: Category, given: Given, *, all_needed: bool = True) -> tuple[list[Said], dict[str, str]]:
    """(what can be kept, what is wrong: slug of the question → a sentence, "" where it is the category). `all_needed`: what is
    required must be answered.

    A question that follows a choice is required only where that choice was made; what is said to it anyway is kept.
    """
    questions = {question.slug: question for question in category.questions.all()}
    said = {slug: texts for slug, value in given.items() if (texts := _texts(value))}
    if set(said) - set(questions):
        return [], {"": _("This question is not asked here any more. Choose the category again.")}
    kept, wrong = [], {}
    for slug, question in questions.items():
        try:
            if slug in said:
                kept.append(_read(question, said[slug]))
            elif all_needed and question.required and follows(question, questions.values(), said):
                raise _Wrong(_("Answer this: %(question)s"))
        except _Wrong as refused:
            wrong[slug] = str(refused) % {"question": question, "most": LONGEST.get(question.datatype)}
    return kept, wrong


def _texts(value: str | list[str]) -> list[str]:
    return [text for text in ([value] if isinstance(value, str) else value) if text.strip()]


def follows(question: Question, questions: Iterable[Question], said: Mapping[str, list[str]]) -> bool:
    """Whether it is asked at all: it follows nothing, or a choice that was made to a question that is asked itself."""
    seen: set[int] = set()
    by_key = {one.pk: one for one in questions}
    while question.after_id is not None and question.pk not in seen:
        seen.add(question.pk)
        before = by_key.get(question.after_id)
        if before is None or question.after_choice not in said.get(before.slug, []):
            return False
        question = before
    return True


def _read(question: Question, texts: list[str]) -> Said:
    """Raises _Wrong."""
    if not question.variable:
        raise _Wrong(_("This is told, not asked: %(question)s"))
    if question.takes_choices:
        return _chosen(question, list(dict.fromkeys(texts)))
    if len(texts) > 1:
        raise _Wrong(_("Give one answer: %(question)s"))
    text = _clean(texts[0], lines=question.datatype == Question.Datatype.TEXT)
    if len(text) > LONGEST[question.datatype]:
        raise _Wrong(_("%(question)s At most %(most)s characters fit: shorten the answer."))
    if question.datatype == Question.Datatype.NUMBER:
        if not _NUMBER.fullmatch(text.replace(" ", "")):
            raise _Wrong(_("Write a number: %(question)s"))
        if _TWO_WAYS.fullmatch(text.replace(" ", "")):
            raise _Wrong(_("Write thousands without a comma, as 1000, and decimals with a point, as 1.5: %(question)s"))
        number = f"{Decimal(text.replace(' ', '').replace(',', '.')):f}"
        return Said(question, number, text)
    if question.datatype == Question.Datatype.DATETIME:
        return Said(question, *_moment(text))
    return Said(question, text, text)


def _clean(text: str, *, lines: bool) -> str:
    try:
        return clean(text, lines=lines)
    except ValidationError as refused:
        raise _Wrong(f"%(question)s {refused.messages[0]}") from refused


def _chosen(question: Question, slugs: list[str]) -> Said:
    if len(slugs) > 1 and question.datatype == Question.Datatype.ONE:
        raise _Wrong(_("Give one answer: %(question)s"))
    choices = [question.choice(slug) for slug in slugs]
    found = [choice for choice in choices if choice is not None]
    if len(found) < len(slugs):
        raise _Wrong(_("Choose an answer: %(question)s"))
    for choice in found:
        if choice.get("stops"):
            raise _Wrong(text_in(choice["advice"]).replace("%", "%%"))
    words = ", ".join(text_in(choice["text"]) for choice in found)
    return Said(question, slugs[0] if question.datatype == Question.Datatype.ONE else slugs, words)


def _moment(text: str) -> tuple[str, str]:
    """(ISO 8601, in words) of a day, or of a day and an hour; without an offset it is the municipality's time."""
    if written := _WRITTEN.fullmatch(text):
        clock = (written["clock"] or "").replace(".", ":")
        text = f"{written['year']}-{written['month']:0>2}-{written['day']:0>2}" + (f"T{clock:0>5}" if clock else "")
    try:
        found = _MOMENT.fullmatch(text)
        if found is None or not YEARS[0] <= int(text[:4]) <= YEARS[1]:
            raise ValueError
        day = datetime.date.fromisoformat(found[1])
        if found[2] is None:
            return day.isoformat(), date_format(day, "d.m.Y")
        moment = datetime.datetime.fromisoformat(text.replace(" ", "T"))
        moment = timezone.localtime(moment) if moment.tzinfo else timezone.make_aware(moment)
    except ValueError:
        raise _Wrong(_("Write a day, or a day and an hour, as 31.12.2026, 08:30: %(question)s")) from None
    return moment.isoformat(timespec="minutes"), date_format(moment, "d.m.Y, H:i")
