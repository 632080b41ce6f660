"""Programs of others, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def run(script: str, *asked: Any, python: str = sys.executable) -> Any:
    """The last line that a script prints, as JSON, from a process of its own that asks no proxy."""
    shut = (
        "GDAL_HTTP_PROXY",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS",
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
    )
    environment = {name: value for name, value in os.environ.items() if name not in shut} | {"NO_PROXY": "*", "no_proxy": "*"}
    done = subprocess.run(
        [python, "-c", script, json.dumps(asked)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])
