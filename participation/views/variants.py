"""Variants are written: by the department, by residents; what waits is published, refused, taken back, dropped; what was published withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.actions import alternative as actions
from participation.forms.alternative import VariantForm
from participation.models import Alternative, Comparison
from participation.views.found import found, organised
from participation.views.organise import act_form, acted, done, over, page
from reports.bordered import border_of
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

METHODS = ["GET", "HEAD", "POST"]


def _form_page(request: HttpRequest, form: VariantForm, title: str, button: str, about: Any, say: str = "") -> HttpResponse:
    """The form with the map behind the place in words; the comparison's border is drawn on it and said."""
    border = border_of(about.border if isinstance(about, Comparison) else about.comparison.border)
    words = _("Draw a line or an area, or mark a place.")
    return page(
        request, form, title, button, event=about, say=say, map=True, map_after="place", draw=True, within=border,
        map_words=f"{words} {border.words}" if border else words,
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(METHODS)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """One more of the municipality's, while it is prepared."""
    comparison = organised(request, ref, Comparison)
    form = VariantForm(typed(request), user=request.user, own=True, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.add(comparison.pk, form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        acknowledge(request, _("The alternative is added."))
        return redirect("comparison", comparison.subject.reference)
    return over(request, comparison, "add") or _form_page(request, form, _("Add an alternative"), _("Add"), comparison)


@never_cache
@login_required
@require_http_methods(METHODS)
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """A resident's own, while people are asked."""
    comparison = found(request, ref, Comparison)
    if not (comparison.subject.is_public and comparison.takes_own):
        raise Http404
    form = VariantForm(typed(request), user=request.user, own=False, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.propose(comparison.pk, form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        acknowledge(request, _("Thank you. A moderator reads it before it appears."))
        return redirect("alternative", made.subject.reference)
    if request.method != "POST" and not comparison.takes_part:
        return over(request, comparison, "") or redirect("comparison", ref)
    say = _("Show another way to do it. It stands beside those of the municipality, once a moderator has read it.")
    return _form_page(request, form, _("Propose an alternative of your own"), _("Send it"), comparison, say)


def _act(request: HttpRequest, variant: Alternative, form: Form, do: Callable[[], Any], said: str) -> bool:
    def act() -> Alternative:
        do()
        return variant

    if done(request, form, act) is None:
        return False
    acknowledge(request, said)
    return True


@never_cache
@login_required
@require_http_methods(METHODS)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Before everyone sees it."""
    variant = organised(request, ref, Alternative)
    form = VariantForm(typed(request), user=request.user, own=variant.own, earlier=variant, initial=VariantForm.first(variant))  # type: ignore[misc]
    do = lambda: actions.change(variant.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if _act(request, variant, form, do, _("Saved.")):
        return redirect("alternative", variant.subject.reference)
    return over(request, variant, "change") or _form_page(request, form, _("Change the alternative"), _("Save"), variant)


def _acts() -> dict[str, tuple[str, str, str]]:
    """Act → (title, button, what is said)."""
    back = pgettext("withdraw", "Take it back")
    return {
        "publish": (_("Publish it"), _("Publish"), _("Everyone sees it then.")),
        "reject": (_("Do not publish it"), _("Do not publish"), _("Whoever sent it is told the reason.")),
        "take_back": (back, back, _("It is not read and does not become public.")),
        "withdraw": (
            _("Withdraw your alternative?"),
            pgettext("alternative", "Withdraw it"),
            _(
                "It stays readable with what was said of it, but does not count any more. Everyone reads why. It cannot be undone."
            ),
        ),
        "drop": (
            _("Take the alternative out?"),
            _("Take it out"),
            _("It is not compared. Those after it move up by a letter."),
        ),
    }


@never_cache
@login_required
@require_http_methods(METHODS)
def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """What needs a button alone, or a reason."""
    variant = organised(request, ref, Alternative)
    if name not in _acts():
        raise Http404
    form = act_form(request, variant, name, wordless=("take_back", "drop"))
    if name == "withdraw":
        form.fields["text"].help_text = _("Everyone reads it.")

    def take() -> Alternative:
        given = {key: form.cleaned_data[key] for key in ("version", "reason", "text") if key in form.cleaned_data}
        common: dict[str, Any] = {"by": request.user, "version": given.pop("version")}
        if name in ("publish", "drop", "withdraw"):
            getattr(actions, name)(variant.pk, **common, **given)
        else:
            actions.settle(variant.pk, name, **common, **given)
        return variant

    return acted(request, form, variant, name, take, _acts()[name])
