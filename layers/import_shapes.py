"""Shapes of a file as the map takes them: in WGS84, two-dimensional, valid, of one kind each; what was wrong and what was done
about it. Part of the process of `layers.import_child`: many at once, by numpy, GEOS and the PROJ inside GDAL's library.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.import_open import Refused

Array = Any
"""Of numpy: bytes, shapes, numbers or codes, one for each row of the file."""
Box = tuple[float, float, float, float]
MOST_VERTICES = 100_000
KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 5: "line", 6: "polygon"}
GUESSED = (4326, 7801, 32635, 32634, 3857)
"""In the order in which they are tried where a file does not say."""
SAMPLE = 200


# Coordinate systems -------------------------------------------------------------------------------------------------------


def library() -> ctypes.CDLL:
    """GDAL's library, the one that pyogrio has loaded."""
    import pyogrio

    beside = Path(pyogrio.__file__).parent.with_name("pyogrio.libs")
    found = ctypes.CDLL(str(next(beside.glob("libgdal*.so*"), "libgdal.so")))
    for name in ("OSRNewSpatialReference", "OCTNewCoordinateTransformation", "GDALGetDriver"):
        getattr(found, name).restype = ctypes.c_void_p
    for name in ("GDALGetDriverShortName", "OSRGetName"):
        getattr(found, name).restype = ctypes.c_char_p
    return found


def only(driver: str) -> None:
    """From now on no other driver of GDAL opens anything in this process: no VRT, no web service, no database."""
    gdal = library()
    for number in reversed(range(gdal.GDALGetDriverCount())):
        each = ctypes.c_void_p(gdal.GDALGetDriver(number))
        if gdal.GDALGetDriverShortName(each).decode() != driver:
            gdal.GDALDeregisterDriver(each)


class Projection:
    """From a coordinate system (EPSG number, or what the file says) to WGS84, x before y; `swapped`: the file has y first."""

    def __init__(self, said: str, swapped: bool = False) -> None:
        self.said, self.swapped = said, swapped
        self._gdal = library()
        self._source, target = self._system(said), self._system("EPSG:4326")
        self._made = self._gdal.OCTNewCoordinateTransformation(self._source, target)
        if not self._made:
            raise Refused("srid", said[:40])

    def _system(self, said: str) -> ctypes.c_void_p:
        made = ctypes.c_void_p(self._gdal.OSRNewSpatialReference(None))
        if said.startswith("EPSG:"):
            wrong = self._gdal.OSRImportFromEPSG(made, int(said[5:]))
        else:
            wrong = self._gdal.OSRImportFromWkt(made, ctypes.byref(ctypes.c_char_p(said.encode())))
        if wrong:
            raise Refused("srid", said[:40])
        self._gdal.OSRSetAxisMappingStrategy(made, 0)  # x is east, whatever the system's own order
        return made

    def require_here(self, box: Box) -> None:
        """Raises Refused where the system is made for a part of the world that does not touch the box; some do not say for which."""
        west, south, east, north = (ctypes.c_double() for _side in range(4))
        sides = [ctypes.byref(side) for side in (west, south, east, north)]
        if not self._gdal.OSRGetAreaOfUse(self._source, *sides, None) or west.value > east.value:
            return
        if west.value > box[2] or east.value < box[0] or south.value > box[3] or north.value < box[1]:
            raise Refused("elsewhere", f"{self.said}: {self._gdal.OSRGetName(self._source).decode()}"[:80])

    def __call__(self, positions: Array) -> Array:
        """(n, 2) degrees of (n, 2) positions; infinite where the system knows no such place."""
        x, y = (np.array(positions[:, axis], dtype="float64") for axis in ((1, 0) if self.swapped else (0, 1)))
        if self.said != "EPSG:4326":
            double = ctypes.POINTER(ctypes.c_double)
            self._gdal.OCTTransform(
                ctypes.c_void_p(self._made), len(x), x.ctypes.data_as(double), y.ctypes.data_as(double), None
            )
        return np.column_stack([x, y])


