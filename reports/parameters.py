"""What each parameter of the filter language is called, and how its text in the address becomes a value."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discussion.models import Subject
from geoportal.kernel.geometry import bbox as parse_bbox
from geoportal.kernel.text import clean
from layers.models import Feature
from municipality.models import Area, Organisation, Sector
from reports import workflow
from reports.models import Category
from reports.querysets import BBox

NAMES = [
    "kind",
    "sector",
    "category",
    "status",
    "area",
    "bbox",
    "since",
    "until",
    "q",
    "assigned",
    "overdue",
    "supported",
    "order",
    "cursor",
    "limit",
]
LABELS = {
    "kind": gettext_lazy("Kind"),
    "sector": gettext_lazy("Sector"),
    "category": gettext_lazy("Category"),
    "status": gettext_lazy("State"),
    "area": gettext_lazy("Settlement or quarter"),
    "bbox": gettext_lazy("Part of the map"),
    "since": gettext_lazy("Sent since"),
    "until": gettext_lazy("Sent until"),
    "q": gettext_lazy("Words, number or settlement"),
    "assigned": gettext_lazy("Department"),
    "overdue": gettext_lazy("Only late ones"),
    "supported": gettext_lazy("Supported by me"),
    "order": gettext_lazy("Order"),
    "cursor": gettext_lazy("Next page"),
    "limit": gettext_lazy("Rows on a page"),
    "month": gettext_lazy("Month"),
    "state": gettext_lazy("State"),
    "outcome": gettext_lazy("Decision"),
    "year": gettext_lazy("Year of filing"),
    "body": gettext_lazy("Body"),
}
ORDERS = ("newest", "oldest", "due", "support")
LIMIT, MOST = 50, 1000
LONGEST_VALUE = 60
T = TypeVar("T")
_READ_KEY: dict[str, Callable[[str], Any]] = {"due": datetime.date.fromisoformat, "support": int}


class BadParameter(ValidationError):
    """`name` is the parameter, `label` what pages call it, the message says what to write instead; `value` is what stands there,
    once a page has left it out."""

    NOT_HERE = gettext_lazy("This parameter cannot be used here.")
    ONCE = gettext_lazy("Write it once; several values stand in it with commas between them.")

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message, code="parameter")
        self.name = name
        self.label = LABELS.get(name, name)
        self.value = ""

    def leaving_out(self, value: str) -> Self:
        """With what stood in the address, short and printable."""
        plain = "".join(letter if letter.isprintable() else "?" for letter in value[: LONGEST_VALUE + 1])
        self.value = f"{plain[:LONGEST_VALUE]}…" if len(plain) > LONGEST_VALUE else plain
        return self

    @property
    def sentence(self) -> str:
        """For a page: label, the name in the address, remedy."""
        named = f"{self.label} ({self.name})" if self.label != self.name else self.name
        return f"{named}: {self.messages[0]}"

    @property
    def reason(self) -> str:
        """The sentence, with the value where a page names it without showing the rest."""
        return (
            f"{self.sentence} {_('“%(value)s” cannot be read here.') % {'value': self.value}}" if self.value else self.sentence
        )


def readable(query: QueryDict, read: Callable[[QueryDict], T]) -> tuple[T, list[BadParameter]]:
    """How every page for people reads its address: (what `read` makes of all that can be read, each parameter that was left out).
    Programs let `read` raise: a wrong value is theirs to mend (`reports.views.asked.refused`, `api.v1.answers.bad_parameter`)."""
    left, bad = query.copy(), []
    while True:
        try:
            return read(left), bad
        except BadParameter as found:
            bad.append(found.leaving_out(str(left.get(found.name, ""))))
            del left[found.name]


def one_of(query: QueryDict, name: str, known: Collection[str]) -> str:
    """A choice that only one page has; "" where nothing is chosen. Raises BadParameter for a value that does not exist."""
    value = str(query.get(name, ""))
    if value and value not in known:
        raise BadParameter(name, _("There is no such value here."))
    return value


def cleaned(name: str, text: str) -> str:
    """The text as it is kept. Raises BadParameter for signs that are no text."""
    try:
        return clean(text)
    except ValidationError as refused:
        raise BadParameter(name, refused.messages[0]) from refused


class Reader:
    """One method per parameter: text of the address → value, BadParameter with the remedy."""

    def __init__(self, query: dict[str, str], user: Any) -> None:
        self._text, self.user = query, user

    def _list(self, name: str) -> list[str]:
        values = [value.strip() for value in self._text[name].split(",") if value.strip()]
        if not values or len(values) > 100:
            raise BadParameter(name, _("Write one to 100 values, with commas between them."))
        return values

    def _known(self, name: str, allowed: Any, unsaid: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """`unsaid`: values that are understood but not offered."""
        values = self._list(name)
        if len(values) > len(allowed):
            raise BadParameter(name, _("Name each value only once."))
        for value in values:
            if value not in allowed:
                names = ", ".join(sorted(set(allowed) - unsaid))
                raise BadParameter(name, _("Unknown value. Known: %(names)s.") % {"names": names})
        return tuple(values)

    def _rows(self, name: str, rows: QuerySet[Any]) -> tuple[int, ...]:
        slugs = self._list(name)
        found = dict(rows.filter(slug__in=slugs).values_list("slug", "pk"))
        if len(found) < len(set(slugs)):
            raise BadParameter(name, _("There is no such value here."))
        return tuple(found.values())

    def kind(self) -> tuple[str, ...]:
        """All kinds of public objects: among reports those that are none find nothing."""
        return self._known("kind", Subject.Kind.values)

    def sector(self) -> tuple[int, ...]:
        return self._rows("sector", Sector.objects.all())

    def category(self) -> tuple[int, ...]:
        return self._rows("category", Category.objects.all())

    def status(self) -> tuple[str, ...]:
        """States, or the words open and closed for all of them."""
        groups = {
            "open": sorted(set(workflow.STATES) - workflow.ENDS - workflow.DRAFTS),
            "closed": sorted(workflow.ENDS),
        }
        unsaid = frozenset() if getattr(self.user, "works_here", False) else frozenset(workflow.STATES) - workflow.PUBLIC
        values = self._known("status", {*workflow.STATES, *groups}, unsaid)
        return tuple(dict.fromkeys(code for value in values for code in groups.get(value, [value])))

    def area(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(areas with everything below each, polygons of layers written as layer.feature); both empty for the whole tree:
        every report lies in it, so it is no filter."""
        slugs = set(self._list("area"))
        zones = {slug for slug in slugs if "." in slug}
        found = Feature.objects.areas().addressed().filter(address__in=zones).values_list("pk", flat=True) if zones else ()
        named = Area.objects.filter(Q(slug__in=slugs - zones) | Q(parent=None)).values_list("slug", "path", "parent")
        paths = [path for slug, path, _parent in named if slug in slugs]
        if len(paths) + len(found) < len(slugs):
            raise BadParameter("area", _("There is no such area here."))
        if all(slug in slugs for slug, _path, parent in named if parent is None):
            return (), ()
        below = Q(pk=None)
        for path in paths:
            below |= Q(path__startswith=path)
        return tuple(Area.objects.filter(below).values_list("pk", flat=True)), tuple(found)

    def bbox(self) -> BBox:
        try:
            return parse_bbox(self._text["bbox"])
        except ValidationError as error:
            raise BadParameter("bbox", error.messages[0]) from error

    def _date(self, name: str) -> datetime.date:
        try:
            found = parse_date(self._text[name])
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2100:
            raise BadParameter(name, _("Write a day as 2026-11-25."))
        return found

    def since(self) -> datetime.date:
        return self._date("since")

    def until(self) -> datetime.date:
        return self._date("until")

    def q(self) -> str:
        if len(self._text["q"]) > 200:
            raise BadParameter("q", _("Write at most 200 characters."))
        return self._text["q"]

    def _signed_in(self, name: str) -> None:
        if not getattr(self.user, "is_authenticated", False):
            raise BadParameter(name, _("Sign in to use this filter."))

    def assigned(self) -> tuple[str, int | None]:
        value = self._text["assigned"]
        if value == "me":
            self._signed_in("assigned")
        if value in ("me", "none"):
            return value, None
        department = Organisation.objects.departments().filter(slug=value).first()
        if department is None:
            raise BadParameter("assigned", _("Write a department's name in the address, none or me."))
        return value, department.pk

    def overdue(self) -> bool:
        self._known("overdue", ["1"])
        return True

    def supported(self) -> bool:
        self._known("supported", ["me"])
        self._signed_in("supported")
        return True

    def order(self) -> str:
        if self._text["order"] not in ORDERS:
            raise BadParameter("order", _("Known orders: %(names)s.") % {"names": ", ".join(ORDERS)})
        return self._text["order"]

    def cursor(self) -> tuple[Any, int]:
        """`value~pk` as `page` gave it, checked to be of the order's type."""
        value, _tilde, pk = self._text["cursor"].rpartition("~")
        read: Callable[[str], Any] = _READ_KEY.get(self._text.get("order", "newest"), datetime.datetime.fromisoformat)
        try:
            key = read(value)
            number = int(pk)
            if isinstance(key, datetime.datetime):
                # In UTC: PostgreSQL knows no fractions of a second in an offset.
                key = (key if key.tzinfo else timezone.make_aware(key)).astimezone(datetime.UTC)
        except (ValueError, OverflowError) as error:
            raise BadParameter("cursor", _("Follow the link to the next page; it cannot be written by hand.")) from error
        if not 0 <= number < 2**63 or (isinstance(key, int) and not 0 <= key < 2**31):
            raise BadParameter("cursor", _("Follow the link to the next page; it cannot be written by hand."))
        return key, number

    def limit(self) -> int:
        value = self._text["limit"]
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(MOST)) and 1 <= int(value) <= MOST):
            raise BadParameter("limit", _("Write a number from 1 to %(most)s.") % {"most": MOST})
        return int(value)
