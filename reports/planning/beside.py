"""What people report where something is planned: reports near or inside each project, and the projects near each report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import display
from layers.wording import STAGE_NAMES
from municipality.site import sectors
from reports import workflow
from reports.planning import progress, seam
from reports.planning.analysis import Analysis
from reports.planning.parameters import Parameter, Words, project_parameter
from reports.planning.provenance import provenance
from reports.planning.result import Chart, Column, Result, Series
from reports.querysets import today
from reports.wording import KIND_NAMES, state_name

if TYPE_CHECKING:
    from reports.planning.question import Question

MOST_ROWS = 500
_COLUMNS = {name: name for name in ("geom", "kind", "status", "created_at")}
# The box around a shape is cut out by the index first; 1 % more than the degrees there are, so that it is never too small.
_NEAR = """r.geom && ST_Expand(g.shape, g.up / greatest(0.05, cos(radians(least(89, greatest(
               abs(ST_YMin(g.shape)), abs(ST_YMax(g.shape))) + g.up)))), g.up)
           AND ST_DWithin(r.geom::geography, g.shape::geography, %s)"""
_PROJECTS = """FROM layers_project p JOIN discussion_subject s ON s.id = p.subject_id AND s.is_public
    CROSS JOIN LATERAL (SELECT coalesce(p.polygon, p.line, p.points, p.point)::geometry AS shape, %s * 1.01 / 111000 AS up) g"""
_COUNTS = f"""WITH {{reports}}
SELECT s.reference, p.title, p.stage, ST_AsGeoJSON(g.shape, 6, 0), c.* {_PROJECTS}
CROSS JOIN LATERAL (
    SELECT count(*) AS n, count(*) FILTER (WHERE r.kind = 'idea') AS ideas, count(*) FILTER (WHERE r.status <> ALL (%s)) AS open,
           count(*) FILTER (WHERE r.due_on < %s) AS late, coalesce(sum(r.support_count), 0) AS supports,
           min(r.created_at) AS first, max(r.created_at) AS last
      FROM r WHERE {_NEAR}) c
