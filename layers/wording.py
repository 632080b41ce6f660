"""Planned projects in words: stages, years, money as the source says it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from layers.models import Project

STAGE_NAMES: dict[str, Promise] = {
    "idea": pgettext_lazy("stage", "Intended"),
    "design": pgettext_lazy("stage", "Being designed"),
    "discussion": pgettext_lazy("stage", "Being discussed"),
    "funding": pgettext_lazy("stage", "Looking for money"),
    "tender": pgettext_lazy("stage", "Choosing a contractor"),
    "under_way": pgettext_lazy("stage", "Under way"),
    "done": pgettext_lazy("stage", "Done"),
    "stopped": pgettext_lazy("stage", "Stopped"),
}
STAGE_MARKS = {"under_way": "active", "done": "done", "stopped": "refused"}


def stage_mark(stage: str) -> str:
    """The sign of a stage: new until work begins, then active, done or refused."""
    return STAGE_MARKS.get(stage, "new")


def stage_sentence(stage: str, ends_year: int | None = None, as_of_year: int | None = None) -> str:
    """„Изпълнява се · към 2024 г.“ says how old the knowledge is; where it is the municipality's own, „до 2027“ says the end."""
    name = str(STAGE_NAMES[stage])
    if as_of_year:
        return f"{name} · {gettext('as of %(year)s') % {'year': as_of_year}}"
    if ends_year and stage not in (Project.Stage.DONE, Project.Stage.STOPPED):
        return f"{name} · {gettext('until %(year)s') % {'year': ends_year}}"
    return name
