"""`docs/quality.md`: what was measured last, between two marks; the words around them are kept as they stand."""

from __future__ import annotations

import datetime as dt
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.quality.figures import INTERACTION_MS, PAGES, POINTS, Figures
from tests.quality.lighthouse import CATEGORIES

REPO = Path(__file__).resolve().parents[2]
PATH = REPO / "docs/quality.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end of measured -->\n"
KINDS = ("Document", "Stylesheet", "Script", "Font", "Image", "Fetch")


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"


def _head(*cells: str) -> str:
    return _row(*cells) + _row(*("---" if not number else "--:" for number in range(len(cells))))


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"


def tables(found: Mapping[str, Figures]) -> str:
    """Points, bytes, times and what took points away."""
    return "\n".join([_points(found), _bytes(found), _times(found), _faults(found)])


def _points(found: Mapping[str, Figures]) -> str:
    text = _head("page", *CATEGORIES, "largest paint", "blocked", "layout shift")
    for name, each in found.items():
        score = each.score
        text += _row(
            name, *(score.points[key] for key in CATEGORIES),
            f"{score.paint_ms / 1000:.1f} s", f"{score.blocked_ms:.0f} ms", f"{score.shift:.3f}",
        )  # fmt: skip
    return text


def _bytes(found: Mapping[str, Figures]) -> str:
    text = _head("first visit, kB", *(kind.lower() for kind in KINDS), "other", "all", "goal", "requests")
    for name, each in found.items():
        kinds = each.weight.kinds
        rest = sum(size for kind, size in kinds.items() if kind not in KINDS)
        goal = f"≤ {PAGES[name] // 1000}" if PAGES[name] else "–"
        cells = [_kb(kinds.get(kind, 0)) for kind in KINDS]
        text += _row(name, *cells, _kb(rest), f"**{_kb(each.weight.total)}**", goal, each.weight.requests)
    return text


def _times(found: Mapping[str, Figures]) -> str:
    text = _head("page", "first paint", "largest paint", "usable", "loaded", "touches and keys", "longest answer", "after")
    for name, each in found.items():
        slow, touched = each.slow, each.touched
        seconds = (f"{value / 1000:.1f} s" for value in (slow.first, slow.largest, slow.usable, slow.loaded))
        text += _row(name, *seconds, touched.count, f"{touched.longest_ms:.0f} ms", touched.which or "–")
    return text


def _faults(found: Mapping[str, Figures]) -> str:
    lines = [f"- {name}: {fault}\n" for name, each in found.items() for fault in each.score.faults]
    return "What took points away:\n\n" + ("".join(lines) or "- nothing\n")


def _where() -> str:
    git = ["git", "-C", str(REPO)]
    commit = subprocess.run(
        [*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=False).stdout.strip()
    return f"{commit or 'unknown'}{' with changes that are not committed' if changed else ''}"


def write(found: Mapping[str, Figures], faults: list[str]) -> None:
    """Puts the figures between the marks, with day, commit and machine."""
    any_score = next(iter(found.values())).score
    now = dt.datetime.now(dt.UTC)
    text = (
        f"{now:%Y-%m-%d %H:%M} UTC, commit {_where()}, Lighthouse {any_score.version}, {platform.machine()},"
        f" Lighthouse's index of the machine {any_score.speed_of_machine:.0f}.\n\n"
        f"Goals: {POINTS} points everywhere; answers under {INTERACTION_MS} ms."
        f" {'**Missed: ' + '; '.join(faults) + '.**' if faults else 'All goals are met.'}\n\n{tables(found)}"
    )
    before, _mark, rest = PATH.read_text().partition(BEGIN)
    PATH.write_text(f"{before}{BEGIN}{text}{rest[rest.index(END) :]}")
