"""OGC API – Features, Part 1 (17-069r4): its abstract tests, named by the requirements they hold to."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.validation import validate_schema

from api.ogc import catalogue
from discussion.models import Subject
from layers import contents
from layers.models import Feature, Layer, Project
from municipality.models import Area, Sector
from reports.freshness import data_version
from reports.models import Report
from tests import factories
from tests.participation.conftest import event

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/reports/items"
GEOJSON = "application/geo+json"


def ask(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def body(path: str, **headers: str) -> Any:
    answer = ask(path, **headers)
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def names(path: str) -> list[str]:
    """The ids of a page's features, in order."""
    return [feature["id"] for feature in body(path)["features"]]


def links(found: Any) -> dict[str, list[dict[str, str]]]:
    """{rel: links}."""
    kept: dict[str, list[dict[str, str]]] = {}
    for link in found["links"]:
        kept.setdefault(link["rel"], []).append(link)
    return kept


def local(link: dict[str, str]) -> str:
    """The address of a link on this server."""
    return "/ogc/" + link["href"].partition("/ogc/")[2]


def layer(slug: str = "trees", **fields: Any) -> Layer:
    made = Layer.objects.create(slug=slug, name=factories.texts("Дървета", "Trees"), **fields)
    Feature.objects.create(layer=made, slug="oak", name=factories.texts("Дъб", "Oak"), point=Point(23.6, 42.9))
    line = MultiLineString(LineString((23.6, 42.9), (23.7, 42.95)))
    Feature.objects.create(layer=made, slug="row", name=factories.texts("Алея", "Alley"), line=line)
    zone = factories.box(23.59, 42.89, 23.61, 42.91)
    Feature.objects.create(layer=made, slug="park", name=factories.texts("Парк", "Park"), polygon=zone)
    return made


def project(**fields: Any) -> Project:
    subject = Subject.objects.create(
        kind="project", title="Мост", language="bg", sector=Sector.objects.get(slug="urban"), area=Area.objects.get(slug="levka"),
        is_public=True,
    )  # fmt: skip
    line = MultiLineString(LineString((23.6, 42.9), (23.61, 42.91)))
    return Project.objects.create(
        subject=subject, slug="bridge", title=factories.texts("Мост", "Bridge"), stage="under_way", amount="1200.50", line=line,
        point=Point(23.9, 42.85), **fields,
    )  # fmt: skip


