"""Places written as numbers: „42.9061, 23.7912“, „42,9061 С 23,7912 И“, „N 42°54'22" E 23°47'28"“, plus codes, and links of maps."""

from __future__ import annotations

import re

from layers import plus_codes
from layers.folding import folded
from layers.named_home import called, without_post_code

CUT = 300
"""Signs after which the search of places cuts words off: a number of a link that ends just there may lack its end."""
_SIDE = r"[NSEWСЮИЗ]|[СЮ]\.?\s?Ш\.?|[ИЗ]\.?\s?Д\.?"
_MINUTES, _SECONDS = r"\d{1,2}(?:[.,]\d{1,8})?\s?['′’]", r"\d{1,2}(?:[.,]\d{1,8})?\s?(?:[\"″”“]|''|′′|’’)"
_VALUE = rf"[-−]?\d{{1,3}}(?:[.,]\d{{1,15}})?(?:\s?[°º](?:\s?{_MINUTES}(?:\s?{_SECONDS})?)?)?"
_BETWEEN = r"\s?[;,]?\s?(?:(?<!\d)|(?!\d))"
"""Nothing is enough where not both are digits: „N42.9061E23.7912“."""
_PAIRS = [
    re.compile(_BETWEEN.join(one), re.IGNORECASE)
    for one in (
        [rf"(?P<value{at}>{_VALUE})" for at in (1, 2)],
        [rf"(?P<side{at}>{_SIDE})\s?(?P<value{at}>{_VALUE})" for at in (1, 2)],
        [rf"(?P<value{at}>{_VALUE})\s?(?P<side{at}>{_SIDE})" for at in (1, 2)],
    )
]
_IN_LINK = r"(-?\d{1,3}\.\d{1,15})(?!\d)"
_LINKS = [
    re.compile(form.replace("#", _IN_LINK))
    for form in (r"[?&]mlat=#&mlon=#", r"!3d#!4d#", r"[\x23]map=[\d.]{1,5}/#/#", r"@#,#", r"^\s*geo:#,#")
]
"""A sign that somebody set comes before the middle of the map."""


def read(text: str) -> tuple[float, float] | None:
    """(lon, lat) of latitude before longitude, unless the sides are named otherwise, of a link of a map, or of a plus code, a shortened one
    with its settlement; None for anything else."""
    if found := next((found for link in _LINKS if (found := link.search(text))), None):
        return None if found.end() == len(text) == CUT else _on_the_globe(float(found[1]), float(found[2]))
    plain = " ".join(text.split()).strip("()[] ")
    if found := next((found for pair in _PAIRS if (found := pair.fullmatch(plain))), None):
        return _of_pair(found.groupdict())
    return _plus_code(text)


def _of_pair(parts: dict[str, str]) -> tuple[float, float] | None:
    one, two = _degrees(parts["value1"]), _degrees(parts["value2"])
    sides = parts.get("side1", "С")[0].upper() + parts.get("side2", "И")[0].upper()
    if one is None or two is None:
        return None
    one, two = (-number if side in "SWЮЗ" else number for number, side in zip((one, two), sides, strict=True))
    if sides[0] in "EWИЗ":
        one, two, sides = two, one, sides[::-1]
    return _on_the_globe(one, two) if sides[0] in "NSСЮ" and sides[1] in "EWИЗ" else None


def _degrees(written: str) -> float | None:
    """None for what is no exact place (whole degrees; a single digit after a comma is rather a number of something) and for 60 minutes."""
    numbers = re.findall(r"\d+(?:[.,]\d+)?", written)
    if len(numbers) == 1 and not re.search(r"\.\d|,\d\d", numbers[0]):
        return None
    degrees, *finer = (float(number.replace(",", ".")) for number in numbers)
    if any(number >= 60 for number in finer) or any(not number.isdecimal() for number in numbers[:-1]):
        return None
    found = degrees + sum(number / 60**at for at, number in enumerate(finer, 1))
    return -found if written[0] in "-−" else found


def _plus_code(text: str) -> tuple[float, float] | None:
    """A shortened code may have post number and country beside its settlement: „VJ3X+2Q 2140 Левка, България“."""
    found = plus_codes.find(text)
    if found is None:
        return None
    code, beside = found
    if not plus_codes.is_whole(code):
        names = [folded(without_post_code(name)) for name in beside.split(",")]
        home = next((home for name in names if name and (home := called(name))), None)
        if home is None or home.area.point is None:
            return None
        code = plus_codes.recovered(code, home.area.point.x, home.area.point.y)
    return plus_codes.cell(code).middle


def _on_the_globe(lat: float, lon: float) -> tuple[float, float] | None:
    return (lon, lat) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
