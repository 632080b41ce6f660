"""`/desk/`: what waits for me, my department, everyone; late first. A list of any of it as CSV."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discussion.models import Appeal, Comment, Flag, TimelineRow
from geoportal.kernel.middleware import reads_address
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import cell
from layers.zones import zone_choices
from municipality.models import Area, Organisation
from municipality.site import sectors
from reports import answer_rows, rules, workflow
from reports.cards import card_rows, place_of
from reports.filters import Filters
from reports.models import Category, FixedClaim, Report
from reports.moderated import OTHERS, OWED
from reports.picked import PickedObject
from reports.querysets import ReportQuerySet, today
from reports.views.asked import refused
from reports.views.desk.entrance import staff
from reports.wording import day as in_words
from reports.wording import mark, state_name

ROWS = 50
MOST_COUNTED = 100
MOST_CSV = 10_000
WAITING = sorted(code for code, state in workflow.STATES.items() if state.phase is workflow.Phase.WAITING)


def tab_names(user: Any) -> dict[str, str]:
    names = {"mine": _("Mine")}
    if user.departments:
        names["department"] = _("My department's")
    if user.has_role("council_officer"):
        names["council"] = _("For the Council")
    names |= {
        "unassigned": _("Unassigned"),
        "late": _("Late"),
        "waiting": _("Waiting"),
        "fixed": _("Looks fixed"),
        "all": _("All open"),
        "ended": _("Ended"),
    }
    return names


def tab_rows(user: Any, tab: str) -> ReportQuerySet:
    work = Report.objects.for_desk(user).exclude(status__in=sorted(workflow.DRAFTS))
    open_work = work.open()
    return {
        "mine": lambda: open_work.filter(assignee=user),
        "department": lambda: open_work.filter(department__in=user.departments),
        "council": lambda: open_work.filter(kind=workflow.Kind.IDEA, status__in=sorted(workflow.COUNCIL_WORK)),
        "unassigned": lambda: open_work.filter(assignee=None),
        "late": open_work.late,
        "waiting": lambda: open_work.filter(status__in=WAITING),
        "fixed": lambda: open_work.filter(pk__in=FixedClaim.objects.filter(state="waiting").values("report")),
        "all": lambda: open_work,
        "ended": work.ended,
    }[tab]()


def by_due(reports: ReportQuerySet, cursor: str, limit: int) -> tuple[list[Any], str]:
    """(rows, next cursor): by the date in force, those without one last; keyset, nothing is counted."""
    value, _tilde, key = cursor.partition("~")
    if key.isdigit() and len(key) < 19:
        try:
            due = datetime.date.fromisoformat(value) if value else None
        except ValueError:
            due = None
        later = Q(due_on=None, pk__gt=int(key))
        if due:
            later = Q(due_on__gt=due) | Q(due_on=due, pk__gt=int(key)) | Q(due_on=None)
        reports = reports.filter(later)
    rows = list(card_rows(reports.order_by("due_on", "pk"))[: limit + 1])
    if len(rows) <= limit:
        return rows, ""
    last = rows[limit - 1]
    return rows[:limit], f"{last.due_on.isoformat() if last.due_on else ''}~{last.pk}"


def chosen_tab(request: HttpRequest, names: dict[str, str]) -> str:
    """The tab that the address names, else what the person most likely works with."""
    tab = request.GET.get("tab", "")
    if tab in names:
        return tab
    if "council" in names and "department" not in names:
        return "council"
    return "department" if "department" in names and not rules.can_see_all_restricted(request.user) else "all"


@reads_address
@never_cache
@require_safe
@staff
def inbox(request: HttpRequest) -> HttpResponse:
    names = tab_names(request.user)
    tab = chosen_tab(request, names)
    filters, bad = Filters.readable(request.GET, request.user, refused=("order",))
    rows, cursor = by_due(filters.apply(tab_rows(request.user, tab), request.user), request.GET.get("after", ""), ROWS)
    query = filters.as_query()
    here = "&".join(part for part in (f"tab={tab}", query) if part)
    context = {
        "tabs": [
            {"slug": slug, "name": name, "on": slug == tab, "count": counted(tab_rows(request.user, slug)), "late": slug == "late"}
            for slug, name in names.items()
        ],
        "confirmed": counted(_confirmed(request.user)) if tab == "ended" else "",
        "tab": tab, "groups": grouped(rows), "bad": bad, "all_url": f"?tab={tab}", "filters": filters, "query": query,
        **choices(), "given": filters.given, "queue": queued() if rules.is_moderator(request.user) else "",
        "owed": [each for source in OWED for each in source(request.user)] if "after" not in request.GET else (),
        "enters": rules.may_enter_for_others(request.user),
        "next_url": f"?{here}&after={cursor}" if cursor else "",
        "previous_url": f"?{here}" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "desk/inbox.html", context, status=400 if bad else 200)


def _confirmed(user: Any) -> ReportQuerySet:
    """Resolved ones of which the author has said that the problem is gone."""
    said = TimelineRow.objects.filter(code="confirmed_solved").values("subject")
    return tab_rows(user, "ended").filter(status__in=workflow.SOLVED, pk__in=said)


def queued() -> str:
    """How much waits for a moderator, up to the same bound."""
    waiting: list[QuerySet[Any]] = [
        Report.objects.awaiting_moderation(),
        Comment.objects.waiting(),
        Appeal.objects.open(),
        Flag.objects.open(),
        *(kind.rows() for kind in OTHERS),
    ]
    found = sum(rows.order_by()[: MOST_COUNTED + 1].count() for rows in waiting)
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


def choices() -> dict[str, Any]:
    """What the filters' form offers."""
    areas = Area.objects.exclude(parent=None).order_by("path").defer("polygon", "point")
    return {
        "kinds": [("problem", _("Problems")), ("idea", _("Ideas"))],
        "sectors": sectors(),
        "areas": [(area.slug, area.full_name) for area in areas.select_related("parent")] + zone_choices(),
        "departments": Organisation.objects.departments().order_by("slug"),
        "categories": Category.objects.all(),
    }


