"""Filters in force, in the reader's words: what chips over a list and over the map say."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from geoportal.kernel.multilingual import text_in
from layers.zones import named_zones
from municipality.models import Area, Organisation
from municipality.site import sectors
from reports import beside, workflow
from reports.filters import Filters
from reports.models import Category
from reports.wording import STATE_NAMES, day


def in_force(filters: Filters, *, but: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """(parameter, what it lets through) of each filter in force except those in `but`; a query for what has names."""
    said = _Words(filters)
    read = [(name, getattr(said, name, None)) for name in filters.given if name not in but]
    return [(name, words) for name, tell in read if tell and (words := tell())]


class _Words:
    """One method per filter: what it lets through, in words; "" where there is nothing to say."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters

    def _slugs(self, name: str) -> list[str]:
        return [slug.strip() for slug in self.filters.given[name].split(",")]

    def kind(self) -> str:
        kinds = {"problem": _("Problems"), "idea": _("Ideas"), "project": _("Planned projects")}
        kinds |= {slug: str(kind.name) for slug, kind in beside.kinds().items()}
        return ", ".join(kinds[slug] for slug in self._slugs("kind") if slug in kinds)

    def sector(self) -> str:
        slugs = self._slugs("sector")
        return ", ".join(text_in(sector.short_name) for sector in sectors() if sector.slug in slugs)

    def category(self) -> str:
        return ", ".join(str(row) for row in Category.objects.filter(slug__in=self._slugs("category")))

    def status(self) -> str:
        return ", ".join(_state(slug) for slug in self._slugs("status"))

    def area(self) -> str:
        slugs = self._slugs("area")
        rows = [*Area.objects.filter(slug__in=slugs).defer("polygon"), *named_zones(slugs)]
        return _("Area: %(names)s") % {"names": ", ".join(str(row) for row in rows)} if rows else ""

    def bbox(self) -> str:
        return _("On this part of the map")

    def since(self) -> str:
        return pgettext("filter", "since %(date)s") % {"date": day(self.filters.since)} if self.filters.since else ""

    def until(self) -> str:
        return pgettext("filter", "until %(date)s") % {"date": day(self.filters.until)} if self.filters.until else ""

    def q(self) -> str:
        return pgettext("quotation marks", "“%s”") % self.filters.q

    def overdue(self) -> str:
        return _("Late")

    def supported(self) -> str:
        return _("Supported by me")

    def assigned(self) -> str:
        own = {"me": _("Assigned to me"), "none": _("Not assigned")}
        given = self.filters.given["assigned"]
        return own.get(given) or ", ".join(str(row) for row in Organisation.objects.filter(slug=given))


def _state(code: str) -> str:
    groups = {"open": _("Open ones"), "closed": _("Closed ones")}
    kind = next(kind for kind in workflow.Kind if code in workflow.STATES_OF[kind]) if code in workflow.STATES else None
    return groups.get(code) or str(STATE_NAMES[kind.value][code] if kind else "")
