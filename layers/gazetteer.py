"""Finding a place by its name, as people write it: with typing errors, in Latin letters, with or without the kind of street."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import MultiLineString, Point
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from geoportal.kernel.multilingual import text_in
from layers import coordinates, named_things
from layers.folding import KINDS, folded, house, latin, number_beside, outside_house, post
from layers.likeness import like, like_enough
from layers.models import Feature, Place
from layers.named_home import called, named_home, without_post_code
from municipality.models import Area

MOST = 8
MANY = 50
"""Lamp posts of one number in all settlements."""
LONGEST_WORDS = 60
"""Of words beside a settlement's name under which nothing is known there."""
LONGEST_NUMBER = 9
MOST_STREETS = 3000
"""Of one settlement, in a list to choose from."""
PEOPLE = Case(When(area__kind=Area.Kind.SETTLEMENT, then="area__population"), default="area__parent__population")
"""Of the settlement in which a place lies: of streets of one name that of the town is meant."""
_TO_CYRILLIC = str.maketrans("abvgde", "абвгде")
_KIND_BEFORE = re.compile(r"^\w{1,4}\.\s*")
SPOT, THING = "spot", "thing"
"""Kinds of what is no row of the gazetteer: a place that is named by numbers alone, and a thing of a layer."""
ORDER = ("settlement", "street", "square", "quarter", "landmark", "post")
KIND_NAMES: dict[str, Promise] = {
    "settlement": pgettext_lazy("place", "settlement"), "quarter": pgettext_lazy("place", "quarter"),
    "street": pgettext_lazy("place", "street"), "square": pgettext_lazy("place", "square"),
    "landmark": pgettext_lazy("place", "landmark"), "post": pgettext_lazy("place", "lamp post"),
    "house": pgettext_lazy("place", "house"), SPOT: pgettext_lazy("place", "place on the map"),
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A place as an answer: `place` with the house `number` that was asked for, in the settlement `home`.

    Of a settlement `number` is what was named there and is not known: „читалище“.
    """

    place: Place
    home: Area
    number: str = ""
    house: Point | None = None
    """Where the house of that number stands, when that is known."""
    layer: str = ""
    """Of a thing that one can choose while reporting the name of its layer; `place` is no row of the gazetteer then."""

    @property
    def key(self) -> str:
        """What a form sends back; `chosen` reads it."""
        return f"{self.place.slug}:{self.number}" if self.number else self.place.slug

    @property
    def words(self) -> str:
        """„ул. Гурко 5“; of a settlement, which has a field of its own, only what was named in it; none of a spot: its point says it."""
        if self.place.kind == Place.Kind.SETTLEMENT:
            return self.number
        if self.place.kind == SPOT:
            return ""
        return f"{text_in(self.place.name)} {self.number}".strip()

    @property
    def name(self) -> str:
        """„ул. Гурко 5, гр. Левка“; of a spot „42.908000, 23.612300, гр. Левка“."""
        words = self.place.slug if self.place.kind == SPOT else self.words
        return f"{words}, {self.home.full_name}" if words else self.home.full_name

    @property
    def exact(self) -> bool:
        """Whether its point is the place itself; an unknown house stands somewhere on its street, a settlement is wide."""
        if self.house is not None:
            return True
        wide = self.place.kind in (Place.Kind.SETTLEMENT, Place.Kind.QUARTER, Place.Kind.STREET)
        return self.place.point is not None and not (self.place.approximate or self.number or wide)

    @property
    def point(self) -> Point | None:
        """Of the house, else of the place, of a street half-way along its longest piece, else of the settlement."""
        return self.house or _half_way(self.place.line) or self.place.point or self.home.point

    @property
    def note(self) -> str:
        if self.layer:
            return self.layer
        kind = str(KIND_NAMES[self.place.kind])
        kind = gettext("%(kind)s, example") % {"kind": kind} if self.place.example else kind
        return kind if self.exact else gettext("%(kind)s, approximate place") % {"kind": kind}

    @property
    def told(self) -> str:
        """The same for whoever reports there: the report of a place that is not exact has its settlement's point."""
        if self.exact or self.place.kind == Place.Kind.SETTLEMENT:
            return self.note
        return gettext("%(kind)s, the point will be the settlement's") % {"kind": KIND_NAMES[self.place.kind]}

    def whole(self, typed: str) -> bool:
        """Whether `typed` says nothing but this place: its name, with its settlement or without; a street may be a word of a sentence."""
        if self.place.kind == Place.Kind.SETTLEMENT and self.number:
            return False
        home, number = set(folded(self.home.full_name).split()), set(folded(self.number).split())
        if self.place.kind in (SPOT, THING, Place.Kind.POST):
            return not set(post(typed)[1].split()) - home  # „стълб 118 не свети“ says more
        said = set(folded(typed).split())
        ways = (said, said - home, said - number, said - home - number)
        return any(set(name.split()) in ways for name in self.place.folded.split("|"))

    def as_json(self) -> dict[str, Any]:
        """{key, name, words, kind, note, told, settlement (slug), lon, lat (of the place, else of its settlement), exact}, and `object`:
        „layer.feature“ of a thing that one can choose."""
        at = self.point
        return {
            "key": self.key, "name": self.name, "words": self.words, "kind": self.place.kind, "note": self.note, "told": self.told,
            "settlement": self.home.slug, "lon": at.x if at else None, "lat": at.y if at else None, "exact": self.exact,
            **({"object": self.key} if self.layer else {}),
        }  # fmt: skip


def _half_way(line: MultiLineString | None) -> Point | None:
    if not line:
        return None
    at = max(line, key=lambda piece: piece.length).interpolate_normalized(0.5)
    return Point(at.x, at.y, srid=4326)


def search(typed: str, most: int = MOST) -> list[Hit]:
    """The places that `typed` may mean, likeliest first; none for less than two letters or digits. Things of layers before names."""
    if found := spot(typed):
        return [found]
    things = [hit for one in named_things.things(typed) if (hit := _thing(one)) is not None]
    known = _known(typed, most)
    if things and post(typed)[0] and not typed.strip().isdecimal():
        known = [hit for hit in known if hit.place.kind == Place.Kind.POST]
    taken = {hit.name for hit in things}
    return [*things, *(hit for hit in known if hit.name not in taken)][:most]


def _known(typed: str, most: int) -> list[Hit]:
    """The names of the gazetteer. With a settlement named beside something: what is called so there first, and where nothing is, the
    settlement with those words."""
    post_number, _beside = post(typed)
    if not post_number and (there := _posts_beside(typed)):
        return list({hit.key: hit for hit in [*there, *_search(typed, most)]}.values())[:most]
    typed = outside_house(typed if post_number else without_post_code(typed))
    if (post_number and _posts(post_number, "", 1)) or (beside := named_home(typed)) is None:
        return _search(typed, most)
    home, rest = beside
    there = _search(rest, most, within=home.area)
    elsewhere = _search(typed, most) if there else [*_hits([home], rest[:LONGEST_WORDS]), *_search(rest, most)]
    return list({hit.key: hit for hit in [*there, *elsewhere]}.values())[:most]


def spot(typed: str) -> Hit | None:
    """The place that coordinates or a plus code name, when it lies in the municipality; it is no row of the gazetteer."""
    found = coordinates.read(typed[: coordinates.CUT])
    if found is None:
        return None
    at = Point(*(round(number, 6) for number in found), srid=4326)
    area = Area.objects.smallest_containing(at)
    home = _settlement(area) if area is not None else None
    if home is None:
        return None
    words = f"{at.y:.6f}, {at.x:.6f}"
    return Hit(Place(slug=words, kind=SPOT, name={settings.LANGUAGE_CODE: words}, area=home, point=at), home)


def _search(typed: str, most: int, within: Area | None = None) -> list[Hit]:
    post_number, beside = post(typed)
    posts = _posts(post_number, beside, most) if post_number else []
    parts = latin(typed).split()
    if posts and not typed.strip().isdecimal():
        return posts  # „пост 3 на КАТ“ is no lamp post, so where none is found the words are looked for
    words, number = house(typed)
    wanted = folded(typed)
    if len(wanted.replace(" ", "")) < 2 or not (set(parts) - KINDS):
        return posts
    found = _hits(_named(wanted, most, within), "")
    if number and not post_number and (bare := folded(words)):
        numbered = _hits(
            [place for place in _named(bare, most, within, number) if place.kind in ("street", "square", "quarter")], number
        )
        own = [hit for hit in found if number.rstrip("abcdefghабвгде") in hit.place.folded.split()]
        found = [*own, *numbered] or found
    return [*posts, *found][:most]


def _posts_beside(typed: str) -> list[Hit]:
    """The lamp posts of a number with nothing but the settlement's name beside it: „123 Левка“."""
    number, words = number_beside(typed)
    if not number or (home := called(words)) is None:
        return []
    return _hits(_numbered(number).filter(area__path__startswith=home.area.path)[:MANY], "")


def _numbered(number: str) -> QuerySet[Place]:
    """The lamp posts of a number as it stands, or without the noughts before it."""
    rows = Place.objects.filter(kind=Place.Kind.POST, number__in={number, number.lstrip("0")} - {""})
    return rows.select_related("area", "area__parent").defer("area__polygon", "area__parent__polygon").order_by("slug")


def _posts(number: str, beside: str, most: int) -> list[Hit]:
    """The lamp posts of that number; first those in the settlement that the other words name."""
    found = _hits(_numbered(number)[:MANY], "")
    if beside:
        found.sort(
            key=lambda hit: (
                not any(part.startswith(beside) for part in (folded(hit.home.full_name), folded(text_in(hit.home.name))))
            )
        )
    return found[:most]


def _named(wanted: str, most: int, within: Area | None = None, number: str = "") -> list[Place]:
    """Places (of the settlement `within`) whose name holds `wanted`, or three-letter pieces enough of it; by the index over `folded`."""
    rank = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(ORDER)), output_field=IntegerField())
    begins = Case(
        When(folded=wanted, then=Value(0)), When(folded__startswith=wanted, then=Value(1)), When(folded__contains=f" {wanted}", then=Value(2)),
        default=Value(3), output_field=IntegerField(),
    )  # fmt: skip
    rows = like(wanted).exclude(kind__in=(Place.Kind.POST, Place.Kind.HOUSE))
    if within is not None:
        rows = rows.filter(area__path__startswith=within.path).exclude(kind=Place.Kind.SETTLEMENT)
    rows = rows.annotate(begins=begins, rank=rank, people=PEOPLE)
    known = []
    if number:
        rows = with_house(rows, number).annotate(unknown=ExpressionWrapper(Q(house_point=None), output_field=BooleanField()))
        known = ["unknown"]
    rows = rows.order_by("begins", F("likeness").desc(), "rank", *known, F("people").desc(nulls_last=True), "slug")
    with like_enough():
        return list(rows.select_related("area", "area__parent").defer("area__polygon", "area__parent__polygon")[:most])


