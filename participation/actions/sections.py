"""The text of a consultation in sections: written while it is prepared, changed in public with the former words kept."""

from __future__ import annotations

import datetime
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.models import TimelineRow
from participation.actions.consultation import index
from participation.actions.move import edge_of, locked, take
from participation.models import Consultation, Section, SectionVersion
from participation.models.consultation import blocks
from participation.workflow import Who

MOST_SECTIONS, MOST_PARAGRAPHS = 200, 200
LONGEST = 40_000
"""Letters of a section."""
_EDGE = {"preparing": "change", "open": "amend"}
"""State → the edge by which the text is written in it."""


def marks_for(before: list[str], marks: list[int], after: list[str], following: int) -> tuple[list[int], int]:
    """Numbers of the paragraphs of a changed text, and the next free number: what stays or is reworded keeps its own."""
    found: list[int] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kept = marks[first:last] if tag in ("equal", "replace") else []
        kept = kept[: new_last - new_first]
        fresh = new_last - new_first - len(kept)
        found += [*kept, *range(following, following + fresh)]
        following += fresh
    return found, following


def _writing(consultation_id: int, by: User, version: int | None) -> tuple[Consultation, str]:
    """The locked consultation and the name of the edge that writing takes; the time must not be over."""
    found = locked(Consultation, consultation_id, version=version)
    if found.status == "open" and found.is_over():
        raise ValidationError(_("Its time is over: the text stays as it was read."), code="over")
    name = _EDGE.get(found.status, "change")
    edge_of(found, name, by)
    return found, name


def _written(
    found: Consultation, name: str, by: User, section: Section, text: str, at: datetime.datetime | None
) -> TimelineRow:
    index(found)
    public = name == "amend"
    return take(
        found, edge_of(found, name, by), by=by, capacity=Who.ORGANISER, text=text, data={"section": section.number},
        tells=public, at=at,
    )  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    found = blocks(text)
    if not found:
        raise ValidationError({"text": _("Write the text of the section.")})
    if len(found) > MOST_PARAGRAPHS:
        raise ValidationError({"text": _("At most %(n)d paragraphs: divide it into sections.") % {"n": MOST_PARAGRAPHS}})
    return found


@transaction.atomic
def add_section(
    consultation_id: int, *, title: str, text: str, by: User, why: str = "", version: int | None = None,
    at: datetime.datetime | None = None,
) -> Section:  # fmt: skip
    """One section more, at the end. In public it needs its reason. Raises ValidationError by field."""
    found, name = _writing(consultation_id, by, version)
    _require_why(name, why)
    numbers = list(found.sections.values_list("number", flat=True))
    if len(numbers) >= MOST_SECTIONS:
        raise ValidationError(_("At most %(n)d sections: join some.") % {"n": MOST_SECTIONS})
    written = _paragraphs(text)
    made = Section.objects.create(
        consultation=found, number=max(numbers, default=0) + 1, order=len(numbers), title=title, text="\n\n".join(written),
        marks=list(range(1, len(written) + 1)), next_mark=len(written) + 1, changed_at=at or timezone.now(),
    )  # fmt: skip
    _written(found, name, by, made, why, at)
    return made


@transaction.atomic
def add_sections(
    consultation_id: int, parts: list[tuple[str, str]], *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> list[Section]:  # fmt: skip
    """Sections of a whole draft, (heading, text) each, at the end, before anyone reads it. All of them or, with its reason, none."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "change", by)
    numbers = list(found.sections.values_list("number", flat=True))
    if len(numbers) + len(parts) > MOST_SECTIONS:
        raise ValidationError({"text": _("At most %(n)d sections: join some.") % {"n": MOST_SECTIONS}})
    made = []
    for nth, (title, text) in enumerate(parts):
        written = _of_part(title, text)
        made.append(Section(
            consultation=found, number=max(numbers, default=0) + 1 + nth, order=len(numbers) + nth, title=title,
            text="\n\n".join(written), marks=list(range(1, len(written) + 1)), next_mark=len(written) + 1,
            changed_at=at or timezone.now(),
        ))  # fmt: skip
    Section.objects.bulk_create(made)
    index(found)
    take(found, edge, by=by, capacity=Who.ORGANISER, data={"sections": len(made)}, tells=False, at=at)
    return made


def _of_part(title: str, text: str) -> list[str]:
    """The paragraphs of one section of many; a refusal names it."""
    if len(text) > LONGEST:
        raise ValidationError({"text": _("“%(title)s” is too long: divide it by a heading.") % {"title": title}})
    try:
        return _paragraphs(text)
    except ValidationError as refused:
        raise ValidationError({"text": f"{title}: {refused.messages[0]}"}) from None


@transaction.atomic
def change_section(
    consultation_id: int, number: int, *, title: str, text: str, by: User, why: str = "", version: int | None = None,
    at: datetime.datetime | None = None,
) -> Section:  # fmt: skip
    """Other words. What everyone could read before is kept beside it, with the reason."""
    found, name = _writing(consultation_id, by, version)
    section = Section.objects.get(consultation=found, number=number)
    written = _paragraphs(text)
    if (section.title, blocks(section.text)) == (title, written):
        return section
    _require_why(name, why)
    now = at or timezone.now()
    if name == "amend":
        SectionVersion.objects.create(
            section=section, number=section.version, title=section.title, text=section.text, since=section.changed_at, until=now,
            why=why,
        )  # fmt: skip
        section.version += 1
    section.marks, section.next_mark = marks_for(blocks(section.text), section.marks, written, section.next_mark)
    section.title, section.text, section.changed_at = title, "\n\n".join(written), now
    section.save()
    _written(found, name, by, section, why, at)
    return section


@transaction.atomic
def drop_section(consultation_id: int, number: int, *, by: User, version: int | None = None) -> TimelineRow:
    """Takes a section out, while nobody has read it yet."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "change", by)
    Section.objects.filter(consultation=found, number=number).delete()
    index(found)
    return take(found, edge, by=by, capacity=Who.ORGANISER, data={"section": number}, tells=False)


def _require_why(name: str, why: str) -> None:
    if name == "amend" and not why:
        raise ValidationError({"why": _("Say why it changes: everyone has read the former words.")})
