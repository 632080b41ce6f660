"""QGIS itself, without a screen: it opens a collection, pages to its end, sends its filter to the server, and draws what it got."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from discussion.models import Subject
from tests import factories
from tests.api.conftest import Running
from tests.api.test_ogc_clients import run, spread

pytestmark = [pytest.mark.django_db, pytest.mark.deep]
PYTHON = "/usr/bin/python3"
"""The system's own, for which Debian builds QGIS (python3-qgis)."""
QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import Qgis, QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer, QgsVectorTileLayer
from qgis.PyQt.QtCore import QSize
address, expression, picture = json.loads(sys.argv[1])
app = QgsApplication([], False)
app.initQgis()
opened = [QgsVectorLayer(f"typename='{name}' url='{address}' pageSize='50' pagingEnabled='true'", name, "OAPIF") for name in ("reports", "areas")]
reports, areas = opened
found = {"version": Qgis.QGIS_VERSION, "valid": [each.isValid() for each in opened], "areas": len(list(areas.getFeatures()))}
found["all"] = sorted(each["reference"] for each in reports.getFeatures())
reports.setSubsetString(expression)
found["filtered"] = sorted(each["reference"] for each in reports.getFeatures())
settings = QgsMapSettings()
settings.setOutputSize(QSize(800, 500))
settings.setExtent(areas.extent())
settings.setDestinationCrs(areas.crs())

def drawn(layers, path):
    settings.setLayers(layers)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(path)
    return len({image.pixel(x, y) for x in range(0, 800, 2) for y in range(0, 500, 2)})

found["colours"] = drawn(opened, picture)
tiles = QgsVectorTileLayer("type=xyz&url=" + address.replace("/ogc/", "/tiles/reports/{z}/{x}/{y}.mvt") + "&zmin=0&zmax=14", "tiles")
found["valid"].append(tiles.isValid())
found["tile colours"] = drawn([tiles], picture.replace("map.png", "tiles.png"))
print(json.dumps(found), flush=True)
os._exit(0)
"""


def there() -> bool:
    return (
        Path(PYTHON).exists()
        and not subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode
    )


def test_qgis_opens_filters_and_draws_a_collection(server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since 3.32 QGIS writes filters as CQL2; Debian 12 has 3.22, which sends times alone, as `datetime`."""
    if not there():
        pytest.skip("QGIS is not here: apt-get install --no-install-recommends python3-qgis")
    factories.town()
    made = spread(120)
    Subject.objects.filter(reference__in=made[:40]).update(created_at="2026-01-01T00:00:00Z")
    monkeypatch.setenv("HOME", str(tmp_path))
    picture = tmp_path / "map.png"
    found = run(QGIS, f"{server.address}/ogc/", "created_at <= '2026-01-31T00:00:00Z'", str(picture), python=PYTHON)
    assert found["valid"] == [True, True, True]
    assert (found["all"], found["filtered"], found["areas"]) == (sorted(made), sorted(made[:40]), 3)
    sent = [line for line in server.asked if "/items?" in line and ("datetime=" in line or "filter=" in line)]
    assert len(sent) >= 1, server.asked
    newer = tuple(int(part) for part in found["version"].split("-")[0].split(".")[:2]) >= (3, 32)
    assert all("filter=" in line for line in sent) is newer
    assert found["colours"] > 3
    assert found["tile colours"] > 1
    assert any("/tiles/reports/" in line for line in server.asked)
    assert picture.stat().st_size > 1_000