def counted(reports: ReportQuerySet) -> str:
    """How many, up to a bound: „100+“ beyond it, so that no page counts a table."""
    found = reports.order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


def grouped(rows: list[Any]) -> list[dict[str, Any]]:
    """Late, due within a week, later, without a date."""
    now = today()
    week = now + datetime.timedelta(days=7)
    groups: dict[str, list[dict[str, Any]]] = {"late": [], "week": [], "later": [], "none": []}
    for row in rows:
        due = row.due_on
        name = "none" if due is None else "late" if due < now else "week" if due <= week else "later"
        groups[name].append(
            {
                "ref": row.reference,
                "title": row.title,
                "lang": row.language,
                "place": place_of(row),
                "due": due,
                "late_days": (now - due).days if name == "late" else 0,
                "state": state_name(row.kind, row.status),
                "mark": mark(row.status, row.due_on, now),
                "kind": row.kind,
                "support": row.support,
            }
        )
    titles = {"late": _("Late"), "week": _("Due within a week"), "later": _("Later"), "none": _("Without a due date")}
    return [{"slug": slug, "title": titles[slug], "rows": found} for slug, found in groups.items() if found]


class _Line(io.StringIO):
    def take(self) -> str:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


@reads_address
@never_cache
@require_safe
@staff
def csv_list(request: HttpRequest) -> HttpResponseBase:
    """The tab's list, filtered, at most 10,000 rows; no cell can be read as a formula. Its last columns are filled in and
    brought back at `/desk/answers/`."""
    tab = request.GET.get("tab", "all")
    if tab not in tab_names(request.user):
        raise PermissionDenied
    filters, bad = Filters.readable(request.GET, request.user)
    if bad:
        raise refused(bad[0])
    reports = filters.apply(tab_rows(request.user, tab), request.user).order_by("due_on", "pk")
    rows = csv_rows(reports)[:MOST_CSV]
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reports-{today().isoformat()}.csv"'
    return response


def csv_rows(reports: ReportQuerySet) -> Any:
    """The cards' columns and what staff knows: category, department, person, and which version of the case this is."""
    more = {
        "category_texts": F("category__name"), "category_internal": F("category__internal_name"),
        "department_texts": F("department__name"), "near_texts": F("near"),
        "thing_names": F("picked__name"), "thing_key": F("picked__key"), "thing_layer": F("picked__layer_name"),
        "person_name": F("assignee__name"), "person_email": F("assignee__email"),
        "version": F("subject__version"),
    }  # fmt: skip
    return card_rows(reports, **more)


def _thing(row: Any) -> str:
    """What it is about, in the words of its page."""
    return PickedObject(name=row.thing_names, key=row.thing_key, layer_name=row.thing_layer).words if row.thing_layer else ""


def _csv(rows: Any) -> Iterator[str]:
    line = _Line()
    writer = csv.writer(line)
    yield "\ufeff"
    head = (_("Number"), _("Kind"), _("Title"), _("Place"), _("What stands near it"), _("Thing"), _("State"), _("Due"), _("Received"), _("Supports"),
            _("Category"), _("Department"), _("Person"), *answer_rows.TO_FILL_IN.values())  # fmt: skip
    writer.writerow([cell(word) for word in head])
    yield line.take()
    for row in rows.iterator() if hasattr(rows, "iterator") else rows:
        values = (row.reference, _("Idea") if row.kind == "idea" else _("Problem"), row.title, place_of(row), text_in(row.near_texts), _thing(row),
                  state_name(row.kind, row.status),
                  in_words(row.due_on) if row.due_on else "", in_words(timezone.localdate(row.created_at)), row.support,
                  row.category_internal or text_in(row.category_texts), text_in(row.department_texts),
                  row.person_name or row.person_email, row.version, "", "", "", "")  # fmt: skip
        writer.writerow([cell(value) for value in values])
        yield line.take()
