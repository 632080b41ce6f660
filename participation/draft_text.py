"""A whole draft as it is pasted, divided into sections at its headings and articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LONGEST_TITLE = 200
LONG_WORDS = 120
"""What stands after „Чл. 5.“ is its heading up to so many letters, else its first words."""
_HEADING = re.compile(r"#{1,4}\s+(?P<title>\S.*)")
_WORDS = "раздел|глава|част|дял|приложение|section|chapter|part|annex"
_PART = re.compile(
    rf"(?i:{_WORDS})\s+(?:[IVXLCDM]+|[0-9]+|[А-ЯA-Z]|(?i:първ|втор|трет|четвърт|пет|шест|седм|осм|девет|десет)(?:а|и|о))"
    r"(?:[.:]?|(?:[.:]|\s+[–—-]|(?=\s+[А-ЯA-Z„“\"]))\s*\S.*)"
)
_ARTICLE = re.compile(r"(?P<label>(?:Чл\.|ЧЛ\.|Член|§|Art\.|Article)\s*[0-9]+[а-яa-z]?\.?)(?:\s+(?P<rest>\S.*))?")
"""With a capital: „чл. 62 от закона“ at the beginning of a line is a sentence that was wrapped."""
_CLAUSE = re.compile(r"\([0-9]+[а-яa-z]?\)\s")


@dataclass
class Part:
    """One section: its heading and its paragraphs."""

    title: str
    paragraphs: list[list[str]] = field(default_factory=list)
    named_alone: bool = False
    """Its heading is a number alone: the next line may be its name."""
    label: str = ""
    """„Чл. 5.“ of a heading that says more: if the next line goes on in small letters, it was the beginning of a sentence."""

    @property
    def text(self) -> str:
        """Paragraphs divided by an empty line."""
        return "\n\n".join("\n".join(lines) for lines in self.paragraphs)

    def add(self, line: str, *, begins: bool) -> None:
        if begins or not self.paragraphs:
            self.paragraphs.append([])
        self.paragraphs[-1].append(line)


def divided(text: str) -> list[Part]:
    """The sections of a draft, in its order; nothing of it is lost.

    `## heading`, „Раздел I“, „Глава 2“ and „Чл. 5.“ at the beginning of a line begin a section; an empty line, or „(2)“ at the
    beginning of one, a paragraph. A heading that nothing follows is joined with the next one.
    """
    found: list[Part] = []
    begins = True
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            begins = True
            continue
        if (part := _begun(line)) is not None:
            found.append(part)
        elif found and found[-1].named_alone and not found[-1].paragraphs:
            found[-1].title, found[-1].named_alone = f"{found[-1].title.rstrip('.')}. {line}", False
        else:
            if not found:
                found.append(Part(_("Introduction")))
            if found[-1].label and not found[-1].paragraphs and not begins and line[0].islower():
                found[-1].paragraphs, found[-1].title = [[found[-1].title[len(found[-1].label) :].strip()]], found[-1].label
            found[-1].add(line, begins=begins or bool(_CLAUSE.match(line)))
        begins = False
    return [_fitting(part) for part in _joined(found)]


def _begun(line: str) -> Part | None:
    """The section that this line begins; None for other lines."""
    if heading := _HEADING.fullmatch(line):
        return Part(heading["title"])
    if _PART.fullmatch(line) and len(line) <= LONGEST_TITLE and line[-1] not in ",;:":
        return Part(line, named_alone=len(line.split()) == 2)
    article = _ARTICLE.fullmatch(line)
    if article is None:
        return None
    rest = article["rest"] or ""
    if len(rest) > LONG_WORDS or rest.startswith("(") or rest.endswith((".", ";", ":", ",")):
        return Part(article["label"], [[rest]])
    return Part(line, label=article["label"] if rest else "")


def _joined(found: list[Part]) -> list[Part]:
    """Headings without a text go before the next one's; the last of all is its own text."""
    kept: list[Part] = []
    before = ""
    for part in found:
        part.title = f"{before} – {part.title}" if before else part.title
        before = "" if part.paragraphs else part.title
        if part.paragraphs:
            kept.append(part)
    if before:
        kept.append(Part(before, [[before]]))
    return kept


def _fitting(part: Part) -> Part:
    """A heading that is too long is cut; the whole of it begins the text."""
    if len(part.title) > LONGEST_TITLE:
        part.paragraphs.insert(0, [part.title])
        part.title = part.title[: LONGEST_TITLE - 1] + "…"
    return part
