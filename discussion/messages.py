"""Timeline row → sentence: for the timeline, the official's preview and the mail alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from discussion import named as names
from discussion import sentences
from discussion.links import WORDS
from discussion.models import Audience, Subject, SubjectPhoto, TimelineRow, TimelineText
from discussion.pictured import items, of_rows
from discussion.titles import in_readers_language
from discussion.words import euros, full_stop, in_words, named, numbered, quoted
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import display
from municipality.models import Organisation

ReasonSource = Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]
_reason_source: ReasonSource = lambda slugs: {}  # noqa: E731

READS: dict[str, tuple[str, ...]] = {
    Audience.PUBLIC: (Audience.PUBLIC,),
    Audience.AUTHOR: (Audience.PUBLIC, Audience.AUTHOR),
    Audience.STAFF: (Audience.PUBLIC, Audience.AUTHOR, Audience.STAFF),
}
"""Reader → audiences of the rows that may be read."""

POINTS_TO = ("duplicate_of", "project", "event", "linked")
"""Names of an act's data that hold another subject."""
OFFICES = ("official", "dispatcher", "moderator", "system")


def reasons_from(source: ReasonSource) -> None:
    """The app that owns reason codes says here how their wording is found: slugs → {slug: texts by language}."""
    global _reason_source
    _reason_source = source


