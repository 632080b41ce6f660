"""The guest's way in: a link is mailed, a page with one button opens the own pages in this browser. GET never acts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import browser, mailed_links
from accounts.forms import LinkForm
from accounts.models import Correspondent, MailedLink
from geoportal.kernel import throttle
from geoportal.kernel.meanwhile import came_meanwhile


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Asks for an address and mails a link to it; answers the same whoever the address belongs to."""
    following = browser.own_path(request, request.POST.get("next") or request.GET.get("next", ""))
    known = browser.correspondent_of(request)
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"email": known.email if known else ""})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            _send(request, email, following)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
        else:
            return render(request, "accounts/link_sent.html", {"email": email})
    context = {"form": form, "next": following, "again": known is not None and request.GET.get("again") == "1"}
    return render(request, "accounts/link.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, email: str, following: str) -> None:
    """One link, however often the button is pressed; a press while it is on its way is not counted against the address."""
    language = get_language() or ""

    def on_its_way() -> bool:
        return mailed_links.is_under_way(email, language=language, next_path=following)

    repeated = on_its_way()
    try:
        throttle.limit(request, "link", contact="" if repeated else email)
    except throttle.Throttled:
        if repeated or not came_meanwhile(on_its_way):
            raise
    else:
        mailed_links.send_link(email, language=language, next_path=following)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mailed link; its button uses the link up and remembers the browser."""
    kind = MailedLink.Kind.ENTER
    found = mailed_links.use(token, kind) if request.method == "POST" else mailed_links.opened(token, kind)
    if found is None:
        return render(request, "accounts/link_gone.html", status=410)
    if request.method != "POST":
        return render(request, "accounts/link_open.html", {"account": found.correspondent.user_id is not None})
    following = browser.own_path(request, found.next) or "account_home"
    if found.correspondent.user_id is not None:  # an account signs in with its password or a code
        return redirect("account_login")
    answer = redirect(following)
    browser.remember(answer, found.correspondent, proven=True)
    return answer


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This browser knows the guest no more."""
    answer = redirect("map")
    browser.forget(answer)
    messages.success(request, _("This browser knows you no more. A link by mail opens your pages again."))
    return answer


@never_cache
@browser.proven_required
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Another address to be written to: a link goes there, and until it is opened nothing changes."""
    known: Correspondent = request.correspondent  # type: ignore[attr-defined]
    form = LinkForm(request.POST if request.method == "POST" else None)
    form.fields["email"].label = _("The new e-mail")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            throttle.limit(request, "link", contact=email)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
        else:
            mailed_links.ask_address(known, email, language=get_language() or "")
            return render(request, "accounts/link_sent.html", {"email": email})
    return render(request, "accounts/address.html", {"form": form, "known": known}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link in the new mailbox: one button. Works in any browser; only the mailbox has the link."""
    found = mailed_links.opened(token, MailedLink.Kind.ADDRESS)
    if found is None:
        return render(request, "accounts/link_gone.html", status=410)
    if request.method != "POST":
        return render(request, "accounts/address_open.html", {"link": found})
    try:
        if mailed_links.confirm_address(token) is None:
            return render(request, "accounts/link_gone.html", status=410)
    except ValidationError as refused:
        return render(request, "accounts/address_open.html", {"link": found, "refused": refused.messages}, status=422)
    messages.success(request, _("From now on we write to %(email)s.") % {"email": found.email})
    return redirect("account_home")
