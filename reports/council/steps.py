"""The line of five steps of an idea: idea, support, filed with the Council, decision, done; a plan stands between where there is one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from discussion.messages import describe_all
from discussion.models import Subject, TimelineRow
from discussion.sentences import STATUS
from discussion.words import euros, in_words, numbered, quoted
from municipality.site import support_needed
from reports import workflow
from reports.models import Report

NAMES: dict[str, Promise] = {
    "idea": pgettext_lazy("step", "Idea"),
    "support": pgettext_lazy("step", "Support"),
    "filed": pgettext_lazy("step", "Filed with the Council"),
    "decision": pgettext_lazy("step", "Decision"),
    "planned": pgettext_lazy("step", "Planned"),
    "done": pgettext_lazy("step", "Done"),
}
ACTS: dict[str, str] = {
    "reach_threshold": "support", "take_up": "support", "file_with_council": "filed", "accept": "decision", "partly_accept": "decision",
    "refuse": "decision", "plan": "planned", "carry_out": "done", "withdraw": "over", "archive": "over", "mark_duplicate": "over",
}  # fmt: skip
"""Act → the step that it takes; „over“ ends the line where it stands."""
AGAIN: dict[str, tuple[str, ...]] = {
    "reconsider": ("filed", "decision", "planned", "done", "over"), "take_up_again": ("over",), "unmark_duplicate": ("over",),
    "file_with_council": ("decision",),
}  # fmt: skip
"""Act → steps that hold no more after it."""
HERE: dict[str, str] = {
    "gathering_support": "support", "under_review": "filed", "filed_with_council": "decision", "accepted": "done",
    "partly_accepted": "done", "planned": "planned", "carried_out": "done", "refused": "decision",
}  # fmt: skip
"""State → the step at which the idea stands."""
WAITS: dict[str, Promise] = {
    "under_review": gettext_lazy("The administration reviews it."),
    "filed_with_council": gettext_lazy("Waits for the decision."),
    "accepted": gettext_lazy("Not planned yet."),
    "partly_accepted": gettext_lazy("Not planned yet."),
}


@dataclass
class Step:
    """`state`: was, now or next (class of the line); `mark`: its sign; `link`: a document or the source, or ""."""

    code: str
    name: str
    state: str
    mark: str
    words: list[str] = field(default_factory=list)
    link: str = ""

    @property
    def paper(self) -> bool:
        """The link is a document that is kept here."""
        return self.link.startswith("/documents/")


def steps(report: Report) -> list[Step]:
    """The steps of an idea in their order; one query, a few more where a project or a duplicate is named."""
    acts = _acts(report)
    over = "over" in acts
    here = HERE.get(report.status, "")
    made = []
    for code, name in NAMES.items():
        row = acts.get(code)
        if code == "planned" and row is None:
            continue
        step = Step(code, str(name), *_state(code, row, here, report, over=over))
        step.words = _words(step, row, report)
        if code == "filed" and row is None and "decision" in acts:
            step.words = [_("decided without being filed")]
        if row:
            step.link = _link(code, row)
        made.append(step)
        if step.mark == "refused":
            break
    return _ended(made, acts["over"], report) if over else made


def _acts(report: Report) -> dict[str, TimelineRow]:
    """Step → the latest act that took it, as far as it still holds."""
    found: dict[str, TimelineRow] = {}
    rows = TimelineRow.objects.filter(subject_id=report.pk, code__in=[*ACTS, *AGAIN]).select_related("subject").order_by("pk")
    for row in rows:
        for step in AGAIN.get(row.code, ()):
            found.pop(step, None)
        if row.code in ACTS:
            found[ACTS[row.code]] = row
    return found


def _state(code: str, row: TimelineRow | None, here: str, report: Report, *, over: bool) -> tuple[str, str]:
    if code == "idea" or (code == "support" and report.official):
        return "was", "done"
    if code == here and not over:
        if report.state.ends:
            return ("was", "done") if report.state.phase is workflow.Phase.DONE else ("now", "refused")
        return ("was", "done") if row and code != "planned" else ("now", "active")
    return ("was", "done") if row else ("next", "next")


def _words(step: Step, row: TimelineRow | None, report: Report) -> list[str]:
    """Number and date of what is done; what is waited for where the idea stands."""
    if step.code == "idea":
        return [in_words(timezone.localdate(report.created_at))]
    if step.code == "support":
        return _support(row, report)
    if row is None:
        return [str(WAITS[report.status])] if step.state == "now" and report.status in WAITS else []
    data, day = row.data, in_words(timezone.localdate(row.at))
    words: list[str] = []
    if step.code == "filed":
        number = data.get("number", "")
        words = [
            _("№ %(number)s") % {"number": number} if numbered(number) else "",
            _date(data, "filed_on") or day,
            data.get("body", ""),
            "" if numbered(number) else _("the source names no incoming number"),
        ]
    elif step.code == "decision":
        number = data.get("decision_number", "")
        words = [
            str(STATUS["idea"][row.after]),
            _("№ %(number)s") % {"number": number} if number else "",
            _date(data, "decided_on") or day,
        ]
    elif step.code == "planned":
        words = [day, _("expected by %(date)s") % {"date": _date(data, "expected_on")} if data.get("expected_on") else ""]
        words += [quoted(title) for title in _project(row)]
    elif step.code == "done":
        words = [_date(data, "done_on") or day, euros(Decimal(data["amount"])) if data.get("amount") else ""]
    return [word for word in words if word]


def _support(row: TimelineRow | None, report: Report) -> list[str]:
    count = report.subject.support_count
    people = ngettext("%(n)d supports", "%(n)d support", count) % {"n": count}
    if row is None and report.official:
        return [_("filed officially"), people] if count else [_("filed officially")]
    if row is None:
        return [_("%(support)d of %(threshold)d") % {"support": count, "threshold": support_needed(report.area_id)}]
    reached = _("enough on %(date)s") if row.code == "reach_threshold" else _("taken up by an official on %(date)s")
    when = reached % {"date": in_words(timezone.localdate(row.at))}
    return [people, when] if count else [when]


def _ended(made: list[Step], row: TimelineRow, report: Report) -> list[Step]:
    """Withdrawn, archived or merged: the line ends after what was reached, with what it is."""
    kept = [step for step in made if step.state == "was"]
    name = str(STATUS["idea"][report.status])
    end = Step("over", name, "now", "refused", [in_words(timezone.localdate(row.at))])
    if row.code == "mark_duplicate":
        end.link = describe_all([row])[0].link
    return [*kept, end]


def _date(data: dict[str, Any], name: str) -> str:
    return in_words(datetime.date.fromisoformat(data[name])) if data.get(name) else ""


def _project(row: TimelineRow) -> list[str]:
    """The title of the project that the plan names, where everyone may read it."""
    if not row.data.get("project"):
        return []
    return list(Subject.objects.filter(pk=row.data["project"], is_public=True).values_list("title", flat=True))


def _link(code: str, row: TimelineRow) -> str:
    """The paper behind a step: the document, else the address that was given."""
    if code in ("filed", "decision"):
        return f"/documents/{row.data['document']}/" if row.data.get("document") else str(row.data.get("link", ""))
    if code == "planned" and row.data.get("project"):
        return describe_all([row])[0].link
    return str(row.data.get("link", "")) if code == "done" else ""