def reasons_of(slugs: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """{slug: texts by language} of reason codes; nothing is asked for none."""
    return _reason_source(slugs) if slugs else {}


@dataclass
class Message:
    """One act in words. `text`: what was said with it, in `text_language`; `link`: an address, or "".

    `sign`: the mark on the timeline; `by`: who acted, as this reader may know it; `internal`: staff alone reads it.
    """

    headline: str
    text: str = ""
    text_language: str = ""
    at: datetime.datetime | None = None
    sign: str = "active"
    link: str = ""
    by: str = ""
    code: str = ""
    row_id: int | None = None
    version: int | None = None
    official: bool = False
    internal: bool = False
    photos: list[Any] = field(default_factory=list)
    foreign: list[tuple[str, str]] = field(default_factory=list)
    """(a title that the headline names, its language) where that is not the reader's."""

    # The names that the timeline's template reads.
    @property
    def mark(self) -> str:
        return self.sign

    @property
    def lang(self) -> str:
        return self.text_language

    @property
    def say(self) -> str:
        """Plain words: the author's and visitors'."""
        return "" if self.official else self.text

    @property
    def quotation(self) -> str:
        """The words for plain text: every line begins with „> “."""
        return "\n".join(f"> {line}" for line in self.text.splitlines())

    @property
    def answer(self) -> str:
        """The administration's words."""
        return self.text if self.official else ""


@dataclass
class _Known:
    """What the rows refer to, fetched at once."""

    subjects: dict[int, Subject]
    organisations: dict[int, Organisation]
    words: dict[int, TimelineText]
    people: dict[int, User]
    reasons: Mapping[str, Mapping[str, str]]
    kinds: dict[int, str]
    pictures: dict[int, list[SubjectPhoto]]
    names: Mapping[int, str]


def describe(row: TimelineRow, *, language: str | None = None, audience: str = Audience.PUBLIC) -> Message:
    """The act as a message to this reader. Words of acts that the reader may not read are left out."""
    return describe_all([row], language=language, audience=audience)[0]


def describe_all(rows: Iterable[TimelineRow], *, language: str | None = None, audience: str = Audience.PUBLIC) -> list[Message]:
    """The acts as messages, in their order, with at most five queries however many there are, seven with photos and promises."""
    rows = list(rows)
    with translation.override(language or translation.get_language()):
        known = _load(rows, audience)
        told = [_message(row, known, audience) for row in rows]
        for message in told:
            message.photos = items(known.pictures.get(message.row_id or 0, []))
    return told


def photos_out_of(told: list[Message], code: str) -> list[Any]:
    """The photos of the last act of that code, taken out of the timeline: the page shows them elsewhere."""
    for message in reversed(told):
        if message.code == code:
            found, message.photos = message.photos, []
            return found
    return []


def _load(rows: list[TimelineRow], audience: str) -> _Known:
    targets = {row.data.get(name) for row in rows for name in POINTS_TO}
    subjects = Subject.objects.in_bulk({row.subject_id for row in rows} | {pk for pk in targets if pk})
    in_readers_language(subjects[pk] for pk in targets if pk in subjects)
    bodies = {row.data.get(name) for row in rows for name in ("to_department", "forwarded_to", "organisation")}
    bodies |= {row.department_id for row in rows}
    people: set[int | None] = set()
    if audience == Audience.STAFF:
        people = {row.actor_id for row in rows} | {row.data.get("person") for row in rows}
    slugs = {row.data["reason"] for row in rows if row.data.get("reason")}
    words = TimelineText.objects.filter(row__in=[row.pk for row in rows if row.pk])
    return _Known(
        subjects,
        Organisation.objects.in_bulk([pk for pk in bodies if pk]),
        {text.row_id: text for text in words},
        User.objects.in_bulk([pk for pk in people if pk]),
        reasons_of(slugs),
        _kinds(rows, subjects),
        of_rows(rows),
        names.of_rows(rows),
    )


def _kinds(rows: list[TimelineRow], subjects: dict[int, Subject]) -> dict[int, str]:
    """Row → kind at the time of the act: what came before a turning was of the other kind."""
    other = {"problem": "idea", "idea": "problem"}
    now = {pk: subject.kind for pk, subject in subjects.items()}
    kinds = {}
    for row in sorted(rows, key=lambda row: row.pk or 0, reverse=True):
        kinds[row.pk or 0] = kind = now[row.subject_id]
        if row.code == "turned":
            kinds[row.pk or 0] = kind = row.data.get("kind", kind)
            now[row.subject_id] = other.get(kind, kind)
    return kinds


def _message(row: TimelineRow, known: _Known, audience: str) -> Message:
    kind = known.kinds[row.pk or 0]
    try:
        sentence = sentences.find(kind, row.code, row.after, *_details(row, known, audience))
    except KeyError:
        # One row alone, from before its subject was turned into the other kind.
        kind = "idea" if kind == "problem" else "problem"
        sentence = sentences.find(kind, row.code, row.after, *_details(row, known, audience))
    own = audience == Audience.AUTHOR and not (row.code == "added" and row.data.get("co_author"))
    words = sentences.OWN.get((kind, row.code), sentence.words) if own and row.after != "under_review" else sentence.words
    noun = (sentences.OWN_NOUNS if own else sentences.NOUNS)[kind]
    facts = _facts(row, known, noun, audience)
    headline = " ".join([str(words) % facts, *_further(row, known, audience, facts)])
    said = known.words.get(row.pk or 0) if row.audience in READS[audience] else None
    return Message(
        headline=headline,
        text=said.text if said else "",
        text_language=said.language if said else "",
        at=row.at,
        sign=sentence.sign,
        link=_link(row, known, audience),
        by=_by(row, known, audience),
        code=row.code,
        row_id=row.pk,
        version=row.version,
        official=row.capacity in OFFICES,
        internal=row.audience == Audience.STAFF,
        foreign=_foreign(row, known, audience),
    )


def _foreign(row: TimelineRow, known: _Known, audience: str) -> list[tuple[str, str]]:
    named = [known.subjects.get(row.data.get(name, 0)) for name in POINTS_TO]
    language = translation.get_language()
    return [(one.title, one.language) for one in named if one and _may_name(one, audience) and one.language != language]


def _details(row: TimelineRow, known: _Known, audience: str) -> list[str]:
    """Keys of the more exact sentences that fit this row."""
    details = []
    if row.data.get("to_department"):
        details.append("to")
    if _may_name(known.subjects.get(row.data.get("duplicate_of", 0)), audience):
        details.append("other")
    if row.data.get("co_author"):
        details.append("co")
    details += [name for name in ("waits", "overtaken", "unquoted", "taken_over") if row.data.get(name)]
    if row.code == "pledged":
        details.append("by" if row.data.get("organisation") else "name" if row.data.get("pledge") in known.names else "")
    if row.code == "file_with_council" and not numbered(str(row.data.get("number", ""))):
        details.append("unnumbered")
    if row.data.get("verdict"):
        details.append(row.data["verdict"])
    if row.code == "relocated" and row.data.get("from", {}).get("department") not in (None, row.department_id):
        details.append("department")
    return details


def _may_name(subject: Subject | None, audience: str) -> bool:
    """Others' subjects are named where everyone may see them, and to staff."""
    return subject is not None and (subject.is_public or audience == Audience.STAFF)


class _Facts(dict[str, str]):
    """A placeholder without a fact reads as a dash; the page never fails over one."""

    def __missing__(self, key: str) -> str:
        return "—"


def _facts(row: TimelineRow, known: _Known, noun: sentences.Noun, audience: str) -> _Facts:
    data, organisations = row.data, known.organisations
    facts = _Facts(thing=str(noun.thing), object=str(noun.object), mine=str(noun.mine))
    if department := organisations.get(row.department_id or 0):
        facts["department"], facts["Department"] = named(department), named(department, begins=True)
    else:
        facts["department"], facts["Department"] = _("the administration"), pgettext("begins", "The administration")
    for name, key in (("to", "to_department"), ("body", "forwarded_to")):
        if found := organisations.get(data.get(key, 0)):
            facts[name] = named(found)
    if speaker := organisations.get(data.get("organisation", 0)):
        facts["organisation"] = named(speaker, begins=True)
    if name := known.names.get(data.get("pledge", 0)):
        facts["name"] = name
    if other := known.subjects.get(data.get("duplicate_of", 0)):
        facts["other"] = display(other.reference)
    for name in ("event", "linked"):
        if target := known.subjects.get(data.get(name, 0)):
            facts[name] = quoted(target.title) if _may_name(target, audience) else _("not open to everyone any more")
    if row.code in ("linked", "unlinked") and data.get("kind") in WORDS:
        said = str(WORDS[data["kind"]][0])
        facts["link"] = said[:1].lower() + said[1:]
    for name in ("expected_on", "extended_to", "filed_on", "decided_on", "answer_due", "due_on", "done_on"):
        if data.get(name):
            facts[name] = in_words(datetime.date.fromisoformat(data[name]))
    facts |= {name: str(data[name]) for name in ("number", "source", "notice", "decision_number") if data.get(name)}
    if data.get("amount"):
        facts["amount"] = euros(Decimal(data["amount"]))
    if data.get("body"):
        facts["council"] = str(data["body"])
    return facts


def _further(row: TimelineRow, known: _Known, audience: str, facts: _Facts) -> list[str]:
    """The sentences that follow the first one: reason, dates, project, decision; to staff the person too."""
    found = []
    project = known.subjects.get(row.data.get("project", 0))
    if _may_name(project, audience) and project is not None:
        found.append(_("It is part of the project %(project)s.") % {"project": quoted(project.title)})
    if "expected_on" in facts:
        found.append(_("It is expected by %(expected_on)s.") % facts)
    if "answer_due" in facts:
        found.append(_("An answer is due by %(answer_due)s.") % facts)
    if texts := known.reasons.get(row.data.get("reason", "")):
        found.append(_("Reason: %(reason)s") % {"reason": full_stop(text_in(texts))})
    if "decided_on" in facts:
        found.append(_("The decision is of %(decided_on)s.") % facts)
    if "decision_number" in facts:
        found.append(_("Number of the decision: %(decision_number)s.") % facts)
    if "done_on" in facts:
        found.append(_("It was ready on %(done_on)s.") % facts)
    if "amount" in facts:
        found.append(_("It took %(amount)s.") % facts)
    if "source" in facts:
        found.append(_("Source of the decision: %(source)s.") % facts)
    if audience == Audience.STAFF:
        if person := known.people.get(row.data.get("person", 0)):
            found.append(_("Official: %(person)s.") % {"person": person})
        if "notice" in facts:
            found.append(_("Proof of notice: %(notice)s.") % facts)
    return found


def _link(row: TimelineRow, known: _Known, audience: str) -> str:
    """Where the act points: the original of a duplicate, the project, a document, the published result."""
    for name in POINTS_TO:
        target = known.subjects.get(row.data.get(name, 0))
        if target is not None and _may_name(target, audience):
            return target.path
    if row.data.get("document"):
        return f"/documents/{row.data['document']}/"
    link = str(row.data.get("link", ""))
    return link if link.startswith(("https://", "http://")) else ""


def _by(row: TimelineRow, known: _Known, audience: str) -> str:
    """Who acted. The public reads the department, never the person."""
    if row.capacity in ("official", "dispatcher"):
        department = known.organisations.get(row.department_id or 0)
        office = named(department, begins=True) if department else pgettext("begins", "The administration")
        person = known.people.get(row.actor_id or 0)
        return f"{person}, {office}" if person else office
    if row.capacity == "moderator":
        person = known.people.get(row.actor_id or 0)
        return f"{person}, {_('moderator')}" if person else _("moderator")
    if row.data.get("co_author") and row.code == "added":
        return _("a co-author")
    if row.capacity == "author":
        return _("you") if audience == Audience.AUTHOR else _("the author")
    return ""
