"""What is taken along can be opened again, says how it was made, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
import subprocess
import sys

import pyogrio
import pytest
from django.utils import translation

from reports.planning import carry
from reports.planning.result import Column, Result

MADE = datetime.datetime(2026, 11, 26, 14, 30, tzinfo=datetime.UTC)
ADDRESS = "https://town.test/planning/?analysis=areas"
SQUARE = {"type": "Polygon", "coordinates": [[[23.5, 42.8], [23.6, 42.8], [23.6, 42.9], [23.5, 42.8]]]}
LINE = {"type": "LineString", "coordinates": [[23.5, 42.8], [23.6, 42.9]]}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def result(*rows: dict) -> Result:
    columns = (Column("area", "Area"), Column("n", "Reports"), Column("rate", "Rate", "per 1,000", 1), Column("last", "Last"))
    return Result(
        "areas", "By area", "Counted by hand.", "All by the site.", 12, columns, rows, (("Width", "500 m"),),
        (datetime.date(2026, 1, 1), datetime.date(2026, 10, 31)), 20, ("Few.",),
    )  # fmt: skip


ROWS = (
    {"area": "=HYPERLINK(1)", "n": 12, "rate": 3.2, "last": datetime.date(2026, 10, 3), "geometry": SQUARE, "weight": 1.0},
    {"area": "Дъбрава", "n": None, "rate": None, "last": None, "geometry": LINE},
    {"area": "elsewhere", "n": 0, "rate": 0.0, "last": None},
)


def test_csv_begins_with_the_table_and_ends_with_how_it_was_made():
    text = carry.as_csv(result(*ROWS), ADDRESS, MADE).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[:4] == [
        ["Area", "Reports", "Rate, per 1,000", "Last"], ["'=HYPERLINK(1)", "12", "3.2", "2026-10-03"],
        ["Дъбрава", "", "", ""], ["elsewhere", "0", "0.0", ""],
    ]  # fmt: skip
    told = {row[0]: row[1] for row in rows[5:]}
    assert told["Address"] == ADDRESS
    assert told["Width"] == "500 m"
    assert "Counted by hand." in told.values() and "Few." in told.values()


def test_geojson_has_one_feature_a_row_and_its_metadata():
    found = json.loads(carry.as_geojson(result(*ROWS), ADDRESS, MADE))
    assert [feature["geometry"] for feature in found["features"]] == [SQUARE, LINE, None]
    assert found["features"][0]["properties"] == {
        "area": "=HYPERLINK(1)", "n": 12, "rate": 3.2, "last": "2026-10-03", "weight": 1.0,
    }  # fmt: skip
    assert (found["metadata"]["n"], found["metadata"]["of"]) == (12, 20)
    assert found["metadata"]["period"] == ["2026-01-01", "2026-10-31"]
    assert found["metadata"]["parameters"] == {"Width": "500 m"}


def test_geopackage_is_read_again(tmp_path):
    path = tmp_path / "answer.gpkg"
    path.write_bytes(carry.as_gpkg(result(*ROWS), ADDRESS, MADE))
    about, table = pyogrio.read_info(path), pyogrio.raw.read(path)
    assert pyogrio.list_layers(path)[0][0] == "areas"
    assert list(about["fields"]) == ["area", "n", "rate", "last"]
    assert about["crs"] == "EPSG:4326"
    assert [shape is None for shape in table[2]] == [False, False, True]
    assert list(table[3][0]) == ["=HYPERLINK(1)", "Дъбрава", "elsewhere"]
    with sqlite3.connect(path) as base:
        described = base.execute("SELECT identifier, description FROM gpkg_contents").fetchone()
        kept = base.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0]
        numbers = base.execute("SELECT n, rate, last FROM areas ORDER BY fid").fetchall()
    assert described[0] == "By area"
    assert "Counted by hand." in described[1] and ADDRESS in described[1]
    assert "Counted by hand." in kept
    assert numbers == [(12, 3.2, "2026-10-03"), (None, None, None), (0, 0.0, None)]


def test_a_table_without_shapes_is_a_geopackage_too(tmp_path):
    path = tmp_path / "answer.gpkg"
    path.write_bytes(carry.as_gpkg(result({"area": "2026-01", "n": 3, "rate": None, "last": None}), ADDRESS, MADE))
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT area, n FROM areas").fetchall() == [("2026-01", 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "geojson", "gpkg"])
def test_the_page_gives_each_file_with_its_own_type(client, kind):
    from tests import factories

    factories.town()
    factories.reports(6)
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/planning/answer.{kind}?analysis=areas")
    assert answer.status_code == 200
    assert answer["Content-Type"] == carry.TYPES[kind]
    assert f'.{kind}"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(f"/planning/answer.{kind}?within=circle:1").status_code == 400
    assert client.get("/planning/answer.exe").status_code == 404


@pytest.mark.django_db
def test_the_pdf_holds_title_method_and_letters_of_both_scripts(client):
    import re
    import zlib

    from tests import factories

    factories.town()
    factories.reports(6)
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/planning/answer.pdf?analysis=areas")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    title = client.get("/planning/?analysis=areas").context["result"].title
    streams = [
        zlib.decompress(found) for found in re.findall(rb"FlateDecode[^>]*>>\nstream\n(.*?)\nendstream", answer.content, re.S)
    ]
    assert any(title.encode("utf-16-be").hex().encode() in each.lower() for each in [answer.content, *streams])
    letters = {int(found, 16) for stream in streams for found in re.findall(rb"<[0-9a-f]+> <([0-9a-f]{4})>", stream)}
    assert {ord("Л"), ord("1")} <= letters


def test_a_printed_page_fetches_nothing(tmp_path):
    """In its own process, where every request for an address or a file would be seen."""
    from reports.planning import pdf_child

    watched = (
        "import runpy, sys, urllib.request\n"
        "asked = []\n"
        "urllib.request.OpenerDirector.open = lambda *given, **named: asked.append(given)\n"
        "made = runpy.run_path(sys.argv[1])['made']('<p>x<img src=\"http://127.0.0.1:9/a.png\"><img src=\"file:///etc/hostname\">', '')\n"
        "print(made[:5].decode(), asked)\n"
    )
    command = [sys.executable, "-I", "-c", watched, pdf_child.__file__]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "%PDF- []\n"


ASKED = """
import datetime, json, sys
import geoportal.wsgi
from reports.planning import carry, pdf
from reports.planning.result import Column, Result
from django.template import engines
from unittest import mock
page = engines["django"].from_string("<p>{{ word }}</p>")
with mock.patch.object(pdf, "render_to_string", lambda _name, context: page.render(context)):
    made = pdf.of("any", {"word": "Дъбрава"})
