"""Settings of the peers that are Django sites: as their manuals show it, on the benchmark's database. Runs in their environments."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from django.conf import settings


def _library(package: Any, pattern: str) -> str:
    folder = Path(package.__file__).parent.parent / f"{package.__name__}.libs"
    return str(next(iter(sorted(folder.glob(pattern)))))


def configure(*apps: str, **more: Any) -> None:
    """Sets Django up for the peer's module `app` with its own `apps` and settings; GDAL and GEOS come with two of its packages."""
    at = json.loads(os.environ["PEER_DATABASE"])
    settings.configure(
        ALLOWED_HOSTS=["*"],
        SECRET_KEY=secrets.token_urlsafe(50),
        USE_TZ=True,
        ROOT_URLCONF="app",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.gis", *apps],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        DATABASES={
            "default": {
                "ENGINE": "django.contrib.gis.db.backends.postgis",
                "HOST": at["host"], "PORT": at["port"], "USER": at["user"], "PASSWORD": at["password"], "NAME": at["dbname"],
                "CONN_MAX_AGE": 600, "OPTIONS": {"options": "-c search_path=public"},
            }
        },
        GDAL_LIBRARY_PATH=_library(pyogrio, "libgdal*.so*"),
        GEOS_LIBRARY_PATH=_library(shapely, "libgeos_c*.so*"),
        **more,
    )  # fmt: skip
