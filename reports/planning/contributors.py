"""Who is missing: the share of contributors by settlement beside the share of its people, with interval.

No age groups: nobody has been asked for an age yet. Persons are only counted, never told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.planning import intervals, progress, seam
from reports.planning.analysis import Analysis
from reports.planning.divisions import ELSEWHERE, Division, Unit, division, elsewhere, levels
from reports.planning.parameters import Parameter
from reports.planning.provenance import provenance
from reports.planning.result import Chart, Column, Result, Series
from reports.planning.suppression import LEAST, suppressed
from reports.querysets import ReportQuerySet

if TYPE_CHECKING:
    from reports.planning.question import Question

_COLUMNS = {"id": "pk", "area_id": "area", "author_id": "author", "created_at": "created_at"}
LEAST_IN_ALL = 30
"""Fewer contributors than that cannot stand for the people of a municipality."""
# An account and the address of its owner are one person; what an official entered for somebody without an address is nobody's.
_PEOPLE = """WITH {reports},
u AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS u (area_id, unit)),
said AS (
    SELECT coalesce(r.author_id, c.user_id, -c.id) AS person, coalesce(u.unit, 0) AS unit, count(*) AS n, max(r.created_at) AS last
      FROM r LEFT JOIN reports_contact k ON k.report_id = r.id
             LEFT JOIN accounts_correspondent c ON c.id = k.correspondent_id
             LEFT JOIN u ON u.area_id = r.area_id
     GROUP BY 1, 2),
home AS (SELECT DISTINCT ON (person) person, unit FROM said WHERE person IS NOT NULL ORDER BY person, n DESC, last DESC, unit)
SELECT unit, count(*), NULL::bigint FROM home GROUP BY unit
UNION ALL SELECT -1, 0, coalesce(sum(n), 0) FROM said WHERE person IS NULL"""


def people(reports: ReportQuerySet, parts: Division) -> tuple[dict[int, int], int]:
    """({unit's key: persons whose reports lie mostly there}, reports of which nobody knows the author); one query."""
    rows = seam.read(_PEOPLE, reports, _COLUMNS, [list(parts.unit_of), list(parts.unit_of.values())])
    counts = {unit: n for unit, n, unknown in rows if unknown is None}
    return counts, next((int(unknown) for _unit, _n, unknown in rows if unknown is not None), 0)


def answer(question: Question) -> Result:
    """The settlements, the least heard first. Five queries whatever the number of people."""
    parts = division(question["by"])
    progress.tell(0, 2, _("Counting the people of each area"))
    counts, unknown = people(question.reports(), parts)
    progress.tell(1, 2, _("Reading how the reports came"))
    found = provenance(question)
    total = sum(counts.values())
    facts = found.facts(question)
    facts |= {"n": found.n - unknown, "of": found.of or (found.n if unknown else None)}
    common: dict[str, Any] = {"method": _method(), **facts}
    if question.within or question.filters.bbox or question.filters.area or question.filters.zone:
        return Result(
            **common, refusal=_("Ask about the whole municipality: a part of it cannot be compared with all its people.")
        )
    if total < LEAST_IN_ALL:
        said = _("Fewer than %(least)d known contributors: too few to compare with the people who live here.")
        return Result(**common, refusal=said % {"least": LEAST_IN_ALL})
    units = [*parts.units, *([elsewhere()] if counts.get(ELSEWHERE) else [])]
    hidden = suppressed({unit.key: counts.get(unit.key, 0) for unit in units})
    everybody = sum(unit.population or 0 for unit in units)
    rows = [_row(unit, counts.get(unit.key, 0), unit.key in hidden, total, everybody) for unit in units]
    rows.sort(key=lambda row: (row["ratio"] is None, row["ratio"] or 0, row["area"]))
    highest = max((row["ratio"] or 0 for row in rows), default=0)
    for row in rows:
        told = (row["ratio"] or 0) / highest if highest else 0.0
        row["weight"] = None if row["contributors"] is None else told
    return Result(
        **common,
        columns=_columns(),
        rows=rows,
        caveats=_caveats(bool(hidden), unknown),
        chart=Chart("bars", "area", (Series("share", _("share of contributors"), "share_low", "share_high"),
                                     Series("people_share", _("share of the population")))),
        totals={"n": facts["n"], "contributors": total},
    )  # fmt: skip


def _row(unit: Unit, count: int, hidden: bool, total: int, everybody: int) -> dict[str, Any]:
    row: dict[str, Any] = {"area": unit.name, "population": unit.population, "population_year": unit.population_year}
    if unit.geometry:
        row["geometry"] = unit.geometry
    living = unit.population / everybody if unit.population else None
    row |= dict.fromkeys(("contributors", "share", "share_low", "share_high", "ratio", "ratio_low", "ratio_high"))
    row["people_share"] = None if living is None else living * 100
    if hidden:
        return row
    low, high = intervals.wilson(count, total) or (0.0, 1.0)
    row |= {"contributors": count, "share": count * 100 / total, "share_low": low * 100, "share_high": high * 100}
    if living:
        row |= {"ratio": count / total / living, "ratio_low": low / living, "ratio_high": high / living}
    return row


def _columns() -> tuple[Column, ...]:
    return (
        Column("area", _("Area")),
        Column("contributors", _("Contributors")),
        Column("share", _("Share of contributors"), "%", 1),
        Column("share_low", _("Share, from"), "%", 1),
        Column("share_high", _("Share, to"), "%", 1),
        Column("population", _("Population")),
        Column("population_year", _("Counted in"), year=True),
        Column("people_share", _("Share of the population"), "%", 1),
        Column("ratio", _("Heard against living there"), "×", 2),
        Column("ratio_low", _("Ratio, from"), "×", 2),
        Column("ratio_high", _("Ratio, to"), "×", 2),
    )


def _method() -> str:
    return _(
        "Each person who reported is counted once, by account or address, where most of that person's reports lie. The share of"
        " contributors, with Wilson's 95 % interval, stands beside the share of the population: a ratio below 1 means that the"
        " people of a place are heard less than their number; an interval that holds 1 shows no difference."
    )


def _caveats(hidden: bool, unknown: int) -> tuple[str, ...]:
    said = [
        _("People are counted where they report, which need not be where they live: nobody is asked for a home."),
        _("Nothing is known of age, sex or means, so who else is missing cannot be read here."),
    ]
    if unknown:
        said.append(
            _("Reports of which no author is known are left out: %(count)s.")
            % {"count": number_format(unknown, force_grouping=True)}
        )
    if hidden:
        said.append(
            _("Places with fewer than %(least)d contributors are not told, and so are those from which they could be computed.")
            % {"least": LEAST}
        )
    return tuple(said)


ANALYSIS = Analysis(
    "contributors",
    gettext_lazy("Who is missing"),
    gettext_lazy("Do people of all settlements take part alike?"),
    (
        Parameter("by", gettext_lazy("Areas"), gettext_lazy("How the municipality is divided."), kind="choice",
                  default="settlement", choices=levels),
    ),
    answer,
    long_from=300_000,
)  # fmt: skip
