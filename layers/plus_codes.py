"""Plus codes (Open Location Code), whole and shortened, by the public specification: https://github.com/google/open-location-code.

A whole code has a plus after eight digits: „8GJ5VJ3X+2Q“. Pairs of digits of base 20 narrow latitude and longitude in turn, from 20 degrees
to 1/8000; each digit beyond the tenth chooses one of five rows and four columns. A shortened one („VJ3X+2Q“) lacks the first pairs and means
the place of that code nearest to somewhere known. One with fewer than two digits after its plus is an area from hundreds of metres to
degrees wide, no place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = "23456789CFGHJMPQRVWX"
BASE, PAIRS, ROWS, COLUMNS, LONGEST, BEFORE_PLUS = 20, 5, 5, 4, 15, 8
FINEST_UP, FINEST_ACROSS = 8000 * ROWS**5, 8000 * COLUMNS**5
"""Parts of a degree that fifteen digits tell apart: everything is counted in these, for sums of fractions err."""
_CODE = re.compile(rf"(?<![\w+])([{DIGITS}]{{2,8}})\+([{DIGITS}]{{2,7}})(?![\w+])", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """The rectangle that a whole code names, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """(lon, lat)"""
        return (self.west + self.east) / 2, (self.south + self.north) / 2


def find(text: str) -> tuple[str, str] | None:
    """(code in capitals, the other words) of the first plus code in `text` that names a place; None without one."""
    found = _CODE.search(text)
    if found is None or len(found[1]) % 2:
        return None
    code = found[0].upper()
    if is_whole(code) and (DIGITS.index(code[0]) > 8 or DIGITS.index(code[1]) > 17):  # beyond the pole or the date line
        return None
    return code, re.sub(r"\s+", " ", f"{text[: found.start()]} {text[found.end() :]}").strip(" ,")


def is_whole(code: str) -> bool:
    return code.index("+") == BEFORE_PLUS


def encoded(lon: float, lat: float, digits: int = 10) -> str:
    """The whole code of a place with 2, 4, 6, 8 or 10 to 15 digits."""
    up = min(max(int(round((lat + 90) * FINEST_UP * 1e6) // 1e6), 0), 180 * FINEST_UP - 1)
    across = int(round((lon + 180) * FINEST_ACROSS * 1e6) // 1e6) % (360 * FINEST_ACROSS)
    fine = []
    for _digit in range(LONGEST - 2 * PAIRS):
        fine.append(DIGITS[up % ROWS * COLUMNS + across % COLUMNS])
        up, across = up // ROWS, across // COLUMNS
    pairs = []
    for _pair in range(PAIRS):
        pairs.append(DIGITS[up % BASE] + DIGITS[across % BASE])
        up, across = up // BASE, across // BASE
    whole = ("".join(reversed(pairs)) + "".join(reversed(fine)))[:digits]
    padded = whole.ljust(BEFORE_PLUS, "0")
    return f"{padded[:BEFORE_PLUS]}+{padded[BEFORE_PLUS:]}"


def cell(code: str) -> Cell:
    """What a whole code of `find` names."""
    digits = [DIGITS.index(letter) for letter in code.replace("+", "").rstrip("0")][:LONGEST]
    up = across = 0
    high, wide = FINEST_UP * BASE**2, FINEST_ACROSS * BASE**2
    for at in range(0, min(len(digits), 2 * PAIRS), 2):
        high, wide = high // BASE, wide // BASE
        up, across = up + digits[at] * high, across + digits[at + 1] * wide
    for digit in digits[2 * PAIRS :]:
        high, wide = high // ROWS, wide // COLUMNS
        up, across = up + digit // COLUMNS * high, across + digit % COLUMNS * wide
    west, south = across / FINEST_ACROSS - 180, up / FINEST_UP - 90
    return Cell(west, south, west + wide / FINEST_ACROSS, south + high / FINEST_UP)


def recovered(code: str, lon: float, lat: float) -> str:
    """The whole code nearest to a place of which a shortened one is the end."""
    if is_whole(code):
        return code
    missing = BEFORE_PLUS - code.index("+")
    size = float(BASE ** (2 - missing // 2))
    found = cell(encoded(lon, lat)[:missing] + code)
    middle, height = found.middle, found.middle[1]
    if lat + size / 2 < height and height - size >= -90:
        height -= size
    elif lat - size / 2 > height and height + size <= 90:
        height += size
    across = middle[0]
    if lon + size / 2 < across:
        across -= size
    elif lon - size / 2 > across:
        across += size
    return encoded(across, height, len(code) - 1 + missing)
