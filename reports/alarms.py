"""Words that speak of an emergency, as patterns: the site and the page on the phone read texts by the very same ones.

An entry of `emergency_words` is words divided by blanks that stand near each other, the first among NEAR_WORDS on either side:

    пожар       the word with its usual endings; also in Latin letters as people write them („pozhar“, „pojar“)
    =гори       this form alone („гора“ is another word)
    взривя*     whatever begins so
    гори|горят  one of several
    ~пожар      a slip of the pen allowed: another vowel, a letter missing, doubled or changed with the next („пожър“)
    -лампа      no emergency where this stands near the first word („лампата гори денем“)
    --не        no emergency where this stands directly before the first word („не гори“)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from discussion.search import WORD

NEAR_WORDS = 4
SHORT, SURE = 3, 5
"""Letters up to which a word takes few endings („газ“: not „газова“), and from which its last vowel gives way to one."""
VOWELS = "аеиоуъюя"
_ENDINGS = (
    "а", "я", "о", "и", "е", "ът", "ят", "та", "то", "те", "ата", "ята", "ото", "ето", "ите", "ия", "ият", "ове", "овете",
    "т", "ат", "ха", "л", "ла", "ло", "ли",
)  # fmt: skip
_FEW = ("а", "ът", "та")
_HEARD = {
    "а": "a", "б": "b", "в": "[vw]", "г": "g", "д": "d", "е": "e", "ж": "(?:zh|j|z)", "з": "z", "и": "i", "й": "[ijy]", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "(?:u|ou)", "ф": "f", "х": "(?:h|x|kh)",
    "ц": "(?:ts|tz|c)", "ч": "(?:ch|4)", "ш": "(?:sh|6)", "щ": "(?:sht|6t)", "ъ": "[auy]?", "ь": "[ijy]?", "ю": "(?:yu|iu|ju|u)",
    "я": "(?:ya|ia|ja|q)", ".": "[aeiouy]",
}  # fmt: skip
"""How each letter is written in Latin ones, by the law or by ear."""


@dataclass(frozen=True)
class Alarm:
    """One entry as regular expressions for whole small-lettered words, in the syntax that Python and browsers share.

    `words`: the first, and those that must stand near it; `apart`: that must not stand near; `before`: nor directly before it.
    """

    words: tuple[str, ...]
    apart: tuple[str, ...]
    before: tuple[str, ...]


def alarm(entry: str) -> Alarm | None:
    """The entry as patterns; None when it names no word."""
    words: dict[str, list[str]] = {"": [], "-": [], "--": []}
    for part in entry.lower().split():
        bare = part.lstrip("-")
        if pattern := _pattern(bare):
            words[part[: len(part) - len(bare)][:2]].append(pattern)
    return Alarm(*(tuple(several) for several in words.values())) if words[""] else None


def endings() -> dict[str, str]:
    """What the marks <…> in the patterns stand for."""
    return {
        "<few>": f"(?:{'|'.join(_FEW)})?", "<FEW>": f"(?:{'|'.join(map(_latin, _FEW))})?",
        "<all>": f"(?:{'|'.join(_ENDINGS)})?", "<ALL>": f"(?:{'|'.join(map(_latin, _ENDINGS))})?", "<en>": "(?:s|es)?",
    }  # fmt: skip


def for_the_phone(entries: list[str]) -> dict[str, Any]:
    """{near, endings, alarms: [{words, apart, before}]}: what static/js/app/alarms.js reads."""
    return {"near": NEAR_WORDS, "endings": endings(), "alarms": [asdict(found) for found in map(alarm, entries) if found]}


def alarming(text: str, entries: list[str]) -> list[str]:
    """The words of the text that make it an emergency, each once, in small letters, as they come."""
    written = [word.lower() for word in WORD.findall(text)]
    known = cache(lambda pattern: frozenset(word for word in set(written) if pattern.fullmatch(word)))
    found = set(chain.from_iterable(_spoken(written, one, known) for one in _compiled(tuple(entries))))
    return list(dict.fromkeys(written[at] for at in sorted(found)))


_Compiled = tuple[tuple[re.Pattern[str], ...], ...]


def _spoken(written: list[str], patterns: _Compiled, known: Callable[[re.Pattern[str]], frozenset[str]]) -> set[int]:
    """Where the words of one alarm stand."""
    (first, *others), apart, before = patterns
    if not (firsts := known(first)):
        return set()
    found: set[int] = set()
    for at, word in enumerate(written):
        if word not in firsts or (at and any(written[at - 1] in known(one) for one in before)):
            continue
        near = range(max(0, at - NEAR_WORDS), min(len(written), at + NEAR_WORDS + 1))
        if any(written[other] in known(one) for one in apart for other in near):
            continue
        places = [[other for other in near if written[other] in known(one)] for one in others]
        if all(places):
            found |= {at, *(min(several, key=lambda other: abs(other - at)) for several in places)}
    return found


@lru_cache(maxsize=8)
def _compiled(entries: tuple[str, ...]) -> tuple[_Compiled, ...]:
    def read(pattern: str) -> re.Pattern[str]:
        for mark, ends in endings().items():
            pattern = pattern.replace(mark, ends)
        return re.compile(pattern)

    alarms = [found for found in map(alarm, entries) if found]
    return tuple(tuple(tuple(map(read, part)) for part in (one.words, one.apart, one.before)) for one in alarms)


def _pattern(word: str) -> str:
    """The regular expression of „гори|=горят“, „взрив*“; empty without a letter."""
    return "|".join(dict.fromkeys(chain.from_iterable(map(_forms, word.split("|")))))


def _forms(word: str) -> list[str]:
    letters = "".join(letter for letter in word if letter.isalnum())
    if not letters:
        return []
    spelt = _slips(letters) if "~" in word else [letters]
    if letters.isascii():
        return [f"{one}{'.*' if '*' in word else '' if '=' in word else '<en>'}" for one in spelt]
    if "*" in word or "=" in word:
        ends = ".*" if "*" in word else ""
        return [form + ends for one in spelt for form in (_cyrillic(one), _latin(one))]
    if len(letters) >= SURE and letters[-1] in VOWELS:
        spelt = [*spelt, letters[:-1]]
    ends = "few" if len(letters) <= SHORT else "all"
    return [form for one in spelt for form in (f"{_cyrillic(one)}<{ends}>", f"{_latin(one)}<{ends.upper()}>")]


def _slips(word: str) -> list[str]:
    """The word, and as a hurried hand writes it; a point stands for any vowel. Its first letter and its end are right."""
    missing = [word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)]
    doubled = [word[:at] + word[at] + word[at:] for at in range(len(word))]
    changed = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 2)]
    vowels = [f"{word[:at]}.{word[at + 1 :]}" for at, letter in enumerate(word) if letter in VOWELS or letter in "aeiou"]
    return [word, *missing, *doubled, *changed, *vowels]


def _cyrillic(word: str) -> str:
    return word.replace(".", f"[{VOWELS}]")


def _latin(word: str) -> str:
    return "".join(_HEARD.get(letter, letter) for letter in word)
