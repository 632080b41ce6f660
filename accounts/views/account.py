"""Pages of the account itself and, for administrators, of the people who work here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import AcceptForm, InviteForm, ProfileForm, RolesForm
from accounts.models import OUTSIDE, Invitation, Membership, Role, User
from geoportal.kernel.multilingual import text_in


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.set_profile(user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account_home")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation: name, password and one button; the button alone for who is signed in with its address. Nothing
    happens on GET."""
    found = actions.open_invitation(token)
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    user: Any = request.user
    known = actions.is_for(found, user)
    form = Form(request.POST) if known and request.method == "POST" else Form() if known else AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.join(found.pk, by=user) if known else actions.accept(found.pk, **form.cleaned_data)
        except ValidationError as refused:
            for name, words in _by_field(refused):
                form.add_error(name if name in form.fields else None, words)
        else:
            said = _("The invitation is accepted: %(organisation)s.") % {"organisation": text_in(found.organisation.name)}
            messages.success(request, said if known else _("Your account is ready. Sign in with your e-mail and password."))
            return redirect("account_home" if known else "account_login")
    context = {
        "form": form,
        "invitation": found,
        "known": known,
        "login_url": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _by_field(refused: ValidationError) -> list[tuple[str, list[str]]]:
    """Errors by field; those of the password's validators belong to the password."""
    if hasattr(refused, "error_dict"):
        return list(refused.message_dict.items())
    return [("password" if getattr(refused, "code", "") != "used" else "", refused.messages)]


def _administrator(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied
    return user


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, in which roles; an invitation by mail into a department."""
    by = _administrator(request)
    form = InviteForm(
        request.POST if request.method == "POST" else None, initial={"language": by.language, "roles": [Role.OFFICIAL]}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.invite(given["email"], given["organisation"], given["roles"], language=given["language"], by=by)
        messages.success(request, _("The invitation is on its way. Its link works once, for 14 days."))
        return redirect("account_people")
    held = Membership.objects.filter(active=True, user__is_active=True).select_related("user", "organisation")
    held = held.exclude(roles__contained_by=list(OUTSIDE))  # those are kept on the page of their organisation
    waiting = (
        Invitation.objects.filter(accepted_at=None)
        .exclude(roles__contained_by=list(OUTSIDE))
        .select_related("organisation")
        .order_by("-created_at")
    )
    context = {"form": form, "memberships": held.order_by("organisation__order", "user__name"), "invitations": waiting[:100]}
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's roles in one organisation, and the way out."""
    by = _administrator(request)
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation").exclude(roles__contained_by=list(OUTSIDE)), pk=pk, active=True
    )
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": membership.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_roles(membership.pk, form.cleaned_data["roles"], by=by)
        except ValidationError as refused:
            form.add_error("roles", refused.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("account_people")
    return render(request, "accounts/person.html", {"form": form, "membership": membership}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the person's roles, sessions and tokens at once."""
    by = _administrator(request)
    membership = Membership.objects.filter(pk=pk, active=True).first()
    if membership is None:
        raise Http404
    try:
        actions.deactivate(membership.user_id, by=by)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The account is closed: its roles, sessions and keys have ended."))
    return redirect("account_people")
