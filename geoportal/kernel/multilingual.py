"""Municipal texts: one JSON object by language code, read with fallback."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def validate_texts(value: object) -> None:
    """A text is {language code: non-empty string}, with the site's own language among them."""
    known = [code for code, _name in settings.LANGUAGES]
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise ValidationError(_("Write one text for each language."), code="texts")
    if unknown := set(value) - set(known):
        raise ValidationError(_("Unknown language: %(codes)s.") % {"codes": ", ".join(sorted(unknown))}, code="language")
    if not value.get(known[0]):
        raise ValidationError(_("The text in %(language)s is missing.") % {"language": known[0]}, code="missing")


class MultilingualField(models.JSONField):
    """{language: text}; validated against the installation's languages."""

    default_validators = [validate_texts]


def language_of(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """The code of the language that `text_in` answers in."""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    if not value or value.get(wanted):
        return wanted
    return next((code for code, _name in settings.LANGUAGES if value.get(code)), wanted)


def text_in(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in `language` (the reader's by default), else in the first language that has it."""
    return (value or {}).get(language_of(value, language), "")


def rewritten(old: Mapping[str, str] | None, new: Mapping[str, str]) -> dict[str, str]:
    """The texts of all languages with the new ones in their place. What a reader of a language without a text of its own saw there and
    left as it was is no text of that language."""
    before = old or {}
    fresh = {code: text for code, text in new.items() if code in before or not text or text != text_in(before, code)}
    return {**before, **fresh}
