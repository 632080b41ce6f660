"""How programs, files and a map's own questions read an address: all of it, or a refusal as a problem that names the parameter.

Pages for people leave out what cannot be read, name it and show the rest (`reports.parameters.readable`)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

from geoportal.kernel.problems import Problem
from reports.filters import Filters
from reports.parameters import BadParameter


def readable_or_problem(request: HttpRequest, *, place: bool = False) -> Filters:
    """The filters of the address; with `place` a box must be among them. Raises Problem 400 of the first bad parameter."""
    filters, bad = Filters.readable(request.GET, request.user)
    if place and not filters.bbox:
        bad = bad or [BadParameter("bbox", gettext("Name the place."))]
    if bad:
        raise refused(bad[0])
    return filters


def refused(bad: BadParameter) -> Problem:
    """The answer to scripts and for files: 400 with label and remedy."""
    failed = Problem(bad.sentence, status=400, code="parameter")
    failed.members = {"parameter": bad.name, "errors": {bad.name: list(bad.messages)}}
    return failed
