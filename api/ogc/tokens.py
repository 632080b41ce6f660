"""The words of a CQL2 text: each with its place, so that a refusal can say where reading stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = 4_000
_PLAIN = re.compile(
    r"(?P<blank>\s+)|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d][\w.:]*)|(?P<sign><>|<=|>=|[=<>(),+\-])"
)


class BadFilter(ValueError):
    """What cannot be read, and at which character (from 1)."""

    def __init__(self, at: int, sentence: str) -> None:
        super().__init__(sentence)
        self.at = at

    def __str__(self) -> str:
        return _("Character %(at)d: %(reason)s") % {"at": self.at, "reason": self.args[0]}


@dataclass(frozen=True)
class Token:
    """`kind`: name, quoted (a name in double quotes), text, number, sign or end."""

    kind: str
    value: str
    at: int

    def says(self, *words: str) -> bool:
        """One of these keywords or signs."""
        return self.kind in ("name", "sign") and self.value.upper() in words


def tokens(text: str) -> list[Token]:
    """The words of `text` and an end. Raises BadFilter."""
    if len(text) > LONGEST:
        raise BadFilter(LONGEST, _("The filter is too long: at most %(most)d characters.") % {"most": LONGEST})
    found, place = [], 0
    while place < len(text):
        sign = text[place]
        if sign in "'\"":
            value, after = _quoted(text, place)
            found.append(Token("text" if sign == "'" else "quoted", value, place + 1))
            place = after
            continue
        match = _PLAIN.match(text, place)
        if match is None:
            raise BadFilter(place + 1, _("This sign has no meaning here."))
        if match.lastgroup != "blank":
            found.append(Token(str(match.lastgroup), match[0], place + 1))
        place = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def _quoted(text: str, start: int) -> tuple[str, int]:
    """(what stands between the quotes, place after them). A quote is doubled, or stands behind a backslash as the standard also allows; two
    backslashes are one, as QGIS writes it."""
    quote, letters, place = text[start], [], start + 1
    while place < len(text):
        letter, following = text[place], text[place + 1 : place + 2]
        if letter == quote and following == quote:
            letters.append(quote)
            place += 2
        elif letter == quote:
            return "".join(letters), place + 1
        elif quote == "'" and letter == "\\" and following in ("'", "\\"):
            letters.append(following)
            place += 2
        else:
            letters.append(letter)
            place += 1
    raise BadFilter(start + 1, _("The quotation mark is not closed."))
