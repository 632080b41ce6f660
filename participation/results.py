"""What came of a survey, question by question, as `Result`s: tables, charts, maps and programs are drawn from them alone.

Groups of fewer than five answers are not told (`reports.planning.suppression`); words only where a moderator shows them.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from geoportal.kernel.multilingual import text_in
from municipality.models import Area
from participation.models import Question, Reply, Response, Survey
from reports.planning.result import Chart, Column, Result, Series
from reports.planning.suppression import LEAST, suppressed
from reports.planning.table import words

WIDTHS = (500, 1000, 2000)
"""Metres from side to side of a hexagon: the first in which at least half of the marks can be told."""
MOST_WORDS = 200

COUNTS = """
SELECT a.question_id, c.choice, c.place, count(*)
  FROM participation_reply a JOIN participation_response r ON r.id = a.response_id
 CROSS JOIN LATERAL unnest(a.choices) WITH ORDINALITY AS c(choice, place)
 WHERE r.survey_id = %s AND (NOT %s OR r.on < %s)
 GROUP BY 1, 2, 3
"""
CELLS = """
WITH shapes AS (
  SELECT a.question_id, ST_Transform(coalesce(a.point, a.line, a.polygon), 3857) AS shape
    FROM participation_reply a JOIN participation_response r ON r.id = a.response_id
   WHERE a.question_id = %s AND (NOT %s OR r.on < %s) AND coalesce(a.point, a.line, a.polygon) IS NOT NULL
), cells AS (
  SELECT g.i, g.j, g.geom, count(*) AS n
    FROM shapes s CROSS JOIN LATERAL ST_HexagonGrid(%s, s.shape) AS g
   WHERE ST_Intersects(g.geom, s.shape) GROUP BY 1, 2, 3 HAVING count(*) >= %s
)
SELECT ST_AsGeoJSON(ST_Transform(c.geom, 4326), 6), c.n,
       (SELECT h.id FROM municipality_area h WHERE h.kind = 'settlement'
          AND ST_Covers(h.polygon, ST_Transform(ST_Centroid(c.geom), 4326)) LIMIT 1)
  FROM cells c ORDER BY c.n DESC, c.i, c.j
