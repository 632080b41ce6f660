"""The one filter language: page, list, table, feed, export, API and tiles read the address through this class."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import Col
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion.models import Subject, Support
from discussion.search import few
from discussion.search import query as words_query
from geoportal.kernel.references import parse as parse_reference
from reports.inside import covered
from reports.models import Report
from reports.parameters import LIMIT, NAMES, BadParameter, Reader, cleaned, readable
from reports.querysets import BBox, ReportQuerySet

MOST_HITS = 8_000
LISTENS = ("kind", "sector", "category", "area", "bbox", "q")
"""The filters that an alert knows too."""


@dataclass(frozen=True)
class Filters:
    """Parsed and known to be right: slugs are rows' ids here. `given` is the canonical query without paging.

    The address's `area` names areas and polygons of layers: `area` and `zone` here, what lies in any of them is let through.
    """

    kind: tuple[str, ...] = ()
    sector: tuple[int, ...] = ()
    category: tuple[int, ...] = ()
    status: tuple[str, ...] = ()
    area: tuple[int, ...] = ()
    zone: tuple[int, ...] = ()
    bbox: BBox | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    q: str = ""
    assigned: str = ""
    department: int | None = None
    overdue: bool = False
    supported: bool = False
    order: str = "newest"
    cursor: tuple[Any, int] | None = None
    limit: int = LIMIT
    given: dict[str, str] = field(default_factory=dict)
    _held: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_query(
        cls, query: QueryDict, user: Any, *, strict: bool, refused: tuple[str, ...] = (), limit: int = LIMIT
    ) -> Self:
        """Reads the address. Raises BadParameter for a bad value, and when `strict` for an unknown name.

        `refused`: names of the language that make no sense here (me, order and cursor in tiles).
        """
        if strict and (unknown := sorted(set(query) - set(NAMES))):
            raise BadParameter(unknown[0], _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(NAMES)})
        # A page's form sends its empty fields along; a program that sends a box without numbers has lost them.
        said = [name for name in NAMES if query.get(name) or (strict and name == "bbox" and name in query)]
        texts = {name: cleaned(name, str(query[name])) for name in said}
        reader = Reader(texts, user)
        for name in refused:
            if query.get(name):
                raise BadParameter(name, str(BadParameter.NOT_HERE))
        values = {name: getattr(reader, name)() for name in texts}
        given = {name: text.strip() for name, text in texts.items() if name not in ("cursor", "limit")}
        if "assigned" in values:
            values["assigned"], values["department"] = values["assigned"]
        if "area" in values:
            values["area"], values["zone"] = values["area"]
        found = cls(**{"limit": limit, **values}, given=given)
        if found.since and found.until and found.since > found.until:
            raise BadParameter("until", _("The last day lies before the first."))
        return found

    @classmethod
    def readable(
        cls, query: QueryDict, user: Any, *, refused: tuple[str, ...] = (), limit: int = LIMIT
    ) -> tuple[Self, list[BadParameter]]:
        """What of the address can be read, and each parameter that cannot: pages name these and keep the rest."""
        read = lambda left: cls.from_query(left, user, strict=False, refused=refused, limit=limit)  # noqa: E731
        return readable(query, read)

    @property
    def private(self) -> bool:
        """The answer depends on who asks."""
        return self.assigned == "me" or self.supported

    def as_query(self, **changes: str | None) -> str:
        """The address's query with changes ('' or None takes a filter away), in the language's own order."""
        values = {**self.given, **changes}
        return urlencode({name: values[name] for name in NAMES if values.get(name)})

    def alert_url(self, **changes: str | None) -> str:
        """Where one asks to hear of what these filters let through. Times, states and order say nothing of new reports."""
        left = {name: values[name] for name in LISTENS if (values := {**self.given, **changes}).get(name)}
        return f"{reverse('notifications:alert_new')}?{urlencode(left)}" if left else reverse("notifications:alert_new")

    def feed_url(self) -> str:
        """The Atom feed of what these filters let through; a feed has its own order and knows no „me“."""
        mine = {"supported": "", **({"assigned": ""} if self.assigned == "me" else {})}
        query = self.as_query(order="", **mine)
        return f"{reverse('report_feed')}?{query}" if query else reverse("report_feed")

    def without(self, *names: str) -> Self:
        """The same filters without some of them."""
        defaults = {f: getattr(Filters(), f) for f in (*names, *(("zone",) if "area" in names else ()))}
        return replace(self, **defaults, given={k: v for k, v in self.given.items() if k not in names})

    def only(self, *names: str) -> Self:
        """The same filters with nothing but these."""
        return self.without(*(name for name in NAMES if name not in names))

    def apply(self, reports: ReportQuerySet, user: Any = None) -> ReportQuerySet:
        """Filters only; order and paging are `page`."""
        for name in ("kind", "category", "status"):
            if values := getattr(self, name):
                reports = reports.filter(**{f"{name}__in": values})
        if self.zone:
            reports = reports.filter(Q(area__in=self.area) | Q(pk__in=covered(self.zone)))
        elif self.area:
            reports = reports.filter(area__in=self.area)
        if self.sector:
            further = Q(subject__further_sectors__in=self.sector)
            reports = reports.filter(Q(sector__in=self.sector) | Q(pk__in=Report.objects.filter(further).values("pk")))
        if self.bbox:
            reports = reports.in_box(self.bbox)
        if self.since:
            reports = reports.filter(created_at__gte=midnight(self.since))
        if self.until:
            reports = reports.filter(created_at__lt=midnight(self.until + datetime.timedelta(days=1)))
        if self.q:
            reports = reports.filter(pk__in=self.holding())
        if self.overdue:
            reports = reports.late()
        return self._of_person(reports, user)

    def holding(self) -> list[int] | QuerySet[Subject, Any]:
        """Keys of the subjects that `q` means: those found by their words while they are few, else a query over subjects.
        Looked up once for these filters and all that are made from them."""
        if self.q not in self._held:
            self._held[self.q] = self._looked_up()
        found: list[int] | QuerySet[Subject, Any] = self._held[self.q]
        return found

    def _looked_up(self) -> list[int] | QuerySet[Subject, Any]:
        if reference := parse_reference(self.q):
            return Subject.objects.filter(reference=reference).values("pk")
        words = words_query(self.q)
        if words is None:
            return []
        # Few hits are sorted by themselves; looking for them among the newest could read the whole table. Of many, some are near.
        ids = few(words, MOST_HITS)
        return Subject.objects.filter(search=words).values("pk") if ids is None else ids

    def _of_person(self, reports: ReportQuerySet, user: Any) -> ReportQuerySet:
        if self.assigned == "none":
            reports = reports.filter(assignee=None)
        elif self.assigned == "me":
            reports = reports.filter(assignee=user)
        elif self.department:
            reports = reports.filter(department=self.department)
        if self.supported:
            mine = Support.objects.filter(correspondent__user=user)
            reports = reports.filter(pk__in=mine.values("subject"))
        return reports

    def page(self, reports: ReportQuerySet) -> tuple[list[Any], str | None]:
        """(rows, cursor of the next page or None): keyset, one row more than the limit is read, nothing is counted.

        Works on model instances and on `.values_list(named=True)` rows that have the columns `pk created_at due_on support`.
        """
        ordered = self._after_cursor(reports)
        rows = list(ordered[: self.limit + 1])
        if self.bbox and self.order in ("newest", "oldest"):
            rows = self._in_order(rows, ordered)
        if len(rows) <= self.limit:
            return rows, None
        rows = rows[: self.limit]
        return rows, self._cursor_of(rows[-1])

    def _in_order(self, rows: list[Any], ordered: ReportQuerySet) -> list[Any]:
        """The index gives those of one microsecond in any order: the key decides, a page of them being read once more by it."""
        if len(rows) > self.limit and rows[-1].created_at == (last := rows[-2].created_at):
            ties = ordered.filter(created_at=last).order_by("-pk" if self.order == "newest" else "pk")
            rows = [row for row in rows if row.created_at != last] + list(ties[: self.limit + 1])
        return sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=self.order == "newest")

    def _after_cursor(self, reports: ReportQuerySet) -> ReportQuerySet:
        column, descending = _KEYS[self.order]
        if self.order == "due":
            reports = reports.filter(due_on__isnull=False)
        if self.cursor:
            value, pk = self.cursor
            ahead = "lt" if descending else "gt"
            reports = reports.filter(_Past(column, value, pk, "<" if descending else ">"))
            if self.bbox and column == "created_at":  # the index over places knows no pairs
                reports = reports.filter(**{f"{column}__{ahead}e": value})
        if column == "created_at":
            return reports.newest(self.bbox is not None) if descending else reports.oldest(self.bbox is not None)
        sign = "-" if descending else ""
        return reports.order_by(f"{sign}{column}", f"{sign}pk")

    def _cursor_of(self, row: Any) -> str:
        column = _KEYS[self.order][0]
        value: Any = row
        for step in ["support"] if hasattr(row, "support") and self.order == "support" else column.split("__"):
            value = getattr(value, step)
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return f"{text}~{row.pk}"


class _Past(Func):
    """The pair of a column and its own row's key lies past another pair: an index over both begins right there, also among
    thousands of equals, where conditions on one after the other would read all of these first."""

    output_field = BooleanField()

    def __init__(self, column: str, value: Any, key: int, sign: str) -> None:
        super().__init__(F(column), Value(value), Value(key), sign=sign)

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, value, key = self.get_source_expressions()
        own = Col(column.alias, column.target.model._meta.pk)  # the joined row's key, where Django would take the report's
        found, parameters = [], []
        for each in (column, own, value, key):
            sql, more = compiler.compile(each)
            found.append(sql)
            parameters += more
        return f"({found[0]}, {found[1]}) {self.extra['sign']} ({found[2]}, {found[3]})", parameters


_KEYS = {
    "newest": ("created_at", True),
    "oldest": ("created_at", False),
    "due": ("due_on", False),
    "support": ("subject__support_count", True),
}


def midnight(day: datetime.date) -> datetime.datetime:
    """When the day begins where the installation is."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
