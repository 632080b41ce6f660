"""Scores and faults from Lighthouse, of the lock in this folder, in Debian's Chromium with the profile of a phone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import place
import setup

HERE = Path(__file__).resolve().parent
FOLDER = place.VAR / "tools/lighthouse"
FILES = ("package.json", "package-lock.json", ".npmrc")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking --no-first-run"
SECONDS = 240
GOOD = 0.9


@dataclass
class Score:
    """`points`: category → 0…100, the median run. `faults`: „category: audit: its title“ of what took points away in that run.
    `paint_ms`, `blocked_ms`, `shift`: largest paint, total blocking time and layout shift of the simulated phone."""

    points: dict[str, int]
    faults: list[str]
    paint_ms: float
    blocked_ms: float
    shift: float
    version: str
    speed_of_machine: float


def install() -> None:
    """Lighthouse and what it needs, by hash, under var/tools; no package's own script runs."""

    def make() -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(HERE / name, FOLDER / name)
        done = subprocess.run(
            [*setup._npm(), *setup.NPM], cwd=FOLDER, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise place.Refused(f"npm ci failed: {done.stderr.strip()[-400:]}. {setup.OFFLINE}")

    place.once(FOLDER / ".stamp", place.hash_of(*(HERE / name for name in FILES)), make, "Lighthouse: installing")


def score(address: str, runs: int) -> Score:
    """The run with the median of the points for speed among `runs`; the other categories do not change from run to run."""
    found = sorted((_run(address) for _each in range(runs)), key=lambda each: each.points["performance"])
    return found[len(found) // 2]


def _run(address: str) -> Score:
    npm = setup._npm()  # [npm] of the system, or [node, npm's script] from a package
    node = npm[0] if len(npm) > 1 else shutil.which("node") or "node"
    command = [node, str(FOLDER / "node_modules/lighthouse/cli/index.js"), address]
    command += ["--output=json", "--output-path=stdout", "--quiet", f"--chrome-flags={FLAGS}"]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or "chromium"}
    for _try in range(2):  # now and then a browser starts so slowly that its trace holds no paint ("NO_FCP")
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
        if not done.returncode:
            break
    else:
        raise place.Refused(f"Lighthouse failed on {address}: {done.stderr.strip()[-600:]}")
    return read(json.loads(done.stdout))


def read(report: dict[str, Any]) -> Score:
    """A `Score` from Lighthouse's JSON. A category without points (its audits failed to run) counts as 0."""
    audits = report["audits"]
    return Score(
        points={name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES},
        faults=[fault for name in CATEGORIES for fault in _faults(name, report)],
        paint_ms=audits["largest-contentful-paint"].get("numericValue", 0),
        blocked_ms=audits["total-blocking-time"].get("numericValue", 0),
        shift=audits["cumulative-layout-shift"].get("numericValue", 0),
        version=report["lighthouseVersion"],
        speed_of_machine=report["environment"]["benchmarkIndex"],
    )


def _faults(category: str, report: dict[str, Any]) -> list[str]:
    weighted = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    audits = {name: report["audits"][name] for name in weighted}
    lost = {name: audit for name, audit in audits.items() if audit["score"] is not None and audit["score"] < GOOD}
    return [f"{category}: {name}: {audit['title']}" for name, audit in lost.items()]
