"""docs/performance.md from the newest stored runs: what was measured, what it means, where we lose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.figures import failing
from bench.results import ORDER, REPO, newest

SIZES = (10**5, 10**6, 10**7)
PATH = REPO / "docs/performance.md"
INTRODUCTION = """# How fast it is

`make bench` draws seeded reports of imagined towns into a database of its own beside the site's, measures, prints the table and writes
`bench/results/<rows>-<date>.json`, with peers `…-peers.json`. This page is made from the newest of these files by `make bench`, of one
day from the one with peers, and says what they say.

| command | does |
|---|---|
| `make bench` | a million reports; `ROWS=100000` or `ROWS=1e7` for other sizes |
| `make bench PEERS=1` | beside ours: tipg, pygeoapi, plain Django REST framework with DRF-GIS, django-vectortiles, supercluster |
| `ONLY=tile,list make bench` | only rows with these words in their names; nothing is stored |
| `.venv/bin/python -m bench fill`, `… drop` | only makes the data, removes them |

## How it is measured
- Every row's variants are asked in turn, round after round, so what disturbs the machine disturbs all of them. Figures are medians over
  the rounds, with the least and most; ratios are of one run. Absolute milliseconds say little about another machine.
- **ours**: the site under the web server of `make run`, two processes, all of its middleware. Where the row does not speak of kept answers
  the process keeps none, so that each answer comes from the database; **kept** and **304** are the site as it is.
- **limit**: pgbench with as many connections sends letter by letter the statements that the product sent for the same requests, asked of
  the product at run time. A tile is answered by its length there: no transfer. It shares the two cores with nobody but the database.
- **bare**: the least that Python can do: WSGI and psycopg under the same web server, the same statement.
- Peers run in locked environments of their own on the same tables, through views with the same columns. One that does not start is
  named with its error. supercluster knows one picture without filters and must be rebuilt when a report changes.
- The client is wrk, on the same two cores: an HTTP server cannot reach the limit.
- Submissions come from ever new addresses under the real limits' counters, and are removed again.
- Not in the data: words and timelines of the drawn reports, photos, accounts of authors.
"""


def write() -> str:
    """Writes the page from what is stored; answers its text."""
    runs = {size: run for size in SIZES if (run := newest(size))}
    text = INTRODUCTION + "".join(_section(run) for run in runs.values()) + _losses(runs) + _growth(runs)
    PATH.write_text(text)
    return text


def _section(run: Mapping[str, Any]) -> str:
    machine = run["machine"]
    server = machine["postgresql"]
    made = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in run.get("made", {}).items())
    lines = [
        f"\n## {run['size']:,} reports\n",
        f"Commit {run['commit']}; {machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, load {machine['load_at_start']:.1f}"
        f" at the start; PostgreSQL {server['server_version'].split(' ')[0]}, PostGIS {machine['postgis']}, shared_buffers"
        f" {server['shared_buffers']}; database {machine['database_mb']:,} MB"
        f"{f'; made in: {made}' if made else ''}; {run['rounds']} rounds of {run['seconds']:.0f} s.\n",
        "| row | who | requests/s | spread | p50 ms | p95 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for found in run["rows"].values():
        names = sorted(found["variants"], key=lambda name: (ORDER.index(name) if name in ORDER else 9, name))
        title = found["title"]
        for name in names:
            lines.append(_line(title, name, found["variants"][name]))
            title = ""
    lines += ["", "| row | goal | measured | |", "|---|---|---|---|"]
    for found in run["rows"].values():
        for goal in found.get("goals", ()):
            if goal["met"] is not None or goal.get("why") != "judged at other sizes":
                value = f"{goal['value']:,.3g}" if goal["value"] is not None else goal.get("why", "")
                verdict = {True: "met", False: "**missed**", None: "—"}[goal["met"]]
                lines.append(f"| {found['title']} | {goal['words']} | {_cell(value)} | {verdict} |")
    return "\n".join(lines) + "\n"


def _line(title: str, name: str, figures: Mapping[str, Any]) -> str:
    if "error" in figures:
        return f"| {title} | {name} | not measured: {_cell(figures['error'][:160])} | | | | |"
    if "per_second" not in figures:
        return f"| {title} | {name} | {', '.join(f'{key} {value:,.4g}' for key, value in figures.items())} | | | | |"
    least, most = figures["per_second_spread"]
    failed = f" ({figures['failed']} failed)" if figures["failed"] else ""
    return (
        f"| {title} | {name} | {figures['per_second']:,.1f}{failed} | {least:,.0f}–{most:,.0f} |"
        f" {figures['p50']:.2f} | {figures['p95']:.2f} | {figures['p99']:.2f} |"
    )


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ").replace("<", "&lt;")


def _losses(runs: Mapping[int, Mapping[str, Any]]) -> str:
    lines = ["\n## Where we lose\n"]
    for size, run in runs.items():
        for found in run["rows"].values():
            lines += [
                f"- {size:,}: {found['title']}, {goal['words']}: {goal['value']:,.3g}."
                for goal in found.get("goals", ())
                if goal["met"] is False
            ]
            ours = found["variants"].get("ours", {}).get("per_second", 0)
            lines += [
                f"- {size:,}: {found['title']}: {name} answers {figures['per_second'] / ours:,.1f} times as often."
                for name, figures in found["variants"].items()
                if name not in (*ORDER, "kept", "hexagons")
                and ours
                and figures.get("per_second", 0) > ours
                and not failing(figures)
            ]
    return "\n".join(lines if len(lines) > 1 else [*lines, "On no row of the stored runs."]) + "\n"


def _growth(runs: Mapping[int, Mapping[str, Any]]) -> str:
    sizes = list(runs)
    lines = ["\n## Growth: ours, median latency in ms\n", "| row | " + " | ".join(f"{size:,}" for size in sizes) + " |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    names = dict.fromkeys(name for run in runs.values() for name in run["rows"])
    for name in names:
        cells = [runs[size]["rows"].get(name, {}).get("variants", {}).get("ours", {}).get("p50") for size in sizes]
        if any(cell is not None for cell in cells):
            title = next(run["rows"][name]["title"] for run in runs.values() if name in run["rows"])
            lines.append(f"| {title} | " + " | ".join("—" if cell is None else f"{cell:.2f}" for cell in cells) + " |")
    return "\n".join(lines) + "\n"