def streets_of(settlement: Area) -> list[Place]:
    """Its streets and squares by their names without „ул.“; empty where none is known."""
    kinds = (Place.Kind.STREET, Place.Kind.SQUARE)
    found = Place.objects.filter(area__path__startswith=settlement.path, kind__in=kinds).only("slug", "name")[:MOST_STREETS]
    return sorted(found, key=lambda place: (_KIND_BEFORE.sub("", text_in(place.name), count=1).casefold(), place.slug))


def chosen(key: str) -> Hit | None:
    """The hit of that key; None when there is no such place."""
    if "," in key and (found := spot(key.replace("\0", ""))):
        return found
    if "." in key and (thing := named_things.thing(key.replace("\0", ""))) is not None:
        return _thing(thing)
    slug, _colon, number = key.replace("\0", "").partition(":")
    rows = Place.objects.filter(slug=slug[:120]).select_related("area", "area__parent")
    place = with_house(rows, number[:LONGEST_NUMBER]).first() if number else rows.first()
    if place is None:
        return None
    found = _hits([place], number[: LONGEST_WORDS if place.kind == Place.Kind.SETTLEMENT else LONGEST_NUMBER])
    return found[0] if found else None


def _thing(thing: Feature) -> Hit | None:
    """None where it stands outside the municipality."""
    area = Area.objects.smallest_containing(thing.foot)
    home = _settlement(area) if area is not None else None
    if home is None:
        return None
    name = thing.name if text_in(thing.name) else {settings.LANGUAGE_CODE: thing.key or thing.slug}
    words = folded(" ".join(name.values()))
    return Hit(
        Place(slug=thing.called, kind=THING, name=name, area=home, point=thing.foot, folded=words), home, layer=str(thing.layer)
    )


