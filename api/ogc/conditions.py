"""The tree of a filter as a condition of the ORM: names come from the collection's list, everything else is a parameter of the statement.

Expressions are compared as SQL compares them: what is null fits neither a condition nor its opposite.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import BooleanField, CharField, DateField, DateTimeField, F, FloatField, Func, Q, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual
from django.utils.translation import gettext as _

from api.ogc.collections import GEOMETRY, Collection
from api.ogc.fields import Field
from api.ogc.times import BadTime, begin, end, instant
from api.ogc.tokens import BadFilter
from api.ogc.tree import All, Among, Compare, Empty, Intersects, Like, Literal, Name, Not, Some, Truth, When
from geoportal.kernel.geometry import GeometryRefused, geojson
from geoportal.kernel.systems import System

_LOOKUPS: dict[str, Any] = {"=": Exact, "<": LessThan, ">": GreaterThan, "<=": LessThanOrEqual, ">=": GreaterThanOrEqual}
_COLUMNS: dict[str, Any] = {
    "string": CharField, "integer": FloatField, "number": FloatField, "boolean": BooleanField, "date": DateField,
    "date-time": DateTimeField,
}  # fmt: skip
_SHAPE = "geometry"


def condition(tree: Any, collection: Collection, system: System) -> Q:
    """Raises BadFilter with the place of what does not fit the collection."""
    return _Conditions(collection, system).of(tree)


class _Conditions:
    def __init__(self, collection: Collection, system: System) -> None:
        self.collection, self.system = collection, system

    def of(self, node: Any) -> Q:
        match node:
            case All(parts):
                return Q(*(self.of(part) for part in parts))
            case Some(parts):
                return Q(*(self.of(part) for part in parts), _connector=Q.OR)
            case Not(part):
                return ~self.of(part)
            case Truth(value):
                return Q(Exact(Value(1), Value(int(value))))
            case Compare():
                return self._compared(node)
            case Among(name, values):
                return Q(*(self._compared(Compare(name, "=", value, at)) for value, at in values), _connector=Q.OR)
            case Like():
                return self._like(node)
            case Empty(name):
                shape = name.name == _SHAPE
                return Q(IsNull(F(GEOMETRY) if shape else F(self._field(name).alias), True))
            case Intersects():
                return self._touching(node)
            case _:
                return self._timed(node)

    def _field(self, name: Name) -> Field:
        found = self.collection.queryables.get(name.name)
        if found is None:
            known = ", ".join((_SHAPE, *self.collection.queryables))
            raise BadFilter(name.at, _("There is no such property here. Known: %(names)s.") % {"names": known})
        if name.folded and found.type != "string":
            raise BadFilter(name.at, _("CASEI takes properties that hold text."))
        return found

    def _compared(self, node: Compare) -> Q:
        field = self._field(node.name)
        value = _fitting(node.value, field, node.at)
        if field.type == "boolean" and node.sign not in ("=", "<>"):
            raise BadFilter(node.at, _("TRUE and FALSE are compared with = and <> alone."))
        left: Any = F(field.alias)
        right: Any = Value(value, output_field=_COLUMNS[field.type]())
        if node.name.folded:
            left, right = Upper(left), Upper(right)
        return ~Q(Exact(left, right)) if node.sign == "<>" else Q(_LOOKUPS[node.sign](left, right))

    def _like(self, node: Like) -> Q:
        field = self._field(node.name)
        if field.type != "string":
            raise BadFilter(node.name.at, _("LIKE takes properties that hold text."))
        if (len(node.pattern) - len(node.pattern.rstrip("\\"))) % 2:  # it would escape the end
            raise BadFilter(node.at, _("A pattern cannot end with a backslash."))
        left: Any = F(field.alias)
        right: Any = Value(node.pattern, output_field=CharField())
        if node.name.folded:
            left, right = Upper(left), Upper(right)
        return Q(Func(left, right, template="(%(expressions)s)", arg_joiner=" LIKE ", output_field=BooleanField()))

    def _touching(self, node: Intersects) -> Q:
        if node.name.name != _SHAPE:
            raise BadFilter(node.name.at, _("Its geometry is called “%(name)s”.") % {"name": _SHAPE})
        try:
            return self.collection.touching(self._geometry(node))
        except GeometryRefused as refused:
            raise BadFilter(node.at, refused.messages[0]) from refused

    def _geometry(self, node: Intersects) -> Any:
        """Through the gate, in degrees."""
        if node.kind == "BBOX":
            return self.system.box([number for corner in node.coordinates for number in corner])
        positions: list[Any] = []
        _gather(node.coordinates, positions)
        turned = iter(self.system.degrees([self.system.position(*each) for each in positions]))
        return geojson({"type": node.kind, "coordinates": _rebuilt(node.coordinates, turned)}, kinds=frozenset({node.kind}))

    def _timed(self, node: When) -> Q:
        field = self._field(node.name)
        if field.type not in ("date", "date-time"):
            raise BadFilter(node.name.at, _("This property holds no time."))
        first, last = (_bound(value, field, node.at, turn) for value, turn in ((node.first, begin), (node.last, end)))
        column, kind = F(field.alias), _COLUMNS[field.type]
        before, after = (None if each is None else Value(each, output_field=kind()) for each in (first, last))
        match node.word:
            case "AFTER":
                return Q(GreaterThan(column, after)) if after else Q(Exact(Value(1), Value(0)))
            case "BEFORE":
                return Q(LessThan(column, before)) if before else Q(Exact(Value(1), Value(0)))
        inside, below = (GreaterThan, LessThan) if node.word == "DURING" else (GreaterThanOrEqual, LessThanOrEqual)
        return Q(*([inside(column, before)] if before else []), *([below(column, after)] if after else []))


def _gather(coordinates: Any, found: list[Any]) -> None:
    if isinstance(coordinates, list):
        for part in coordinates:
            _gather(part, found)
    elif len(coordinates) != 2:
        raise GeometryRefused("dimensions")
    else:
        found.append(coordinates)


def _rebuilt(coordinates: Any, turned: Any) -> Any:
    return [_rebuilt(part, turned) for part in coordinates] if isinstance(coordinates, list) else next(turned)


def _fitting(value: Literal, field: Field, at: int) -> Literal:
    """The value as the property's type has it. Raises BadFilter where it is of another one."""
    match field.type:
        case "string" if isinstance(value, str):
            return value
        case "integer" | "number" if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        case "boolean" if isinstance(value, bool):
            return value
        case "date" | "date-time" if isinstance(value, str | datetime.date):
            try:
                found = instant(value) if isinstance(value, str) else value
                if field.type == "date-time":
                    return begin(found)
                if not isinstance(found, datetime.datetime):
                    return found
            except BadTime as bad:
                raise BadFilter(at, str(bad)) from bad
    words = {
        "string": _("a text in single quotation marks"), "integer": _("a number"), "number": _("a number"),
        "boolean": _("TRUE or FALSE"), "date": _("a day as DATE('2026-11-25')"),
        "date-time": _("a moment as TIMESTAMP('2026-11-25T08:00:00Z')"),
    }  # fmt: skip
    raise BadFilter(at, _("The property %(name)s is compared with %(what)s.") % {"name": field.name, "what": words[field.type]})


def _bound(value: Any, field: Field, at: int, turn: Any) -> Any:
    """One end of a time for a property of days or of moments."""
    if value is None:
        return None
    if field.type == "date":
        return _fitting(value, field, at)
    try:
        return turn(value)
    except BadTime as bad:
        raise BadFilter(at, str(bad)) from bad
