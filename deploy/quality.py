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


def run(arguments: list[str]) -> int:
    """The exit code of what was asked for."""
    if not arguments or arguments[0] not in COMMANDS:
        raise Refused(f"say quality.py with one of {', '.join(COMMANDS)}")
    setup.prepare(dev=True)
    further = shlex.split(os.environ.get("ARGS", "")) + arguments[1:]
    with cluster.in_use() if own_database() else contextlib.nullcontext():
        return subprocess.run([str(VENV_PYTHON), *COMMANDS[arguments[0]], *further], cwd=REPO, check=False).returncode


if __name__ == "__main__":
    main(run)
