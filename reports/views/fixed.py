"""„Looks fixed“, said by anybody but the author on a public problem: words, a photo, and for strangers one mail."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import actions as spine
from discussion.addresses import page_of
from geoportal.kernel import throttle
from geoportal.kernel.photos import MOST_BYTES
from reports import actions
from reports.actions.fixed import open_to_claims
from reports.forms.author import FixedForm
from reports.forms.errors import errors_by_field
from reports.models import Photo, Report
from reports.views.acknowledged import said_fixed
from reports.views.page import found
from reports.views.said import taking_out, typed
from reports.views.visitor import known_visitor

SAID = gettext_lazy("You have said so already; an official will look.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fixed(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    if not open_to_claims(report):
        raise Http404
    posted = request.method == "POST"
    form = FixedForm(
        typed(request), request.FILES if posted else None, known=known_visitor(request) is not None,
        initial={"client_uuid": uuid.uuid4()},
    )  # fmt: skip
    kept = _keep_photo(request, form) if posted else None
    if posted and not taking_out(request) and form.is_valid():
        try:
            return _say(request, report, form, kept)
        except (ValidationError, throttle.Throttled, actions.NotAllowed) as refused:
            _place(form, refused)
    say = _("An official looks at it. Everyone sees your photo only when the official confirms that it is fixed.")
    context = {
        "report": report,
        "form": form,
        "title": _("It looks fixed"),
        "button": _("Send"),
        "say": say,
        "not_public": True,
        "shot": {"small": kept.url("small")} if kept else None,
        "over": "" if posted or not said_fixed(report.pk, known_visitor(request)) else SAID,
    }
    return render(request, "reports/small.html", context, status=422 if form.errors else 200)


def _keep_photo(request: HttpRequest, form: FixedForm) -> Photo | None:
    """The photo sent now, or the one that came along earlier: it is not lost when something else is wrong."""
    form.is_valid()
    draft = form.cleaned_data.get("client_uuid")
    if draft is None:
        return None
    earlier = Photo.objects.filter(draft=draft, report=None, fixed_claim=None).order_by("-created_at").first()
    file = request.FILES.get("photo")
    if file is None:
        return earlier
    try:
        throttle.limit(request, "photo")
        return actions.keep_photo(draft, uuid.uuid4(), file.read(MOST_BYTES + 1))
    except (ValidationError, throttle.Throttled) as refused:
        form.add_error("photo", refused.messages if isinstance(refused, ValidationError) else refused.detail)
        return earlier


def _say(request: HttpRequest, report: Report, form: FixedForm, kept: Photo | None) -> HttpResponse:
    data, known = form.cleaned_data, known_visitor(request)
    throttle.limit(request, "fixed", contact=data.get("email", ""))
    correspondent = known or spine.correspondent_for(data["email"], get_language() or "")
    actions.say_fixed(
        report.pk, text=data["text"], photo=kept.client_uuid if kept else None, client_uuid=data["client_uuid"],
        correspondent=correspondent, by=request.user if request.user.is_authenticated else None,  # type: ignore[arg-type]
        proven=known is not None,
    )  # fmt: skip
    if known:
        return render(
            request,
            "reports/mail_sent.html",
            {
                "back_url": page_of(report.subject),
                "of_report": report.kind,
                "title": _("Thank you. An official will look at it"),
            },
        )
    return render(
        request,
        "reports/mail_sent.html",
        {
            "back_url": page_of(report.subject),
            "of_report": report.kind,
            "title": _("Look into your mail"),
            "email": data["email"],
        },
    )


def _place(form: FixedForm, refused: Exception) -> None:
    if isinstance(refused, ValidationError):
        for name, errors in errors_by_field(refused).items():
            form.add_error(name if name in form.fields else None, errors)
    elif isinstance(refused, throttle.Throttled):
        form.add_error(None, refused.detail)
    else:
        form.add_error(None, _("This is not possible any more: the report has moved on. Look at its page."))
