"""django-vectortiles as its manual shows it: one layer of a model, one view."""

from __future__ import annotations

from peer_settings import configure

configure("vectortiles")

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