"""


@dataclass(frozen=True)
class Told:
    """One question with its result; `words`: answers that a moderator shows; `few`: too few answers to tell anything."""

    question: Question
    result: Result
    words: tuple[str, ...] = ()
    few: bool = False


def counted_before(survey: Survey) -> datetime.date | None:
    """The first day whose answers are not counted yet; None once it is closed.

    While it is open whole days are counted, today's never, and each time at least five answers come at once: of two results that
    somebody wrote down the difference tells nobody's answer. When it closes, the last one to four come at once (record 40).
    """
    if survey.status != "open":
        return None
    days = (
        Response.objects.filter(survey=survey, on__lt=timezone.localdate())
        .values_list("on")
        .annotate(n=Count("pk"))
        .order_by("on")
    )
    before, waiting = datetime.date.min, 0
    for day, n in days:
        waiting += n
        if waiting >= LEAST:
            before, waiting = day + datetime.timedelta(days=1), 0
    return before


def number_of(survey: Survey) -> int:
    """How many filled it in, as far as they are counted now."""
    return Reply.objects.counted(survey, counted_before(survey)).aggregate(n=Count("response", distinct=True))["n"]


def results(survey: Survey) -> list[Told]:
    """One for each question, in order."""
    before = counted_before(survey)
    counted = Reply.objects.counted(survey, before)
    rows = counted.values("question").annotate(n=Count("id")).values_list("question", "n").order_by()
    numbers = dict(rows)
    counts: dict[int, dict[tuple[int, int], int]] = {}
    for question, choice, place, n in _rows(COUNTS, [survey.pk, *_until(before)]):
        counts.setdefault(question, {})[(choice, place)] = n
    shown: dict[int, list[str]] = {}
    written = counted.filter(is_public=True).order_by("text").values_list("question", "text")
    for question, text in written[:MOST_WORDS]:
        shown.setdefault(question, []).append(text)
    ground = cache(_Ground.read)  # asked where there is a map, once
    return [
        _told(before, each, ground, numbers.get(each.pk, 0), counts.get(each.pk, {}), shown.get(each.pk, []))
        for each in survey.questions.all()
    ]


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _until(before: datetime.date | None) -> list[Any]:
    """Whether only earlier days count, and before which day."""
    return [before is not None, before or datetime.date.max]


def _told(
    before: datetime.date | None,
    question: Question,
    ground: Callable[[], _Ground],
    n: int,
    counts: dict[tuple[int, int], int],
    said: list[str],
) -> Told:
    if n < LEAST:
        return Told(question, _result(question, 0), few=True)
    if question.kind == Question.Kind.TEXT:
        return Told(question, _result(question, n), tuple(said))
    if question.kind in Question.MAPS:
        return Told(question, _map(before, question, n, ground()))
    if question.kind == Question.Kind.RANKING:
        return Told(question, _ranking(question, n, counts))
    return Told(question, _choice(question, n, counts))


def _result(question: Question, n: int, **more: Any) -> Result:
    return Result(
        analysis="survey", title=text_in(question.text), method=more.pop("method", ""),
        source=_("Answers to the survey; nobody knows whose they are."), n=n, **more,
    )  # fmt: skip


def _names(question: Question) -> dict[int, str]:
    if question.kind != Question.Kind.SCALE:
        return dict(enumerate(question.names))
    ends = {question.least: text_in(question.least_words), question.most: text_in(question.most_words)}
    return {one: f"{one} – {ends[one]}" if ends.get(one) else str(one) for one in question.values}


def _choice(question: Question, n: int, counts: dict[tuple[int, int], int]) -> Result:
    """How many chose each answer, and the share of those who answered the question."""
    names = _names(question)
    sums = {value: sum(count for (choice, _place), count in counts.items() if choice == value) for value in names}
    hidden = _hidden(sums, several=question.kind == Question.Kind.MULTIPLE)
    rows = [
        {"name": name, "n": None if value in hidden else sums[value],
         "share": None if value in hidden else 100 * sums[value] / n}
        for value, name in names.items()
    ]  # fmt: skip
    columns = (Column("name", _("Answer")), Column("n", _("Answers")), Column("share", pgettext("of all", "Share"), "%", 0))
    caveats = [_fewer()] if hidden else []
    if question.kind == Question.Kind.SCALE and not hidden:
        mean = sum(value * count for value, count in sums.items()) / n
        caveats.append(_("Mean: %(mean)s") % {"mean": words(mean, 1)})
    if question.kind == Question.Kind.MULTIPLE:
        caveats.append(
            _("One could choose several answers: the shares are of those who answered, and their sum is over 100 %.")
        )
    return _result(question, n, columns=columns, rows=rows, caveats=tuple(caveats), chart=_bars(_("Answers")))


def _bars(label: str, key: str = "n") -> Chart:
    return Chart("bars", "name", (Series(key, label),))


def _hidden(sums: dict[int, int], *, several: bool) -> set[int]:
    """The answers whose counts are not told. Where one chooses once, the rest would tell a single small one."""
    if several:
        return {value for value, count in sums.items() if 0 < count < LEAST}
    return suppressed(sums)


def _fewer() -> str:
    return _("– stands for numbers that are not told, because fewer than %(n)d people are behind one of them.") % {"n": LEAST}


def _ranking(question: Question, n: int, counts: dict[tuple[int, int], int]) -> Result:
    """Points: of N options the first place gives N, the second one less; how often each stands first."""
    names, size = _names(question), len(question.options)
    first = {value: counts.get((value, 1), 0) for value in names}
    hidden = suppressed(first)
    points = {
        value: sum((size - place + 1) * count for (choice, place), count in counts.items() if choice == value)
        for value in names
    }
    # Of two, the points are those at the first place and all together: they, and their order, would tell what is not told.
    untold = hidden if size == 2 else set()
    order = list(names) if untold else sorted(names, key=lambda value: -points[value])
    rows: list[dict[str, Any]] = [
        {
            "name": names[value],
            "points": None if value in untold else points[value] / n,
            "first": None if value in hidden else first[value],
        }
        for value in order
    ]
    method = _("The first place of %(n)d gives %(n)d points, each later one a point less; the mean of all who answered.")
    return _result(
        question, n, rows=rows, caveats=(_fewer(),) if hidden else (), method=method % {"n": size}, chart=_bars(_("Points"), "points"),
        columns=(Column("name", _("Answer")), Column("points", _("Points, mean"), "", 1), Column("first", _("At the first place"))),
    )  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    """The middle's latitude in degrees, and the settlements' names by their keys."""

    latitude: float
    names: dict[int, str]

    @classmethod
    def read(cls) -> _Ground:
        rows = list(Area.objects.defer("polygon").exclude(kind=Area.Kind.QUARTER))
        point = next((each.point for each in rows if each.parent_id is None), None)
        return cls(point.y if point else 0.0, {each.pk: each.full_name for each in rows if each.parent_id is not None})

    def edge(self, metres: int) -> float:
        """Edge of a hexagon so many metres broad, in units of the Mercator map at this latitude."""
        return metres / math.sqrt(3) / math.cos(math.radians(self.latitude))


def _map(before: datetime.date | None, question: Question, n: int, ground: _Ground) -> Result:
    """Hexagons in which at least five marked something; where each lies, by its settlement."""
    cells: list[tuple[Any, ...]] = []
    for width in WIDTHS:
        cells = _rows(CELLS, [question.pk, *_until(before), ground.edge(width), LEAST])
        if 2 * sum(row[1] for row in cells) >= n:
            break
    most = max((row[1] for row in cells), default=1)
    rows = [
        {"name": f"{number}. {ground.names.get(home, _('outside the settlements'))}", "n": count,
         "geometry": json.loads(shape), "weight": count / most}
        for number, (shape, count, home) in enumerate(cells, 1)
    ]  # fmt: skip
    method = _(
        "Hexagons of %(width)d m from side to side; only those in which at least %(n)d people marked something are told."
    )
    return _result(
        question, n, columns=(Column("name", _("Where")), Column("n", _("Marks"))), rows=rows, chart=_bars(_("Marks")) if rows else None,
        method=method % {"width": width, "n": LEAST},
    )  # fmt: skip
