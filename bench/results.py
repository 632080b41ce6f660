"""A run on paper: JSON under bench/results and the table on the terminal, each row with its goals."""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.row import Row
from bench.target import REPO, Target

FOLDER = REPO / "bench/results"
ORDER = ("limit", "bare", "ours", "fresh")
SIGNS = {True: "met", False: "MISSED", None: "—"}


def machine(target: Target) -> dict[str, Any]:
    """What it was measured on: processor, memory, system, versions, the server's settings that matter."""
    info = Path("/proc/cpuinfo").read_text()
    cpu = re.search(r"^model name\s*:\s*(.+)$", info, re.M)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.M)
    names = ("server_version", "shared_buffers", "synchronous_commit", "fsync", "jit")
    with target.connect("-c search_path=public") as connection:
        settings = {name: str((connection.execute(f"SHOW {name}").fetchone() or [""])[0]) for name in names}
        postgis = str((connection.execute("SELECT postgis_lib_version()").fetchone() or [""])[0])
        size = int(str((connection.execute("SELECT pg_database_size(current_database())").fetchone() or [0])[0]))
    return {
        "cpu": cpu[1] if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory[1]) / 1024**2, 1) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": settings,
        "postgis": postgis,
        "database_mb": round(size / 1e6),
        "load_at_start": os.getloadavg()[0],
    }


def commit() -> str:
    """The commit that was measured, with a mark when files differ from it."""
    asked = ["git", "-C", str(REPO)]
    found = subprocess.run([*asked, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(
        [*asked, "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, check=False
    )
    return (found.stdout.strip() or "unknown") + ("+changes" if changed.stdout.strip() else "")


def judge(rows: Iterable[Row], measured: dict[str, Any], size: int, smaller: Mapping[str, Any] | None) -> None:
    """Puts each row's goals, with value and verdict, beside its figures."""
    for row in rows:
        before = ((smaller or {}).get("rows", {}).get(row.name) or {}).get("variants")
        found = measured[row.name]
        found["goals"] = [goal.judged(size, found["variants"], before) for goal in row.goals]


def newest(rows: int) -> dict[str, Any] | None:
    """The last stored run of that size; of one day the one beside peers."""
    paths = sorted(FOLDER.glob(f"{rows}-*.json"), key=lambda path: path.stem.split("-", 1)[1])
    return json.loads(paths[-1].read_text()) if paths else None


def store(run: dict[str, Any]) -> Path:
    """Writes bench/results/<rows>-<date>.json, or …-peers.json beside peers: a second run of a day takes the place of one of
    its own kind alone."""
    FOLDER.mkdir(exist_ok=True)
    kind = "-peers" if run.get("peers") else ""
    path = FOLDER / f"{run['size']}-{datetime.date.today().isoformat()}{kind}.json"  # noqa: DTZ011  the machine's own day
    path.write_text(json.dumps(run, indent=1, ensure_ascii=False, sort_keys=False) + "\n")
    return path


def table(run: dict[str, Any]) -> str:
    """The run for a terminal."""
    lines = [f"{run['size']:,} reports · commit {run['commit']} · {run['machine']['cpu']}, {run['machine']['cores']} cores", ""]
    head = f"{'':38} {'requests/s':>11} {'spread':>17} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}"
    lines.append(head)
    for found in run["rows"].values():
        lines.append(found["title"])
        names = sorted(found["variants"], key=lambda name: (ORDER.index(name) if name in ORDER else 9, name))
        lines += [_line(name, found["variants"][name]) for name in names]
        lines += [f"    {SIGNS[goal['met']]:>6}  {goal['words']}{_value(goal)}" for goal in found.get("goals", ())]
    return "\n".join(lines)


def _line(name: str, figures: Mapping[str, Any]) -> str:
    if "error" in figures:
        return f"  {name:36} not measured: {figures['error'][:90]}"
    if "per_second" not in figures:
        return f"  {name:36} " + ", ".join(f"{figure} {value:,.4g}" for figure, value in figures.items())
    least, most = figures["per_second_spread"]
    failed = f"  {figures['failed']} failed" if figures["failed"] else ""
    return (
        f"  {name:36} {figures['per_second']:>11,.1f} {f'{least:,.0f}–{most:,.0f}':>17}"
        f" {figures['p50']:>8.2f} {figures['p95']:>8.2f} {figures['p99']:>8.2f}{failed}"
    )


def _value(goal: Mapping[str, Any]) -> str:
    return f": {goal['value']:,.3g}" if goal["value"] is not None else f" ({goal.get('why', '')})"
