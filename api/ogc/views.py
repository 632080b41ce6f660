"""The addresses under `/ogc/`."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from api.ogc import asked, documents, openapi, reading, schemas
from api.ogc.answering import GEOJSON, JSON, OPENAPI, SCHEMA, Answer, Cell, Page, Table, at, both, link, resource
from api.ogc.catalogue import every, find
from api.ogc.collections import Collection
from api.ogc.fields import Field
from geoportal.kernel.systems import System

_ONLY_FORMAT = ("f",)
MOST_LINES = 500


def _collection(name: str) -> Collection:
    found = find(name)
    if found is None:
        raise Http404
    return found


@resource()
def landing(request: HttpRequest) -> Answer:
    asked.only(request, _ONLY_FORMAT)
    return documents.landing(request)


@resource()
def conformance(request: HttpRequest) -> Answer:
    asked.only(request, _ONLY_FORMAT)
    return documents.conformance()


@resource(OPENAPI)
def api(request: HttpRequest) -> Answer:
    """OpenAPI 3.0; its page names the addresses."""
    asked.only(request, _ONLY_FORMAT)
    body = openapi.document(every())
    rows = [[(f"/ogc{path}", ""), (operations["get"]["summary"], "")] for path, operations in body["paths"].items()]
    table = Table(_("Addresses"), [_("Address"), _("What it answers")], rows)
    page = Page(_("Description of this interface"), str(body["info"]["description"]), documents.crumbs()[:1], [table])
    return Answer(body, lambda: page, OPENAPI)


@resource()
def collections(request: HttpRequest) -> Answer:
    asked.only(request, _ONLY_FORMAT)
    return documents.collections(request, every())


@resource()
def collection(request: HttpRequest, collection: str) -> Answer:
    found = _collection(collection)
    asked.only(request, _ONLY_FORMAT)
    return documents.collection(found)


@resource(SCHEMA)
def schema(request: HttpRequest, collection: str) -> Answer:
    found = _collection(collection)
    asked.only(request, _ONLY_FORMAT)
    return documents.of_schema(found, schemas.schema(found), _("What each feature holds"), list(found.fields))


@resource(SCHEMA)
def queryables(request: HttpRequest, collection: str) -> Answer:
    found = _collection(collection)
    asked.only(request, _ONLY_FORMAT)
    fields = list(found.queryables.values())
    return documents.of_schema(found, schemas.queryables(found), _("What filters may speak of"), fields)


@resource(GEOJSON)
def items(request: HttpRequest, collection: str) -> Answer:
    """One page of features; `next` leads on until there are no more."""
    found = _collection(collection)
    wanted = asked.items(request, found)
    rows, last, total = reading.page(wanted)
    links = _links(request, found)
    if last is not None:
        here = at(f"collections/{found.id}/items")
        links.insert(1, link("next", f"{here}?{wanted.following(last)}", GEOJSON, _("The next page")))
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": reading.features(found, rows),
        "links": links,
        "timeStamp": timezone.now().replace(microsecond=0),
        "numberReturned": len(rows),
    }
    if total is not None:
        body["numberMatched"] = total
    return Answer(body, lambda: _page_of(wanted, rows, last), GEOJSON, _crs(wanted.system))


@resource(GEOJSON)
def item(request: HttpRequest, collection: str, feature: str) -> Answer:
    """One feature by its public number or short name."""
    found = _collection(collection)
    system = asked.system(asked.only(request, asked.ITEM), "crs")
    row = reading.one(found, feature, system)
    if row is None:
        raise Http404
    links = _links(request, found)
    body = {**reading.features(found, [row])[0], "links": links}
    table = Table(_("Properties"), [_("Property"), _("Value")], _facts(found, row))
    page = Page(_name(found, row), str(found.title), documents.crumbs(found, deeper=True), [table])
    return Answer(body, lambda: page, GEOJSON, _crs(system))


def _links(request: HttpRequest, collection: Collection) -> list[dict[str, str]]:
    return [*both(request, GEOJSON), link("collection", at(f"collections/{collection.id}"), JSON, _("This collection"))]


def _crs(system: System) -> dict[str, str]:
    return {"Content-Crs": f"<{system.uri}>"}


def _name(collection: Collection, row: tuple[Any, ...]) -> str:
    """What people call the feature: the first property that is a title or a name, else its id."""
    values = {field.name: value for field, value in zip(collection.fields, row[3:], strict=True)}
    named = (value for name, value in values.items() if name.startswith(("title", "name")) and value)
    return str(next(named, row[1]))


def _facts(collection: Collection, row: tuple[Any, ...]) -> list[list[Cell]]:
    found = [[(str(field.title), ""), _cell(field, value)] for field, value in zip(collection.fields, row[3:], strict=True)]
    return [*found, [(_("Geometry"), ""), (str(row[2] or ""), "")]]


def _cell(field: Field, value: Any) -> Cell:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return (_("yes") if value else _("no")), ""
    words = value.isoformat(timespec="seconds") if hasattr(value, "hour") else str(value)
    return words, (words if field.linked else "")


def _page_of(wanted: asked.Asked, rows: list[tuple[Any, ...]], last: int | None) -> Page:
    """A table of the features, of not too many at once: the link to the next page begins behind the last one shown."""
    collection, shown = wanted.collection, rows[:MOST_LINES]
    if len(rows) > MOST_LINES:
        last = shown[-1][0]
    here = at(f"collections/{collection.id}/items")
    lines = [
        [
            (str(row[1]), f"{here}/{row[1]}?f=html"),
            *(_cell(field, value) for field, value in zip(collection.fields[1:], row[4:], strict=True)),
        ]
        for row in shown
    ]
    heads = [str(field.title) for field in collection.fields]
    lead = str(collection.description) if rows else _("No feature fits what was asked for.")
    tables = [Table(_("Features"), heads, lines)] if rows else []
    following = "" if last is None else f"{here}?{wanted.following(last, f='html')}"
    return Page(
        ": ".join((str(collection.title), _("features"))), lead, documents.crumbs(collection), tables, following=following
    )
