"""Public references: ten random digits, the last a check digit, shown as 123 456 7890.

The check digit is H. M. Damm's (Total anti-symmetrische Quasigruppen, Marburg 2004): every wrong digit and
every swap of neighbours is noticed. References are random so that nobody can walk them.
"""

from __future__ import annotations

import re
import secrets

LENGTH = 10
# The totally anti-symmetric quasigroup of order 10 printed in Damm's thesis, p. 111.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_GAPS = re.compile(r"[\s\-–—./№#]+")


def check_digit(digits: str) -> str:
    """The digit that makes `digits` + it a valid reference."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def new_reference() -> str:
    """A new random reference of ten digits, never beginning with 0 (spreadsheets drop it)."""
    digits = str(10 ** (LENGTH - 2) + secrets.randbelow(9 * 10 ** (LENGTH - 2)))
    return digits + check_digit(digits)


def parse(text: str) -> str | None:
    """The ten digits of a reference typed with any spacing or dashes; None when it is none."""
    if len(text) > 64:
        return None
    digits = _GAPS.sub("", text)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def display(reference: str) -> str:
    """123 456 7890."""
    return f"{reference[:3]} {reference[3:6]} {reference[6:]}"
