"""The list of criteria is whole and names tests that exist; the statement has every part that Decision (EU) 2018/1523 asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CRITERIA = {
    "A": """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4
        2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2""",
    "AA": """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 3.1.2
        3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
}
PARTS = {
    "bg": ["Степен на съответствие", "Съдържание, което не е достъпно", "Несъответствие със", "Непропорционална тежест",
           "Съдържание извън обхвата", "Как е изготвена", "Обратна връзка", "Процедура по прилагане"],
    "en": ["Compliance status", "Non-accessible content", "Non-compliance with", "Disproportionate burden",
           "Content outside the scope", "Preparation of this", "Feedback and contact", "Enforcement procedure"],
}  # fmt: skip


def test_each_of_the_criteria_is_judged_and_its_tests_exist() -> None:
    text = (ROOT / "docs/accessibility.md").read_text()
    rows = re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| (A{1,2}) \| ([^|]+) \| ([^|]+) \|$", text, re.M)
    assert [(level, number) for number, level, _how, _result in rows] == sorted(
        ((level, number) for level, all_of in CRITERIA.items() for number in all_of.split()),
        key=lambda each: [int(part) for part in each[1].split(".")],
    )
    assert {re.split(r"[:; ]", result)[0] for *_others, result in rows} <= {"met", "partly", "none"}
    for path in re.findall(r"`(tests/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("language", PARTS)
def test_the_statement_has_the_parts_of_the_model(language: str) -> None:
    page = yaml.safe_load((ROOT / "fixtures/botevgrad/pages/accessibility.yaml").read_text())
    body = page["body"][language]
    heads = re.findall(r"^## (.+)$", body, re.M)
    at = [next(n for n, head in enumerate(heads) if head.startswith(part)) for part in PARTS[language]]
    assert at == sorted(at)
    assert "2016/2102" in body.split("##")[0]
    day = page["since"]
    month = {"bg": "ноември", "en": "November"}[language]
    assert body.count(f"{day.day} {month} {day.year}") == 2, "prepared and last reviewed"


@pytest.mark.parametrize("language", PARTS)
def test_the_statement_lists_every_criterion_that_is_met_in_part(language: str) -> None:
    """What the list of criteria admits stands among the non-compliances; „none“ of the other two reasons is said too."""
    body = yaml.safe_load((ROOT / "fixtures/botevgrad/pages/accessibility.yaml").read_text())["body"][language]
    sections = dict(zip(re.findall(r"^## (.+)$", body, re.M), re.split(r"^## .+$", body, flags=re.M)[1:], strict=True))
    reasons = [next(text for head, text in sections.items() if head.startswith(part)) for part in PARTS[language][2:5]]
    assert all("- " in text for text in reasons)
    table = (ROOT / "docs/accessibility.md").read_text()
    partly = re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| A{1,2} \| [^|]+ \| partly", table, re.M)
    assert partly and sorted(set(re.findall(r"WCAG (\d\.\d\.\d+)", reasons[0]))) == partly
