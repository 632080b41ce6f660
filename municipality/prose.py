"""The small markup of the installation's texts: paragraphs, `## headings`, `- lists`; nothing in it is ever HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Block:
    """A heading or paragraph with its `text`, or a list with its `items`."""

    kind: Literal["heading", "paragraph", "list"]
    text: str = ""
    items: list[str] = field(default_factory=list)


def blocks(body: str) -> list[Block]:
    """The blocks of a text; empty lines part paragraphs, lines of one paragraph are joined."""
    found: list[Block] = []
    open_block: Block | None = None
    for raw in body.splitlines():
        line = raw.strip()
        if not line:
            open_block = None
        elif line.startswith("#"):
            found.append(Block("heading", line.lstrip("#").strip()))
            open_block = None
        elif line.startswith("- "):
            if open_block is None or open_block.kind != "list":
                open_block = Block("list")
                found.append(open_block)
            open_block.items.append(line[2:].strip())
        elif open_block is None or open_block.kind == "heading":
            open_block = Block("paragraph", line)
            found.append(open_block)
        elif open_block.kind == "list":
            open_block.items[-1] += f" {line}"
        else:
            open_block.text += f" {line}"
    return found
