"""What an official does with „looks fixed“: confirms it, which resolves the problem, or says why not."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.models import TimelineRow
from discussion.words import quoted
from reports import actions, rules
from reports.forms.desk import SettleForm
from reports.models import FixedClaim
from reports.views.desk.amend import small
from reports.views.desk.entrance import staff, working_on
from reports.wording_acts import act_name
from reports.workflow import Who


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def settle(request: HttpRequest, ref: str, pk: int, verb: str) -> HttpResponse:
    report = working_on(request, ref)
    if Who.OFFICIAL not in rules.capacities(request.user, report) or verb not in ("confirm", "dismiss"):
        raise Http404
    claim = get_object_or_404(FixedClaim, pk=pk, report=report, state=FixedClaim.State.WAITING)
    confirms = verb == "confirm"
    first = _("A resident saw that it is fixed and sent a photo. We confirm it.") if confirms else ""
    form = SettleForm(
        request.POST if request.method == "POST" else None, initial={"version": report.subject.version, "text": first}
    )
    do_it = actions.accept_fixed if confirms else actions.dismiss_fixed

    def do(data: dict[str, Any]) -> TimelineRow:
        return do_it(claim.pk, text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    title = _("It is fixed: resolve with this photo") if confirms else _("It is not fixed")
    button = act_name("resolve") if confirms else _("Tell who said so")
    return small(request, report, form, title, button, do, tells=confirms, say=quoted(claim.text))
