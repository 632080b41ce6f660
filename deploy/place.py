"""Where the installation lies, and how its scripts speak: folders, environment, progress lines, refusals.

Needs the standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

REPO = Path(__file__).resolve().parent.parent
VENV_PYTHON = REPO / ".venv/bin/python"


def read_env_file(path: Path) -> None:
    """Put the lines `NAME=value` of `path` into the environment; what is set already wins."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


read_env_file(REPO / ".env")
VAR = Path(os.environ.get("VAR_DIR") or REPO / "var").absolute()
os.environ["VAR_DIR"] = str(VAR)
LOGS = VAR / "log"
# Scripts started by a script count from its start.
STARTED = float(os.environ.setdefault("STARTED_AT", str(time.monotonic())))


class Refused(Exception):
    """What failed and what to do about it, in words for the person at the terminal."""


def say(text: str) -> None:
    """One progress line with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}", flush=True)


def own_database() -> bool:
    """True when the private cluster under var/ is meant, not a database named by DATABASE_URL."""
    return not os.environ.get("DATABASE_URL")


if own_database():
    # PGPORT, PGSERVICE and the like, meant for other work of this user, would lead away from the private cluster.
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def refuse_unusable_settings(*names: str) -> None:
    """End with one sentence when a setting, or one of those named, cannot be used."""
    sys.path.append(str(REPO))
    from geoportal.environment import refuse_unusable

    refuse_unusable({name: value for name, value in os.environ.items() if not names or name in names})


def hash_of(*parts: str | bytes | Path) -> str:
    """A short hash of texts and of the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:24]


def tree_hash(folders: Iterable[Path]) -> str:
    """A hash of names, sizes and times of all files below `folders`: quick, no contents read."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            stat = path.stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def once(stamp: Path, inputs: str, work: Callable[[], None], title: str) -> bool:
    """Do `work` unless `stamp` says that it was done for the same `inputs`; True when it was done now."""
    if stamp.exists() and stamp.read_text() == inputs:
        return False
    say(title)
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)
    return True


def main(run: Callable[[list[str]], int | None]) -> NoReturn:
    """Run a script's main function; refusals become one sentence and exit code 1."""
    try:
        sys.exit(run(sys.argv[1:]) or 0)
    except Refused as refusal:
        print(f"geoportal: {refusal}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("geoportal: interrupted", file=sys.stderr)
        sys.exit(130)