def test_the_landing_page_leads_everywhere() -> None:
    """/req/core/root-op, root-success, api-definition-op, api-definition-success, conformance-op, conformance-success."""
    factories.town()
    answer = ask("/ogc/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = links(json.loads(answer.content))
    assert set(found) == {"self", "alternate", "service-desc", "service-doc", "conformance", "data"}
    assert found["service-desc"][0]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    for rel, each in found.items():
        assert ask(local(each[0])).status_code == 200, rel
        assert all({"href", "rel", "type", "title"} == set(link) for link in each)
    assert Client().get("/ogc").headers["Location"] == "/ogc/"
    said = body("/ogc/conformance")["conformsTo"]
    wanted = ["core", "geojson", "html", "oas30"]
    assert [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in said for name in wanted] == [True] * 4
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in said


def test_the_description_is_openapi_and_names_every_address_and_parameter() -> None:
    """/req/oas30/oas-definition-1, oas-definition-2, oas-impl, completeness, exception-codes, security; /req/core/fc-limit-definition,
    fc-bbox-definition, fc-time-definition. QGIS and GDAL look for the addresses of each collection and for the limit among the components."""
    factories.town()
    layer()
    answer = ask("/ogc/api")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    found = json.loads(answer.content)
    validate_schema(found)
    assert found["components"]["parameters"]["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10_000,
        "default": 100,
    }
    assert found["components"]["parameters"]["bbox"]["schema"]["type"] == "array"
    operations = [path["get"] for path in found["paths"].values()]
    assert len({each["operationId"] for each in operations}) == len(operations) == 4 + 5 * 5
    assert {tuple(each["responses"]) for each in operations} == {("200", "400", "404", "500")}
    text = json.dumps(found)
    assert "security" not in text  # everything is open to everyone
    for kind in ("parameters", "schemas", "responses"):
        used = {part.partition('"')[0] for part in text.split(f'"#/components/{kind}/')[1:]}
        assert used == set(found["components"][kind]), kind
    for path in found["paths"]:
        assert path.endswith("{featureId}") or ask(f"/ogc{path}").status_code == 200


def test_collections_say_what_they_are() -> None:
    """/req/core/fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent, sfc-md-op, sfc-md-success;
    /req/geojson/definition; /req/html/definition. Only published layers are among them."""
    factories.town()
    layer()
    layer("secret", published=False)
    found = body("/ogc/collections")
    assert [each["id"] for each in found["collections"]] == ["reports", "projects", "areas", "events", "trees"]
    assert {"self", "alternate"} <= set(links(found))
    for each in found["collections"]:
        assert body(f"/ogc/collections/{each['id']}") == each
        own = links(each)
        assert {link["type"] for link in own["items"]} == {GEOJSON, "text/html"}
        assert all(ask(local(link)).status_code == 200 for rel in ("self", "items", "describedby") for link in own[rel])
        west, south, east, north = each["extent"]["spatial"]["bbox"][0]
        assert west < east
        assert south < north
    assert [round(number, 3) for number in found["collections"][-1]["extent"]["spatial"]["bbox"][0]] == [
        23.59,
        42.89,
        23.7,
        42.95,
    ]
    for path in (
        "secret",
        "nothing",
        "secret/items",
        "secret/items/oak",
        "nothing/schema",
        "secret/queryables",
        "trees/items/elm",
    ):
        answer = ask(f"/ogc/collections/{path}", accept_language="bg")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), path
        assert json.loads(answer.content)["code"] == "not_found"


def test_items_hold_what_is_public_and_one_item_the_same() -> None:
    """/req/core/fc-op, fc-response, fc-links, fc-rel-type, fc-timeStamp, fc-numberReturned, fc-numberMatched, f-op, f-success, f-links;
    /req/geojson/content."""
    factories.town()
    shown = factories.report(place="до № 5")
    idea = factories.report(category="park-idea", point=None)
    hidden, kept = factories.report(), factories.report(category="private")
    Subject.objects.filter(pk=hidden.pk).update(is_public=False, visibility="hidden")
    Report.objects.filter(pk=hidden.pk).update(is_public=False)
    factories.report(author=None, email="guest@levka.test")
    answer = ask(ITEMS)
    found = json.loads(answer.content)
    assert (answer["Content-Type"], answer["Content-Crs"]) == (GEOJSON, "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")
    assert [each["id"] for each in found["features"]] == [shown.subject.reference, idea.subject.reference]
    assert (found["type"], found["numberReturned"], found["numberMatched"]) == ("FeatureCollection", 2, 2)
    assert found["timeStamp"].endswith("Z")
    assert set(links(found)) == {"self", "alternate", "collection"}
    assert all(each["type"] for each in found["links"])
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [23.6, 42.9]}
    assert found["features"][1]["geometry"] is None
    told = first["properties"]
    assert {name: told[name] for name in ("kind", "status", "phase", "late", "sector", "category", "area", "department", "place")} == {
        "kind": "problem", "status": "received", "phase": "new", "late": False, "sector": "urban", "category": "pothole", "area": "levka",
        "department": "roads", "place": "до № 5",
    }  # fmt: skip
    assert told["url"].endswith(f"/reports/{shown.subject.reference}/")
    one = body(f"{ITEMS}/{shown.subject.reference}")
    assert set(links(one)) == {"self", "alternate", "collection"}
    assert {key: one[key] for key in first} == first
    missing = ask(f"{ITEMS}/0000000000").content
    for each in (hidden, kept):
        again = ask(f"{ITEMS}/{each.subject.reference}")
        assert (again.status_code, again.content) == (404, missing)


