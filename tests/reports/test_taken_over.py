"""Reports of another system: read by a map, checked by rows, taken over once and silently, taken back."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from discussion.models import Subject, TimelineRow
from notifications.models import Delivery
from reports import actions
from reports.actions import take_over
from reports.models import Contact, Report, ReportImport, TakenOver
from reports.taking_over.wording import OF_ROW
from tests import factories

pytestmark = pytest.mark.django_db
MAP = {
    "source": "old-town",
    "columns": {
        "external_id": "№", "title": "Заглавие", "text": "Описание", "status": "Статус", "category": "Вид", "created": "Подаден",
        "closed": "Приключен", "lat": "Ширина", "long": "Дължина", "address": "Адрес", "answer": "Отговор", "photos": "Снимки",
    },
    "categories": {"Дупки": "pothole", "лични": "private", "Идеи": "park-idea", "Друго": None},
    "statuses": {"нов": "received", "работи се": "in_progress", "готов": "resolved", "отказан": "refused", "приета": "accepted"},
}  # fmt: skip
HEADER = list(MAP["columns"].values())
GOOD = {
    "№": "A1", "Заглавие": "Дупка", "Описание": "Пред училището.", "Статус": "Готов", "Вид": "дупки", "Подаден": "01.03.2023 09:30",
    "Приключен": "2023-03-09", "Ширина": "42,9", "Дължина": "23.6", "Адрес": "ул. Рила 4", "Отговор": "Запълнена е.", "Снимки": "",
}  # fmt: skip


@pytest.fixture
def town() -> None:
    factories.town()


def cells(**over: str) -> dict[str, str]:
    return {**GOOD, **over}


def csv_of(rows: list[dict[str, str]], delimiter: str = ";") -> str:
    def line(values: list[str]) -> str:
        return delimiter.join('"' + value.replace('"', '""') + '"' for value in values)

    return "\r\n".join([line(HEADER), *(line([row[name] for name in HEADER]) for row in rows)])


class Run:
    """The command beside files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, rows: list[dict[str, str]] | bytes, *options: str, by: dict[str, Any] | None = None) -> str:
        file, told = self.folder / "old.csv", self.folder / "map.json"
        file.write_bytes(rows if isinstance(rows, bytes) else csv_of(rows).encode())
        told.write_text(json.dumps(by or MAP), encoding="utf-8")
        out = io.StringIO()
        with translation.override("en"):
            call_command("import_reports", str(file), "--map", str(told), *options, stdout=out)
        return out.getvalue()


@pytest.fixture
def run(tmp_path: Path, town: None) -> Run:
    return Run(tmp_path)


def nobody_was_told() -> bool:
    return not (
        mail.outbox
        or Delivery.objects.exists()
        or ProcrastinateJob.objects.exists()
        or TimelineRow.objects.filter(tells=True).exists()
    )


def test_a_table_becomes_reports_with_their_histories_and_nobody_hears_of_it(run):
    rows = [
        cells(),
        cells(**{"№": "A2", "Статус": "нов", "Приключен": "", "Отговор": ""}),
        cells(**{"№": "A3", "Вид": "Лични"}),
        cells(**{"№": "A4", "Вид": "идеи", "Статус": "Приета"}),
        cells(**{"№": "A5", "Заглавие": "=cmd|' /C calc'!A0", "Статус": "Работи се"}),
    ]
    dry = run(rows, "--dry-run")
    assert "pothole · resolved: 1" in dry and "park-idea · accepted: 1" in dry
    assert (Report.objects.count(), ReportImport.objects.count()) == (0, 0)

    assert "New: 5, Changed: 0, Unchanged: 0, Refused: 0" in run(rows)
    found = {row.external_id: row.report for row in TakenOver.objects.select_related("report__subject", "report__words")}
    done, waiting = found["A1"], found["A2"]
    assert (done.subject.title, done.words.text, done.place, done.channel) == (
        "Дупка",
        "Пред училището.",
        "ул. Рила 4",
        "import",
    )
    assert (done.status, done.is_public, done.answer_due, done.answered_on, done.due_on) == ("resolved", True, None, None, None)
    told = list(TimelineRow.objects.filter(subject=done.pk).order_by("pk").values_list("code", "at", "after", "words__text"))
    local = timezone.get_current_timezone()
    assert told == [
        ("submitted", datetime.datetime(2023, 3, 1, 9, 30, tzinfo=local), "received", None),
        ("resolve", datetime.datetime(2023, 3, 9, tzinfo=local), "resolved", "Запълнена е."),
    ]
    assert done.created_at == told[0][1]
    assert (waiting.status, waiting.answer_due > timezone.localdate()) == ("received", True)
    assert not found["A3"].is_public
    assert (found["A4"].kind, found["A4"].status) == ("idea", "accepted")
    assert found["A5"].subject.title.startswith("=cmd")
    assert not Contact.objects.exclude(correspondent=None, name="", address="", phone="").exists()
    assert not Report.objects.exclude(author=None, entered_by=None).exists()
    assert nobody_was_told()

    assert "New: 0, Changed: 0, Unchanged: 5, Refused: 0" in run(rows)
    rows[1] = cells(**{"№": "A2", "Приключен": "10.03.2023"})
    assert "New: 0, Changed: 1, Unchanged: 4, Refused: 0" in run(rows)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.due_on) == ("resolved", None)
    assert (ReportImport.objects.count(), Report.objects.count()) == (2, 5)
    assert nobody_was_told()


