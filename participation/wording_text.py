"""Two versions of a text, word by word: what was taken out, what came in."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from participation.models.consultation import blocks

_WORDS = re.compile(r"\s+|[^\w\s]|\w+")
Part = tuple[str, str]
"""("same" | "out" | "in", words)."""


def _pieces(text: str) -> list[str]:
    return _WORDS.findall(text)


def changes(before: str, after: str) -> list[Part]:
    """The parts of one paragraph in their order; each change is one part out, one part in."""
    old, new = _pieces(before), _pieces(after)
    found: list[Part] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[first:last])))
            continue
        if last > first:
            found.append(("out", "".join(old[first:last])))
        if new_last > new_first:
            found.append(("in", "".join(new[new_first:new_last])))
    return found


def diff(before: str, after: str) -> list[list[Part]]:
    """The changes of a text paragraph by paragraph."""
    old, new = blocks(before), blocks(after)
    found: list[list[Part]] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [[("same", words)] for words in old[first:last]]
            continue
        pairs = min(last - first, new_last - new_first)
        found += [changes(old[first + n], new[new_first + n]) for n in range(pairs)]
        found += [[("out", words)] for words in old[first + pairs : last]]
        found += [[("in", words)] for words in new[new_first + pairs : new_last]]
    return found