place = {"area": "Дъбрава", "geometry": {"type": "Point", "coordinates": [23.5, 42.8]}}
given = Result("areas", "By area", "Counted.", "All by the site.", 2, (Column("area", "Area"),), (place,))
file = carry.as_gpkg(given, "https://town.test/", datetime.datetime(2026, 11, 26))
loaded = sorted({"weasyprint", "pydyf", "fontTools", "pandas", "pyogrio"} & set(sys.modules))
print(json.dumps([made[:5].decode(), file[:6].decode(), loaded]))
"""


def test_a_process_that_gave_a_pdf_and_a_geopackage_has_loaded_neither_library(settings):
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == ["%PDF-", "SQLite", []]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("import time; time.sleep(60)", "отне твърде дълго"),
        ("import os; os.abort()", "няма достатъчно памет"),
        ("raise SystemExit(1)", "Нещо се обърка"),
    ],
)
@pytest.mark.parametrize("kind", ["pdf", "gpkg"])
def test_a_file_that_cannot_be_made_is_said_and_the_question_stays(client, tmp_path, monkeypatch, kind, body, word):
    from geoportal.kernel import geopackage_child
    from reports.planning import pdf, pdf_child
    from tests import factories

    factories.town()
    factories.reports(6)
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    (tmp_path / "program.py").write_text(body)
    for program in (pdf_child, geopackage_child):
        monkeypatch.setattr(program, "__file__", str(tmp_path / "program.py"))
    for module in (pdf, carry):
        monkeypatch.setattr(module, "SECONDS", 2)
    answer = client.get(f"/planning/answer.{kind}?analysis=clusters&eps=400")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert word in page
    assert f'href="/planning/answer.{kind}?analysis=clusters&amp;eps=400"' in page
    assert 'href="/planning/answer.csv?analysis=clusters&amp;eps=400"' in page
    assert "http://testserver/planning/?analysis=clusters" in page
    assert client.get("/planning/answer.csv?analysis=clusters&eps=400").status_code == 200


def test_a_geopackage_without_an_answer_says_why(tmp_path):
    """No table, no shapes: still a file that opens."""
    none = Result("areas", "By area", "Counted.", "All by the site.", 2, refusal="Too few.")
    path = tmp_path / "none.gpkg"
    path.write_bytes(carry.as_gpkg(none, ADDRESS, MADE))
    meta, _ids, _shapes, values = pyogrio.raw.read(path, read_geometry=False)
    assert list(meta["fields"]) == ["refusal"] and values[0].tolist() == ["Too few."]


@pytest.mark.parametrize(
    ("digits", "value", "written"),
    [(0, 100 / 3, 33.3), (1, 100 / 3, 33.3), (2, 1.005001, 1.01), (4, 0.123456, 0.1235), (4, 0.0000123, 0.000012),
     (None, 1.23456789, 1.2346), (1, 0.0, 0.0), (1, 1_234_567, 1_234_567)],
)  # fmt: skip
def test_figures_are_rounded_as_the_page_rounds_them_and_counts_are_left_alone(digits, value, written):
    answer = Result("areas", "By area", "m", "s", 1, (Column("v", "Value", digits=digits),), ({"v": value},))
    assert list(csv.reader(io.StringIO(carry.as_csv(answer, ADDRESS, MADE).decode())))[1] == [str(written)]
    [feature] = json.loads(carry.as_geojson(answer, ADDRESS, MADE))["features"]
    assert feature["properties"]["v"] == written
