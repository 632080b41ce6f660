"""The installation, its sectors, organisations and pages, and the map's base maps and named things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import holidays
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.models import BaseMap
from municipality.models import Installation, Organisation, Page, Sector
from reports.alarms import alarm
from reports.loading.rows import LoadError, Row, record
from reports.loading.upsert import Load

NUMBERS = (
    "support_threshold", "support_least", "unconfirmed_days", "reopen_days", "question_working_days", "archive_months",
    "similar_metres", "outside_metres", "comment_edit_hours",
)  # fmt: skip


LINKED = frozenset(["about", "privacy", "terms", "accessibility", "open-data"])
"""Pages that the menu and the foot of every page lead to."""


def installation(load: Load, row: Row) -> None:
    """The one row; languages and time zone must be those that the environment sets."""
    languages = row.words("languages")
    if languages != [code for code, _name in settings.LANGUAGES]:
        raise row.error("languages", _("set LANGUAGES=%(codes)s in the environment") % {"codes": ",".join(languages)})
    if row.text("time_zone") != settings.TIME_ZONE:
        raise row.error("time_zone", _("set TIME_ZONE=%(zone)s in the environment") % {"zone": row.text("time_zone")})
    values: dict[str, Any] = {name: row.texts(name) for name in ("name", "short_name", "tagline")}
    values |= {"contact": _contact(row.row("contact")), "country": _country(row)}
    values["register_prefix"] = row.text("register_prefix")
    for name in NUMBERS:
        values[name] = row.number(name, getattr(Installation(), name))
    values["support_per_thousand"] = row.number("support_per_thousand", None)
    values["support_note"] = row.texts("support_note", None)
    values["premoderation"] = _premoderation(row)
    values["emergency_words"] = _emergency_words(row)
    base_maps = row.rows("base_maps")
    load.upsert(row, Installation, {"id": 1}, values)
    load.in_order(base_maps, _base_map)


def _country(row: Row) -> str:
    """Its public holidays must be known: due dates are counted by them."""
    code: str = row.text("country")
    if code not in holidays.list_supported_countries():
        raise row.error("country", _("no public holidays are known of “%(code)s”; write it like BG") % {"code": code})
    return code


def _contact(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"address": row.texts("address"), "hours": row.texts("hours", {})}
    for name in ("phone", "email", "emergency"):
        found[name] = row.text(name)
    try:
        validate_email(found["email"])
    except ValidationError as error:
        raise row.error("email", error.messages[0]) from None
    row.done()
    return found


def _premoderation(row: Row) -> dict[str, Any]:
    if row.raw("premoderation", None) is None:
        return {}
    below = row.row("premoderation")
    found = {name: below.flag(name, False) for name in ("guests", "first_posts")}
    found["categories"] = below.words("categories")
    below.done()
    return found


def _emergency_words(row: Row) -> dict[str, list[str]]:
    """{language: words}; none when missing."""
    if row.raw("emergency_words", None) is None:
        return {}
    below = row.row("emergency_words")
    found = {code: below.words(code) for code, _name in settings.LANGUAGES}
    below.done()
    for code, entries in found.items():
        for entry in entries:
            if alarm(entry) is None:
                raise below.error(code, _("“%(entry)s” names no word") % {"entry": entry})
    return found


def _base_map(load: Load, row: Row, order: int) -> None:
    url, wms = row.text("url"), row.text("wms", "")
    if not url.startswith(("https://", "http://")) or not (wms or all(part in url for part in ("{z}", "{x}", "{y}"))):
        raise row.error("url", _("must begin with https:// and contain {z}, {x} and {y}"))
    values = {
        "name": row.texts("name"), "url": url, "wms": wms, "attribution": row.text("attribution"), "order": order,
        "attribution_url": row.text("attribution_url", ""), "max_zoom": row.number("max_zoom", 19),
        "active": row.flag("active", True), "aerial": row.flag("aerial", False),
    }  # fmt: skip
    load.upsert(row, BaseMap, {"slug": row.text("slug")}, values)


def sectors(load: Load, rows: list[Row]) -> None:
    load.in_order(rows, _sector)


def _sector(load: Load, row: Row, order: int) -> None:
    values = {"name": row.texts("name"), "short_name": row.texts("short_name"), "icon": row.icon("icon", "s"), "order": order}
    load.upsert(row, Sector, {"slug": row.text("slug")}, values)


def organisations(load: Load, row: Row) -> None:
    """Departments, then the bodies to which a report can be forwarded and others who speak under their own name."""
    sections = (("departments", "department"), ("bodies", "body"), ("others", ""))
    found = [(below, kind) for section, kind in sections for below in row.rows(section)]
    kinds = {id(below): kind for below, kind in found}
    load.in_order(
        [below for below, _kind in found],
        lambda load, below, order: _organisation(load, below, kinds[id(below)] or below.text("kind"), order),
    )
    row.done()


def _organisation(load: Load, row: Row, kind: str, order: int) -> None:
    parent = None
    if slug := row.text("parent", ""):
        parent = Organisation.objects.filter(slug=slug).first()
        if parent is None:
            raise row.error("parent", _("there is no organisation “%(slug)s”") % {"slug": slug})
    values = {
        "kind": kind, "name": row.texts("name"), "mailbox": row.text("mailbox", ""), "active": row.flag("active", True),
        "parent": parent, "order": order,
    }  # fmt: skip
    told = {"about": row.texts("about", None), "website": row.text("website", "")}
    values |= {name: value for name, value in told.items() if value}  # else what its representative wrote stays
    slug, council, verified = row.text("slug"), row.flag("council", False), row.flag("verified", False)
    sectors = row.words("sectors")
    if unknown := set(sectors) - set(Sector.objects.values_list("slug", flat=True)):
        raise row.error("sectors", ", ".join(sorted(unknown)))
    load.upsert(row, Organisation, {"slug": slug}, values)
    _known(slug, sectors, council=council, verified=verified)


def _known(slug: str, sectors: list[str], *, council: bool, verified: bool) -> None:
    """What hangs on the organisation that was loaded: sectors, that it is the council, that the data vouch for it."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:  # its row was refused
        return
    if sectors:
        found.sectors.set(Sector.objects.filter(slug__in=sectors))
    if council:
        Installation.objects.update(council=found)
    if verified and found.verified_at is None:
        Organisation.objects.filter(pk=found.pk).update(verified_at=timezone.now())


def pages(load: Load, folder: Path) -> None:
    """One file a page; a higher version joins the older ones, which consents still name."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            row = record(path)
        except LoadError as error:
            load.problems.append(error)
            continue
        load.each([row], lambda found: _page(load, found))
    for slug in sorted(LINKED - set(Page.objects.values_list("slug", flat=True))):
        load.tell(LoadError(str(folder / f"{slug}.yaml"), 1, _("is missing")))


def _page(load: Load, row: Row) -> None:
    key = {"slug": row.text("slug"), "version": row.number("version", 1)}
    values = {"title": row.texts("title"), "body": row.texts("body"), "since": row.day("since")}
    load.upsert(row, Page, key, values)