def projection(positions: Array, said: str, chosen: int, swapped: bool, box: Box) -> tuple[Projection, bool]:
    """How the positions come into WGS84, and whether that was guessed. Raises Refused where nobody can tell."""
    some = positions[:: max(1, len(positions) // SAMPLE)]
    if chosen:
        found = Projection(f"EPSG:{chosen}", swapped)
        found.require_here(box)
        return found, False
    if said and _share((found := Projection(said))(some), box) > 0:
        return found, False
    for guess in [said] * bool(said) + [f"EPSG:{srid}" for srid in GUESSED]:
        for turned in (False, True):
            found = Projection(guess, turned)
            if _share(found(some), box) > 0.5:
                return found, True
    if said:  # it lies elsewhere, and says so
        return Projection(said), False
    raise Refused("unknown_srid")


def _share(positions: Array, box: Box) -> float:
    """How many of the positions lie in the municipality's box or half its width around it."""
    if not len(positions):
        return 0.0
    west, south, east, north = box
    across, up = (east - west) / 2, (north - south) / 2
    x, y = positions[:, 0], positions[:, 1]
    return float(((x > west - across) & (x < east + across) & (y > south - up) & (y < north + up)).mean())


# Shapes -------------------------------------------------------------------------------------------------------------------


class Shapes:
    """The rows' shapes on their way: `shapes`, and for each row `why` it cannot be used ("" while it can) and what was `mended`."""

    def __init__(self, raw: Array) -> None:
        self.shapes = shapely.force_2d(shapely.from_wkb(raw, on_invalid="ignore"))
        self.why = np.full(len(raw), "", dtype=object)
        self.mended = np.full(len(raw), "", dtype=object)
        missing = np.array([each is None for each in raw], dtype=bool)
        self._refuse(missing, "empty")
        self._refuse(~missing & shapely.is_missing(self.shapes), "broken")
        self._refuse(shapely.is_empty(self.shapes), "empty")
        self._refuse(shapely.get_num_coordinates(self.shapes) > MOST_VERTICES, "vertices")
        self._refuse(self._not_finite(), "not_finite")

    def _refuse(self, which: Array, code: str) -> None:
        fresh = which & (self.why == "")
        self.why[fresh] = code
        self.shapes[fresh] = None

    def _not_finite(self) -> Array:
        positions, rows = shapely.get_coordinates(self.shapes, return_index=True)
        wrong = np.zeros(len(self.shapes), dtype=bool)
        wrong[rows[~(np.isfinite(positions) & (np.abs(positions) < 1e12)).all(axis=1)]] = True
        return wrong

    def positions(self) -> Array:
        """(n, 2) of everything that can still be used, in the file's own units."""
        return shapely.get_coordinates(self.shapes)

    def place(self, how: Projection) -> None:
        """Into WGS84; what lies nowhere on Earth is refused before any shape of it is looked at."""
        positions, rows = shapely.get_coordinates(self.shapes, return_index=True)
        degrees = how(positions)
        wrong = np.zeros(len(self.shapes), dtype=bool)
        x, y = degrees[:, 0], degrees[:, 1]
        with np.errstate(invalid="ignore"):
            on_earth = np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180) & (np.abs(y) <= 90)
        wrong[rows[~on_earth]] = True
        keep = ~wrong[rows]
        self._refuse(wrong, "range")
        self.shapes = shapely.set_coordinates(self.shapes, degrees[keep])

    def mend(self) -> None:
        """Crossing outlines are made valid and said; collections of one kind become that kind; the rest is refused."""
        for row in np.flatnonzero(np.isin(shapely.get_type_id(self.shapes), (4, 7))):
            self.shapes[row] = _of_one_kind(self.shapes[row])
        self._refuse(shapely.is_missing(self.shapes) & (self.why == ""), "mixed")
        # GEOS would say where; what it says must not stand in a log.
        for row in np.flatnonzero(~shapely.is_valid(self.shapes) & (self.why == "")):
            kind = KINDS.get(int(shapely.get_type_id(self.shapes[row])), "")
            fixed = _of_one_kind(shapely.make_valid(self.shapes[row]), flat=True) if kind == "polygon" else None
            usable = fixed is not None and KINDS.get(int(shapely.get_type_id(fixed)), "") == kind
            self.shapes[row] = fixed if usable else None
            self.mended[row] = "crossing" if usable else ""
        self._refuse(shapely.is_missing(self.shapes) & (self.why == ""), "invalid")
        self._refuse(~np.isin(shapely.get_type_id(self.shapes), list(KINDS)) & (self.why == ""), "kind")

    def written(self) -> tuple[Array, Array]:
        """(kind, hex of the WKB that its column takes) of each row; lines and polygons as what may have several parts."""
        types = shapely.get_type_id(self.shapes)
        texts = shapely.to_wkb(self.shapes, hex=True, byte_order=1, output_dimension=2)
        for single, several in ((1, 5), (2, 5), (3, 6)):
            which = types == single
            texts[which] = [f"01{several:02X}00000001000000{text}" for text in texts[which]]
        return np.array([KINDS.get(int(each), "") for each in types], dtype=object), texts


def _of_one_kind(shape: Any, flat: bool = False) -> Any:
    """What a collection holds, when it is all of one kind (one point, some lines, some polygons), else None.

    `flat`: of a mended outline, whose left-over edges without a width count for nothing.
    """
    parts = [each for each in shapely.get_parts(shapely.get_parts(shape)) if not each.is_empty]
    if flat:
        parts = [each for each in parts if shapely.get_dimensions(each) == 2]
    if not parts or len({int(shapely.get_dimensions(each)) for each in parts}) != 1:
        return None
    dimension = int(shapely.get_dimensions(parts[0]))
    if dimension == 0:
        return parts[0] if len(parts) == 1 else None
    return shapely.MultiLineString(parts) if dimension == 1 else shapely.MultiPolygon(parts)
