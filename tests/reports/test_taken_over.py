"""Reports of another system: read by a map, checked by rows, taken over once and silently, taken back."""

from __future__ import annotations

import csv
import datetime
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from discussion.actions.photos import folder_of
from discussion.models import Subject, TimelineRow
from geoportal.kernel import outside
from notifications.models import Delivery
from reports import actions
from reports.actions import take_over
from reports.models import Contact, Photo, Report, ReportImport, TakenOver
from reports.taking_over.wording import OF_ROW
from tests import factories
from tests.kernel.pictures import picture

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
def town() -> Iterator[None]:
    factories.town()
    with translation.override("en"):
        yield


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


def _told_as_it_was_there(done, client):
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
    page = client.get(f"/en/reports/{done.subject.reference}/").content.decode()
    assert "The report was sent in the system used before and taken over from there." in page and "Запълнена е." in page


def test_a_table_becomes_reports_with_their_histories_and_nobody_hears_of_it(run, client):
    rows = [
        cells(),
        cells(**{"№": "A2", "Статус": "нов", "Приключен": "", "Отговор": "Възложен"}),
        cells(**{"№": "A3", "Вид": "Лични"}),
        cells(**{"№": "A4", "Вид": "идеи", "Статус": "Приета"}),
        cells(**{"№": "A5", "Заглавие": "=cmd|' /C calc'!A0", "Статус": "Работи се"}),
    ]
    dry = run(rows, "--dry-run")
    assert "pothole · resolved: 1" in dry and "park-idea · accepted: 1" in dry
    assert "Възложен" not in dry  # a state that is written once more is no answer
    assert (Report.objects.count(), ReportImport.objects.count()) == (0, 0)

    assert "New: 5, Changed: 0, Unchanged: 0, Refused: 0" in run(rows)
    found = {row.external_id: row.report for row in TakenOver.objects.select_related("report__subject", "report__words")}
    waiting = found["A2"]
    _told_as_it_was_there(found["A1"], client)
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
    report = run.folder / "report.csv"
    hostile = cells(**{"№": "=1+1", "Описание": "Обадете се на 0888 123 456 или ana@levka.test."})
    run([hostile, cells(**{"№": "=2+2", "Дължина": "25.0"})], "--report", str(report))
    assert [row[:4] for row in list(csv.reader(report.read_text("utf-8-sig").splitlines()))[1:]] == [
        ["2", "no", str(OF_ROW["private"][0]), "e-mail, telephone"], ["3", "yes", str(OF_ROW["outside"][0]), "42.9 25.0"],
    ]  # fmt: skip
    assert Report.objects.get().words.text == "Обадете се на … или …."
    assert lines[-2] == f"Rows read: {len(wrong) + 2}, that can be taken over: 1, left out: {len(wrong) + 1}."


def test_files_and_maps_that_cannot_be_read_are_refused_whole(run):
    body = csv_of([cells()])
    csv.field_size_limit(1_000_000)  # another reader of tables has left this behind
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


