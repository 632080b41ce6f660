"""The Bulgarian words that people read: form of address, article and number, in our catalogues and in what the libraries say through them."""

from __future__ import annotations

import re

import pytest
import translations
from django.forms import FileField
from django.utils.translation import gettext, override
from rest_framework.serializers import FileField as SentFile

WRONG = {
    "the polite „Вие“ is written large": r"(?<!\w)(ви|вие|вас|ваш|ваша|ваше|ваши|вашия|вашият|вашата|вашето|вашите)(?!\w)",
    "people are not called „ти“": r"(?<!\w)(теб|твоя|твоят|твоята|твоето|твоите|следиш|искаш|можеш|трябва да (?:\w+)иш)(?!\w)",
    "one word for one thing: профил, имейл": r"(?i)акаунт|e-mail|верифиц|автентик",
    "no exclamation marks": r"!",
    "a sentence begins with the full article": (
        r"(?m)(?:^|[.:!?] )(?:[А-Я]\w*(?:ния|ния|щия|мия|ския|вия)\s)?"
        r"(?:Кода|Файла|Адреса|Сигнала|Отдела|Срока|Профила|Имейла|Подателя|Служителя|Модератора|Анализа|Текста|Браузъра|Телефона|Района"
        r"|[А-Я]\w+(?:ния|ащия|ения) (?:файл|код|адрес|сигнал|отдел|срок|профил|имейл|текст|район))"
        r" (?:Ви |не |вече |още |е |са )*(?:е|са|има|няма|важи|чака|може|трябва|изтича|остава)(?!\w)"
    ),
    "a number that may be 1 stands after a colon": r"\{n\} (?:знака|точки|снимки)(?! заминаха)",
}
MAY_BE_ONE = {"with {n} photos", "At most {n} photos."}


def said() -> list[tuple[str, str]]:
    return [
        (entry.msgid, text)
        for entry in translations.merged("bg")
        for text in (entry.msgstr, *(entry.msgstr_plural or {}).values())
        if text
    ]


@pytest.mark.parametrize("rule", WRONG)
def test_no_message_breaks(rule: str) -> None:
    wrong = re.compile(WRONG[rule])
    assert [text for source, text in said() if source not in MAY_BE_ONE and wrong.search(text)] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Подадения файл е празен.", "a sentence begins with the full article"),
        ("Кода изтича скоро.", "a sentence begins with the full article"),
        ("Паролата ви е сменена.", "the polite „Вие“ is written large"),
        ("Спри да следиш", "people are not called „ти“"),
        ("Този акаунт е неактивен.", "one word for one thing: профил, имейл"),
        ("Остават {n} знака", "a number that may be 1 stands after a colon"),
    ],
)
def test_a_wrong_word_is_found(text: str, rule: str) -> None:
    assert re.search(WRONG[rule], text)


def test_an_empty_file_is_told_in_good_bulgarian() -> None:
    with override("bg"):
        told = {str(FileField().error_messages["empty"]), str(SentFile().error_messages["empty"])}
        assert told == {gettext("The submitted file is empty.")} == {"Подаденият файл е празен. Изберете го отново."}