def test_every_collection_has_its_features_in_their_whole_shape() -> None:
    factories.town()
    bridge = project()
    meeting = event(by=factories.official())
    layer()
    [feature] = body("/ogc/collections/projects/items")["features"]
    assert (feature["id"], feature["geometry"]["type"]) == (bridge.subject.reference, "MultiLineString")
    assert (feature["properties"]["title_bg"], feature["properties"]["title_en"], feature["properties"]["amount"]) == (
        "Мост",
        "Bridge",
        1200.5,
    )
    areas = {each["id"]: each for each in body("/ogc/collections/areas/items")["features"]}
    assert {name: each["properties"]["parent"] for name, each in areas.items()} == {
        "levka-municipality": None, "levka": "levka-municipality", "dabrava": "levka-municipality",
    }  # fmt: skip
    assert areas["levka"]["geometry"]["type"] == "MultiPolygon"
    kinds = {each["id"]: each["geometry"]["type"] for each in body("/ogc/collections/trees/items")["features"]}
    assert kinds == {"oak": "Point", "row": "MultiLineString", "park": "MultiPolygon"}
    assert body("/ogc/collections/trees/items/oak")["properties"]["name_en"] == "Oak"
    [announced] = body("/ogc/collections/events/items")["features"]
    assert (announced["id"], announced["properties"]["form"]) == (meeting.subject.reference, meeting.form)
    assert names("/ogc/collections/projects/items?sector=urban&area=levka") == [bridge.subject.reference]
    assert names("/ogc/collections/projects/items?sector=health") == []
    assert names("/ogc/collections/projects/items?bbox=23.85,42.8,23.95,42.9") == []  # its sign stands there, its line does not
    for name, each in (("projects", bridge), ("events", meeting)):
        Subject.objects.filter(pk=each.pk).update(is_public=False, visibility="hidden")
        data_version.forget()
        assert names(f"/ogc/collections/{name}/items") == []
        assert ask(f"/ogc/collections/{name}/items/{each.subject.reference}").status_code == 404


def test_a_layer_tells_the_fields_that_it_shows_and_no_others() -> None:
    """What a file said of its features: numbers as numbers where all are, names as the file has them, nothing that the layer does not show."""
    factories.town()
    made = layer(popup=["Вид стълб", "watts", "slug", "lit", "mixed", "none"], source="Община Левка")
    told = {
        "oak": {"Вид стълб": "бетон", "watts": 70, "slug": "x'1", "lit": True, "mixed": 5, "owner": "Сентинела"},
        "row": {"Вид стълб": "метал", "watts": 100.5, "lit": False, "mixed": "пет"},
    }
    for slug, properties in told.items():
        Feature.objects.filter(layer=made, slug=slug).update(properties=properties)
    answer = ask("/ogc/collections/trees/items").content.decode()
    assert ("Сентинела" in answer, "owner" in answer) == (False, False)
    shown = {each["id"]: list(each["properties"].values())[-6:] for each in json.loads(answer)["features"]}
    assert shown == {
        "oak": ["бетон", 70.0, "x'1", True, "5", None], "row": ["метал", 100.5, None, False, "пет", None], "park": [None] * 6,
    }  # fmt: skip
    schema = body("/ogc/collections/trees/schema")["properties"]
    assert [(name, schema[name]["type"]) for name in list(schema)[-6:]] == [
        ("Вид стълб", "string"), ("watts", "number"), ("slug_2", "string"), ("lit", "boolean"), ("mixed", "string"), ("none", "string"),
    ]  # fmt: skip
    asked = {
        "watts > 70": ["row"], "\"Вид стълб\" = 'бетон'": ["oak"], "lit = TRUE AND mixed = '5'": ["oak"], "slug_2 LIKE 'x''%'": ["oak"],
        "watts IS NULL": ["park"], "none IS NULL AND slug = 'row'": ["row"],
    }  # fmt: skip
    assert {text: names(f"/ogc/collections/trees/items?{urlencode({'filter': text})}") for text in asked} == asked
    refused = json.loads(ask("/ogc/collections/trees/items?" + urlencode({"filter": "owner = 'x'"})).content)
    assert (refused["parameter"], "owner" in refused["detail"]) == ("filter", False)
    assert body("/ogc/collections/trees")["description"] == "Община Левка"


