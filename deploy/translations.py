"""Merge the parts of each catalogue, compile it, and find words without a translation.

    .venv/bin/python deploy/translations.py compile
    .venv/bin/python deploy/translations.py check

`locale/<language>.parts/*.po` hold the translations by subject; together, first wins, they make
`locale/<language>/LC_MESSAGES/django.po`, which is not kept in the repository.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polib
from place import REPO, Refused, main, say

LOCALE = REPO / "locale"
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3", "_", "gettext", "ngettext:1,2",
)  # fmt: skip
CODE_FOLDERS = (
    "geoportal",
    "municipality",
    "accounts",
    "discussion",
    "layers",
    "reports",
    "participation",
    "notifications",
    "api",
)
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def parts_of(language: str) -> list[Path]:
    """The source catalogues of one language, in the order in which they win."""
    return sorted((LOCALE / f"{language}.parts").glob("*.po"))


def read(path: Path) -> polib.POFile:
    """A catalogue; a syntax error names the file and line."""
    try:
        return polib.pofile(str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path.relative_to(REPO)}: {error}") from error


def merged(language: str) -> polib.POFile:
    """All parts of one language as one catalogue; the first translation of an entry wins."""
    catalogue = polib.POFile()
    catalogue.metadata = HEADER | {"Language": language}
    seen = set()
    for path in parts_of(language):
        for entry in read(path):
            key = (entry.msgctxt, entry.msgid)
            if key not in seen and entry.translated():
                seen.add(key)
                catalogue.append(entry)
    return catalogue


def languages() -> list[str]:
    """Languages that have parts."""
    return sorted(path.name.removesuffix(".parts") for path in LOCALE.glob("*.parts"))


def compile_catalogues() -> None:
    """Write django.po and django.mo of each language where a part is newer than the compiled file."""
    for language in languages():
        folder = LOCALE / language / "LC_MESSAGES"
        target = folder / "django.mo"
        newest = max((path.stat().st_mtime for path in [*parts_of(language), LOCALE / f"{language}.parts"]), default=0)
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = merged(language)
        catalogue.save(str(folder / "django.po"))
        catalogue.save_as_mofile(str(target))


def used_in_code(keywords: Sequence[str] = KEYWORDS) -> polib.POFile:
    """Every message in Python code and templates that is said by one of `keywords`, with the places where it stands."""
    # Django turns a template into something xgettext can read.
    from django.conf import settings
    from django.utils.translation import templatize

    if not settings.configured:
        settings.configure()
    with tempfile.TemporaryDirectory() as folder:
        sources = []
        for path in sorted(path for name in CODE_FOLDERS for path in (REPO / name).rglob("*.py")):
            if "migrations" not in path.parts:
                sources.append(str(path.relative_to(REPO)))
        for path in sorted((REPO / "templates").rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"}:
                copy = Path(folder) / f"{path.relative_to(REPO)}.py"
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(templatize(path.read_text(), origin=str(path.relative_to(REPO))))
                sources.append(str(copy))
        names = Path(folder) / "names"
        names.write_text("\n".join(sources))
        output = Path(folder) / "messages.pot"
        command = ["xgettext", "-L", "Python", "--from-code=UTF-8", "-k", *(f"--keyword={word}" for word in keywords)]
        done = subprocess.run(
            [*command, "-f", str(names), "-o", str(output)], cwd=REPO, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Refused(f"xgettext failed: {done.stderr.strip()}")
        found = polib.pofile(str(output)) if output.exists() else polib.POFile()
        for entry in found:
            entry.occurrences = [
                (name.removeprefix(f"{folder}/").removesuffix(".py") if name.startswith(folder) else name, line)
                for name, line in entry.occurrences
            ]
        return found


def untranslated(language: str) -> list[str]:
    """One line for every message in use that `language` lacks."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in merged(language)}
    lines = []
    for entry in used_in_code():
        translation = known.get((entry.msgctxt, entry.msgid))
        if translation is None or (entry.msgid_plural and not translation.msgstr_plural):
            place = ":".join(entry.occurrences[0]) if entry.occurrences else "?"
            context = f" (context {entry.msgctxt})" if entry.msgctxt else ""
            lines.append(f"{place}: no {language} translation of {entry.msgid!r}{context}")
    return lines


def counted_and_plain() -> list[str]:
    """One line for every message that is said with a number in one place and without in another.

    A catalogue keeps it under its plural, where `gettext` of Python 3.11.2 does not look and that of 3.11.7 does.
    """
    counting = [word for word in KEYWORDS if word.startswith(("ngettext", "npgettext"))]
    counted = {(entry.msgctxt, entry.msgid) for entry in used_in_code(counting)}
    return [
        f"{':'.join(entry.occurrences[0])}: {entry.msgid!r} is said with a number elsewhere; give it a context here"
        for entry in used_in_code([word for word in KEYWORDS if word not in counting])
        if (entry.msgctxt, entry.msgid) in counted
    ]


def malformed(language: str) -> list[str]:
    """What msgfmt says against the parts: broken syntax, placeholders that differ from the message's."""
    lines = []
    for path in parts_of(language):
        command = ["msgfmt", "--check-format", "-o", "/dev/null", str(path.relative_to(REPO))]
        done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
        if done.returncode:
            lines += done.stderr.strip().splitlines()
    return lines


def command(arguments: list[str]) -> int:
    """`compile` what is newer, or `check` that nothing lacks a translation."""
    compile_catalogues()
    if arguments != ["check"]:
        return 0
    lines = [line for language in languages() for line in malformed(language) + untranslated(language)] + counted_and_plain()
    for line in lines:
        print(line)
    say(f"translations: {len(lines)} findings")
    return 1 if lines else 0


if __name__ == "__main__":
    main(command)
