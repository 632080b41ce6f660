"""CQL2 text (OGC 21-065r2) as far as QGIS and people write it: tokens → tree. Nothing of the text goes further than into values.

expression = term {OR term}; term = factor {AND factor}; factor = [NOT] (predicate | (expression) | TRUE | FALSE)
"""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from django.utils.translation import gettext as _

from api.ogc.times import BadTime, instant
from api.ogc.tokens import BadFilter, Token, tokens
from api.ogc.tree import All, Among, Compare, Empty, Intersects, Like, Literal, Name, Not, Some, Truth, When, depth

MOST_DEPTH, MOST_CLAUSES, MOST_VALUES, MOST_NESTED = 8, 20, 100, 40
_SIGNS = ("=", "<>", "<=", ">=", "<", ">")
_LEVELS = {"POINT": 0, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2, "MULTIPOLYGON": 3}
_KINDS = {
    "POINT": "Point", "MULTIPOINT": "MultiPoint", "LINESTRING": "LineString", "MULTILINESTRING": "MultiLineString",
    "POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon",
}  # fmt: skip
_TIMES = {f"T_{word}": word for word in ("AFTER", "BEFORE", "DURING", "INTERSECTS")}
_KEYWORDS = {"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE"}
_FUNCTION = re.compile(r"[STA]_[A-Z]+", re.IGNORECASE | re.ASCII)


def parse(text: str) -> Any:
    """The tree of `text`. Raises BadFilter."""
    reader = _Reader(tokens(text))
    found = reader.expression()
    reader.end()
    if depth(found) > MOST_DEPTH:
        raise BadFilter(1, _("The filter is nested too deeply: at most %(most)d levels.") % {"most": MOST_DEPTH})
    return found


