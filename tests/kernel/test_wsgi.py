"""What a process of the web server is when it begins to answer."""

from __future__ import annotations

import json
import subprocess
import sys

from django.conf import settings

ASKED = """
import gc, json, sys
import geoportal.wsgi
from discussion.search import lemma
from simplemma.strategies.dictionaries import stream_dictionary_factory
stream_dictionary_factory.StreamMap = None  # no dictionary can be read any more
lemma("щщщ")
print(json.dumps([gc.get_freeze_count(), sorted({"PIL", "pyogrio", "weasyprint"} & set(sys.modules))]))
"""


def test_what_few_ask_for_is_not_there_yet_what_all_need_is_and_is_left_to_no_collector():
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    frozen, loaded = json.loads(done.stdout.splitlines()[-1])
    assert loaded == []
    assert frozen > 100_000
