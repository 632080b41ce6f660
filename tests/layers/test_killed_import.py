"""T-76: a worker that is killed while it writes a file into a layer has written nothing; the next one writes all of it."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from layers import actions
from layers.models import Feature, Import
from tests import factories
from tests.layers.files import checked, geojson, layer, point, read_here
from tests.notifications.test_killed_worker import fall_silent, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]


def test_nothing_or_all(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    read_here(monkeypatch)
    factories.town()
    into = layer()
    found = checked(into, geojson(*((point(), {"no": str(number)}) for number in range(500))), key="no")
    monkeypatch.undo()
    actions.start(found.pk, seen=found.reading)
    assert work("while_carrying") == -signal.SIGKILL
    assert (Feature.objects.count(), found.rows.count()) == (0, 500)
    assert Import.objects.get(pk=found.pk).state == "carrying"
    fall_silent()
    assert work() == 0
    assert (Feature.objects.count(), found.rows.filter(role="coming").count()) == (500, 0)
    assert Import.objects.get(pk=found.pk).state == "done"
