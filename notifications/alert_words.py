"""An alert in words: what it tells of, where, how often."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discussion.words import quoted
from geoportal.kernel.multilingual import text_in
from municipality.models import Area, Organisation, Sector
from notifications.models import Alert, Frequency
from participation.everything import NAMES
from reports.models import Category

FREQUENCIES = {
    Frequency.INSTANT: gettext_lazy("At once"),
    Frequency.DAILY: gettext_lazy("Once a day"),
    Frequency.WEEKLY: gettext_lazy("Once a week"),
}
REPORTS = ("problem", "idea")
KINDS: dict[str, Promise] = {slug: many for slug, (_one, many) in NAMES.items() if slug not in ("project", "goal", "service")}
"""What an alert may tell of: whatever comes new before everyone's eyes. Planned projects, goals and services are the municipality's data, without
acts of coming."""
RADII = (250, 500, 1000, 2000, 5000)


def distance(metres: int) -> str:
    """„500 м“, „2 км“"""
    if metres >= 1000 and metres % 1000 == 0:
        return _("%(count)s km") % {"count": metres // 1000}
    return _("%(count)s m") % {"count": metres}


class Wording:
    """Describes many alerts with three queries, and one more each where there are circles or organisations."""

    def __init__(self, alerts: list[Alert]) -> None:
        def ids(name: str) -> set[int]:
            return {pk for alert in alerts for pk in getattr(alert, name)}

        self.homes = _homes([alert.pk for alert in alerts if alert.metres])
        wanted = ids("areas") | set(self.homes.values())
        self.areas = {area.pk: area for area in Area.objects.filter(pk__in=wanted).defer("polygon")}
        self.sectors = Sector.objects.in_bulk(ids("sectors"))
        self.categories = Category.objects.in_bulk(ids("categories"))
        by = ids("organisations")
        self.organisations = Organisation.objects.in_bulk(by) if by else {}

    def where(self, alert: Alert) -> str:
        if alert.metres:
            home = self.areas.get(self.homes.get(alert.pk, 0))
            said = {"distance": distance(alert.metres), "area": home.full_name if home else _("the municipality")}
            return _("within %(distance)s of a point in %(area)s") % said
        if alert.geom:
            return _("in the area you drew")
        named = [self.areas[pk] for pk in alert.areas if pk in self.areas]
        if any(area.parent_id is None for area in named):
            return _("in the whole municipality")
        return self._names(alert)

    def _names(self, alert: Alert) -> str:
        return ", ".join(self.areas[pk].full_name for pk in alert.areas if pk in self.areas)

    def what(self, alert: Alert) -> str:
        """„нови сигнали и идеи · Пътища · „тротоар““"""
        tells = []
        if alert.new:
            tells.append(_("new ones"))
        if alert.updates:
            tells.append(_("what becomes of them"))
        found = [", ".join(str(KINDS[kind]) for kind in alert.kinds if kind in KINDS) or _("Problems and ideas")]
        found.append(_(" and ").join(tells))
        found += [text_in(self.sectors[pk].name) for pk in alert.sectors if pk in self.sectors]
        found += [text_in(self.categories[pk].name) for pk in alert.categories if pk in self.categories]
        found += [str(self.organisations[pk]) for pk in alert.organisations if pk in self.organisations]
        if alert.words:
            found.append(quoted(alert.words))
        return " · ".join(found)

    def title(self, alert: Alert) -> str:
        """Its name, else where it listens: a phrase begins large, names of areas stay as they are written („с. Врачеш“)."""
        where = self.where(alert)
        begun = where if where == self._names(alert) else where[:1].upper() + where[1:]
        return alert.name or begun

    def row(self, alert: Alert) -> dict[str, Any]:
        """What the list of alerts shows of one."""
        return {
            "alert": alert,
            "title": self.title(alert),
            "where": self.where(alert),
            "what": self.what(alert),
            "frequency": FREQUENCIES[Frequency(alert.frequency)],
        }


def _homes(circles: list[int]) -> dict[int, int]:
    """The smallest area (its key) in which the centre of each of these alerts lies."""
    if not circles:
        return {}
    over = Area.objects.filter(polygon__covers=OuterRef("centre")).order_by(-Length("path"), "pk").values("pk")[:1]
    found = Alert.objects.filter(pk__in=circles).annotate(home=Subquery(over)).filter(home__isnull=False)
    return dict(found.values_list("pk", "home"))


def sentence(alert: Alert) -> str:
    """One alert for a letter."""
    wording = Wording([alert])
    return f"{wording.what(alert)}, {wording.where(alert)}"
