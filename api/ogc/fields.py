"""One property of a collection's features: from this list come output, schema, queryables, filters and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, FloatField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

TYPES = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}


@dataclass(frozen=True)
class Field:
    """`source`: a path of the ORM, or what makes the expression anew for each request. `values`: all there can be. `role`: what the
    property is to the feature, in the words of OGC API – Features – Part 5. `column`: what queries call it where its name is no word of ours.
    `linked`: an address that we made ourselves; what files say leads nowhere."""

    name: str
    title: Any
    type: str
    source: str | Callable[[], Any]
    values: tuple[str, ...] = ()
    asked: bool = True
    role: str = ""
    column: str = ""
    linked: bool = False

    @property
    def alias(self) -> str:
        """What queries call it; no model has a field of such a name."""
        return f"ogc_{self.column or self.name}"

    @property
    def expression(self) -> Combinable:
        return F(self.source) if isinstance(self.source, str) else self.source()

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of its values, in the language in force."""
        found: dict[str, Any] = {"title": str(self.title), **TYPES[self.type]}
        if self.values:
            found["enum"] = list(self.values)
        if self.role:
            found["x-ogc-role"] = self.role
        return found


def text(name: str, title: Any, source: str | Callable[[], Any], **more: Any) -> Field:
    return Field(name, title, "string", source, **more)


def in_languages(name: str, title: Any, source: str) -> list[Field]:
    """One property for each language of the installation: `name_bg`, `name_en`."""
    return [
        text(f"{name}_{code}", Labelled(title, code), lambda code=code: KeyTextTransform(code, source))
        for code, _name in settings.LANGUAGES
    ]


class Labelled:
    """A title with the name of a language, in the reader's words."""

    def __init__(self, title: Any, code: str) -> None:
        self.title, self.code = title, code

    def __str__(self) -> str:
        return f"{self.title} ({get_language_info(self.code)['name_translated']})"


def real(name: str, title: Any, source: str) -> Field:
    """A decimal of the database as a number."""
    return Field(name, title, "number", lambda: Cast(source, FloatField()))


def address(folder: str, reference: str = "subject__reference") -> Field:
    """Where its page is; made of the reference, so nothing to ask for."""

    def made() -> Any:
        return Concat(Value(f"{settings.SITE_URL}/{folder}/"), F(reference), Value("/"), output_field=CharField())

    return text("url", _("Page"), made, asked=False, linked=True)
