"""Reports of another system by the page: a file or an endpoint is read, mapped, checked, carried out and taken back."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from layers import placing
from layers.models import Place
from municipality.models import Area
from reports.actions import take_over, transfer
from reports.freshness import data_version
from reports.models import Report, ReportImport, TakenOver, Transfer
from tests import factories
from tests.layers.test_gazetteer import names  # noqa: F401  the invented town's places
from tests.reports.test_desk import signed_in
from tests.reports.test_taken_over import Other, cells, csv_of, nobody_was_told, other  # noqa: F401  another system

pytestmark = pytest.mark.django_db
LIST = "/planning/taken-over/"
LIST_STATEMENTS = 6
COLUMNS = {
    "source": "old-town", "language": "bg", "external_id": "№", "title": "Заглавие", "text": "Описание", "status": "Статус", "category": "Вид",
    "created": "Подаден", "closed": "Приключен", "lat": "Ширина", "long": "Дължина", "address": "Адрес", "answer": "Отговор",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def admin(names: None) -> Client:  # noqa: F811
    return signed_in(factories.administrator())


def sent(client: Client, rows: list[dict[str, str]]) -> tuple[str, Transfer]:
    """The page of what was sent and read."""
    answer = client.post(LIST, {"file": SimpleUploadedFile("стари.csv", csv_of(rows).encode("cp1251", "replace"))})
    found = Transfer.objects.latest("created_at")
    assert answer["Location"] == f"{LIST}{found.pk}/", answer.content.decode()
    assert transfer.work(found.pk) == "asking"
    return answer["Location"], found


def words(client: Client, page: str, **chosen: str) -> dict[str, str]:
    """What the form of words holds by itself, with what somebody chose beside."""
    form = client.get(page).context["words"]
    values = {field.html_name: field.value() for field in [*form.categories, *form.statuses]}
    by_word = {field.label: field.html_name for field in [*form.categories, *form.statuses]}
    return {**values, **{by_word[word]: value for word, value in chosen.items()}, "do": "words"}


def test_a_file_is_mapped_by_hand_checked_carried_out_and_taken_back(admin: Client) -> None:
    rows = [
        cells(), cells(**{"№": "A2", "Статус": "Получен", "Приключен": "", "Отговор": ""}), cells(**{"№": "=1", "Дължина": "25,5"}),
        cells(**{"№": "A4", "Вид": "Друго"}),
        cells(**{"№": "A5", "Ширина": "", "Дължина": "", "Адрес": "Часовникова кула"}),
        cells(**{"№": "A6", "Ширина": "", "Дължина": "", "Адрес": "ул. Гурко 5, гр. Левка"}),
        cells(**{"№": "A7", "Ширина": "", "Дължина": "", "Адрес": "ул. Непозната 5"}),
    ]  # fmt: skip
    page, found = sent(admin, rows)
    first = admin.get(page)
    guessed = first.context["columns"]
    assert {name: guessed[name].value() for name in ("external_id", "text", "lat", "photos")} == {
        "external_id": "№", "text": "Описание", "lat": "Ширина", "photos": "Снимки",
    }  # fmt: skip
    assert first.context["words"] is None
    wrong = admin.post(page, {**COLUMNS, "do": "columns", "source": "Стара", "lat": "", "category": "Нещо"})
    assert (wrong.status_code, sorted(wrong.context["columns"].errors)) == (400, ["category", "source"])
    assert admin.post(page, {**COLUMNS, "do": "columns"}).status_code == 302
    asked = words(admin, page)
    assert sorted(value for name, value in asked.items() if name.startswith("status")) == ["", "received"]
    assert (admin.post(page, asked).status_code, Transfer.objects.get().state) == (400, "asking")
    chosen = words(admin, page, дупки="pothole", Друго="-", Готов="resolved")
    assert admin.post(page, chosen).status_code == 302
    assert json.loads(admin.get(f"{page}state.json").content)["state"] == "running"
    assert transfer.work(found.pk) == "checked"
    shown = admin.get(page)
    assert (shown.context["transfer"].counts["good"], shown.context["transfer"].counts["refused"]) == (4, 3)
    assert "намерен е по адрес: 1</li>" in shown.content.decode() and Report.objects.count() == 0
    table = list(csv.DictReader(io.StringIO(admin.get(f"{page}rows.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Ред"], row["Отпада"], row["№"]) for row in table] == [
        ("4", "да", "'=1"), ("5", "да", "A4"), ("6", "не", "A5"), ("7", "не", "A6"), ("8", "да", "A7"),
    ]  # fmt: skip
    admin.post(page, {"do": "carry_out", "checked_at": "2020-01-01"})
    assert Transfer.objects.get().state == "checked"
    admin.post(page, {"do": "carry_out", "checked_at": shown.context["transfer"].checking})
    ProcrastinateJob.objects.all().delete()
    assert transfer.work(found.pk) == "done" and nobody_was_told()
    assert TakenOver.objects.count() == 4 and transfer.work(found.pk) == "gone"
    by_id = {row.external_id: row.report for row in TakenOver.objects.select_related("report")}
    assert [(round(by_id[one].geom.x, 2), by_id[one].approximate) for one in ("A5", "A6")] == [(23.61, False), (23.6, True)]
    run = ReportImport.objects.get()
    assert f"внос {run.pk}." in admin.get(page).content.decode()
    assert admin.get(LIST).context["imports"][0].counts["new"] == 4
    admin.post(f"{LIST}{run.pk}/undo/")
    assert (Report.objects.count(), ReportImport.objects.get().undone_at is not None) == (0, True)


def test_an_endpoint_is_read_once_and_a_run_that_breaks_goes_on(
    admin: Client,
    other: type[Other],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = (timezone.now() - timezone.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    other.requests = [
        {"service_request_id": str(n), "status": "open", "service_name": "Дупка", "description": "Дупка.", "requested_datetime": moment,
         "lat": 42.9, "long": 23.6} for n in range(3)
    ]  # fmt: skip
    for address in ("https://10.0.0.1/v2", "http://example.org/v2", "няма"):
        refused = admin.post(LIST, {"address": address})
        assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["address"])
    since = (timezone.localdate() - timezone.timedelta(days=10)).isoformat()
    page = admin.post(LIST, {"address": f"http://{other.place}/v2", "since": since})["Location"]
    found = Transfer.objects.get()
    assert transfer.work(found.pk) == "asking"
    asked = len(other.asked)
    columns = {name: field.value() for name, field in ((field.name, field) for field in admin.get(page).context["columns"])}
    admin.post(page, {**columns, "source": "old-town", "do": "columns"})
    admin.post(page, words(admin, page))
    assert transfer.work(found.pk) == "checked", Transfer.objects.get().refused
    monkeypatch.setattr(take_over, "BLOCK", 2)
    real, calls = take_over.take, []

    def dies(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return real(*given)

    monkeypatch.setattr(take_over, "take", dies)
    for _time in range(2):
        admin.post(page, {"do": "carry_out", "checked_at": Transfer.objects.get().checking})
        transfer.work(found.pk)
    done = Transfer.objects.get()
    assert (done.state, done.counts["new"], done.counts["same"], TakenOver.objects.count()) == ("done", 1, 2, 3)
    assert ReportImport.objects.get().counts["new"] == 3 and len(other.asked) == asked
    assert done.path.exists() and not done.sent.exists()
    long_ago = timezone.now() - timezone.timedelta(days=20)
    Transfer.objects.update(created_at=long_ago)
    os.utime(done.path, (long_ago.timestamp(), long_ago.timestamp()))
    assert (transfer.drop_old(), done.path.exists()) == (0, False)
    done.refresh_from_db()
    assert (done.state, done.found, done.report, done.counts["same"]) == ("done", {}, [], 2)
    assert admin.get(f"{page}rows.csv").status_code == admin.get(page).status_code == 200


def test_the_list_takes_as_many_statements_however_long_it_is(admin: Client, django_assert_num_queries: Any) -> None:
    for number in (1, 3):
        for each in range(number):
            ReportImport.objects.create(source="old", name=f"{each}.csv")
            Transfer.objects.create(name=f"{each}.csv", language="bg", state="asking", by=factories.resident())
        admin.get(LIST)
        data_version.forget()
        with django_assert_num_queries(LIST_STATEMENTS):
            admin.get(LIST)


def test_what_cannot_be_read_says_so_and_is_dropped(admin: Client) -> None:
    for raw in (b"\x00", b"a;b\r\n"):
        page = admin.post(LIST, {"file": SimpleUploadedFile("old.csv", raw)})["Location"]
        found = Transfer.objects.latest("created_at")
        assert transfer.work(found.pk) == "failed"
        assert Transfer.objects.get(pk=found.pk).refused in admin.get(page).content.decode()
        admin.post(page, {"do": "drop"})
    assert admin.get(LIST).context["coming"].count() == 0
    assert admin.post(LIST, {}).status_code == 400


def test_an_address_is_placed_where_it_can_mean_no_other_place(names: None) -> None:  # noqa: F811
    village = Area.objects.get(slug="dabrava")
    Place.objects.create(slug="ul-gurko-2", kind="street", area=village, name=factories.texts("ул. Гурко"), folded="gurko")
    Place.objects.create(
        slug="ul-gen-gurko", kind="street", area=village, name=factories.texts("ул. Генерал Гурко"), folded="general gurko"
    )
    for slug, kind, name in (("pl-saransk", "square", "пл. Саранск"), ("zhk-saransk", "quarter", "жк Саранск")):
        Place.objects.create(
            slug=slug,
            kind=kind,
            area=Area.objects.get(slug="levka"),
            name=factories.texts(name),
            folded="saransk",
            point=Point(23.6, 42.9),
        )
    with translation.override("bg"):
        assert placing.place("Саранск, Левка").candidates == ("пл. Саранск, гр. Левка", "жк Саранск, гр. Левка")
        for address, expected in (
            ("пл. Саранск, гр. Левка", "пл. Саранск, гр. Левка"), ("жк Саранск", "жк Саранск, гр. Левка"), ("Саранск", ""),
            ("ул. Шипка 3", "ул. Шипка 3, с. Дъбрава"), ("Гурко 5, Левка", "ул. Гурко 5, гр. Левка"),
            ("с. Дъбрава, ул. Генерал Гурко 7", "ул. Генерал Гурко 7, с. Дъбрава"), ("3-ти март 2", "бул. Трети март 2, гр. Левка"),
            ("стълб 123", "стълб 123, гр. Левка"), ("ул. Шибка 3", ""), ("ул. Гурко 5", ""), ("гр. Левка", ""), ("", ""),
            ("ул. Шипка 3, гр. Левка", ""), ("2140 Левка, ул. Гурко № 5, вх. Б, ет. 2", "ул. Гурко 5, гр. Левка"),
        ):  # fmt: skip
            hit = placing.place(address).hit
            assert (hit.name if hit else "") == expected, address
        assert [placing.place(address).why for address in ("ул. Гурко 5", "гр. Левка", "Левка", "ул. Незнайна", "")] == [
            "ambiguous", "wide", "wide", "unknown", "unknown",
        ]  # fmt: skip
        assert placing.place("ул. Гурко 5").candidates == ("ул. Гурко 5, гр. Левка", "ул. Гурко 5, с. Дъбрава")