def test_rows_that_cannot_be_taken_say_why(run):
    wrong = {
        "swapped": {"Ширина": "23.6", "Дължина": "42.9"},
        "outside": {"Дължина": "25.0"},
        "no_place": {"Ширина": "1e300"},
        "created": {"Подаден": "31.02.2023"},
        "future": {"Подаден": "01.01.2999"},
        "order": {"Приключен": "2022-01-01"},
        "old": {"Подаден": "1789-07-14"},
        "category": {"Вид": "Нещо"},
        "status": {"Статус": "Кой знае"},
        "left_out": {"Вид": "друго"},
        "state": {"Вид": "Идеи"},
        "long": {"Описание": "а" * 4001},
        "control": {"Описание": "а\x00б"},
        "no_id": {"№": " "},
        "no_words": {"Заглавие": "", "Описание": ""},
    }
    rows = [cells(**{"№": f"W{number}", **over}) for number, over in enumerate(wrong.values())]
    told = run([*rows, cells(), cells()], "--dry-run")
    lines = told.splitlines()
    for number, code in enumerate(wrong):
        assert lines[number].startswith(f"Row {number + 2} {OF_ROW[code][0]}"), lines[number]
    assert lines[len(wrong)].startswith(f"Row {len(wrong) + 3} {OF_ROW['twice'][0]}")
    assert lines[-2] == f"Rows read: {len(wrong) + 2}, that can be taken over: 1, left out: {len(wrong) + 1}."


def test_files_and_maps_that_cannot_be_read_are_refused_whole(run):
    body = csv_of([cells()])
    for raw in (body.encode("cp1251"), b"\xef\xbb\xbf" + body.encode(), csv_of([cells()], ",").encode()):
        assert "that can be taken over: 1," in run(raw, "--dry-run")
    for raw in (b"", b"\x00", b"a;a\n1;2", body.replace("Дупка", "а" * 200_000).encode()):
        with pytest.raises(CommandError):
            run(raw, "--dry-run")
    for by in (
        {**MAP, "source": "с интервал"}, {**MAP, "more": 1}, {**MAP, "columns": {"lat": "Ширина"}}, {**MAP, "categories": {"а": "none"}},
        {**MAP, "statuses": {"а": "assigned"}}, {**MAP, "categories": ["a"]}, {**MAP, "columns": {**MAP["columns"], "text": "Липсва"}},
        {**MAP, "columns": {**MAP["columns"], "person": "Име"}},
    ):  # fmt: skip
        with pytest.raises(CommandError):
            run([cells()], "--dry-run", by=by)
    with pytest.raises(CommandError):
        run([cells()], "--limit", "0")
    assert Report.objects.count() == 0


def test_what_breaks_takes_its_block_with_it_and_the_next_run_goes_on(run, monkeypatch):
    monkeypatch.setattr(take_over, "BLOCK", 2)
    rows = [cells(**{"№": f"B{number}"}) for number in range(5)]
    real = take_over.submit

    def dies(sent: Any, **options: Any) -> Report:
        if TakenOver.objects.count() == 3:
            raise KeyboardInterrupt
        return real(sent, **options)

    monkeypatch.setattr(take_over, "submit", dies)
    with pytest.raises(KeyboardInterrupt):
        run(rows)
    assert list(TakenOver.objects.order_by("pk").values_list("external_id", flat=True)) in (["B0", "B1"], ["B1", "B0"])
    assert Subject.objects.count() == 2
    monkeypatch.setattr(take_over, "submit", real)
    assert "New: 3, Changed: 0, Unchanged: 2, Refused: 0" in run(rows)
    assert nobody_was_told()


def test_an_import_is_taken_back_until_somebody_acts_on_it(run):
    official = factories.official()
    told = run([cells(), cells(**{"№": "A2", "Статус": "нов"})], "--limit", "5")
    number = ReportImport.objects.get().pk
    assert f"--undo {number}" in told
    out = io.StringIO()
    with translation.override("en"):
        call_command("import_reports", "--undo", str(number), stdout=out)
    assert out.getvalue() == "Reports taken back: 2.\n"
    assert (Report.objects.count(), Subject.objects.count(), TakenOver.objects.count()) == (0, 0, 0)
    with pytest.raises(CommandError):
        call_command("import_reports", "--undo", str(number))

    run([cells(), cells(**{"№": "A2", "Статус": "нов"})])
    waiting = TakenOver.objects.get(external_id="A2").report
    actions.note(waiting.pk, text="Погледнато.", by=official)
    with pytest.raises(CommandError, match=waiting.subject.reference):
        call_command("import_reports", "--undo", str(number + 1))
    assert "Unchanged: 1, Refused: 1" in run([cells(), cells(**{"№": "A2"})])
    waiting.refresh_from_db()
    assert waiting.status == "received"
