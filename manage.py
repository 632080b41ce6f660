#!/usr/bin/env python3
"""Django's command line."""

import gc
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    from django.core.management import execute_from_command_line

    gc.set_threshold(
        50_000, 20, 20
    )  # migrations make millions of objects that stay: a fifth of their time went into looking through them
    execute_from_command_line(sys.argv)
