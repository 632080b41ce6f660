"""django-vectortiles as its manual shows it: one layer of a model, one view."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import pyogrio
import shapely
from django.conf import settings


def _library(package: object, pattern: str) -> str:
    folder = Path(package.__file__).parent.parent / f"{package.__name__}.libs"
    return str(next(iter(sorted(folder.glob(pattern)))))


AT = json.loads(os.environ["PEER_DATABASE"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=secrets.token_urlsafe(50),
    USE_TZ=True,
    ROOT_URLCONF="app",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.gis", "vectortiles"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "HOST": AT["host"], "PORT": AT["port"], "USER": AT["user"], "PASSWORD": AT["password"], "NAME": AT["dbname"],
            "CONN_MAX_AGE": 600, "OPTIONS": {"options": "-c search_path=public"},
        }
    },
    GDAL_LIBRARY_PATH=_library(pyogrio, "libgdal*.so*"),
    GEOS_LIBRARY_PATH=_library(shapely, "libgeos_c*.so*"),
)  # fmt: skip

from django.core.wsgi import get_wsgi_application  # noqa: E402  the settings come first

application = get_wsgi_application()

from django.contrib.gis.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from vectortiles import VectorLayer  # noqa: E402
from vectortiles.views import MVTView  # noqa: E402


class Report(models.Model):
    subject_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8)
    status = models.CharField(max_length=24)
    sector_id = models.BigIntegerField()
    is_public = models.BooleanField()
    geom = models.PointField(null=True)

    class Meta:
        app_label = "peer"
        managed = False
        db_table = "reports_report"


class Reports(VectorLayer):
    model = Report
    id = "reports"
    geom_field = "geom"
    tile_fields = ("kind", "status", "sector_id")
    queryset = Report.objects.filter(is_public=True)


class Tiles(MVTView):
    layer_classes = [Reports]


urlpatterns = [path("tiles/<int:z>/<int:x>/<int:y>", Tiles.as_view())]
