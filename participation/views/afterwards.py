"""What follows the act of a right form: a word that it is done, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from participation.models import Matter
from participation.views.organise import done
from reports.views.acknowledged import acknowledge


def acted_then(
    request: HttpRequest, matter: Matter, form: Form, do: Callable[[], Any], said: str, onward: str
) -> HttpResponse | None:
    """The act, `said` at the head of the next page, the address named `onward` with the matter's number; None when there is something
    to say at the form."""

    def act() -> Matter:
        do()
        return matter

    if done(request, form, act) is None:
        return None
    acknowledge(request, said)
    return redirect(onward, matter.subject.reference)
