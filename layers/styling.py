"""How a layer is drawn: one colour, or a colour by the value of a field; from and up to which zoom. One rule for form, tiles and legend.

A style is {"colour": name, "from_zoom": 0 to 20, "to_zoom": 0 to 20, "field": name, "rules": [{"value": text, "colour": name,
"name": words, "name_en": words}]}; every part may be missing. Colours are names of tokens of the site's look, so that both themes and
prints can show them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

COLOURS: dict[str, Promise] = {
    "green": pgettext_lazy("colour", "green"),
    "blue": pgettext_lazy("colour", "blue"),
    "red": pgettext_lazy("colour", "red"),
    "brown": pgettext_lazy("colour", "brown"),
    "violet": pgettext_lazy("colour", "violet"),
    "teal": pgettext_lazy("colour", "blue-green"),
    "pink": pgettext_lazy("colour", "pink"),
    "grey": pgettext_lazy("colour", "grey"),
}
PLAIN = "green"
MOST_RULES, LONGEST_RULE = 12, 80
LAST_ZOOM = 20
_PARTS = {"colour", "from_zoom", "to_zoom", "field", "rules"}
_OF_RULE = {"value", "colour", "name", "name_en"}
_YES_NO = {"да": "true", "yes": "true", "true": "true", "не": "false", "no": "false", "false": "false"}
"""What people write of yes and no → what such values are called."""
_NUMBER = re.compile(r"-?\d+([.,]\d+)?\Z", re.ASCII)


def validate_style(value: object) -> None:
    """Raises ValidationError for a style that nobody could draw."""
    if not isinstance(value, dict) or set(value) - _PARTS:
        raise ValidationError(_("A style has a colour, a field, rules and a zoom."), code="style")
    if value.get("colour", PLAIN) not in COLOURS:
        raise ValidationError(_("There is no such colour."), code="colour")
    zooms = value.get("from_zoom", 0), value.get("to_zoom", LAST_ZOOM)
    if any(isinstance(zoom, bool) or not isinstance(zoom, int) or not 0 <= zoom <= LAST_ZOOM for zoom in zooms):
        raise ValidationError(_("A zoom is a whole number from 0 to %(most)s.") % {"most": LAST_ZOOM}, code="zoom")
    if zooms[0] > zooms[1]:
        raise ValidationError(_("The last zoom is smaller than the first, so it would never be drawn."), code="zooms")
    rules = value.get("rules", [])
    if not isinstance(value.get("field", ""), str) or len(value.get("field", "")) > LONGEST_RULE or not isinstance(rules, list):
        raise ValidationError(_("A style has a colour, a field, rules and a zoom."), code="style")
    if len(rules) > MOST_RULES:
        raise ValidationError(_("At most %(most)s rules can be told apart on a map.") % {"most": MOST_RULES}, code="rules")
    seen = set()
    for rule in rules:
        _check(rule)
        if rule["value"] in seen:
            raise ValidationError(
                _("Two rules are for the value “%(value)s”. Leave one of them."),
                params={"value": rule.get("name") or rule["value"]},
                code="twice",
            )
        seen.add(rule["value"])


def _check(rule: object) -> None:
    if not isinstance(rule, dict) or set(rule) - _OF_RULE or rule.get("colour") not in COLOURS:
        raise ValidationError(_("Each rule has a value and one of the colours."), code="rule")
    for part in (rule.get("value"), rule.get("name", ""), rule.get("name_en", "")):
        if not isinstance(part, str) or len(part) > LONGEST_RULE:
            raise ValidationError(_("Each rule has a value and one of the colours."), code="rule")


def rules_of(style: dict[str, Any]) -> list[dict[str, str]]:
    """The rules in force: none without a field."""
    return style.get("rules", []) if style.get("field") else []


def legend(style: dict[str, Any]) -> list[dict[str, str]]:
    """[{colour, words}] as the map's key shows it; without rules one row without words, for the layer itself."""
    own = "name_en" if get_language() == settings.LANGUAGES[-1][0] else "name"
    rules = [
        {"colour": rule["colour"], "words": rule.get(own) or rule.get("name") or rule["value"]} for rule in rules_of(style)
    ]
    rest = {"colour": style.get("colour", PLAIN), "words": _("other") if rules else ""}
    return [*rules, rest]


def written(style: dict[str, Any]) -> str:
    """The rules as the form has them: „value = colour = words | words in English“, one a line."""
    names = {code: str(name) for code, name in COLOURS.items()}
    lines = ([rule["value"], names[rule["colour"]], _words(rule)] for rule in style.get("rules", []))
    return "\n".join(" = ".join(part for part in parts if part) for parts in lines)


def _words(rule: dict[str, str]) -> str:
    second = rule.get("name_en", "")
    return f"{rule.get('name', '')} | {second}".strip() if second else rule.get("name", "")


def understood(rules: list[dict[str, str]], kinds: list[str]) -> list[dict[str, str]]:
    """The rules as the values of a field of these types of JSON are called: „да“ is true, „1,50“ is 1.5; the key keeps what was typed."""
    return [_understood(rule, kinds) for rule in rules]


def _understood(rule: dict[str, str], kinds: list[str]) -> dict[str, str]:
    typed = value = rule["value"]
    if "string" in kinds:
        return rule
    if "boolean" in kinds:
        value = _YES_NO.get(typed.lower(), value)
    if "number" in kinds and _NUMBER.match(typed):
        value = f"{Decimal(typed.replace(',', '.')).normalize():f}"
    return rule if value == typed else {**rule, "value": value, "name": rule.get("name") or typed}


def read(text: str) -> list[dict[str, str]]:
    """The rules of such lines; a colour by its name in the reader's language or in code. Raises ValidationError with the line."""
    known = {str(name).lower(): code for code, name in COLOURS.items()} | {code: code for code in COLOURS}
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        parts = [part.strip() for part in line.split("=")]
        if len(parts) not in (2, 3) or not parts[0] or parts[1].lower() not in known:
            raise ValidationError(
                _("This line cannot be read: “%(line)s”. Write: value = colour. Colours: %(colours)s.")
                % {"line": line[:60], "colours": ", ".join(str(name) for name in COLOURS.values())},
                code="rule",
            )
        first, _bar, second = (parts[2] if len(parts) == 3 else "").partition("|")
        words = {"name": first.strip(), "name_en": second.strip()}
        found.append(
            {"value": parts[0], "colour": known[parts[1].lower()], **{name: text for name, text in words.items() if text}}
        )
    return found
