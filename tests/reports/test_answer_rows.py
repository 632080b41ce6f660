"""The desk's list comes back with answers: each row by the workflow and the rights of who brings it, once."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from discussion.models import TimelineRow
from municipality.models import Organisation
from reports import actions
from reports.models import Report
from tests import factories
from tests.reports.test_desk import signed_in

pytestmark = pytest.mark.django_db


def taken(client: Any) -> list[dict[str, str]]:
    """The list of the desk as a spreadsheet reads it."""
    body = b"".join(client.get("/desk/list.csv?tab=all").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def file_of(rows: list[dict[str, str]], delimiter: str = ";") -> bytes:
    """As a Bulgarian Excel saves it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("cp1251")


def sent(client: Any, rows: list[dict[str, str]], **more: str) -> Any:
    return client.post("/desk/answers/", {"file": SimpleUploadedFile("list.csv", file_of(rows)), **more})


def filled(rows: list[dict[str, str]], reports: list[Report], *cells: tuple[str, str, str, str]) -> list[dict[str, str]]:
    """State, answer, reason and day of each report in its row."""
    by_number = {row["Номер"]: row for row in rows}
    for report, (state, text, reason, day) in zip(reports, cells, strict=False):
        row = by_number[report.subject.reference]
        row |= {"Ново състояние": state, "Отговор": text, "Причина": reason, "Очаква се до": day}
    return rows


def outcomes(answer: Any) -> list[tuple[str, str]]:
    return [(one.outcome, one.words) for one in answer.context["told"]]


@pytest.fixture
def town() -> None:
    factories.town()


def test_a_list_comes_back_with_answers_that_are_looked_through_done_and_not_done_twice(town: None) -> None:
    official, other = factories.official(), factories.official("parks")
    own = [factories.report() for _n in range(6)]
    foreign = factories.report()
    Report.objects.filter(pk=foreign.pk).update(department=Organisation.objects.get(slug="parks"))
    client = signed_in(official)
    rows = filled(
        taken(client), own,
        ("Решен", "'=Запълнена е.", "", ""), ("отказан", "Не е наше.", "not_ours", ""), ("В работа", "", "", ""),
        ("Решен", "", "", ""), ("решен", "Готово.", "", ""), ("", "", "", ""),
    )  # fmt: skip
    stolen = dict(rows[0]) | {"Номер": foreign.subject.reference, "Ново състояние": "Решен", "Отговор": "Готово."}
    actions.act(own[4].pk, "start", by=official)  # changes the case after the list was taken
    before = TimelineRow.objects.count()
    page = sent(client, [*rows, stolen])
    by_number = {one.number: one for one in page.context["told"]}
    found = [by_number[report.subject.reference] for report in own[:5]]
    assert [one.outcome for one in found] == ["done", "done", "done", "refused", "refused"]
    assert [found[3].words.split(":")[0], by_number[foreign.subject.reference].outcome] == ["Отговор", "refused"]
    assert len(page.context["told"]) == 6 and TimelineRow.objects.count() == before
    hidden = re.search(r'name="rows" value="([^"]+)"', page.content.decode())
    assert hidden
    assert signed_in(other).post("/desk/answers/", {"rows": hidden[1]}).status_code == 422
    done = client.post("/desk/answers/", {"rows": hidden[1]})
    assert done.context["counts"] == {"done": 3, "refused": 3}
    assert [Report.objects.get(pk=report.pk).status for report in own] == [
        "resolved", "refused", "in_progress", "received", "in_progress", "received",
    ]  # fmt: skip
    last = TimelineRow.objects.filter(subject=own[0].pk).latest("pk")
    assert (last.code, last.actor_id, last.words.text, last.tells) == ("resolve", official.pk, "=Запълнена е.", True)
    again = sent(client, [*rows, stolen])
    assert again.context["counts"] == {"same": 3, "refused": 3} and b'name="rows"' not in again.content
    assert TimelineRow.objects.count() == before + 3


def test_rows_that_cannot_be_done_say_why_and_all_or_none_holds_the_others_back(town: None) -> None:
    official = factories.official()
    own = [factories.report() for _n in range(8)]
    client = signed_in(official)
    day = (timezone.localdate() + timezone.timedelta(days=30)).strftime("%d.%m.%Y")
    rows = filled(
        taken(client), own,
        ("Измислено", "А.", "", ""), ("Планиран", "А.", "", day), ("Отказан", "А.", "няма такава", ""), ("Решен", "А.", "", day),
        ("", "А.", "", ""), ("Решен", "А.", "", ""), ("Решен", "А", "", ""), ("Решен", "я" * 4001, "", ""),
    )  # fmt: skip
    by_number = {row["Номер"]: row for row in rows}
    by_number[own[6].subject.reference]["Версия"] = "x"
    twice = dict(by_number[own[5].subject.reference])
    page = sent(client, [*rows, twice, twice | {"Номер": "1"}], whole="on")
    found = {one.number: (one.outcome, one.words.split(":")[0]) for one in page.context["told"][:-2]}
    assert [found[report.subject.reference] for report in own] == [
        ("refused", "Ново състояние"), ("refused", "Няма стъпка от „Получен“ към „Планиран“."), ("refused", "Причина"),
        ("refused", "Очаква се до"), ("refused", "Ново състояние"), ("held", "Получен → Решен"), ("refused", "Версия"), ("refused", "Отговор"),
    ]  # fmt: skip
    assert [one.outcome for one in page.context["told"][-2:]] == ["refused", "refused"]
    assert b'name="rows"' not in page.content
    for wrong in (b"", b"a;b\r\n1;2", b"\x00", "Номер;Версия;Ново състояние;Отговор\r\n".encode("cp1251")):
        answer = client.post("/desk/answers/", {"file": SimpleUploadedFile("a.csv", wrong)})
        assert (answer.status_code, 'id="id_file_error"' in answer.content.decode()) == (422, True), wrong


def test_the_command_does_the_same_by_one_persons_rights(town: None, tmp_path: Path) -> None:
    official = factories.official()
    own = [factories.report() for _n in range(2)]
    rows = filled(taken(signed_in(official)), own, ("Решен", "Запълнена е.", "", ""), ("Решен", "", "", ""))
    file, report = tmp_path / "list.csv", tmp_path / "report.csv"
    file.write_bytes(file_of(rows))

    def run(*options: str) -> str:
        out = io.StringIO()
        call_command("answer_reports", str(file), "--as", official.email, *options, stdout=out)
        return out.getvalue()

    assert "Изпълнени редове: 1, изпълнени преди: 0, отказани: 1" in run("--dry-run")
    assert "задържани: 1, отказани: 1" in run("--whole", "--report", str(report))
    assert [row[2] for row in list(csv.reader(report.read_text("utf-8-sig").splitlines()))[1:]] in (
        ["задържани", "отказани"],
        ["отказани", "задържани"],
    )
    assert Report.objects.filter(status="received").count() == 2
    assert "Изпълнени редове: 1, изпълнени преди: 0, отказани: 1" in run()
    assert "Изпълнени редове: 0, изпълнени преди: 1, отказани: 1" in run()
    with pytest.raises(CommandError):
        call_command("answer_reports", str(file), "--as", factories.resident().email)
