"""What becomes public when a moderator publishes it: all its words, as they are read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from discussion.words import in_words
from participation import wording, wording_alternatives
from participation.actions.linking import others_of
from participation.actions.rewording import lines_of
from participation.models import Alternative, Event, Initiative, Matter, Pledge, Practice, Profile, Rewording


@dataclass(frozen=True)
class Words:
    """One line of what is read; `language`: in which it was written."""

    label: str
    text: str
    language: str = ""


def words_of(matter: Matter) -> list[Words]:
    """Of an event, an initiative, a practice or a variant, in the order in which its page says them; nothing that is empty."""
    about = _event(matter) if isinstance(matter, Event) else _initiative(matter) if isinstance(matter, Initiative) else []
    if isinstance(matter, Practice):
        return _practice(matter)
    if isinstance(matter, Alternative):
        return _alternative(matter)
    subject = matter.subject
    written = [Words(_("Title"), subject.title, subject.language), Words(_("Text"), matter.text, subject.language), *about]
    who = str(matter.organisation or matter.public_name or pgettext("author", "a resident"))
    return [each for each in (*written, Words(_("Organiser"), who)) if each.text]


def _event(event: Event) -> list[Words]:
    language = event.subject.language
    agenda = "\n".join(item.title for item in event.agenda.all())
    return [
        Words(_("When"), wording.when(event)), Words(_("Where"), event.where), Words(str(wording.FORM_NAMES["online"]), event.link),
        Words(_("Agenda"), agenda, language),
    ]  # fmt: skip


def _initiative(made: Initiative) -> list[Words]:
    language = made.subject.language
    tasks = [
        f"{task.title} · {task.needed}" + (f" · {in_words(task.until)}" if task.until else "") for task in made.tasks.all()
    ]
    return [
        Words(_("When"), wording.day_in_words(made.starts_on) if made.starts_on else ""), Words(_("Where"), made.where),
        Words(_("Tasks"), "\n".join(tasks), language),
        Words(_("Belongs to"), "\n".join(each.title for each in others_of(made.subject))),
    ]  # fmt: skip


def _in_all(label: str, texts: Mapping[str, str] | None) -> list[Words]:
    """A text in each language that it is written in: each of them becomes public."""
    return [Words(label, text, language) for language, text in sorted((texts or {}).items())]


def _practice(practice: Practice) -> list[Words]:
    years = f"{practice.year} – {practice.until}" if practice.until else _("since %(year)s") % {"year": practice.year}
    sources = "\n".join([practice.source_name, practice.source_url, *practice.further_sources])
    lines = [
        *_in_all(_("Title"), practice.title), Words(_("Where"), f"{practice.where} · {years}"),
        *_in_all(_("What is done"), practice.what), *_in_all(_("What came of it"), practice.result),
        *_in_all(_("What can be learnt from it"), practice.lesson), Words(_("Source"), sources),
        *_in_all(_("Cost"), practice.cost_note),
    ]  # fmt: skip
    return [each for each in lines if each.text]


def _alternative(variant: Alternative) -> list[Words]:
    lines = [
        *_in_all(_("Title"), variant.title), *_in_all(_("Text"), variant.description),
        Words(_("Where"), variant.place, variant.subject.language), Words(_("Cost"), wording_alternatives.cost(variant)),
        *_in_all(_("Known from"), variant.cost_source), Words(_("Time"), wording_alternatives.time(variant)),
        Words(_("Proposed by:").rstrip(":"), wording_alternatives.sent_by(variant)),
    ]  # fmt: skip
    return [each for each in lines if each.text]


def words_of_rewording(matter: Matter, found: Rewording) -> list[Words]:
    """Of what changes, the new words and what the page says now."""
    language, now = matter.subject.language, lines_of(matter)
    label = _("Agenda") if isinstance(matter, Event) else _("Tasks")
    changed = [(_("Title"), matter.subject.title, found.title), (_("Text"), matter.text, found.text)]
    if found.lines is not None:
        changed.append((label, _in_lines(now), _in_lines(found.lines)))
    changed += [
        (name, getattr(matter, field), found.where[field])
        for field, name in (("place", _("Where")), ("link", str(wording.FORM_NAMES["online"]))) if field in found.where
    ]  # fmt: skip
    pairs = [(name, before, after) for name, before, after in changed if before != after]
    said = _("%(what)s, as the page says it now")
    return [
        Words(each, text, language) for name, before, after in pairs for each, text in ((name, after), (said % {"what": name}, before)) if text
    ]  # fmt: skip


def _in_lines(lines: list[Any]) -> str:
    return "\n".join(line if isinstance(line, str) else " · ".join(str(part) for part in line if part) for line in lines)


def words_of_pledge(pledge: Pledge) -> list[Words]:
    who = str(pledge.organisation or pledge.public_name or pgettext("author", "a resident"))
    return [
        Words(pgettext("one", "promise"), pledge.what, pledge.language), Words(_("Until when?"), in_words(pledge.until)),
        Words(_("In the name of"), who),
    ]  # fmt: skip


def words_of_card(card: Profile) -> list[Words]:
    lines = [
        Words(_("Name that everyone reads"), card.name), Words(_("Interests"), card.about, card.language),
        Words(_("Can help with"), card.helps, card.language),
    ]  # fmt: skip
    return [each for each in lines if each.text]
