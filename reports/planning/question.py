"""A planner's question, read from the address: which analysis, of which reports, with which parameters."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import workflow
from reports.filters import Filters
from reports.models import Report
from reports.parameters import NAMES, BadParameter
from reports.planning import drawn
from reports.planning.analyses import ANALYSES
from reports.planning.analysis import Analysis
from reports.planning.parameters import Parameter
from reports.querysets import ReportQuerySet

REFUSED = ("cursor", "limit", "order", "supported")
FIRST = "areas"
"""The analysis of an address that names none."""
LABELS = {"analysis": gettext_lazy("Analysis"), drawn.NAME: gettext_lazy("Drawn area")}


@dataclass(frozen=True)
class Question:
    """Parsed and known to be right. `given` is the canonical query: what the address said, in the language's order."""

    analysis: Analysis
    user: Any
    filters: Filters = field(default_factory=Filters)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    within: drawn.Drawn | None = None
    given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: QueryDict, user: Any, *, strict: bool = True) -> Self:
        """Reads the address. Raises BadParameter; `strict` refuses unknown names, else they are passed over."""
        analysis = _analysis(query)
        own = {parameter.name: parameter for parameter in analysis.parameters}
        known = ["analysis", *(name for name in NAMES if name not in REFUSED), drawn.NAME, *own]
        if strict and (unknown := sorted(set(query) - set(known) - set(REFUSED))):
            raise BadParameter(unknown[0], _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(known)})
        found = Filters.from_query(query, user, strict=False, refused=REFUSED)
        if found.given.get("assigned") == "me":  # each colleague would read other figures under one link
            raise BadParameter("assigned", str(BadParameter.NOT_HERE))
        values = {name: parameter.default for name, parameter in own.items()}
        values |= {name: parameter.read(str(query[name])) for name, parameter in own.items() if query.get(name)}
        if analysis.check:
            analysis.check(values)
        within = drawn.read(str(query[drawn.NAME])) if query.get(drawn.NAME) else None
        given = {"analysis": analysis.slug}
        given |= {name: found.given[name] for name in NAMES if name in found.given}
        given |= {
            name: _canonical(own.get(name), values.get(name), str(query[name]))
            for name in (drawn.NAME, *own)
            if query.get(name)
        }
        return cls(analysis, user, found, values, within, given)

    @classmethod
    def readable(cls, query: QueryDict, user: Any) -> tuple[Self, list[BadParameter]]:
        """What of the address can be read, and each parameter that cannot: the page names these and keeps the rest."""
        left = query.copy()
        bad: list[BadParameter] = []
        while True:
            try:
                return cls.from_query(left, user, strict=False), bad
            except BadParameter as refused:
                bad.append(refused)
                # What does not fit the given ones may stand at its default: then these go.
                for name in [refused.name] if refused.name in left else [one.name for one in _analysis(left).parameters]:
                    left.pop(name, None)

    def __getitem__(self, name: str) -> Any:
        """The value of one of the analysis's own parameters."""
        return self.parameters[name]

    def everything(self) -> ReportQuerySet:
        """All reports in force, restricted ones too, never drafts or rejected ones: the same for everyone who may plan.

        The desk shows moderators more; an analysis that a colleague opens must not give other figures.
        """
        return Report.objects.for_desk(self.user).exclude(status__in=sorted(workflow.OFF_MAP))

    def reports(self) -> ReportQuerySet:
        """Those of them that the question is about."""
        found = self.filters.apply(self.everything(), self.user)
        return found.filter(geom__coveredby=self.within.polygon) if self.within else found

    @property
    def narrowed(self) -> bool:
        """The question is about fewer than all: "n of m" is to be said."""
        return self.within is not None or bool(self.filters.given)

    @property
    def period(self) -> tuple[datetime.date | None, datetime.date | None]:
        """First and last day as they were asked for; None where the address says nothing."""
        return self.filters.since, self.filters.until

    @property
    def in_words(self) -> tuple[tuple[str, str], ...]:
        """Label and value of the drawn area and of each of the analysis's parameters, for `Result.parameters`."""
        area = ((str(LABELS[drawn.NAME]), self.within.words),) if self.within else ()
        own = ((str(one.label), one.in_words(self.parameters[one.name])) for one in self.analysis.parameters)
        return (*area, *own)

    def as_query(self, **changes: str | None) -> str:
        """The address's query with changes ('' or None takes a name away), in the order in which it is read.

        With another `analysis` the parameters of the old one fall away; filters and drawn area stay.
        """
        values = {**self.given, **changes}
        analysis = ANALYSES[values.get("analysis") or FIRST]
        own = [parameter.name for parameter in analysis.parameters]
        if analysis is not self.analysis:
            values = {name: text for name, text in values.items() if name in changes or name not in self.parameters}
        names = ["analysis", *NAMES, drawn.NAME, *own]
        return urlencode({name: values[name] for name in names if values.get(name)})


def _canonical(parameter: Parameter | None, value: Any, typed: str) -> str:
    """A decimal comma is for the reader's eyes: links and saved questions hold a point, so that each asks the same for all."""
    return parameter.as_text(value) if parameter and parameter.kind == "number" else typed.strip()


def _analysis(query: QueryDict) -> Analysis:
    slug = str(query.get("analysis") or FIRST).strip()
    if slug not in ANALYSES:
        found = BadParameter("analysis", _("Unknown value. Known: %(names)s.") % {"names": ", ".join(ANALYSES)})
        found.label = LABELS["analysis"]
        raise found
    return ANALYSES[slug]
