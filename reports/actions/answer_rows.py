"""Many answers at once: each row is an act of the workflow, by the rights of whoever brings it, as it would be by hand."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.actions import Stale
from discussion.models import Subject, TimelineRow
from geoportal.kernel.references import parse
from geoportal.kernel.text import clean
from reports import rules, workflow
from reports.actions.move import Given, NotAllowed, act
from reports.answer_rows import COLUMNS, TO_FILL_IN, AnswerRow
from reports.models import Reason, Report
from reports.taking_over.mapping import fold
from reports.wording import STATE_NAMES, state_name
from reports.workflow import Kind, Transition

LONGEST = 4000
DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%Y г.")


@dataclass(frozen=True)
class Told:
    """What became of a row. `outcome`: "done"; "same" (done before); "refused"; "held" (good, but another one of all was refused)."""

    row: str
    number: str
    outcome: str
    words: str


def answer(rows: Iterable[AnswerRow], *, by: User, whole: bool = False, rehearse: bool = False) -> list[Told]:
    """Each row in a transaction of its own, or all of them or none (`whole`). `rehearse`: everything is done and undone again.

    A row whose case has changed since the list was taken is refused; what was done already by the same person is not done again.
    """
    found, given = list(rows), set[str]()
    with transaction.atomic() if whole and not rehearse else contextlib.nullcontext():
        if whole and not rehearse:  # in one order, so that two files never wait for each other
            numbers = [number for row in found if (number := parse(row.number))]
            list(Subject.objects.select_for_update(of=("self",)).filter(reference__in=numbers).order_by("pk"))
        told = [_told(row, by, given, rehearse=rehearse) for row in found]
        if whole and any(one.outcome == "refused" for one in told):
            told = [replace(one, outcome="held") if one.outcome == "done" else one for one in told]
            if not rehearse:
                transaction.set_rollback(True)
    return told


def _told(row: AnswerRow, by: User, given: set[str], *, rehearse: bool) -> Told:
    number = parse(row.number) or row.number[:40]
    try:
        if row.torn:
            raise ValidationError(_("The row has more or fewer cells than the header."))
        if number in given:
            raise ValidationError(_("This number stands in an earlier row."))
        given.add(number)
        with transaction.atomic():
            outcome, words = _acted(row, by)
            transaction.set_rollback(rehearse)
    except ValidationError as refused:
        return Told(row.row, number, "refused", " ".join(_sentences(refused)))
    except PermissionDenied:
        return Told(row.row, number, "refused", _not_yours())
    except (Stale, NotAllowed):
        return Told(row.row, number, "refused", _changed())
    return Told(row.row, number, outcome, words)


def _sentences(refused: ValidationError) -> list[str]:
    """Each with the name of its column, where there is one."""
    if not hasattr(refused, "error_dict"):
        return list(refused.messages)
    labels = {name: str(label) for name, label in COLUMNS.items()}
    if set(refused.error_dict) - set(labels):
        return [_("This step needs more than the table holds. Take it on the page of the case.")]
    return [f"{labels[name]}: {words}" for name, said in refused.message_dict.items() for words in said]


def _not_yours() -> str:
    return _("This step is not yours to take.")


def _changed() -> str:
    return _("The case has changed since the list was taken. Look at it and take the list anew.")


def _acted(row: AnswerRow, by: User) -> tuple[str, str]:
    """("done" or "same", from which state to which). Raises what refuses it."""
    reference = parse(row.number)
    report = Report.objects.for_desk(by).select_related("subject").filter(subject__reference=reference or "").first()
    if report is None:
        raise ValidationError(_("There is no case with this number among yours."))
    status, text = _status(row, report, by), _text(row)
    edges = [edge for (kind, _name), edge in workflow.TRANSITIONS.items() if kind == report.kind and edge.target == status]
    version = int(row.version) if row.version.isascii() and row.version.isdecimal() and len(row.version) < 10 else 0
    if not version:
        raise ValidationError({"version": _("Leave what stood there in the list.")})
    if _did(report, version, by, edges, text):
        return "same", state_name(report.kind, status)
    if report.subject.version != version:
        raise ValidationError(_changed())
    edge = _edge(report, by, edges, status)
    act(report.pk, edge.name, by=by, version=version, given=_given(edge, row, text))
    return "done", f"{state_name(report.kind, report.status)} → {state_name(report.kind, status)}"


def _status(row: AnswerRow, report: Report, by: User) -> str:
    """The state that the word names, in any of the languages, or by its code."""
    if not row.status:
        raise ValidationError({"status": _("Write the state into which the answer brings the case.")})
    names = {code: code for code in workflow.STATES_OF[Kind(report.kind)]}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {fold(str(name)): code for code, name in STATE_NAMES[report.kind].items() if code in names}
    if found := names.get(fold(row.status)):
        return found
    edges = [
        edge for edge in workflow.allowed(report.kind, report.status) if _fits(edge, report) and rules.may(by, report, edge)
    ]
    possible = dict.fromkeys(state_name(report.kind, edge.target) for edge in edges if edge.target in workflow.STATES)
    raise ValidationError({"status": _("There is no such state. Now possible: %(names)s.") % {"names": ", ".join(possible)}})


def _fits(edge: Transition, report: Report) -> bool:
    """Whether the columns can hold all that the step needs."""
    needed = set(workflow.required(edge, report.status))
    return needed <= set(TO_FILL_IN) and (not edge.one_of or bool(set(edge.one_of) & set(TO_FILL_IN)))


def _text(row: AnswerRow) -> str:
    text = clean(row.text, lines=True)
    if len(text) > LONGEST:
        raise ValidationError({"text": _("At most %(most)s characters fit: shorten the text.") % {"most": LONGEST}})
    return text


def _did(report: Report, version: int, by: User, edges: list[Transition], text: str) -> bool:
    """Whether the same person brought it there with the same words since that version."""
    rows = TimelineRow.objects.filter(subject=report.pk, version__gt=version, actor=by, code__in=[edge.name for edge in edges])
    return any((words or "") == text for words in rows.values_list("words__text", flat=True))


def _edge(report: Report, by: User, edges: list[Transition], status: str) -> Transition:
    here = [edge for edge in edges if report.status in edge.sources]
    if mine := [edge for edge in here if rules.may(by, report, edge)]:
        return mine[0]
    if here:
        raise ValidationError(_not_yours())
    words = _("No step leads from “%(now)s” to “%(then)s”.")
    raise ValidationError(words % {"now": state_name(report.kind, report.status), "then": state_name(report.kind, status)})


def _given(edge: Transition, row: AnswerRow, text: str) -> Given:
    """What the row says of the fields that the step takes; more than it takes is refused, so that nothing is lost unseen."""
    said = {name: value for name in ("text", "reason", "expected_on") if (value := getattr(row, name))}
    if more := [name for name in said if name not in edge.fields]:
        raise ValidationError({name: _("This step takes none. Leave the cell empty.") for name in more})
    given = Given(text=text)
    if "reason" in said:
        given.reason = _reason(row.reason, edge)
    if "expected_on" in said:
        given.expected_on = _day(row.expected_on)
    return given


def _reason(word: str, edge: Transition) -> Reason:
    reasons = list(Reason.objects.filter(serves__contains=[edge.name]))
    for one in reasons:
        if fold(word) in {one.slug, *(fold(name) for name in one.name.values())}:
            return one
    raise ValidationError(
        {"reason": _("There is no such reason. Possible: %(names)s.") % {"names": ", ".join(map(str, reasons))}}
    )


def _day(word: str) -> datetime.date:
    for form in DAYS:
        try:
            return datetime.datetime.strptime(word, form).date()  # noqa: DTZ007  a day alone
        except ValueError:
            continue
    raise ValidationError({"expected_on": _("Write the day as 31.12.2026.")})
