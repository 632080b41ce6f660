"""What the page of a planned project says, in words; where the source is silent, it says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from geoportal.kernel.multilingual import text_in
from layers.models import Milestone, Project
from layers.wording import STAGE_NAMES

STEPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (pgettext_lazy("step", "Intention"), ("idea", "discussion")),
    (pgettext_lazy("step", "Design"), ("design",)),
    (pgettext_lazy("step", "Money and contractor"), ("funding", "tender")),
    (pgettext_lazy("step", "Work"), ("under_way",)),
    (pgettext_lazy("step", "Ready"), ("done",)),
)
WORK = 3
"""The step to which the years of the works belong: an idea is older, and no source tells its year."""
PARTICIPATION: dict[str, tuple[Promise, Promise]] = {
    "inform": (
        gettext_lazy("For information"),
        gettext_lazy("The municipality tells what it does. You can send reports and ideas about it."),
    ),
    "consult": (
        gettext_lazy("Consultation"),
        gettext_lazy("The municipality asks for opinions before it decides, and answers them."),
    ),
    "decide": (
        gettext_lazy("Deciding together"),
        gettext_lazy("Residents and the municipality work out the solution together."),
    ),
}
SIGNS = {"EUR": "€", "BGN": "лв."}


@dataclass(frozen=True)
class Step:
    """One of the five steps. `state`: was, now, next or unknown (class of the line); `mark`: its sign."""

    name: str
    state: str
    mark: str
    words: list[str]


def as_of(project: Project) -> str:
    """„към 2023 г.“: how old the knowledge is; empty where the source names no year."""
    return _("as of %(year)s") % {"year": project.as_of_year} if project.as_of_year else ""


def steps(project: Project) -> list[Step]:
    """The line of five steps; a stopped project stands at none.

    The stage tells nothing of the steps before it: they are done only where as many milestones are told as done.
    """
    told = sum(milestone.done_on is not None for milestone in project.milestones.all())
    here = next((n for n, (_name, stages) in enumerate(STEPS) if project.stage in stages), None)
    made = []
    for number, (name, _stages) in enumerate(STEPS):
        if here is None or number > here:
            state, mark = "next", "next"
        elif number < here:
            state, mark = ("was", "done") if told >= here else ("unknown", "next")
        elif project.stage == Project.Stage.DONE:
            state, mark = "was", "done"
        else:
            state, mark = "now", "active"
        words = _words(project, number, number == here)
        made.append(Step(str(name), state, mark, words or [_("no data")] if state == "unknown" else words))
    return made


def _words(project: Project, number: int, here: bool) -> list[str]:
    words = []
    if here:
        words = [str(STAGE_NAMES[project.stage]), text_in(project.stage_note), as_of(project)]
    if number == WORK and project.starts_year:
        words.append(_("since %(year)s") % {"year": project.starts_year})
    if number == len(STEPS) - 1 and project.ends_year:
        done = project.stage == Project.Stage.DONE
        words.append((_("in %(year)s") if done else _("until %(year)s")) % {"year": project.ends_year})
    return [word for word in words if word]


def money(project: Project) -> dict[str, Any]:
    """{amount, note, funding, spent, percent}: words; `amount` is „няма данни“ where the source is silent."""
    found: dict[str, Any] = {
        "amount": amount(project.amount, project.currency) or _("no data"),
        "known": project.amount is not None,
        "note": text_in(project.amount_note),
        "funding": text_in(project.funding) or _("no data"),
        "spent": amount(project.spent, project.currency),
        "percent": None,
    }
    if project.amount and project.spent is not None:
        found["percent"] = min(100, round(project.spent * 100 / project.amount))
    return found


def amount(value: Decimal | None, currency: str) -> str:
    """„84 108 €“: whole units, cents where there are some; empty for None."""
    if value is None:
        return ""
    text = f"{value:,.{0 if value == value.to_integral_value() else 2}f}"
    # Bulgarian has a separator of thousands, but Django's formats for it do not group.
    whole, _point, cents = text.partition(".")
    text = whole.replace(",", get_format("THOUSAND_SEPARATOR")) + (f"{get_format('DECIMAL_SEPARATOR')}{cents}" if cents else "")
    return f"{text} {SIGNS.get(currency, currency)}".strip().replace(" ", "\u00a0")


def milestone(step: Milestone) -> dict[str, Any]:
    """{name, state, mark, words}: when it was done, else when it is due."""
    if step.done_on:
        words = _("done on %(date)s") % {"date": step.done_on.strftime("%d.%m.%Y")}
    elif step.due_on:
        words = _("planned for %(date)s") % {"date": step.due_on.strftime("%d.%m.%Y")}
    else:
        words = _("no date is known")
    done = step.done_on is not None
    return {"name": step.name, "state": "was" if done else "next", "mark": "done" if done else "next", "words": words}
