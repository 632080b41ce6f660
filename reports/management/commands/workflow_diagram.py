"""Writes the state diagrams of the workflow into the documentation, between two markers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.workflow import LEFT, STATES, STATES_OF, STAYS, TRANSITIONS, Kind

BEGIN, END = "<!-- workflow:begin -->", "<!-- workflow:end -->"
DOCUMENT = Path("docs/architecture.md")
TITLES = {Kind.PROBLEM: "Problem", Kind.IDEA: "Idea"}


def diagram(kind: Kind) -> str:
    """A mermaid state diagram: one arrow for each pair of states, with the names of the edges between them.

    An edge back to the state that was left before points to each of those it can be left for; edges that stay are a list
    below the diagram.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in (edge for (of, _name), edge in TRANSITIONS.items() if of is kind):
        for source in sorted(edge.sources, key=STATES_OF[kind].index):
            for target in _targets(kind, edge.target, source):
                arrows.setdefault((source, target), []).append(edge.name)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"  {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    lines += [f"  {code} --> [*]" for code in STATES_OF[kind] if STATES[code].ends]
    return "\n".join([*lines, "```", *_staying(kind)])


def _targets(kind: Kind, target: str, source: str) -> list[str]:
    if target == STAYS:
        return []
    if target != LEFT:
        return [target]
    return [
        state
        for state in STATES_OF[kind]
        if any(
            state in edge.sources and edge.target == source
            for (of, _name), edge in TRANSITIONS.items()
            if of is kind and edge.target not in (LEFT, STAYS)
        )
    ]


def _staying(kind: Kind) -> list[str]:
    staying = [edge.name for (of, _name), edge in TRANSITIONS.items() if of is kind and edge.target == STAYS]
    return ["", f"The state stays: {', '.join(f'`{name}`' for name in staying)}."]


def section() -> str:
    """What stands between the markers."""
    parts = [f"### {TITLES[kind]}\n{diagram(kind)}" for kind in Kind]
    return f"{BEGIN}\n" + "\n\n".join(parts) + f"\n{END}"


def with_section(text: str) -> str:
    """The document with the diagrams as the workflow is now; CommandError without markers."""
    head, found, rest = text.partition(BEGIN)
    _old, closed, tail = rest.partition(END)
    if not found or not closed:
        raise CommandError(f"Put {BEGIN} and {END} into {DOCUMENT}.")
    return f"{head}{section()}{tail}"


class Command(BaseCommand):
    help = "Write the state diagrams of the workflow into docs/architecture.md (--check: only say whether they are current)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        document = Path(settings.BASE_DIR) / DOCUMENT
        text = document.read_text(encoding="utf-8")
        current = with_section(text)
        if options["check"]:
            if current != text:
                raise CommandError(f"{DOCUMENT} is behind the workflow: run manage.py workflow_diagram.")
            return
        document.write_text(current, encoding="utf-8")
        self.stdout.write(f"{DOCUMENT} is written.")
