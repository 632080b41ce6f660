"""The descriptions: landing page, conformance, collections – each as JSON and as a page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.ogc.answering import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Answer, Cell, Page, Table, at, both, link
from api.ogc.collections import Collection
from api.ogc.conformance import CLASSES
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.systems import CRS84, SYSTEMS
from municipality.site import installation

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def crumbs(collection: Collection | None = None, *, deeper: bool = False) -> list[Cell]:
    """The way from the landing page."""
    found = [(_("Geodata for GIS programs"), at("")), (_("Collections"), at("collections"))]
    if collection:
        found.append((str(collection.title), at(f"collections/{collection.id}")))
        if deeper:
            found.append((_("Features"), at(f"collections/{collection.id}/items")))
    return found


def landing(request: HttpRequest) -> Answer:
    """What there is, and where."""
    title = ": ".join((text_in(installation().name), _("geodata")))
    lead = _("Everything public on this site as layers that QGIS and other programs open (OGC API – Features).")
    links = [
        *both(request),
        link("service-desc", at("api"), OPENAPI, _("Description of this interface as OpenAPI 3.0")),
        link("service-doc", at("api?f=html"), HTML, _("The same as a page")),
        link("conformance", at("conformance"), JSON, _("What is kept of the standards")),
        link("data", at("collections"), JSON, _("Collections")),
    ]
    shown = [(_("Collections"), at("collections?f=html")), (_("Description of this interface"), at("api?f=html")),
             (_("What is kept of the standards"), at("conformance?f=html"))]  # fmt: skip
    page = Page(
        _("Geodata for GIS programs"),
        " ".join((lead, _("In QGIS, add a WFS / OGC API – Features layer with this address:"), at(""))),
        links=shown,
    )
    return Answer({"title": title, "description": lead, "links": links}, lambda: page)


def conformance() -> Answer:
    """The classes of the standards that are kept."""
    title = _("What is kept of the standards")
    table = Table(title, [_("Class of requirements")], [[(each, "")] for each in CLASSES])
    return Answer({"conformsTo": CLASSES}, lambda: Page(title, crumbs=crumbs()[:1], tables=[table]))


def described(collection: Collection) -> dict[str, Any]:
    """The object `collection` of Part 1, with the coordinate systems of Part 2."""
    here = at(f"collections/{collection.id}")
    extent: dict[str, Any] = {"spatial": {"bbox": [list(collection.extent)], "crs": CRS84.uri}}
    if collection.time:
        extent["temporal"] = {"interval": [[None, None]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
    return {
        "id": collection.id,
        "title": str(collection.title),
        "description": str(collection.description),
        "itemType": "feature",
        "extent": extent,
        "crs": list(SYSTEMS),
        "storageCrs": CRS84.uri,
        "links": [
            link("self", here, JSON, _("This collection")),
            link("alternate", f"{here}?f=html", HTML, _("This document as a page")),
            link("items", f"{here}/items", GEOJSON, _("Features")),
            link("items", f"{here}/items?f=html", HTML, _("Features as a page")),
            link("describedby", f"{here}/schema", SCHEMA, _("What each feature holds")),
            link(f"{_REL}schema", f"{here}/schema", SCHEMA, _("What each feature holds")),
            link(f"{_REL}queryables", f"{here}/queryables", SCHEMA, _("What filters may speak of")),
            link("license", f"{settings.SITE_URL}/open-data/", HTML, _("Terms of use")),
        ],
    }


def collections(request: HttpRequest, found: list[Collection]) -> Answer:
    """All of them."""
    rows = [
        [(str(each.title), at(f"collections/{each.id}?f=html")), (each.id, ""), (str(each.description), "")] for each in found
    ]
    body = {"links": both(request), "crs": list(SYSTEMS), "collections": [described(each) for each in found]}
    table = Table(_("Collections"), [_("Title"), _("Short name"), _("What it holds")], rows)
    return Answer(body, lambda: Page(_("Collections"), crumbs=crumbs()[:1], tables=[table]))


def collection(one: Collection) -> Answer:
    """One of them, its properties and its coordinate systems."""
    here = at(f"collections/{one.id}")
    links = [(_("Features"), f"{here}/items?f=html"), (_("What each feature holds"), f"{here}/schema?f=html"),
             (_("What filters may speak of"), f"{here}/queryables?f=html")]  # fmt: skip
    systems = Table(
        _("Coordinate systems"), [_("Name"), _("Address")], [[(each.name, ""), (each.uri, "")] for each in SYSTEMS.values()]
    )
    tables = [properties(one, list(one.fields)), systems]
    return Answer(described(one), lambda: Page(str(one.title), str(one.description), crumbs(), tables, links))


def properties(one: Collection, fields: list[Any]) -> Table:
    """Names, titles, types and values of properties."""
    rows = [[(each.name, ""), (str(each.title), ""), (each.type, ""), (", ".join(each.values), "")] for each in fields]
    heads = [_("Property"), _("Meaning"), _("Type"), _("Values")]
    return Table(_("Properties"), heads, [[("geometry", ""), (_("Geometry"), ""), (one.kind, ""), ("", "")], *rows])


def of_schema(one: Collection, body: dict[str, Any], title: str, fields: list[Any]) -> Answer:
    """A JSON Schema and its table."""
    return Answer(body, lambda: Page(title, str(one.title), crumbs(one), [properties(one, fields)]), SCHEMA)
