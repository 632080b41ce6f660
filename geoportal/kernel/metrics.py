"""Prometheus metrics of the process; several server processes share them when PROMETHEUS_MULTIPROC_DIR names a folder."""

from __future__ import annotations

import os

from prometheus_client import REGISTRY as OWN
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

REQUESTS = Counter("geoportal_requests", "Answers", ["route", "method", "status"])
SECONDS = Histogram(
    "geoportal_request_seconds",
    "Time to the answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
GEOMETRY_REFUSED = Counter("geoportal_geometry_refused", "Geometries the gate refused", ["code"])
PHOTO_REFUSED = Counter("geoportal_photo_refused", "Photos that were refused", ["code"])
THROTTLED = Counter("geoportal_throttled", "Requests over a limit", ["limit"])


def text() -> bytes:
    """All metrics in Prometheus' text format."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(OWN)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
