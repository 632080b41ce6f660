"""What a sent report is answered with, and what its page says of proceedings."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.models import Visibility
from discussion.words import in_words
from geoportal.kernel import links
from municipality.site import installation, support_needed
from reports import clocks, workflow
from reports.access import proven_author
from reports.models import RegisterNumber, Report

RECEIPT_SECONDS = 30 * 86_400


@never_cache
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What was received, or what it waits for; by a signed address, so that a reload shows it again."""
    data = links.read("receipt", token, RECEIPT_SECONDS)
    report = data and Report.objects.with_page_facts().filter(pk=data["report"]).first()
    if not report:
        return render(request, "reports/expired.html", status=410)
    kept_until = timezone.localdate(report.created_at) + datetime.timedelta(days=installation().unconfirmed_days)
    context = {
        "report": report, "subject": report.subject, "until": in_words(kept_until), "next": _next_lines(report),
        "number": RegisterNumber.objects.filter(report=report).first(), "no_proceedings": no_proceedings(report),
        "stop_url": _stop_url(request, report),
        "opens": report.is_public or (report.status not in workflow.DRAFTS and proven_author(request, report)),
    }  # fmt: skip
    return render(request, "reports/receipt.html", context)


def _stop_url(request: HttpRequest, report: Report) -> str:
    """Where whoever sent it, and is told of it by itself, asks not to be; "" for others and where there is no address."""
    contact = getattr(report, "contact", None)
    person = contact.correspondent if contact else None
    if report.status in workflow.DRAFTS or person is None or not person.email or not proven_author(request, report):
        return ""
    return reverse("notifications:stop", args=[links.make("unsubscribe", correspondent=person.pk, subjects=[report.pk])])


def no_proceedings(report: Report) -> str:
    """The one sentence that receipt and page say of what was not filed officially or happened too long ago; or nothing."""
    if report.official:
        old = clocks.more_than_two_years_ago(report.happened_on, timezone.localdate(report.created_at))
        return (
            _("It happened over two years ago: it is registered and answered, but by law no proceedings start.") if old else ""
        )
    if report.subject.visibility == Visibility.RESTRICTED:
        return _("It was not filed officially: no legal proceedings start from it.")
    return _("Published for discussion: no legal proceedings start from it.")


def _next_lines(report: Report) -> list[str]:
    if report.kind == "idea" and not report.official:
        threshold = support_needed(report.area_id)
        return [
            _("Others can support it from now on."),
            _("At %(number)s supports, or earlier, an official takes it under review.") % {"number": threshold},
            _("You hear of every step by mail, if you left an address."),
        ]
    if report.subject.visibility == Visibility.RESTRICTED:
        return [
            _("The department reads it and gives it to a person."),
            _("You hear of every step by mail, if you left an address; only you and the municipality read it."),
        ]
    return [
        _("The department reads it and gives it to a person."),
        _("You hear of every step by mail, if you left an address; everyone reads it on the page."),
        _("If the answer is not there by its day, it shows as late for everyone."),
    ]
