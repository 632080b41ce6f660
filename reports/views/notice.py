"""A notice with a QR code for a notice board: for a place („Seen a problem here?“) or for one report; short addresses behind the code."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geoportal.kernel import child, throttle
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import point
from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.problems import Problem
from geoportal.kernel.references import display, parse
from municipality.models import Area
from municipality.site import installation
from reports.freshness import data_version
from reports.models import Report
from reports.planning import pdf
from reports.planning.fitting import fitted
from reports.views.page import found, reads_all, tombstone

SIZES = ("a4", "a5", "label")
LONGEST_WORDS = 120
LINE_EMS = {"a4": 29.6, "a5": 28.5, "label": 23.5}
"""Breadth of a line in letters of the paper's own size (notice.css)."""
HEADING_STEPS = ((2.0, 3), (1.6, 4), (1.3, 5), (1.1, 6))
PLACE_STEPS = ((1.0, 3), (0.85, 3))
"""Sizes of letters (`fit-…` in notice.css) and how many lines of each have room beside the code."""


@dataclass(frozen=True)
class Notice:
    """`short`: the address in the code; `query`: what the page itself was asked for; `number`: of a report, as people write it.

    `fits`: which sizes of letters heading and place take (`on_paper`).
    """

    heading: str
    words: str
    place: str
    short: str
    query: dict[str, str]
    number: str = ""
    fits: tuple[int, int] = (0, 0)

    def on_paper(self, size: str) -> Notice:
        """The same with letters that have room on paper of that size; what has no room at all ends at a word."""
        heading, large = fitted(self.heading, LINE_EMS[size], HEADING_STEPS)
        place, small = fitted(self.place, LINE_EMS[size], PLACE_STEPS)
        return replace(self, heading=heading, place=place, fits=(large, small))

    @property
    def code(self) -> SafeString:
        """The QR code as SVG: black on white, as large as its frame; level M bears a torn corner."""
        out = io.BytesIO()
        segno.make(self.short, error="m", micro=False).save(
            out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff"
        )
        return mark_safe(out.getvalue().decode())  # noqa: S308  drawn by the library from an address of ours


def _of(request: HttpRequest) -> Notice:
    """The notice that the address asks for; Problem 400 names what is wrong, 404 what is not public."""
    if ref := request.GET.get("report"):
        return _of_report(ref)
    lon, lat = request.GET.get("lon", ""), request.GET.get("lat", "")
    words = request.GET.get("place", "").replace("\0", "").strip()[:LONGEST_WORDS]
    if not lon and not lat:
        short = settings.SITE_URL + reverse("short_new")
        if words:  # the code cannot carry them: whoever follows it is told to say where
            return Notice(_("Seen a problem here?"), _say_where(), words, short, {"place": words})
        return Notice(_("Seen a problem, or have an idea?"), _come(), words, short, {})
    try:
        here = point(lon, lat)
    except ValidationError as bad:
        raise Problem(f"lon, lat: {bad.messages[0]}", status=400, code="parameter") from bad
    area = Area.objects.smallest_containing(here)
    if area is None:
        raise Problem(f"lon, lat: {_('This place is outside the municipality.')}", status=400, code="parameter")
    short = settings.SITE_URL + reverse("short_place", args=[f"{here.x:.5f},{here.y:.5f}"])
    place = ", ".join(part for part in (words, area.full_name) if part)
    query = {"lon": f"{here.x:.6f}", "lat": f"{here.y:.6f}", **({"place": words} if words else {})}
    return Notice(_("Seen a problem here?"), _report_it(), place, short, query)


def _report_it() -> str:
    return _(
        "Point the camera of your phone at the code: the place is filled in already. A photo and a few words are enough, without an account."
    )


def _say_where() -> str:
    return _(
        "Point the camera of your phone at the code and write the place that stands above. A photo and a few words are enough, without an account."
    )


def _come() -> str:
    return _("Point the camera of your phone at the code. A photo and a few words are enough, without an account.")


def _of_report(ref: str) -> Notice:
    report = Report.objects.public().select_related("subject", "area").filter(subject__reference=parse(ref) or "").first()
    if report is None:
        raise Http404
    reference = report.subject.reference
    short = settings.SITE_URL + reverse("short_report", args=[reference])
    idea = report.kind == "idea"
    words = (
        _("Read it, support it and follow what becomes of it: point the camera of your phone at the code.")
        if idea
        else _("Does it affect you too? Say so, and follow what becomes of it: point the camera of your phone at the code.")
    )
    return Notice(report.subject.title, words, report.where, short, {"report": reference}, display(reference))


@require_safe
@public(data_version)
def notice(request: HttpRequest) -> HttpResponse:
    """The notice on the screen, to be printed or taken as PDF in three sizes."""
    made, size = _of(request), _size(request)
    place = LonLatForm(initial={name: made.query.get(name, "") for name in ("lon", "lat")})
    context = {
        "notice": made.on_paper(size),
        "size": size,
        "sizes": _sizes(made, size),
        "form": place,
        "words": made.query.get("place", ""),
        "unpinned": "place" in made.query and "lon" not in made.query,
    }
    return render(request, "notice/page.html", context)


@require_safe
def paper(request: HttpRequest) -> HttpResponseBase:
    """`/notice.pdf`: the same on one sheet."""
    made, size = _of(request), _size(request)
    throttle.limit(request, "paper")
    try:
        body = pdf.of(
            "notice/pdf.html", {"notice": made.on_paper(size), "size": size, "installation": installation()}, style="notice.css"
        )
    except child.Unanswered as failed:
        raise Problem(
            _("Too many papers are being made right now. Try again in a minute."), status=503, headers={"Retry-After": "60"}
        ) from failed
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="notice-{size}.pdf"'
    return response


def _size(request: HttpRequest) -> str:
    size = request.GET.get("size", SIZES[0])
    if size not in SIZES:
        raise Problem(f"size: {_('Choose a4, a5 or label.')}", status=400, code="parameter")
    return size


def _sizes(made: Notice, chosen: str) -> list[dict[str, Any]]:
    names = {"a4": _("A4, for a notice board"), "a5": _("A5, for a door"), "label": _("Label, 62 × 100 mm")}
    return [
        {"name": names[size], "on": size == chosen, "url": f"?{urlencode({**made.query, 'size': size})}",
         "pdf": f"{reverse('notice_pdf')}?{urlencode({**made.query, 'size': size})}"}
        for size in SIZES
    ]  # fmt: skip


@require_safe
def short_report(request: HttpRequest, ref: str) -> HttpResponse:
    """`/r/<ref>`: the page of a report; what nobody may read is missing here already."""
    report = found(request, ref)
    if not report.is_public and not reads_all(request, report):
        return tombstone(request, report)
    return redirect("report", report.subject.reference)


@require_safe
def short_new(request: HttpRequest) -> HttpResponse:
    """`/p/`: a new report."""
    return redirect("report_new")


@require_safe
def short_place(request: HttpRequest, place: str) -> HttpResponse:
    """`/p/<lon>,<lat>`: a new report at that place."""
    lon, _comma, lat = place.partition(",")
    try:
        here = point(lon, lat)
    except ValidationError:
        return redirect("report_new")
    return redirect(f"{reverse('report_new')}?lon={here.x:.6f}&lat={here.y:.6f}")
