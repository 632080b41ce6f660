"""The page behind a link in a mail: says what will happen, with one button. GET never acts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import blocks
from accounts.browser import remember, remember_for
from discussion import actions as spine
from discussion import wishes
from geoportal.kernel import links
from reports import actions, workflow
from reports.models import Report
from reports.views.acknowledged import acknowledge, done_words, waiting_words
from reports.views.visitor import support_verbs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """POST proves the address and does what was wished; only the first time is the browser known by it.

    The link stays good for months and letters are forwarded: from then on it opens its own report to its author, nothing else.
    """
    asked = wishes.asked(token)
    if asked is None:
        return render(request, "reports/expired.html", status=410)
    report = Report.objects.filter(pk=asked.subject.pk).first()
    own = asked.wish in (wishes.Wish.REPORT, wishes.Wish.OPEN)
    sends = asked.wish == wishes.Wish.REPORT and report is not None and report.status in workflow.DRAFTS
    if request.method != "POST":
        wish = wishes.Wish.OPEN if own and not sends else asked.wish
        first = sends or asked.correspondent.verified_at is None
        back = asked.wish == wishes.Wish.SUPPORT and asked.correspondent.supports.filter(subject=asked.subject).exists()
        context = {
            "asked": asked, "wish": str(wish), "title": _supported(asked) if back else _question(wish),
            "back": back, "first": first, "named": own or asked.subject.is_public,
        }  # fmt: skip
        return render(request, "reports/confirm.html", context)
    first = spine.verify(asked.correspondent) or sends
    writes = sends or asked.wish == wishes.Wish.COMMENT
    if writes and (block := blocks.in_force(asked.correspondent)):  # what was asked about goes after its days
        acknowledge(request, blocks.sentence(block), level=messages.WARNING)
        return redirect("map")
    if asked.wish == wishes.Wish.COMMENT:  # each letter speaks for what it asks about alone
        spine.confirm_comments(asked.correspondent, asked.subject.pk)
    elif asked.wish == wishes.Wish.FIXED:
        actions.confirm_claims(asked.correspondent, asked.subject.pk)
    response = redirect(_done(request, asked, report))
    if first:
        remember(response, asked.correspondent)
    elif own and asked.correspondent.user_id is not None and not asked.subject.is_public:
        return redirect(
            f"{reverse('account_login')}?{urlencode({'next': asked.subject.path})}"
        )  # a link stands for no password
    elif own:
        remember_for(request, response, asked.correspondent, asked.subject.pk)
    return response


def _supported(asked: wishes.Asked) -> str:
    return _("You said that it affects you") if asked.subject.kind == "problem" else _("You support it")


def _question(wish: str) -> str:
    questions: dict[str, str] = {
        wishes.Wish.REPORT: _("Send it now?"),
        wishes.Wish.SUPPORT: _("Count your support?"),
        wishes.Wish.FOLLOW: _("Follow it?"),
        wishes.Wish.COMMENT: _("Send your comment?"),
        wishes.Wish.FIXED: _("Tell the official that it looks fixed?"),
    }
    if wish in wishes.DOES:
        return str(wishes.DOES[wish].question)
    return questions.get(wish) or _("Open your report")


def _done(request: HttpRequest, asked: wishes.Asked, report: Report | None) -> str:
    """Does it (a support with `back`: takes it back), says so, and answers where to go; a second time changes nothing."""
    who, subject, back = asked.correspondent, asked.subject, "back" in request.POST
    if asked.wish == wishes.Wish.REPORT:
        return _confirm_report(request, report)
    try:
        if asked.wish == wishes.Wish.SUPPORT:
            give, take = support_verbs(subject)
            (take if back else give)(subject.pk, who)
            acknowledge(request, done_words(asked.wish, subject, back=back))
        elif asked.wish == wishes.Wish.FOLLOW:
            spine.follow(subject.pk, who)
            acknowledge(request, done_words(asked.wish, subject))
        elif asked.wish in wishes.DOES:
            acknowledge(request, wishes.DOES[asked.wish].does(subject, who))
        else:
            acknowledge(request, waiting_words(asked.wish, subject, who))
    except ValidationError as refused:  # the report ended or left the public set meanwhile
        acknowledge(request, " ".join(refused.messages), level=messages.WARNING)
    return subject.path


def _confirm_report(request: HttpRequest, report: Report | None) -> str:
    if report is None:
        return reverse("report_new")
    try:
        actions.act(report.pk, "confirm", proven_author=True)
    except actions.NotAllowed:
        return reverse("report", args=[report.subject.reference])
    except ValidationError as refused:  # who has this address is kept from writing
        acknowledge(request, " ".join(refused.messages), level=messages.WARNING)
        return reverse("report_list")
    return reverse("report_receipt", args=[links.make("receipt", report=report.pk)])
