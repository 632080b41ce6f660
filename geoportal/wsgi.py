"""The WSGI entrance that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
application = get_wsgi_application()


def _ready() -> None:
    """What every process reads once, so that no visitor waits for it: all views (to name one address), the dictionaries."""
    from django.urls import reverse

    from discussion.search import read_dictionaries

    reverse("map")
    read_dictionaries()


_ready()
# What stands from here on stays: the collector need not look through it again whenever an answer makes many rows.
gc.collect()
gc.freeze()
