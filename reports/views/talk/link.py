"""What staff say of two subjects: a typed link, drawn from one of them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import actions as spine
from discussion.addresses import page_of
from discussion.links import BY_HAND, WORDS
from discussion.models import Link
from reports.forms.links import ConnectForm
from reports.views.acknowledged import acknowledge
from reports.views.visitor import of_any, refuse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, ref: str) -> HttpResponse:
    """Draws a link; `away=<key>` takes one away. Whoever does not work for the municipality finds nothing here."""
    if not getattr(request.user, "works_here", False):
        raise Http404
    subject, user = of_any(request, ref), request.user
    if request.method == "POST" and (away := request.POST.get("away", "")[:18]).isascii() and away.isdigit():
        spine.disconnect(subject.pk, int(away), by=user)  # type: ignore[arg-type]
        acknowledge(request, _("The link was taken away."))
        return redirect(page_of(subject))
    form = ConnectForm(request.POST if request.method == "POST" else None, of=subject.kind)
    if request.method == "POST" and form.is_valid():
        try:
            spine.connect(subject.pk, form.cleaned_data["other"], form.cleaned_data["kind"], by=user)  # type: ignore[arg-type]
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("They are linked, and both pages say so."))
            return redirect(page_of(subject))
    drawn = Link.objects.filter(source=subject, kind__in=BY_HAND).select_related("target").order_by("pk")
    rows = [(one, WORDS[one.kind][0]) for one in drawn]
    context = {"subject": subject, "back_url": page_of(subject), "form": form, "links": rows}
    return render(request, "discussion/link.html", context, status=422 if form.errors else 200)
