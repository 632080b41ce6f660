"""The kernel as an app: it owns two small tables."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "geoportal.kernel"
    label = "kernel"
