"""Words of an emergency: how an entry is read, and what the town's own list says of what people write."""

from __future__ import annotations

import pytest
import yaml
from django.conf import settings

from reports.alarms import alarm, alarming
from tests.reports.emergency_sentences import ASKED, SILENT


@pytest.fixture(scope="module")
def own() -> list[str]:
    """The entries of the town's own list."""
    words = yaml.safe_load((settings.BASE_DIR / "fixtures/botevgrad/municipality.yaml").read_text())["emergency_words"]
    return [entry for several in words.values() for entry in several]


@pytest.mark.parametrize("sentence", ASKED)
def test_what_speaks_of_an_emergency_is_asked(own: list[str], sentence: str) -> None:
    assert alarming(sentence, own)


@pytest.mark.parametrize("sentence", SILENT)
def test_ordinary_words_are_no_emergency(own: list[str], sentence: str) -> None:
    assert alarming(sentence, own) == []


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("пожар", "Пожарите и пожара", ["пожарите", "пожара"]), ("пожар", "пожарогасител", []), ("=гори", "гора", []),
        ("=гори", "ГОРИ", ["гори"]), ("взрив*", "взривоопасно", ["взривоопасно"]), ("гори|пламък", "пламъка", ["пламъка"]),
        ("линейка", "две линейки", ["линейки"]), ("газ", "газта, газова", ["газта"]), ("~пожар", "пожър", ["пожър"]),
        ("~пожар", "подарък", []), ("пожар", "пожър", []), ("гори -лампа", "гори лампата", []), ("гори -лампа", "гори колата", ["гори"]),
        ("гори -лампа", "гори колата, а после и онази лампа", ["гори"]), ("гори --не", "не гори", []), ("гори --не", "гори, не чакай", ["гори"]),
        ("паднал кабел", "Кабелът до входа е паднал", ["кабелът", "паднал"]), ("паднал кабел", "кабел едно две три четири паднал", []),
        ("земя", "zemqta", ["zemqta"]), ("удар", "udari", ["udari"]), ("fire", "fires, fired", ["fires"]), ("кръв", "крава", []),
    ],
)  # fmt: skip
def test_an_entry_is_read(entry: str, text: str, found: list[str]) -> None:
    assert alarming(text, [entry]) == found


@pytest.mark.parametrize("entry", ["", " ", "-лампа", "=", "* --не"])
def test_an_entry_without_a_word_is_none(entry: str) -> None:
    assert alarm(entry) is None
    assert alarming("не лампа", [entry]) == []
