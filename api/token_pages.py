"""`/accounts/tokens/`: the tokens that let a program of mine act for me, made and revoked here by myself."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from api import tokens
from api.v1.access import SCOPES
from geoportal.kernel.text import CleanCharField

FOR_STAFF = ("cases", "work")
DAYS = {"30": gettext_lazy("30 days"), "90": gettext_lazy("90 days"), "365": gettext_lazy("a year")}


class TokenForm(forms.Form):
    """What the program is called, what it may do and for how long. `staff`: with what only those do who work here."""

    name = CleanCharField(
        max_length=80, label=gettext_lazy("What it is for"), help_text=gettext_lazy("So that you find it again.")
    )
    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, initial=["read"], label=gettext_lazy("What it may do")
    )
    days = forms.ChoiceField(choices=list(DAYS.items()), initial="90", label=gettext_lazy("How long it holds"))

    def __init__(self, *args: Any, staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [one for one in SCOPES.items() if staff or one[0] not in FOR_STAFF]  # type: ignore[attr-defined]

    def make(self, user: User) -> str:
        """The new token's text, "" when the verb refuses: the form says why."""
        given = self.cleaned_data
        last = timezone.localdate() + datetime.timedelta(days=int(given["days"]))
        try:
            return tokens.make(user, given["name"], given["scopes"], last)[1]
        except ValidationError as refused:
            self.add_error(None, refused.messages[0])
            return ""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """All of one's own, and a new one, whose text stands in this answer and nowhere else."""
    user: Any = request.user
    form, text = TokenForm(request.POST or None, staff=user.works_here), ""
    if request.method == "POST" and form.is_valid() and (text := form.make(user)):
        form = TokenForm(staff=user.works_here)
    rows = [_row(each) for each in tokens.own(user).order_by("-pk")[:100]]
    status = 422 if request.method == "POST" and not text else 201 if text else 200
    return render(request, "api/tokens.html", {"form": form, "text": text, "rows": rows}, status=status)


def _row(token: Any) -> dict[str, Any]:
    """A token with the words of what it may do; `over`: it holds no more."""
    return {
        "token": token,
        "may": [SCOPES[scope] for scope in token.scopes if scope in SCOPES],
        "over": token.expires_at <= timezone.now(),
        "last_day": timezone.localdate(token.expires_at - datetime.timedelta(seconds=1)),
    }


@never_cache
@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It is dead with this."""
    user: Any = request.user
    if not tokens.revoke(user, pk):
        raise Http404
    messages.success(request, _("The token was revoked: no program gets in with it any more."))
    return redirect("tokens")