def test_what_was_written_down_when_features_came_is_read_and_they_are_not_looked_at() -> None:
    factories.town()
    made = layer(popup=["watts"])
    Feature.objects.filter(layer=made).update(properties={"watts": 70})
    schema = body("/ogc/collections/trees/schema")["properties"]
    contents.keep(made.pk)
    cache.clear()
    with CaptureQueriesContext(connection) as asked_for:
        again = catalogue.find("trees")
    assert again and [(field.name, field.type) for field in again.fields] == [
        (name, schema[name]["type"]) for name in list(schema)[1:]
    ]
    assert again.extent == pytest.approx((23.59, 42.89, 23.7, 42.95))
    assert [query["sql"] for query in asked_for if "layers_feature" in query["sql"]] == []


def test_what_a_file_calls_url_is_no_link() -> None:
    factories.town()
    made = layer(popup=["url"])
    told = {"url": "javascript:alert(1)"}
    Feature.objects.filter(slug="oak").update(properties=told)
    contents.keep(made.pk)
    data_version.forget()
    page = ask("/ogc/collections/trees/items?f=html&limit=2").content.decode()
    assert ("javascript:alert(1)" in page, 'href="javascript' in page) == (True, False)


def test_schema_and_queryables_are_drawn_from_the_list_that_answers() -> None:
    """Part 5: /req/schemas/json-schema, properties, additional-keywords, role, role-id, property-seq; /req/core-roles-features/
    role-primary-geometry, role-primary-instant, role-primary-interval-start, role-primary-interval-end, primary-temporal-constraints.
    Part 3: /req/queryables/get-queryables-op, get-queryables-response, queryables-link."""
    factories.town()
    factories.report()
    project()
    layer()
    event(by=factories.official())
    for name in ("reports", "projects", "areas", "events", "trees"):
        answer = ask(f"/ogc/collections/{name}/schema")
        assert answer["Content-Type"] == "application/schema+json"
        schema, queryables = json.loads(answer.content), body(f"/ogc/collections/{name}/queryables")
        feature = body(f"/ogc/collections/{name}/items?limit=1")["features"][0]
        assert list(schema["properties"]) == ["geometry", *feature["properties"]]
        assert set(schema["properties"]) - set(queryables["properties"]) <= {"url"}
        assert queryables["additionalProperties"] is False
        roles = [each["x-ogc-role"] for each in schema["properties"].values() if "x-ogc-role" in each]
        times = {"reports": ["primary-instant"], "events": ["primary-interval-start", "primary-interval-end"]}.get(name, [])
        assert roles == ["primary-geometry", "id", *times]
        assert (schema["$schema"], schema["type"]) == ("https://json-schema.org/draft/2020-12/schema", "object")
        assert schema["$id"].endswith(f"/ogc/collections/{name}/schema")
        shape = schema["properties"]["geometry"]
        assert shape["format"] in ("geometry-point", "geometry-any") and not {"type", "$ref"} & set(shape)
        assert [each["x-ogc-propertySeq"] for each in schema["properties"].values()] == list(
            range(1, len(schema["properties"]) + 1)
        )
        told = set().union(*schema["properties"].values())
        assert told <= {"title", "type", "format", "enum", "readOnly", "x-ogc-role", "x-ogc-propertySeq"}
        assert {
            link["href"]
            for link in links(body(f"/ogc/collections/{name}"))["http://www.opengis.net/def/rel/ogc/1.0/queryables"]
        } == {queryables["$id"]}
        for key, value in feature["properties"].items():
            kind = {"string": str, "integer": int, "number": float, "boolean": bool}[schema["properties"][key]["type"]]
            assert value is None or type(value) is kind, (name, key, value)
            assert value is None or value in schema["properties"][key].get("enum", [value])


