"""Each row by the map: read, checked as a person's report would be, or refused with what to do."""

from __future__ import annotations

import datetime
import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from geoportal.kernel.geometry import point
from geoportal.kernel.text import clean
from layers import placing
from municipality.models import Area
from reports import workflow
from reports.actions.submit import MOST_PHOTOS, responsible
from reports.models import Category
from reports.noticing import KIND_NAMES
from reports.private_data import private_data, without
from reports.taking_over.mapping import Map, fold
from reports.taking_over.taken import Said, Taken
from reports.taking_over.wording import OF_ROW
from reports.wording import STATE_NAMES

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_ID = 150, 4000, 200, 100
EARLIEST = 1990
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s*г\.?)?(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_APART = re.compile(r"[\s;|]+")
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,20})?", re.ASCII)


class Refused(Exception):
    """A row is left out; `code` is one of wording.OF_ROW; `about` is cut at `most` characters."""

    def __init__(self, code: str, about: str = "", most: int = 60) -> None:
        super().__init__(code)
        self.code, self.about = code, _short(about, most)


@dataclass
class Checked:
    """What was read so far: lines of the row report and rows by category and state."""

    said: list[Said] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: int = 0
    refused: int = 0
    _seen: set[str] = field(default_factory=set)

    def rows(self, raw: Iterable[tuple[str, Mapping[str, str] | None]], by: Map) -> Iterator[Taken]:
        """Those that can be taken over; of the others `said` tells why. `raw`: (row, cells by column, None for a torn line)."""
        for row, cells in raw:
            self.read += 1
            try:
                taken = self._checked(row, cells, by)
            except Refused as refused:
                self.said.append(Said(row, refused.code, refused.about))
                self.refused += 1
                continue
            self.counts[taken.category.slug, taken.status] += 1
            yield taken

    def _checked(self, row: str, cells: Mapping[str, str] | None, by: Map) -> Taken:
        if cells is None:
            raise Refused("cells")
        of = {name: _cleaned(cells.get(column) or "", name) for name, column in by.columns.items()}
        known = self._id(of["external_id"])
        category, status = _meaning(of, by)
        created, closed = self._days(row, of, category, status)
        at, settlement = self._place(row, of)
        for name in ("text", "title"):
            if len(of.get(name, "")) > LONGEST_TEXT:
                raise Refused("long", of[name])
        text, title = self._without_persons(row, of.get("text", "")), self._without_persons(row, of.get("title", ""))
        if not text and not title:
            raise Refused("no_words")
        place = of.get("address", "")
        if len(place) > LONGEST_PLACE:
            self._note(row, "address", place)
        if len(title) > LONGEST_TITLE and len(text := f"{title}\n{text}".strip()) > LONGEST_TEXT:
            raise Refused("long", title)
        return Taken(
            row=row, source=by.source, external_id=known, category=category, title=_short(title or text.split("\n", 1)[0], LONGEST_TITLE), text=text,
            language=by.language, status=status, created=created, closed=closed, point=at, place=place[:LONGEST_PLACE].rstrip(),
            answer=self._answer(row, of, category, status), photos=self._photos(row, of), settlement=settlement,
        )  # fmt: skip

    def _note(self, row: str, code: str, about: str = "") -> None:
        self.said.append(Said(row, code, _short(about), refuses=False))

    def _place(self, row: str, of: Mapping[str, str]) -> tuple[Point | None, Area | None]:
        """By its coordinates; without any by its address, which the report says: (point, None) or, approximately, (None, settlement)."""
        address = of.get("address", "")
        if of.get("lat") or of.get("long") or not address:
            return _place(of), None
        found = placing.place(address)
        if found.hit is None:
            raise Refused(found.why, "; ".join((_short(address), *found.candidates)), most=300)
        self.said.append(
            Said(row, "by_address" if found.hit.exact else "by_settlement", _short(found.hit.name, 150), refuses=False)
        )
        return (found.hit.point, None) if found.hit.exact else (None, found.hit.home)

    def _without_persons(self, row: str, text: str) -> str:
        """Telephones, addresses of mail and numbers of people stay in the other system."""
        found = private_data(text)
        if found:
            self._note(row, "private", ", ".join(dict.fromkeys(str(KIND_NAMES[one.kind]) for one in found)))
        return without(text, found)

    def _id(self, known: str) -> str:
        if not known:
            raise Refused("no_id")
        if len(known) > LONGEST_ID:
            raise Refused("id", known)
        if known in self._seen:
            raise Refused("twice", known)
        self._seen.add(known)
        return known

    def _days(
        self, row: str, of: Mapping[str, str], category: Category, status: str
    ) -> tuple[datetime.datetime, datetime.datetime]:
        """When it was sent and when it came into its state; of what waits in its first state a later day says nothing."""
        created = _moment(of["created"], "created")
        said = of.get("closed", "") if _edge(category, status) else ""
        closed = _moment(said, "closed") if said else created
        if closed < created:
            raise Refused("order", said)
        if not said and workflow.STATES[status].ends:
            self._note(row, "no_close")
        return created, closed

    def _answer(self, row: str, of: Mapping[str, str], category: Category, status: str) -> str:
        answer = of.get("answer", "")
        if fold(answer) in _states() | {fold(of.get("status", ""))}:
            return ""  # some systems write the state once more where an answer would stand
        if len(answer) > LONGEST_TEXT:
            raise Refused("long", answer)
        if answer and not _edge(category, status):
            self._note(row, "answer", answer)
            return ""
        return answer

    def _photos(self, row: str, of: Mapping[str, str]) -> list[str]:
        found = list(dict.fromkeys(address for address in _APART.split(of.get("photos", "")) if address))
        if len(found) > MOST_PHOTOS:
            self._note(row, "photos")
        return found[:MOST_PHOTOS]