class _Reader:
    def __init__(self, words: list[Token]) -> None:
        self.words, self.place, self.nested, self.clauses = words, 0, 0, 0

    @property
    def now(self) -> Token:
        return self.words[self.place]

    @property
    def following(self) -> Token:
        return self.words[min(self.place + 1, len(self.words) - 1)]

    def take(self, *words: str) -> bool:
        """Steps over the word if it is one of these."""
        if not self.now.says(*words):
            return False
        self.place += 1
        return True

    def need(self, word: str) -> None:
        if not self.take(word):
            raise self.bad(_("“%(word)s” is expected here.") % {"word": word})

    def bad(self, sentence: str, token: Token | None = None) -> BadFilter:
        token = token or self.now
        ends = token.kind == "end"
        return BadFilter(token.at, _("The filter ends too early. %(reason)s") % {"reason": sentence} if ends else sentence)

    def end(self) -> None:
        if self.now.kind != "end":
            raise self.bad(_("“%(word)s” is expected here.") % {"word": "AND"})

    def deeper(self) -> None:
        self.nested += 1
        if self.nested > MOST_NESTED:
            raise self.bad(_("The filter is nested too deeply: at most %(most)d levels.") % {"most": MOST_DEPTH})

    # logic
    def expression(self) -> Any:
        parts = [self.term()]
        while self.take("OR"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else Some(_flat(Some, parts))

    def term(self) -> Any:
        parts = [self.factor()]
        while self.take("AND"):
            parts.append(self.factor())
        return parts[0] if len(parts) == 1 else All(_flat(All, parts))

    def factor(self) -> Any:
        self.deeper()
        try:
            if self.take("NOT"):
                return Not(self.factor())
            if self.take("("):
                found = self.expression()
                self.need(")")
                return found
            return self.predicate()
        finally:
            self.nested -= 1

    # predicates
    def predicate(self) -> Any:
        self.clauses += 1
        if self.clauses > MOST_CLAUSES:
            raise self.bad(_("The filter has too many conditions: at most %(most)d.") % {"most": MOST_CLAUSES})
        if self.now.says("TRUE", "FALSE"):
            return Truth(self._step().value.upper() == "TRUE")
        if self.now.kind == "name" and self.following.says("("):
            word = self.now.value.upper()
            if word == "S_INTERSECTS":
                return self.intersects()
            if word in _TIMES:
                return self.when(_TIMES[word])
            if _FUNCTION.fullmatch(word):
                known = ", ".join(("S_INTERSECTS", *_TIMES))
                raise self.bad(_("This function is not known here. Known: %(names)s.") % {"names": known})
        return self.comparison()

    def comparison(self) -> Any:
        name = self.name()
        if self.now.kind == "end" or self.now.says("AND", "OR", ")"):  # QGIS writes what is yes or no alone
            return Compare(name, "=", True, self.now.at)
        if self.now.says(*_SIGNS):
            sign = self._step().value
            at = self.now.at
            return Compare(name, sign, self.literal(), at)
        if self.take("IS"):
            negative = self.take("NOT")
            self.need("NULL")
            return Not(Empty(name)) if negative else Empty(name)
        negative = self.take("NOT")
        found = self._listed(name)
        return Not(found) if negative else found

    def _listed(self, name: Name) -> Any:
        if self.take("BETWEEN"):
            at = self.now.at
            least = Compare(name, ">=", self.literal(), at)
            self.need("AND")
            at = self.now.at
            return All((least, Compare(name, "<=", self.literal(), at)))
        if self.take("LIKE"):
            at, pattern = self.now.at, self.literal()
            if not isinstance(pattern, str):
                raise BadFilter(at, _("A pattern is a text in single quotation marks."))
            return Like(name, pattern, at)
        if self.take("IN"):
            return Among(name, tuple(self._values()))
        raise self.bad(
            _("A comparison is expected here: %(signs)s.") % {"signs": ", ".join((*_SIGNS, "BETWEEN", "IN", "LIKE", "IS NULL"))}
        )

    def _values(self) -> list[tuple[Literal, int]]:
        self.need("(")
        found = []
        while True:
            at = self.now.at
            found.append((self.literal(), at))
            if len(found) > MOST_VALUES:
                raise BadFilter(at, _("The list is too long: at most %(most)d values.") % {"most": MOST_VALUES})
            if not self.take(","):
                break
        self.need(")")
        return found

    # operands
    def name(self) -> Name:
        at = self.now.at
        if self.now.says("CASEI") and self.following.says("("):
            self.place += 2
            inner = self.name()
            self.need(")")
            return Name(inner.name, inner.at, folded=True)
        if self.now.kind == "quoted" or (self.now.kind == "name" and self.now.value.upper() not in _KEYWORDS):
            return Name(self._step().value, at)
        raise self.bad(_("The name of a property is expected here."))

    def literal(self) -> Literal:
        self.deeper()
        try:
            if self.take("("):
                found = self.literal()
                self.need(")")
                return found
            if self.now.kind == "name" and self.following.says("(") and self.now.says("CASEI", "DATE", "TIMESTAMP"):
                return self._called(self._step())
            if self.now.says("TRUE", "FALSE"):
                return self._step().value.upper() == "TRUE"
            if self.now.kind == "text":
                return self._step().value
            return self._number()
        finally:
            self.nested -= 1

    def _called(self, function: Token) -> Literal:
        self.need("(")
        word, at = function.value.upper(), self.now.at
        if self.now.kind != "text":
            raise self.bad(_("A text in single quotation marks is expected here."))
        found: Literal = self._step().value
        if word != "CASEI":
            found = _time(str(found), at, only=word)
        self.need(")")
        return found

    def _number(self) -> float | int:
        negative = self.take("-")
        if negative and self.now.says("("):  # as QGIS writes it: ( - (5))
            at, inner = self.now.at, self.literal()
            if isinstance(inner, bool) or not isinstance(inner, int | float):
                raise BadFilter(at, _("This sign has no meaning here."))
            return -inner
        if not negative:
            self.take("+")
        if self.now.kind != "number":
            raise self.bad(
                _(
                    "A value is expected here: a text in single quotation marks, a number, TRUE, FALSE, DATE('…') or TIMESTAMP('…')."
                )
            )
        token = self._step()
        value = float(token.value)
        if not math.isfinite(value) or abs(value) > 1e15:
            raise BadFilter(token.at, _("This number is too large."))
        return -value if negative else value

    # places and times
    def intersects(self) -> Intersects:
        self.place += 2
        name = self.name()
        self.need(",")
        at, kind = self.now.at, self.now.value.upper() if self.now.kind == "name" else ""
        if kind == "BBOX":
            self.place += 1
            numbers = self._row("(", ",")
            coordinates: Any = [tuple(numbers[:2]), tuple(numbers[2:])] if len(numbers) == 4 else []
            if not coordinates:
                raise BadFilter(at, _("A box has four numbers: west,south,east,north."))
        elif kind in _LEVELS:
            self.place += 1
            coordinates = self._coordinates(_LEVELS[kind], single=kind == "MULTIPOINT")
        else:
            raise self.bad(_("A geometry is expected here: %(kinds)s.") % {"kinds": ", ".join((*_LEVELS, "BBOX"))})
        self.need(")")
        return Intersects(name, _KINDS.get(kind, "BBOX"), coordinates, at)

    def _coordinates(self, level: int, *, single: bool = False) -> Any:
        """The brackets of a WKT text: positions at the lowest level, lists above."""
        if level == 0:
            return tuple(self._row("(", ""))
        self.need("(")
        found = []
        while True:
            bare = level == 1 and not (single and self.now.says("("))
            found.append(tuple(self._row("", "")) if bare else self._coordinates(level - 1))
            if not self.take(","):
                break
        self.need(")")
        return found

    def _row(self, opened: str, between: str) -> list[float]:
        """Numbers beside each other or with commas between them, in brackets where `opened`."""
        if opened:
            self.need(opened)
        found = [float(self._number())]
        while self.take(between) if between else self.now.kind == "number" or self.now.says("-", "+"):
            found.append(float(self._number()))
        if opened:
            self.need(")")
        return found

    def when(self, word: str) -> When:
        self.place += 2
        name = self.name()
        self.need(",")
        at = self.now.at
        if self.take("INTERVAL"):
            self.need("(")
            first = self._bound()
            self.need(",")
            last = self._bound()
            self.need(")")
            if first is None and last is None:
                raise BadFilter(at, _("An interval has at least one end."))
        elif self.now.says("DATE", "TIMESTAMP") and word != "DURING":
            first = last = self._called(self._step())  # type: ignore[assignment]
        else:
            raise self.bad(_("A time is expected here: DATE('…'), TIMESTAMP('…') or INTERVAL('…','…')."))
        self.need(")")
        return When(name, word, first, last, at)

    def _bound(self) -> Any:
        if self.now.says("DATE", "TIMESTAMP") and self.following.says("("):
            return self._called(self._step())
        at = self.now.at
        if self.now.kind != "text":
            raise self.bad(_("A text in single quotation marks is expected here."))
        value = self._step().value
        return None if value in ("..", "") else _time(value, at)

    def _step(self) -> Token:
        self.place += 1
        return self.words[self.place - 1]


def _flat(kind: type[All | Some], parts: list[Any]) -> tuple[Any, ...]:
    return tuple(each for part in parts for each in (part.parts if isinstance(part, kind) else (part,)))


def _time(text: str, at: int, only: str = "") -> datetime.date | datetime.datetime:
    """A day or a moment; `only` DATE or TIMESTAMP."""
    try:
        found = instant(text)
    except BadTime as bad:
        raise BadFilter(at, str(bad)) from bad
    if only and isinstance(found, datetime.datetime) is not (only == "TIMESTAMP"):
        raise BadFilter(at, _("DATE takes a day as 2026-11-25, TIMESTAMP a moment as 2026-11-25T08:00:00Z."))
    return found
