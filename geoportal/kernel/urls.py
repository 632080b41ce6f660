"""Health and metrics: addresses for machines, without a language."""

from django.urls import path

from geoportal.kernel import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.prometheus, name="metrics"),
]
