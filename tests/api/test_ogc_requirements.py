"""What docs/ogc.md says is kept is kept: each requirement of its table by the test that it names, each of them by a test of that name."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import getdoc
from pathlib import Path

from api.ogc.conformance import CLASSES

TABLE = re.compile(r"^\| (?P<kept>`/req/[^|]*`) \| `(?P<file>test_ogc_\w+)` · `(?P<name>test_\w+)` \|$", re.M)


def rows() -> list[tuple[list[str], str, str]]:
    """(requirements, module, test) of each row."""
    text = (Path(__file__).parents[2] / "docs/ogc.md").read_text()
    return [(row["kept"].strip("`").split("` `"), row["file"], row["name"]) for row in TABLE.finditer(text)]


def test_every_requirement_of_the_table_is_named_by_its_test():
    missing = []
    for kept, file, name in rows():
        said = getdoc(getattr(import_module(f"tests.api.{file}"), name)) or ""
        missing += [
            f"{name}: {each}"
            for each in kept
            if not re.search(rf"(?<![\w-]){re.escape(each.rpartition('/')[2])}(?![\w-])", said)
        ]
    assert missing == []
    listed = [each for kept, _file, _name in rows() for each in kept]
    assert len(listed) == len(set(listed)) > 70


def test_every_class_that_is_declared_has_requirements_in_the_table():
    declared = {each.rpartition("/")[2] for each in CLASSES} - {
        "basic-spatial-operators"
    }  # an older name of basic-spatial-functions
    kept = {each.split("/")[2] for named, _file, _name in rows() for each in named}
    assert declared == kept