WHERE g.shape IS NOT NULL AND (%s::bigint IS NULL OR p.subject_id = %s) ORDER BY c.n DESC, p.subject_id"""  # noqa: S608
_PAIRS = f"""WITH {{reports}}
SELECT r.reference, r.title, r.kind, r.sector_id, r.status, r.created_at, ST_AsGeoJSON(r.geom, 6, 0), s.reference, p.title,
       ST_Distance(r.geom::geography, g.shape::geography) AS metres, count(*) OVER ()
{_PROJECTS} JOIN r ON {_NEAR}
WHERE g.shape IS NOT NULL AND (%s::bigint IS NULL OR p.subject_id = %s)
ORDER BY metres, r.created_at DESC, r.reference, p.subject_id LIMIT {MOST_ROWS}"""


def answer(question: Question) -> Result:
    """Projects with what is near them counted, or each report with its projects. Three queries whatever the numbers."""
    by_report = question["project"] is not None or question["show"] == "reports"
    progress.tell(0, 2, _("Looking for reports near each project"))
    rows, more = _pairs(question) if by_report else (_counts(question), 0)
    progress.tell(1, 2, _("Reading how the reports came"))
    found = provenance(question)
    common: dict[str, Any] = {"method": _method(question["metres"]), **found.facts(question)}
    if not found.n:
        return Result(**common, refusal=_("There are no reports that fit the question."))
    if by_report and not rows:
        return Result(**common, refusal=_("No report lies so near to a planned project."))
    if not rows:
        return Result(**common, refusal=_("There are no planned projects whose place is known."))
    chart = None if by_report else Chart("bars", "project", (Series("n", _("reports")),))
    return Result(
        **common,
        columns=_pair_columns() if by_report else _count_columns(),
        rows=rows,
        caveats=_caveats(more),
        chart=chart,
        totals={"n": found.n, **({"pairs": len(rows) + more} if by_report else {})},
    )


def _one(question: Question) -> list[int | None]:
    return [question["project"].pk if question["project"] else None] * 2


def _counts(question: Question) -> list[dict[str, Any]]:
    metres = question["metres"]
    found = seam.read(
        _COUNTS,
        question.reports(),
        {**_COLUMNS, "due_on": "due_on", "support_count": "subject__support_count"},
        [metres, sorted(workflow.ENDS), today(), metres, *_one(question)],
    )
    keys = ("reference", "title", "stage", "shape", "n", "ideas", "open", "late", "supports", "first", "last")
    most = max((row[4] for row in found), default=0)
    return [_count_row(question, dict(zip(keys, row, strict=True)), most) for row in found]


def _count_row(question: Question, row: dict[str, Any], most: int) -> dict[str, Any]:
    return {
        "project": text_in(orjson.loads(row["title"])),
        "stage": str(STAGE_NAMES[row["stage"]]),
        "n": row["n"],
        "problems": row["n"] - row["ideas"],
        "ideas": row["ideas"],
        "open": row["open"],
        "late": row["late"],
        "supports": int(row["supports"]),
        "first": timezone.localdate(row["first"]) if row["first"] else None,
        "last": timezone.localdate(row["last"]) if row["last"] else None,
        "url": f"?{question.as_query(project=row['reference'])}",
        "geometry": orjson.loads(row["shape"]),
        "weight": row["n"] / most if most else 0.0,
    }


def _pairs(question: Question) -> tuple[list[dict[str, Any]], int]:
    """(the nearest pairs of a report and a project, how many there are beyond them)."""
    metres = question["metres"]
    columns = {**_COLUMNS, "reference": "subject__reference", "title": "subject__title", "sector_id": "sector"}
    found = seam.read(_PAIRS, question.reports(), columns, [metres, metres, *_one(question)])
    names = {sector.pk: text_in(sector.name) for sector in sectors()}
    rows = [
        {
            "reference": display(reference),
            "title": title,
            "kind": capfirst(str(KIND_NAMES[kind])),
            "sector": names.get(sector, ""),
            "state": state_name(kind, status),
            "sent": timezone.localdate(sent),
            "project": text_in(orjson.loads(project)),
            "metres": round(distance),
            "url": reverse("report", args=[reference]),
            "geometry": orjson.loads(place),
            "weight": 1 - distance / metres if metres else 1.0,
        }
        for reference, title, kind, sector, status, sent, place, _project, project, distance, _n in found
    ]
    return rows, (found[0][-1] - len(rows)) if found else 0


def _count_columns() -> tuple[Column, ...]:
    return (
        Column("project", _("Planned project")),
        Column("stage", _("Stage")),
        Column("n", _("Reports")),
        Column("problems", _("Problems")),
        Column("ideas", _("Ideas")),
        Column("open", _("Open")),
        Column("late", _("Late now")),
        Column("supports", _("Supports")),
        Column("first", _("First")),
        Column("last", _("Last")),
    )


def _pair_columns() -> tuple[Column, ...]:
    return (
        Column("reference", _("Number")),
        Column("title", _("Title")),
        Column("kind", _("Kind")),
        Column("sector", _("Sector")),
        Column("state", _("State")),
        Column("sent", _("Sent")),
        Column("project", _("Planned project")),
        Column("metres", _("Distance"), _("m")),
    )


def _method(metres: int) -> str:
    inside = _("Reports inside the shape of a published project.")
    near = _("Reports up to so many metres from the shape of a published project, on the ground; inside it the distance is 0.")
    return (near if metres else inside) + " " + _("The shape is the area that is known, else its line, else its points.")


def _caveats(more: int) -> tuple[str, ...]:
    said = [
        _("A report near several projects counts with each of them."),
        _("Near does not mean about: read the reports before you decide."),
        _("Many projects are drawn approximately; those without a known place are missing."),
    ]
    if more:
        said.append(_("The %(shown)d nearest are listed; %(more)d more are not.") % {"shown": MOST_ROWS, "more": more})
    return tuple(said)


def views() -> list[tuple[str, Words]]:
    """What the rows of the table are."""
    return [
        ("projects", gettext_lazy("Projects, with their reports counted")),
        ("reports", gettext_lazy("Reports, with the projects near them")),
    ]


ANALYSIS = Analysis(
    "beside",
    gettext_lazy("Beside plans"),
    gettext_lazy("What do people report where something is planned?"),
    (
        project_parameter(gettext_lazy("Without one, all are compared."), pgettext_lazy("one", "planned project")),
        Parameter("metres", gettext_lazy("Distance"), gettext_lazy("From the project's shape; 0 takes only what lies inside."),
                  default=150, lowest=0, highest=5000, unit=gettext_lazy("m")),
        Parameter("show", gettext_lazy("Table of"), gettext_lazy("With one project its reports are always listed."),
                  kind="choice", default="projects", choices=views),
    ),
    answer,
    long_from=300_000,
)  # fmt: skip
