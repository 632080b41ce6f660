"""QGIS without a screen: opens what the site serves and draws it. `python -m tests.api.qgis [address]` keeps the pictures in docs/shots.

It is Debian's (`apt-get install --no-install-recommends python3-qgis`), so it runs under the system's Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.api.foreign import run

PYTHON = "/usr/bin/python3"
SHOTS = Path(__file__).resolve().parents[2] / "docs/shots"
SOURCES = ("collections", "tiles", "geopackage")
"""What is drawn, one picture each: `30-qgis-<source>.png`."""
SCRIPT = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (
    Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFillSymbol, QgsLineSymbol, QgsMapRendererParallelJob,
    QgsMapSettings, QgsMarkerSymbol, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer, QgsVectorTileBasicRenderer, QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
address, package, folder, names, expression = json.loads(sys.argv[1])
app = QgsApplication([], False)
app.initQgis()
LOOKS = {
    QgsWkbTypes.PolygonGeometry: lambda: QgsFillSymbol.createSimple({"color": "#f4f7f2", "outline_color": "#6f8577"}),
    QgsWkbTypes.LineGeometry: lambda: QgsLineSymbol.createSimple({"color": "#a78f63", "width": "0.7"}),
    QgsWkbTypes.PointGeometry: lambda: QgsMarkerSymbol.createSimple({"color": "#c0392b", "outline_color": "white", "size": "2.6"}),
}

def styled(layer):
    if layer.isValid() and layer.geometryType() in LOOKS:
        layer.setRenderer(QgsSingleSymbolRenderer(LOOKS[layer.geometryType()]()))
    return layer

def tiles(name):
    source = "type=xyz&url=" + address + "/tiles/" + name + "/{z}/{x}/{y}.mvt&zmin=0&zmax=14"
    layer = QgsVectorTileLayer(source, name)
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles(QgsVectorTileBasicRenderer.simpleStyle(
        QColor("#f4f7f2"), QColor("#6f8577"), 0.3, QColor("#a78f63"), 0.7, QColor("#1d5c3f"), QColor("white"), 2.6))
    layer.setRenderer(renderer)
    return layer

def table(name):
    return styled(QgsVectorLayer(package + "|layername=" + name, name, "ogr"))

collections = [styled(QgsVectorLayer(f"typename='{name}' url='{address}/ogc/' pageSize='50' pagingEnabled='true'", name, "OAPIF")) for name in names]
opened = {"collections": collections, "tiles": [tiles(name) for name in names], "geopackage": [table(name) for name in names]}
reports, areas = collections[0], collections[-1]
found = {"version": Qgis.QGIS_VERSION, "valid": {source: [each.isValid() for each in layers] for source, layers in opened.items()}}
for source in ("collections", "geopackage"):
    found[source] = {layer.name(): sorted(each["reference" if "reference" in layer.fields().names() else "slug"] for each in layer.getFeatures())
                     for layer in opened[source]}
mercator = QgsCoordinateReferenceSystem("EPSG:3857")
settings = QgsMapSettings()
settings.setOutputSize(QSize(640, 480))
settings.setDestinationCrs(mercator)
extent = QgsCoordinateTransform(areas.crs(), mercator, QgsProject.instance()).transformBoundingBox(areas.extent())
extent.scale(1.08)
settings.setExtent(extent)

def drawn(source):
    settings.setLayers(opened[source])
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(os.path.join(folder, "30-qgis-" + source + ".png"))
    colours = [QColor(image.pixel(x, y)).name() for x in range(0, 640, 2) for y in range(0, 480, 2)]
    return {"colours": len(set(colours)), "drawn": sum(each != "#ffffff" for each in colours)}

found["pictures"] = {source: drawn(source) for source in opened}
if expression:
    reports.setSubsetString(expression)
    found["filtered"] = sorted(each["reference"] for each in reports.getFeatures())
print(json.dumps(found), flush=True)
os._exit(0)
"""


def there() -> bool:
    """Whether QGIS is installed for the system's Python."""
    asked = [PYTHON, "-c", "import qgis.core"]
    return Path(PYTHON).exists() and not subprocess.run(asked, capture_output=True, check=False).returncode


def drawn(address: str, package: Path, folder: Path, *names: str, expression: str = "") -> Any:
    """{"version", "valid", "collections" and "geopackage": names of what was read, "pictures": {source: how much of it is drawn}}.

    `address`: of a running site, without a slash; `package`: its GeoPackage; `names`: of collections, the upper ones first, reports at
    the beginning and areas at the end; `expression`: a filter of QGIS, of the reports.
    """
    return run(SCRIPT, address, str(package), str(folder), names, expression, python=PYTHON)


def main(address: str = "http://localhost:8000") -> None:
    """The pictures of the site at `address` into docs/shots."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder  # where QGIS would remember what it was told the last time
        package = Path(folder) / "all.gpkg"
        with urllib.request.urlopen(f"{address}/open-data/files/all.gpkg", timeout=60) as answer:
            package.write_bytes(answer.read())
        sys.stdout.write(f"{drawn(address, package, SHOTS, 'reports', 'projects', 'roads', 'areas')['pictures']}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