@functools.cache
def _states() -> frozenset[str]:
    """What our states are called, in every language of the site."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(name)) for names in STATE_NAMES.values() for name in names.values()}
    return frozenset(found)


def _cleaned(cell: str, name: str) -> str:
    try:
        return clean(cell, lines=name in ("text", "answer"))
    except ValidationError:
        raise Refused("control", name) from None


def _short(text: str, most: int = 60) -> str:
    """On one line, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,.;:") + "…"


def _edge(category: Category, status: str) -> str:
    return workflow.TAKEN_OVER[workflow.Kind(category.kind)][status]


def _meaning(of: Mapping[str, str], by: Map) -> tuple[Category, str]:
    """What category and state mean here."""
    word, state = fold(of["category"]), fold(of["status"])
    if word not in by.categories:
        raise Refused("category", of["category"])
    if state not in by.statuses:
        raise Refused("status", of["status"])
    category, status = by.categories[word], by.statuses[state]
    if category is None or status is None:
        raise Refused("left_out", of["category"] if category is None else of["status"])
    if status not in workflow.TAKEN_OVER[workflow.Kind(category.kind)]:
        raise Refused("state", of["status"])
    return category, status


def _moment(text: str, name: str) -> datetime.datetime:
    """A day or a moment; without a zone it is the municipality's."""
    try:
        if found := _DAY.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  the zone follows
        else:
            moment = datetime.datetime.fromisoformat(text)
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        aware = aware.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise Refused(name, text) from None
    if aware > timezone.now():
        raise Refused("future", text)
    if aware.year < EARLIEST:
        raise Refused("old", text)
    return aware


def _place(of: Mapping[str, str]) -> Point:
    """Through the gate, inside the municipality (or a little beside it, as for everyone)."""
    lat, long = of.get("lat", ""), of.get("long", "")
    if not _DEGREES.fullmatch(lat) or not _DEGREES.fullmatch(long):
        raise Refused("no_place", f"{lat} {long}")
    lat, long = lat.replace(",", "."), long.replace(",", ".")
    at = _inside(long, lat)
    if at is not None:
        return at
    raise Refused("swapped" if _inside(lat, long) is not None else "outside", f"{lat} {long}")


def _inside(lon: str, lat: str) -> Point | None:
    try:
        at = point(lon, lat)
    except ValidationError:
        return None
    return at if responsible(at)[0] is not None else None


def sentence(said: Said) -> str:
    """One line of the row report."""
    what, mend = OF_ROW[said.code]
    about = f" ({said.about})" if said.about else ""
    facts = {"row": said.row, "what": what, "about": about, "mend": mend}
    return _("Row %(row)s %(what)s%(about)s. To mend: %(mend)s.") % facts
