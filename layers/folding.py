"""Names as they are compared: one alphabet, no kind of street, no signs; „Ул. Гурко №5“, „gurko 5“ and „гурко5“ are the same.

Cyrillic follows the streamlined transliteration of the Bulgarian law of 2009; what people write in Latin letters by ear
(„q“ for я, „4“ for ч, „6“ for ш, „w“ for в, „y“ for ъ or й) is brought to the same letters as far as that can be told.
"""

from __future__ import annotations

import re
import unicodedata

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "sht", "ъ": "a", "ь": "i", "ю": "iu", "я": "ia", "ѝ": "i", "ы": "i", "э": "e", "ё": "io",
}  # fmt: skip
BY_EAR = (("kh", "h"), ("ya", "ia"), ("yu", "iu"), ("ju", "iu"), ("ja", "ia"), ("ye", "ie"), ("yo", "io"), ("q", "ia"), ("w", "v"),
          ("x", "h"), ("y", "i"), ("j", "zh"), ("tz", "ts"))  # fmt: skip
KINDS = frozenset({
    "ul", "ulitsa", "ulica", "str", "street", "st", "bul", "bulevard", "blvd", "boulevard", "pl", "ploshtad",
    "ploshad", "square", "sq", "kv", "kvartal", "quarter", "zhk", "gk", "estate", "gr", "grad", "town", "s", "selo",
    "village", "no", "nomer", "num", "n",
})  # fmt: skip
"""Words and abbreviations that say what kind of thing a name is, and are left out of the comparison."""
POST = ("stalb", "stulb", "stylb", "stlb", "stalp", "post", "lampa", "lamp", "lamppost", "pole")
"""The words with which people begin the number of a lamp post."""
SURE = 5
"""Letters of such a word in which two neighbours may have changed places: „стлъб“."""
LONGEST = 100
_PART = re.compile(r"\d+|[a-z]+")
_EAR_DIGITS = re.compile(r"(?<![\w])[46](?=[a-z]{3})|(?<=[a-z])[46](?=[a-z])")
_ESTATE = re.compile(r"\b(?:zh|j|g)\W{0,2}k\b\.?")
_SWAPPED = {
    word[:n] + word[n + 1] + word[n] + word[n + 2 :] for word in POST if len(word) >= SURE for n in range(len(word) - 1)
}
_POST = re.compile(
    rf"\b(?:{'|'.join([*POST, *sorted(_SWAPPED)])})\W{{0,3}}(?:(?:no|nomer)\W{{0,3}})?(?P<number>\d{{1,12}}[a-z]?)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\W*(?:no\W*)?(?P<first>\d{1,12}[a-z]?)\b(?P<after>.*)|(?P<before>.*)(?:\bno\W*|\b)(?P<last>\d{1,12}[a-z]?)\W*"
)
_HOUSE = re.compile(r"(?<![\d/–-])(?P<number>\d{1,4})\s*(?P<letter>[a-zа-я])?(?P<last>\s*[-–/]\s*\d{1,4}[a-zа-я]?)?$")
_BEFORE_NUMBER = re.compile(r"(?:^|(?<=[\s,.]))(?:no|nomer|номер|n|бл|блок|bl|blok|block)$", re.IGNORECASE)
_INSIDE = re.compile(
    r"[\s,;]*(?<!\w)(?:вх(?:од)?|ет(?:аж)?|ап(?:артамент)?|vh(?:od)?|et(?:azh)?|ap(?:artament)?|apt|flat|floor|entrance)(?!\w)\.?"
    r"\s*№?\s*(?:\d{1,3}|[a-zа-я])(?!\w)\.?",
    re.IGNORECASE,
)
"""What of an address is inside a house: entrance, floor, flat."""


def latin(text: str) -> str:
    """Small Latin letters and the digits and signs of `text`; no other letters, no accents."""
    found = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text).lower())
    parts = unicodedata.normalize("NFKD", found).lower()  # small again: „№“ is „No“ by now
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def folded(text: str) -> str:
    """Words of `text` to compare, one blank between: „бул. „Трети март““ → „treti mart“; nothing but its kind stays as it is."""
    written = _ESTATE.sub(" zhk ", latin(text[:LONGEST]))
    written = _EAR_DIGITS.sub(lambda found: {"4": "ch", "6": "sh"}[found[0]], written)
    for ear, letters in BY_EAR:
        written = written.replace(ear, letters)
    parts = _PART.findall(written)
    kept = [part for part in parts if part not in KINDS]
    return re.sub(r"([a-z])\1", r"\1", " ".join(kept or parts))


def post(text: str) -> tuple[str, str]:
    """(number, other words, folded) of a lamp post: „Стълб №123 Левка“ → („123“, „levka“); a number alone is one too; else („“, „“)."""
    written = latin(text[:LONGEST]).strip()
    found = _POST.search(written) or re.fullmatch(r"\W*(?:no\W*)?(?P<number>\d{1,12})\W*", written)
    if not found:
        return "", ""
    return found["number"], folded(written[: found.start()] + " " + written[found.end() :])


def number_beside(text: str) -> tuple[str, str]:
    """(number, other words, folded) of a number at either end: „Левка № 123“ → („123“, „levka“); without one or words („“, „“)."""
    found = _BESIDE.fullmatch(latin(text[:LONGEST]).strip())
    if not found or not re.search("[a-z]", words := found["after"] or found["before"] or ""):
        return "", ""
    return found["first"] or found["last"], folded(words)


def house(text: str) -> tuple[str, str]:
    """(words, number) of an address: „ул. Гурко №5 а“ → („ул. Гурко“, „5а“), „жк Саранск бл. 3-5“ → („жк Саранск“, „3-5“); without a
    number at its end („…“, „“)."""
    text = text[:LONGEST].strip(" .,")
    found = _HOUSE.search(text.lower())
    if not found or not (words := text[: found.start()].rstrip(" .,№#-")):
        return text, ""
    words = _BEFORE_NUMBER.sub("", words).rstrip(" .,№#-")
    last = re.sub(r"\s", "", found["last"] or "").replace("–", "-")
    return words, f"{found['number']}{found['letter'] or ''}{last}"


def outside_house(text: str) -> str:
    """An address without entrance, floor and flat: „Гурко 5, вх. Б, ет. 3, ап. 12“ → „Гурко 5“."""
    return _INSIDE.sub(" ", text[:LONGEST]).strip(" ,;")


def romanised(text: str) -> str:
    """Cyrillic words in Latin letters as the law of 2009 has them, great letters kept: „Стара планина“ → „Stara planina“."""
    found = re.sub(r"ия\b", "иа", re.sub(r"ИЯ\b", "ИА", unicodedata.normalize("NFC", text)))
    written = []
    for at, letter in enumerate(found):
        small = letter.lower()
        more = {"й": "y", "ь": "y", "ю": "yu", "я": "ya"}.get(small) or LETTERS.get(small, small)
        beside = found[at + 1 : at + 2] or found[at - 1 : at] if at else found[at + 1 : at + 2]
        great = more.upper() if beside.isupper() else more.capitalize()
        written.append(more if letter == small else great)
    return "".join(written)