def _hits(places: Any, number: str) -> list[Hit]:
    return [
        Hit(place, home, number, getattr(place, "house_point", None))
        for place in places
        if (home := _settlement(place.area)) is not None
    ]


def with_house(rows: QuerySet[Place], number: str) -> QuerySet[Place]:
    """Each with `house_point`, of its house of that number as it is written in either alphabet, of „3-5“ else of 3, of 14 else of
    „14 вх. А“; None where it is not known."""
    spelt = {number.lower(), latin(number), number.lower().translate(_TO_CYRILLIC)}
    spelt |= {one.partition("-")[0].partition("/")[0] for one in spelt}
    longer = Q(*(("small__startswith", f"{one} ") for one in spelt), _connector=Q.OR)
    houses = Place.objects.annotate(small=Lower("number")).filter(
        Q(small__in=spelt) | longer, street=OuterRef("pk"), kind=Place.Kind.HOUSE
    )
    best = Case(When(small=number.lower(), then=0), When(small__in=spelt, then=1), default=2)
    return rows.annotate(house_point=Subquery(houses.order_by(best, "slug").values("point")[:1], output_field=PointField()))


def _settlement(area: Area) -> Area | None:
    """The settlement that the area is, or lies in."""
    while area is not None and area.kind != Area.Kind.SETTLEMENT:
        area = area.parent  # type: ignore[assignment]
    return area
