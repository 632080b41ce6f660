"""Titles in the reader's language: what is written in several languages is called by its own title in that one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from django.utils.translation import get_language

from discussion.models import Subject

Source = Callable[[Collection[int]], Iterable[tuple[int, Mapping[str, str]]]]
SOURCES: dict[str, Source] = {}
"""Kind → keys → (key, title by language), in one query; the app that owns the kind says it."""


def in_readers_language(subjects: Iterable[Subject]) -> None:
    """Gives these instances title and language of the reader where that exists; a query for each kind that is written in another."""
    language = get_language() or ""
    foreign: dict[str, dict[int, list[Subject]]] = {}
    for subject in subjects:
        if subject.language != language and subject.kind in SOURCES:
            foreign.setdefault(subject.kind, {}).setdefault(subject.pk, []).append(subject)
    for kind, found in foreign.items():
        for pk, texts in SOURCES[kind](found.keys()):
            for subject in found[pk] if texts.get(language) else ():
                subject.title, subject.language = texts[language], language
