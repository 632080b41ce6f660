"""Atom feeds under the same filters as map and list: new reports, planned projects, the timeline of one report (RFC 4287, GeoRSS)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from layers.models import Project
from municipality.site import installation
from reports import workflow
from reports.cards import card, card_rows
from reports.filter_words import in_force
from reports.freshness import data_version
from reports.mapping import project_rows, projects
from reports.models import Report
from reports.parameters import BadParameter
from reports.views.asked import readable_or_problem, refused

MOST = 50
LONGEST = 600


@dataclass(frozen=True)
class Entry:
    """One entry: `path` from the root, plain `text`, and where it is (degrees, WGS84) if it is anywhere."""

    key: str
    title: str
    path: str
    text: str
    published: datetime.datetime
    updated: datetime.datetime
    categories: tuple[str, ...] = ()
    author: str = ""
    lon: float | None = None
    lat: float | None = None


class GeoAtom(Atom1Feed):
    """Atom whose entries may name a point."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:georss": "http://www.georss.org/georss"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item.get("point"):
            handler.addQuickElement("georss:point", item["point"])


@require_safe
@public(data_version)
def report_feed(request: HttpRequest) -> HttpResponse:
    """`/feeds/reports.atom`: the newest public problems and ideas that the filters let through."""
    request.user = AnonymousUser()  # the same for everyone: what is „mine“ has no feed
    filters = readable_or_problem(request)
    if filters.private:
        raise refused(
            BadParameter("assigned" if "assigned" in filters.given else "supported", gettext("A feed knows no “me”."))
        )
    found = filters.without("order", "cursor").apply(Report.objects.public(), request.user).order_by("-created_at", "-pk")
    rows = list(card_rows(found, text=F("words__text"), changed=F("status_at"), author_name=F("public_name"))[:MOST])
    words = [name for _name, name in in_force(filters)]
    title = f"{gettext('Reports and ideas')}: {', '.join(words)}" if words else gettext("Reports and ideas")
    query = filters.without("order", "cursor").as_query()
    page = f"{reverse('report_list')}?{query}" if query else reverse("report_list")
    return answer(request, title, page, (_of_report(row) for row in rows))


def _of_report(row: Any) -> Entry:
    shown = card(row)
    whole = row.status not in workflow.WORDLESS
    text = "\n".join(
        part for part in (f"{shown['status']} · {shown['place']}", (row.text or "")[:LONGEST] if whole else "") if part
    )
    changed = max(row.created_at, row.changed)
    kinds = (row.kind, row.sector_slug)
    return Entry(
        row.reference,
        row.title,
        shown["url"],
        text,
        row.created_at,
        changed,
        kinds,
        row.author_name if whole else "",
        row.lon,
        row.lat,
    )


@require_safe
@public(data_version)
def project_feed(request: HttpRequest) -> HttpResponse:
    """`/feeds/projects.atom`: planned projects, those changed last first."""
    rows = project_rows(projects(readable_or_problem(request), AnonymousUser()))
    dated = Project.objects.filter(subject__reference__in=[row["ref"] for row in rows])
    times = {
        reference: (made, changed or made)
        for reference, made, changed in dated.annotate(at=Max("subject__timeline__at")).values_list(
            "subject__reference", "subject__created_at", "at"
        )
    }
    entries = [_of_project(row, *times[row["ref"]]) for row in rows]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return answer(request, gettext("Planned projects"), reverse("project_list"), entries[:MOST])


def _of_project(row: dict[str, Any], made: datetime.datetime, changed: datetime.datetime) -> Entry:
    text = f"{row['status']} · {row['place']}"
    return Entry(
        row["ref"], row["title"], row["url"], text, made, changed, ("project", row["sector"]), "", row["lon"], row["lat"]
    )


@require_safe
@public(data_version)
def timeline_feed(request: HttpRequest, ref: str) -> HttpResponse:
    """`/feeds/reports/<ref>.atom`: what happens to one public report, newest first."""
    report = Report.objects.in_full().with_page_facts().filter(subject__reference=parse(ref) or "").first()
    if report is None:
        raise Http404
    path = reverse("report", args=[report.subject.reference])
    rows = TimelineRow.objects.filter(subject=report.pk, audience=Audience.PUBLIC).order_by("-at", "-pk")[:MOST]
    entries = []
    for row in rows:
        said = messages.describe(row)
        entries.append(Entry(f"{report.subject.reference}/{row.pk}", said.headline, path, said.text or "", row.at, row.at))
    return answer(request, report.subject.title, path, entries)


def answer(request: HttpRequest, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    """The feed of these entries; `page`: the path of the page that shows the same."""
    here = installation()
    feed = GeoAtom(
        title=f"{title} – {text_in(here.short_name)}", link=settings.SITE_URL + page, description=text_in(here.tagline),
        language=get_language(), feed_url=settings.SITE_URL + request.get_full_path(), author_name=text_in(here.name),
        feed_guid=settings.SITE_URL + request.get_full_path(),
    )  # fmt: skip
    for entry in entries:
        feed.add_item(
            entry.title, settings.SITE_URL + entry.path, linebreaks(entry.text, autoescape=True), unique_id=f"{settings.SITE_URL}/feeds/{entry.key}",
            pubdate=entry.published, updateddate=entry.updated, categories=entry.categories, author_name=entry.author or None,
            point=f"{entry.lat:.6f} {entry.lon:.6f}" if entry.lon is not None and entry.lat is not None else "",
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
