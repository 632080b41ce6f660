"""Tests and checks with all the set-up they need, on the private database, beside a running site if there is one.

deploy/with-python quality.py test|deep|check|bench|quality|shots [further words for pytest]
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess

import cluster
import setup
from place import REPO, VENV_PYTHON, Refused, main, own_database

COMMANDS = {
    "test": ["-m", "pytest", "-n", "2"],
    "deep": ["-m", "pytest", "-m", "deep"],
    "check": ["deploy/check.py"],
    "bench": ["-m", "bench"],
    "quality": ["-m", "tests.quality"],
    "shots": ["-m", "tests.browser.shots"],
}


def _others_programs() -> None:
    """QGIS, which the tests that are too long for every day use; without it they say so and go on."""
    with contextlib.suppress(Refused, FileNotFoundError):
        if subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True, check=False).returncode:
            setup.install_packages(["python3-qgis"])


def run(arguments: list[str]) -> int:
    """The exit code of what was asked for."""
    if not arguments or arguments[0] not in COMMANDS:
        raise Refused(f"say quality.py with one of {', '.join(COMMANDS)}")
    setup.prepare(dev=True)
    if arguments[0] == "deep":
        _others_programs()
    further = shlex.split(os.environ.get("ARGS", "")) + arguments[1:]
    with cluster.in_use() if own_database() else contextlib.nullcontext():
        return subprocess.run([str(VENV_PYTHON), *COMMANDS[arguments[0]], *further], cwd=REPO, check=False).returncode


if __name__ == "__main__":
    main(run)
