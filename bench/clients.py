"""The two clients: wrk for HTTP, pgbench for the database alone. Each answers one Reading."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cluster
import place
import setup

from bench.asked import Request
from bench.target import REPO, Target

CONNECTIONS = 8
LUA = REPO / "bench/wrk.lua"
TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Reading:
    """One run: requests per second, latencies in ms, failures among `requests`, bytes of a mean answer."""

    per_second: float
    p50: float
    p95: float
    p99: float
    mean: float
    requests: int
    failed: int
    size: float = 0.0

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


def require() -> dict[str, str]:
    """wrk and pgbench are there, or are installed; answers their versions."""
    missing = [] if shutil.which("wrk") else ["wrk"]
    if not (cluster.programs() / "pgbench").exists():
        raise place.Refused("pgbench is missing beside PostgreSQL's other programs: install postgresql-contrib")
    if missing:
        setup.install_packages(missing)
    version = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.splitlines()[0]
    tool = subprocess.run([_pgbench(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {"wrk": version.split(" Copyright")[0].split(" [")[0].strip(), "pgbench": tool}


def _pgbench() -> str:
    return str(cluster.programs() / "pgbench")


def http(port: int, requests: Sequence[Request], seconds: float, connections: int = CONNECTIONS) -> Reading:
    """`requests` in turn over so many connections for about `seconds` (whole seconds, at least one)."""
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        file.write("".join(f"{request.line()}\n" for request in requests))
        file.flush()
        wait = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", f"--timeout={TIMEOUT_SECONDS}s"]
        command = ["wrk", *wait, "-s", str(LUA), f"http://127.0.0.1:{port}/", "--", file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    figures = re.search(r"^FIGURES ([\d ]+)$", done.stdout, re.M)
    latency = re.search(r"^LATENCY (\d+) (\d+) (\d+)$", done.stdout, re.M)
    if not figures or not latency:
        raise place.Refused(f"wrk failed: {(done.stderr or done.stdout).strip()[-500:]}")
    count, micros, size, broken, refused, mean, _none = (int(part) for part in figures[1].split())
    p50, p95, p99 = (int(part) / 1000 for part in latency.groups())
    rate = count / (micros / 1e6) if micros else 0.0
    return Reading(rate, p50, p95, p99, mean / 1000, count, broken + refused, size / count if count else 0.0)


def database(target: Target, scripts: Sequence[str], seconds: float, connections: int = CONNECTIONS) -> Reading:
    """pgbench runs one of `scripts` at a time, drawn evenly, over so many connections in simple protocol, as the site."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            files += ["-f", str(path)]
        log = ["--log", f"--log-prefix={folder}/log"]
        how = ["-n", "-c", str(connections), "-j", "1", "-T", str(max(1, round(seconds))), "-M", "simple"]
        command = [_pgbench(), *how, *log, *files, target.words()]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment["PGOPTIONS"] = f"-c search_path=public -c statement_timeout={TIMEOUT_SECONDS}s"
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        times = sorted(int(line.split()[2]) for path in Path(folder).glob("log*") for line in path.read_text().splitlines())
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or not rate or not times:
        raise place.Refused(f"pgbench failed: {(done.stderr or done.stdout).strip()[-800:]}")
    p50, p95, p99 = (times[min(len(times) - 1, int(len(times) * part))] / 1000 for part in (0.5, 0.95, 0.99))
    return Reading(float(rate[1]), p50, p95, p99, sum(times) / len(times) / 1000, len(times), int(failed[1]) if failed else 0)
