"""Private data in words: found where it is, not seen where it is not."""

from __future__ import annotations

import pytest

from reports.private_data import private_data, seal, without

IBAN = "BG80 BNBG 9661 1020 3456 78"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("ЕГН 7523169263 на съседа", "civil", "7523169263"),
        ("роден 0041010002", "civil", "0041010002"),
        ("Обадете се на 0888 123 456.", "phone", "0888 123 456"),
        ("тел. +359 2 981 2345", "phone", "+359 2 981 2345"),
        ("0723/12-34-56", "phone", "0723/12-34-56"),
        ("пишете на rada.k@example.org", "email", "rada.k@example.org"),
        ("Кола СО 1234 АВ е спряла", "plate", "СО 1234 АВ"),
        ("kola CB1234KT", "plate", "CB1234KT"),
        (f"сметка {IBAN}", "iban", IBAN),
    ],
)
def test_is_found_exactly_as_written(text, kind, words):
    assert [(one.kind, one.words) for one in private_data(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    ["Стълб 1234567890 не свети", "7523169264", "дупка от 2024 г.", "До ул. Гурко 5, вх. 2, ет. 3", "Сигнал 482 193 5530",
     "от 12.05.2024 до 14.05.2024", "в 2024 да", "BG80 BNBG 9661 1020 3456 79", "цена 1 200 000 лв.", "", "ЯЩ 1234 ЮЯ"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text):
    assert private_data(text) == []


def test_is_taken_out_of_the_text_and_said_once():
    text = "Тел. 0888 123 456, пак 0888 123 456"
    found = private_data(text, text)
    assert len(found) == 1
    assert without(text, found) == "Тел. …, пак …"


def test_seal_holds_for_the_same_words_alone():
    assert seal("private", ["b", "a"]) == seal("private", ["a", "b"]) != seal("private", ["a", "c"])


def test_long_texts_cost_little():
    assert private_data("1 " * 60_000 + "a@b.c" * 10_000) == []
