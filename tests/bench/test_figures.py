"""The table's arithmetic: medians and spread, ratios, goals met, missed or not judged; what a script for pgbench becomes."""

import json

import pytest

from bench import capture, results
from bench.asked import Drawn, Request, tile_of
from bench.figures import Goal, summary
from bench.row import Row


def reading(rate: float, p50: float = 1.0) -> dict[str, float]:
    return {"per_second": rate, "p50": p50, "p95": 2, "p99": 3, "mean": 1, "size": 10, "requests": 1000, "failed": 1}


def test_a_summary_has_median_spread_and_sums():
    found = summary([reading(10), reading(40), reading(20)])
    assert (found["per_second"], found["per_second_spread"]) == (20, [10, 40])
    assert (found["rounds"], found["requests"], found["failed"]) == (3, 3000, 3)


VARIANTS = {
    "ours": {"per_second": 50, "p50": 4, "p95": 60, "largest": 300 * 1024},
    "limit": {"per_second": 100, "p50": 1},
    "tipg": {"error": "does not start"},
}


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal("", "ratio", 0.5), 0.5, True),
        (Goal("", "ratio", 0.51), 0.5, False),
        (Goal("", "most", 50, figure="p95"), 60, False),
        (Goal("", "most", 300 * 1024, figure="largest"), 300 * 1024, True),
        (Goal("", "least", 51), 50, False),
        (Goal("", "growth", 2), 2.0, True),
        (Goal("", "growth", 1.9), 2.0, False),
    ],
)
def test_goals_are_met_or_missed(goal, value, met):
    found = goal.judged(1_000_000, VARIANTS, {"ours": {"p50": 2}})
    assert (found["value"], found["met"]) == (value, met)


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        (Goal("", "ratio", 5, to="tipg"), "tipg: does not start"),
        (Goal("", "ratio", 5, to="drf-gis"), "not measured in this run"),
        (Goal("", "growth", 2, of="limit"), "no run with a tenth of the rows is stored, or it failed"),
        (Goal("", "least", 1, from_rows=10**7), "judged at other sizes"),
    ],
)
def test_what_was_not_measured_is_neither_met_nor_missed_and_says_why(goal, why):
    found = goal.judged(1_000_000, VARIANTS, None)
    assert (found["met"], found["value"], found["why"]) == (None, None, why)


HALF = {"per_second": 9_000, "p50": 0.1, "p95": 0.2, "requests": 1000, "failed": 500}
BARELY = {**HALF, "failed": 1}


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        (Goal("", "ratio", 0.5), "ours: 500 of 1000 failed"),
        (Goal("", "ratio", 0.5, of="limit", to="ours"), "ours: 500 of 1000 failed"),
        (Goal("", "most", 50, figure="p95"), "ours: 500 of 1000 failed"),
        (Goal("", "growth", 2), "ours: 500 of 1000 failed"),
        (Goal("", "growth", 2, of="limit"), "no run with a tenth of the rows is stored, or it failed"),
    ],
)
def test_quick_failures_are_no_speed(goal, why):
    smaller = {"ours": VARIANTS["ours"], "limit": HALF}
    found = goal.judged(1_000_000, {**VARIANTS, "ours": HALF}, smaller)
    assert (found["met"], found["value"], found["why"]) == (None, None, why)
    assert goal.judged(1_000_000, {**VARIANTS, "ours": BARELY}, {**smaller, "limit": BARELY})["met"] is not None


def test_a_run_without_peers_leaves_the_days_run_with_them_in_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    run = {"size": 1000, "commit": "first", "peers": {"tipg": "1.2"}}
    for commit, peers in (("first", {"tipg": "1.2"}), ("second", {}), ("third", {})):
        results.store({**run, "commit": commit, "peers": peers})
    assert sorted(json.loads(path.read_text())["commit"] for path in tmp_path.iterdir()) == ["first", "third"]
    assert results.newest(1000)["commit"] == "first"
    (tmp_path / "1000-2999-01-01.json").write_text('{"commit": "later"}')
    assert results.newest(1000)["commit"] == "later"


def test_the_table_shows_errors_goals_and_failures_and_the_file_holds_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    row = Row("tile", "tile z16", {}, (Goal("half the limit", "ratio", 0.5), Goal("five tipg", "ratio", 5, to="tipg")))
    ours = summary([reading(60), reading(70)])
    measured = {
        "tile": {"title": row.title, "variants": {"ours": ours, "limit": summary([reading(100)]), "tipg": VARIANTS["tipg"]}}
    }
    results.judge((row,), measured, 100_000, None)
    run = {"size": 100_000, "commit": "abc", "machine": {"cpu": "any", "cores": 2}, "rows": measured}
    text = results.table(run)
    assert "not measured: does not start" in text
    assert "met  half the limit: 0.65" in text
    assert "five tipg (tipg: does not start)" in text
    assert "2 failed" in text
    path = results.store(run)
    assert json.loads(path.read_text())["rows"]["tile"]["goals"][0]["met"] is True
    monkeypatch.setattr(results, "REPO", tmp_path)
    assert results.newest(100_000)["commit"] == "abc"
    assert results.newest(1_000) is None


def test_a_submission_s_script_can_be_sent_again_and_again():
    key = "7d000003-0000-4000-8000-795704613319"
    statements = [
        "SELECT 1 FROM kernel_answer WHERE key = '7d0000030000400080007957046133" + "19'::uuid",
        'INSERT INTO "discussion_subject" ("reference") VALUES (\'9851737363\') RETURNING "discussion_subject"."id"',
        "INSERT INTO \"reports_words\" VALUES (1000186, 'number 41000186, 1000186.5')",
        "INSERT INTO kernel_counter VALUES ('0506ac73021e1578c37d03bccfe2647c'::uuid)",
        f'UPDATE kernel_answer SET body = \'{{"client_uuid": "{key}", "reference": "9851737363"}}\'',
    ]
    script = capture.as_new(statements, key, {"discussion_subject": 1000186}, "9851737363")
    lines = script.splitlines()[3:]
    assert lines[0].endswith("= '000000000000" + "40008000:number'::uuid;")
    assert (
        lines[1]
        == 'INSERT INTO "discussion_subject" ("reference") VALUES (\'0:reference\') RETURNING "discussion_subject"."id" \\gset made1_'
    )
    assert lines[2] == "INSERT INTO \"reports_words\" VALUES (:made1_id, 'number 41000186, 1000186.5');"
    assert lines[3] == "INSERT INTO kernel_counter VALUES ('00000000000040009000:other'::uuid);"
    assert key not in lines[4] and "9851737363" not in script


def test_tiles_and_boxes_are_distinct_and_hold_their_places():
    assert tile_of(23.32, 42.69, 13) == (4626, 3019)
    drawn = Drawn([(23.32, 42.69), (23.3201, 42.69), (24.0, 43.0)], 3)
    assert drawn.tiles(13) == [(13, 4626, 3019), (13, *tile_of(24.0, 43.0, 13))]
    west, south, east, north = (float(part) for part in drawn.boxes(500)[0].split(","))
    assert west < 23.32 < east and south < 42.69 < north
    assert abs((north - south) * 111_320 - 1000) < 5


def test_a_request_s_line_is_what_the_lua_script_reads():
    asked = Request("/a", "POST", (("X", "1"), ("Y", "2")), '{"b":1}')
    assert asked.line() == 'POST\t/a\tX: 1|Y: 2\t{"b":1}'
