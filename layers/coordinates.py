"""Places written as numbers: „42.9061, 23.7912“, „42,9061 23,7912“, „42°54'22"N 23°47'28"E“, and plus codes."""

from __future__ import annotations

import re

from layers import plus_codes
from layers.folding import folded
from layers.named_home import called

_NUMBER = r"-?\d{1,3}[.,]\d{2,12}"
_DECIMAL = re.compile(rf"\s*({_NUMBER})\s*°?\s*(?:[;,]\s*|\s)\s*({_NUMBER})\s*°?\s*")
_PART = r"(\d{1,3})\s*[°º]\s*(\d{1,2})\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d{1,6})?)\s*(?:[\"″”]|''))?\s*"
_DMS = re.compile(rf"\s*{_PART}([NSСЮ])\s*[;,]?\s*{_PART}([EWИЗ])\s*", re.IGNORECASE)


def read(text: str) -> tuple[float, float] | None:
    """(lon, lat) of latitude before longitude, or of a plus code, a shortened one with its settlement; None for anything else."""
    if found := _DECIMAL.fullmatch(text):
        return _on_the_globe(*(float(part.replace(",", ".")) for part in found.groups()))
    if found := _DMS.fullmatch(text):
        north, south = found.groups()[:4], found.groups()[4:]
        return _on_the_globe(_degrees(*north), _degrees(*south))
    return _plus_code(text)


def _plus_code(text: str) -> tuple[float, float] | None:
    found = plus_codes.find(text)
    if found is None:
        return None
    code, beside = found
    if not plus_codes.is_whole(code):
        home = called(folded(beside)) if beside else None
        if home is None or home.area.point is None:
            return None
        code = plus_codes.recovered(code, home.area.point.x, home.area.point.y)
    return plus_codes.cell(code).middle


def _degrees(degrees: str, minutes: str, seconds: str | None, side: str) -> float:
    found = int(degrees) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return -found if side.upper() in "SWЮЗ" else found


def _on_the_globe(lat: float, lon: float) -> tuple[float, float] | None:
    return (lon, lat) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