def test_people_get_pages_and_programs_json() -> None:
    """/req/html/definition, /req/html/content, /req/core/http; the address decides before Accept, and of a page which language it has."""
    factories.town()
    report = factories.report()
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path in ("", "conformance", "api", "collections", "collections/reports", "collections/reports/schema", "collections/reports/queryables",
                 "collections/reports/items", f"collections/reports/items/{report.subject.reference}"):  # fmt: skip
        for answer in (
            ask(f"/ogc/{path}", **browser, accept_language="bg"),
            ask(f"/ogc/{path}?f=html", accept="application/json"),
        ):
            assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8"), path
            assert answer.content.decode().count("<h1>") == 1
        for answer in (ask(f"/ogc/{path}?f=json", **browser), ask(f"/ogc/{path}"), ask(f"/ogc/{path}", accept="image/png")):
            assert "json" in answer["Content-Type"], path
            assert "Accept" in answer["Vary"]
    page = ask(ITEMS, **browser, accept_language="bg").content.decode()
    assert ("Сигнали и идеи" in page, report.subject.reference in page) == (True, True)
    assert "Сигнали и идеи" in ask(ITEMS, **browser, accept_language="en").content.decode()
    page = ask(f"/en{ITEMS}", **browser, accept_language="bg")
    text = page.content.decode()
    assert ("Reports and ideas" in text, page["Content-Language"], f'href="{ITEMS}" lang="bg"' in text) == (True, "en", True)
    led = set(re.findall(r'href="[^"]*?((?:/en)?/ogc/[^"?]*)[^"]*"', text.partition("<main")[2].partition("</main>")[0]))
    assert {path.startswith("/en/") for path in led} == {True}
    assert [ask(path, **browser, accept_language="bg")["Content-Language"] for path in sorted(led)] == ["en"] * len(led)
    assert "Reports and ideas" in ask("/ogc/collections", accept_language="en").content.decode()
    assert body("/ogc/collections/reports", accept_language="en")["title"] == "Reports and ideas"


def test_answers_are_kept_and_read_from_other_sites() -> None:
    """/rec/core/cross-origin, /rec/core/etag; HEAD and OPTIONS; nothing can be written."""
    factories.town()
    factories.report()
    first = ask(ITEMS)
    assert (first["Cache-Control"], first["Access-Control-Allow-Origin"]) == ("public, max-age=1", "*")
    assert ask(ITEMS, if_none_match=first["ETag"]).status_code == 304
    assert ask(f"{ITEMS}?f=html", if_none_match=first["ETag"]).status_code == 200
    assert (Client().head(ITEMS).status_code, Client().head(ITEMS).content) == (200, b"")
    asked = Client().options(ITEMS)
    assert (asked.status_code, asked["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = Client().post(ITEMS, {})
    assert (refused.status_code, refused["Content-Type"], refused["Allow"]) == (
        405,
        "application/problem+json",
        "GET, HEAD, OPTIONS",
    )
    for wrong in ("post", "put", "patch", "delete"):
        answer = getattr(Client(enforce_csrf_checks=True), wrong)(ITEMS)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS"), wrong
    signed = Client()
    signed.force_login(factories.official(), backend="django.contrib.auth.backends.ModelBackend")
    assert signed.get(ITEMS).content.partition(b'"timeStamp"')[0] == first.content.partition(b'"timeStamp"')[0]
    assert signed.get(f"{ITEMS}?f=html")["Cache-Control"] == "private, no-store"