class Other(BaseHTTPRequestHandler):
    """The other system: two pages of each window whatever it is, photos, and addresses that lead elsewhere."""

    asked: list[str] = []
    requests: list[dict[str, Any]] = []
    photo = b""
    leads_to = ""
    down = False

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        type(self).asked.append(self.path)
        if self.down or parts.path in ("/gone.jpg", "/v2/none/requests.json"):
            self._answer(404, b"")
        elif parts.path == "/v2/requests.json":
            query = {name: found[0] for name, found in parse_qs(parts.query).items()}
            inside = [one for one in self.requests if query["start_date"] <= one["requested_datetime"] < query["end_date"]]
            page = int(query["page"])
            self._answer(200, json.dumps(inside[page * 2 - 2 : page * 2]).encode())
        elif parts.path == "/odd/requests.json":
            self._answer(200, b'{"not": "a list"}')
        elif parts.path == "/moved.jpg":
            self._answer(302, b"", "/photo.jpg")
        elif parts.path == "/away.jpg":
            self._answer(302, b"", self.leads_to)
        elif parts.path == "/round.jpg":
            self._answer(302, b"", "/round.jpg")
        else:
            self._answer(200, b"no photo" if parts.path == "/odd.jpg" else self.photo)

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def other(settings) -> Iterator[type[Other]]:
    made = type("Made", (Other,), {"asked": [], "requests": [], "photo": picture()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.place = f"127.0.0.1:{server.server_port}"
    settings.OUTSIDE_TRUSTED = [made.place]
    yield made
    server.shutdown()
    server.server_close()


def test_what_is_fetched_is_bounded_and_leads_nowhere_private(other, settings):
    at = f"http://{other.place}"
    assert outside.get(f"{at}/moved.jpg", most=10**6).body == other.photo
    with pytest.raises(outside.TooLarge):
        outside.get(f"{at}/photo.jpg", most=100)
    with pytest.raises(outside.NotAllowed, match="redirects"):
        outside.get(f"{at}/round.jpg", most=100)
    assert other.asked.count("/round.jpg") == 3
    settings.OUTSIDE_TRUSTED = [other.place, "127.0.0.1:1"]
    for place in (
        "http://127.0.0.1:1/",
        "https://10.0.0.1/",
        "http://example.org/",
        "//[",
        "file:///etc/passwd",
        f"https://{'a' * 70}.bg/",
    ):
        other.leads_to = place
        with pytest.raises(outside.NotAllowed):
            outside.get(f"{at}/away.jpg", most=100)
    with pytest.raises(outside.NotAllowed):
        outside.get(f"{at}/photo.jpg", most=10**6, within="old.example:443")
    settings.OUTSIDE_TRUSTED = []
    with pytest.raises(outside.NotAllowed):
        outside.get(f"{at}/photo.jpg", most=10**6)


def test_photos_come_along_where_they_can(run, other):
    at = f"http://{other.place}"
    sent = f"{at}/moved.jpg {at}/odd.jpg {at}/gone.jpg https://10.0.0.1/a.jpg"
    told = run([cells(Снимки=sent)], "--photos")
    assert "New: 1, Changed: 0, Unchanged: 0, Refused: 0" in told
    lines = [line for line in told.splitlines() if line.startswith(f"Row 2 {OF_ROW['photo'][0]}")]
    assert [f"{at}/odd.jpg: This is not a photo" in lines[0], f"{at}/gone.jpg: It was answered with 404." in lines[1]] == [
        True,
        True,
    ]
    assert "https://10.0.0.1/a.jpg: This address is not asked" in lines[2]
    photo = Photo.objects.get()
    assert (photo.report.photo_count, photo.draft, (folder_of(photo) / "large.jpg").exists()) == (1, None, True)
    other.asked.clear()
    assert "Unchanged: 1" in run([cells(Снимки=sent)], "--photos")
    assert other.asked == []
    assert nobody_was_told()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("import_reports", "--undo", str(ReportImport.objects.get().pk), stdout=io.StringIO())
    assert (Photo.objects.count(), folder_of(photo).exists()) == (0, False)


def request(number: int, days_ago: int, **over: Any) -> dict[str, Any]:
    sent = timezone.now() - datetime.timedelta(days=days_ago)
    return {
        "service_request_id": number, "status": "open", "service_name": "Pothole", "service_code": "001", "description": "A hole.\nBy the school.",
        "requested_datetime": sent.strftime("%Y-%m-%dT%H:%M:%SZ"), "lat": 42.9, "long": 23.6, "address": None, "media_url": "", **over,
    }  # fmt: skip


def pull(other: type[Other], folder: Path, *options: str, path: str = "/v2") -> str:
    told, out = folder / "open311.json", io.StringIO()
    by = {"source": "old-311", "categories": {"pothole": "pothole"}, "statuses": {"open": "received", "closed": "resolved"}}
    told.write_text(json.dumps(by))
    call_command("import_reports", "--open311", f"http://{other.place}{path}", "--map", str(told), *options, stdout=out)
    return out.getvalue()


def test_an_endpoint_of_open311_is_pulled_window_by_window(town, other, tmp_path, settings):
    closed = (timezone.now() - datetime.timedelta(days=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    other.requests = [
        request(1, 200, status="closed", updated_datetime=closed, status_notes="Filled."), request(2, 150), request(3, 20), request(4, 10),
        request(5, 9, service_name="Graffiti"), request(6, 8, lat=None), request(7, 7, media_url=f"http://{other.place}/photo.jpg"),
    ]  # fmt: skip
    since = (timezone.localdate() - datetime.timedelta(days=210)).isoformat()
    out = io.StringIO()
    call_command("import_reports", "--open311", f"http://{other.place}/v2", "--since", since, stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["categories"] == {"Graffiti": "", "Pothole": ""}

    told = pull(other, tmp_path, "--since", since, "--photos")
    assert "New: 5, Changed: 0, Unchanged: 0, Refused: 2" in told
    assert f"Row 5 {OF_ROW['category'][0]} (Graffiti)" in told and f"Row 6 {OF_ROW['no_place'][0]}" in told
    assert sorted(TakenOver.objects.values_list("external_id", flat=True)) == ["1", "2", "3", "4", "7"]
    done = TakenOver.objects.get(external_id="1").report
    assert (done.status, done.subject.title, done.status_at.strftime("%Y-%m-%dT%H:%M:%SZ")) == ("resolved", "A hole.", closed)
    asked = [parse_qs(urlsplit(path).query) for path in other.asked if "requests" in path]
    spans = [[datetime.datetime.fromisoformat(one[name][0]) for name in ("start_date", "end_date")] for one in asked]
    assert max(end - start for start, end in spans) == datetime.timedelta(days=89)
    assert TakenOver.objects.get(external_id="7").report.photo_count == 1

    other.requests[1] |= {"status": "closed", "updated_datetime": closed}
    assert "New: 0, Changed: 1, Unchanged: 4, Refused: 2" in pull(other, tmp_path, "--since", since)
    assert nobody_was_told()
    for path in ("/v2/none", "/odd", "/v2?x=1"):
        with pytest.raises(CommandError):
            pull(other, tmp_path, path=path)
    settings.OUTSIDE_TRUSTED = []
    with pytest.raises(CommandError, match="not asked"):
        pull(other, tmp_path)
    assert Report.objects.count() == 5
