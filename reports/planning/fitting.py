"""Words on paper: the largest letters at which a text keeps within its lines, and where it ends if it fits with none."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from reports.planning.letters import width

BOLD = 1.21
"""Bold letters of DejaVu Sans are broader than `width` takes the usual ones by so much at most („Щ“)."""


def fitted(text: str, room: float, steps: Sequence[tuple[float, int]]) -> tuple[str, int]:
    """The text and the index of its step: the first (size, lines) with whose letters it takes no more lines.

    `room`: the line in units of letters of size 1. With no step it fits, it ends at a word with „…“, in the last step; only a word that
    is longer than all the lines together ends inside.
    """
    text = " ".join(text.split())
    for index, (size, lines) in enumerate(steps):
        if _lines(text, room / size) <= lines:
            return text, index
    size, lines = steps[-1]
    words = text.split(" ")
    for kept in range(len(words) - 1, 0, -1):
        short = f"{' '.join(words[:kept]).rstrip(' ,;:–-')}…"
        if _lines(short, room / size) <= lines:
            return short, len(steps) - 1
    short = words[0]
    while _lines(f"{short}…", room / size) > lines:
        short = short[:-1]
    return f"{short}…", len(steps) - 1


def _lines(text: str, room: float) -> int:
    """Into how many lines the text wraps: at spaces, inside a word that is broader than a line."""
    space = width(" ", BOLD)
    taken, left = 1, room
    for word in text.split(" "):
        broad = width(word, BOLD)
        if broad > left and left < room:
            taken, left = taken + 1, room
        further = max(0, ceil(broad / room) - 1)
        taken, left = taken + further, left - (broad - further * room) - space
    return taken
