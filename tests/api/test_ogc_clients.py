"""Other people's clients against a running server: GDAL's OAPIF driver (the one of `ogr2ogr`), and owslib."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.db import connections
from django.utils import timezone

from api.ogc.conformance import CLASSES
from discussion.models import Subject
from layers.models import Layer
from reports.models import Report
from tests import factories
from tests.api.conftest import Running
from tests.api.foreign import run

pytestmark = pytest.mark.django_db
GDAL = """
import json, sys
import pyogrio
found = []
for address, layer, options in json.loads(sys.argv[1]):
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    meta, fids, shapes, columns = pyogrio.raw.read(address, layer=layer, **options)
    rows = dict(zip(meta["fields"], columns, strict=True))
    found.append({"crs": meta["crs"], "ids": [str(each) for each in rows["reference" if layer == "reports" else "slug"]], "fields": list(rows),
                  "shapes": sum(each is not None for each in shapes)})
print(json.dumps(found))
"""
OWSLIB = """
import json, sys
from urllib.parse import parse_qs, urlsplit
from owslib.ogcapi.features import Features
[address, condition] = json.loads(sys.argv[1])
api, ids, further = Features(address), [], {}
while further is not None:
    page = api.collection_items("reports", limit=50, filter=condition, **further)
    ids += [each["id"] for each in page["features"]]
    after = [each["href"] for each in page["links"] if each["rel"] == "next"]
    further = {"cursor": parse_qs(urlsplit(after[0]).query)["cursor"][0]} if after else None
print(json.dumps({"ids": ids, "one": api.collection_item("reports", ids[0])["id"], "collections": api.feature_collections(),
                  "queryables": list(api.collection_queryables("reports")["properties"]), "paths": len(api.api()["paths"]),
                  "conforms": len(api.conformance()["conformsTo"])}))
"""


def spread(count: int) -> list[str]:
    """So many reports beside each other, one sent in the last half millisecond of a second, which pyogrio cannot read; their references."""
    made = factories.reports(count)
    for number, each in enumerate(made):
        each.geom = Point(23.55 + number % 40 * 0.01, 42.81 + number // 40 * 0.0005, srid=4326)
    Report.objects.bulk_update(made, ["geom"])
    at = timezone.now().replace(microsecond=999_700)
    Subject.objects.filter(pk=made[0].pk).update(created_at=at)  # its report's follows
    return [each.subject.reference for each in made]


def test_gdal_and_owslib_read_a_collection_to_its_end_and_send_their_filters(server: Running) -> None:
    factories.town()
    made = spread(120)
    site = f"OAPIF:{server.address}/ogc"
    whole, boxed, metres, areas = run(
        GDAL, [site, "reports", {"PAGE_SIZE": "50"}], [site, "reports", {"bbox": [23.545, 42.8, 23.575, 42.9]}],
        [site, "reports", {"CRS": "EPSG:32635", "max_features": 5}], [f"{site}/collections/areas", "areas", {}],
    )  # fmt: skip
    assert (whole["ids"], whole["shapes"]) == (made, 120)
    assert {"kind", "created_at", "support_count", "url"} <= set(whole["fields"])
    assert boxed["ids"] == [ref for number, ref in enumerate(made) if number % 40 < 3]
    assert (metres["crs"], metres["ids"]) == ("EPSG:32635", made[:5])
    assert areas["ids"] == ["levka-municipality", "levka", "dabrava"]
    condition = "kind = 'problem' AND S_INTERSECTS(geometry, BBOX(23.5,42.8,23.845,43))"
    owslib = run(OWSLIB, f"{server.address}/ogc/", condition)
    inside = [ref for number, ref in enumerate(made) if number % 40 < 30]
    assert (owslib["ids"], owslib["one"], owslib["paths"], owslib["conforms"]) == (inside, inside[0], 4 + 4 * 5, len(CLASSES))
    assert (owslib["collections"], "late" in owslib["queryables"]) == (["reports", "projects", "areas", "events"], True)


@pytest.mark.deep
def test_gdal_reads_ten_thousand_reports_to_the_end(server: Running) -> None:
    factories.town()
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # so many rows at once are nobody's but a test's
    made = spread(10_000)
    [read] = run(GDAL, [f"OAPIF:{server.address}/ogc", "reports", {}])
    assert read["ids"] == made


@pytest.mark.deep
def test_gdal_reads_a_layer_of_two_hundred_thousand_to_the_end(server: Running) -> None:
    factories.town()
    made = Layer.objects.create(slug="posts", name=factories.texts("Стълбове", "Posts"), popup=["watts"])
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "INSERT INTO layers_feature (layer_id, slug, name, icon, point, approximate, key, properties)"
            " SELECT %s, 'p' || n, jsonb_build_object('bg', 'Стълб ' || n), '',"
            " ST_SetSRID(ST_MakePoint(23.5 + n %% 500 * 0.001, 42.8 + n / 500 * 0.0005), 4326),"
            " false, '', jsonb_build_object('watts', n %% 100) FROM generate_series(1, 200000) n",
            [made.pk],
        )
    [read] = run(GDAL, [f"OAPIF:{server.address}/ogc", "posts", {}])
    assert read["ids"] == [f"p{number}" for number in range(1, 200_001)]
    assert read["shapes"] == 200_000
