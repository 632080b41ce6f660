"""The locked environment of a peer, made once under var/bench/peers: packages by hash, nothing of the product's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import place
import setup

from bench.target import REPO, VAR_BENCH

HERE = REPO / "bench/peers"
REMEDY = "Is the network there? A peer's packages come from PyPI or npm"


def python_of(name: str) -> Path:
    """The interpreter in the environment of bench/peers/<name>/requirements.lock."""
    folder, lock = VAR_BENCH / f"peers/{name}", HERE / name / "requirements.lock"
    python = folder / "bin/python"

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        uv = setup.installed_uv()
        if uv:
            setup.run(f"peer {name}", [str(uv), "venv", "-q", "--python", sys.executable, str(folder)], REMEDY)
            install = [str(uv), "pip", "install", "--python", str(python), "--quiet"]
        else:
            setup.run(f"peer {name}", [sys.executable, "-m", "venv", str(folder)], REMEDY)
            install = [str(python), "-m", "pip", "install", "--quiet"]
        setup.run(f"peer {name}", [*install, "--no-deps", "--require-hashes", "-r", str(lock)], REMEDY)

    place.once(folder / ".stamp", place.hash_of(lock, sys.version), make, f"peer {name}: installing")
    return python


def node_modules_of(name: str) -> Path:
    """The folder with node_modules of bench/peers/<name>/package-lock.json, and its server beside them."""
    folder, source = VAR_BENCH / f"peers/{name}", HERE / name
    files = [path for path in (source / "package.json", source / "package-lock.json", source / "server.js") if path.exists()]

    def make() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            shutil.copy(path, folder / path.name)
        done = subprocess.run(
            [*setup._npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise place.Refused(f"npm ci failed: {done.stderr.strip()[-400:]}. {REMEDY}")

    place.once(folder / ".stamp", place.hash_of(*files), make, f"peer {name}: installing")
    return folder


def locked_version(name: str, package: str) -> str:
    """The version of `package` that the lock names."""
    for line in (HERE / name / "requirements.lock").read_text().splitlines():
        if line.startswith(f"{package}=="):
            return line.removeprefix(f"{package}==").split(" ")[0]
    return "unknown"
