"""What in a text is somebody's own and better not read by everyone: civil numbers, telephones, addresses of mail, plates, accounts.

Only what can be told from other numbers is named: a Bulgarian civil number (ЕГН) by its date and check digit, an IBAN by its
remainder, a plate by the letters that Bulgarian plates use, in either alphabet.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 20_000
"""Characters that are looked at; a longer text is refused for its length anyway."""
KINDS = ("email", "iban", "civil", "plate", "phone")
WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
"""Of the digits of an ЕГН, by the ordinance of the civil registration."""
PLATE_LETTERS = "АВЕКМНОРСТУХ"
"""Letters of Bulgarian plates: those that look the same in both alphabets."""
_SAME = str.maketrans("ABEKMHOPCTYX", PLATE_LETTERS)
_CIVIL = re.compile(r"(?<!\d)\d{10}(?!\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)?\d(?:[ ()/.-]{0,2}\d){7,13}(?!\w)")
_PLATE = re.compile(r"(?<!\w)([A-Za-zА-Яа-я]{1,2})[ -]?(\d{4})[ -]?([A-Za-zА-Яа-я]{2})(?!\w)")
_HOME = re.compile(r"(?:\+|00)359|0[2-9]")


@dataclass(frozen=True)
class Found:
    """`words` exactly as written; `kind`: one of KINDS."""

    kind: str
    words: str


def private_data(*texts: str) -> list[Found]:
    """What was found in the texts, each once, in the order of its kinds."""
    found: dict[str, Found] = {}
    for text in texts:
        rest = text[:LONGEST]
        for kind, words in _in(rest):
            found.setdefault(words, Found(kind, words))
    return list(found.values())


def _in(text: str) -> Iterable[tuple[str, str]]:
    """Kinds and words; what was named once is taken away, so that an account is not a telephone too."""
    for kind, pattern, right in (
        ("email", _MAIL, lambda _words: True),
        ("iban", _IBAN, is_iban),
        ("civil", _CIVIL, is_civil_number),
        ("plate", _PLATE, is_plate),
        ("phone", _PHONE, is_phone),
    ):
        for match in list(pattern.finditer(text)):
            if right(match[0]):
                yield kind, match[0].strip()
                text = text.replace(match[0], " " * len(match[0]))


def is_civil_number(digits: str) -> bool:
    """Whether the ten digits are an ЕГН: a day that was (months +20 before 1900, +40 from 2000) and the check digit."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    century, month = (2000, month - 40) if month > 40 else (1800, month - 20) if month > 20 else (1900, month)
    try:
        datetime.date(century + year, month, day)
    except ValueError:
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False)) % 11 % 10 == int(digits[9])


def is_iban(words: str) -> bool:
    """ISO 13616: the first four signs behind, letters as 10 to 35, remainder 1 by 97."""
    bare = words.replace(" ", "").upper()
    return (
        15 <= len(bare) <= 34 and bare.isascii() and int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1
    )


def is_plate(words: str) -> bool:
    """„СО 1234 АВ“ in either alphabet; „в 2024 ДА“ has letters that no plate has."""
    found = _PLATE.fullmatch(words)
    letters = (found[1] + found[3]).translate(_SAME) if found else ""
    return bool(letters) and letters.isupper() and set(letters) <= set(PLATE_LETTERS)


def is_phone(words: str) -> bool:
    """Nine to fifteen digits that begin as numbers do here or abroad; ten digits of anything else are no telephone."""
    digits = re.sub(r"\D", "", words)
    bare = re.sub(r"[^\d+]", "", words)
    return 9 <= len(digits) <= 15 and bool(_HOME.match(bare) or bare.startswith("+"))


def without(text: str, found: Iterable[Found]) -> str:
    """The text with „…“ where private data stood."""
    for one in found:
        text = text.replace(one.words, "…")
    return text


def seal(kind: str, words: Iterable[str]) -> str:
    """What stands in a form for „I have seen this and leave it“: other words need another one."""
    return f"{kind}:{hashlib.sha256(chr(10).join(sorted(words)).encode()).hexdigest()[:16]}"
