"""Pages of consultations: prepared, opened, read section by section, answered with a table that everyone takes home."""

from __future__ import annotations

import csv
import datetime
import io
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from discussion.models import Comment, TimelineRow
from participation.actions import sections, table
from participation.actions.papers import folder_of
from participation.models import Consultation, ConsultationKind, Proposal, Section
from participation.views.consultations import preview_url
from reports.freshness import data_version
from tests import factories
from tests.participation import consultation_world as world
from tests.participation.test_event_pages import signed_in
from tests.reports.council.world import PDF

pytestmark = pytest.mark.usefixtures("town")


def form(**fields: Any) -> dict[str, Any]:
    world.kinds()
    return {
        "title": "Наредба за градините", "text": "Какво да пазим?", "kind": "ordinance", "level": "consult", "sector": "urban",
        "organisation": "parks", "who_may": "anyone", "closes_on": (timezone.localdate() + datetime.timedelta(days=31)).isoformat(),
        "contact_name": "Отдел „Паркове“", "contact_email": "parks@levka.test", "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def test_an_official_prepares_opens_and_everyone_reads() -> None:
    client, sent = signed_in(factories.official("parks")), form()
    page = client.post("/consultations/new/", sent)["Location"]
    assert client.post("/consultations/new/", sent)["Location"] == page
    assert (Client().get(page).status_code, Client().get("/consultations/").content.decode().count("градините")) == (404, 0)
    assert "Преди да се отвори, добавете: проектът, мотивите или докладът" in client.get(page).content.decode()
    client.post(f"{page}sections/new/", {"title": "Чл. 1. Дървета", "text": "Пазят се.\n\nСечта иска разрешение."})
    assert client.post(f"{page}open/", {}).status_code == 422
    client.post(f"{page}papers/new/", {"kind": "motives", "title": "Мотиви", "link": "https://example.org/m"})
    file = SimpleUploadedFile("оценка.pdf", PDF, "application/pdf")
    assert client.post(f"{page}papers/new/", {"kind": "impact", "title": "Оценка", "file": file}).status_code == 302
    assert client.post(f"{page}open/", {}).status_code == 302
    text = Client().get(page).content.decode()
    assert all(words in text for words in ("Чл. 1. Дървета", "Сечта иска разрешение.", "Оценка", "остават 32 дни", 'id="s1p2"'))
    assert "Наредба за градините" in Client().get("/consultations/?kind=ordinance&sector=urban").content.decode()
    assert "Наредба за градините" not in Client().get("/consultations/?kind=call").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes_on": "31.12.1999"}, "closes_on"),
        ({"closes_on": "скоро"}, "closes_on"),
        ({"contact_email": ""}, "contact_email"),
        ({"kind": "няма"}, "kind"),
        ({"organisation": "roads"}, "organisation"),
        ({"border": "levka"}, "border"),
        ({"level": "всичко"}, "level"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong: dict[str, str], field: str) -> None:
    answer = signed_in(factories.official("parks")).post("/consultations/new/", form(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Какво да пазим?" in answer.content.decode()
    assert Consultation.objects.count() == 0


def test_the_clock_names_the_days_and_the_first_day_that_fits() -> None:
    sent = form(closes_on=(timezone.localdate() + datetime.timedelta(days=20)).isoformat())
    text = signed_in(factories.official("parks")).post("/consultations/new/", sent).content.decode()
    first = timezone.localdate() + datetime.timedelta(days=30)
    assert f"най-малко 30 дни, а с посочена причина – 14, никога по-малко. Последният ден може да е {first:%d.%m.%Y}" in text


def test_terms_are_changed_while_it_is_prepared() -> None:
    by = factories.official("parks")
    made = world.prepared(by, kind="call", within=world.within())
    page = f"/consultations/{made.subject.reference}/"
    client = signed_in(by)
    shown = client.get(f"{page}change/").context["form"]
    assert shown["shape"].value().startswith('{"type": "Polygon"')
    sent = form(kind="call", title="Къде да има пейки", shape=shown["shape"].value(), version=made.subject.version)
    assert client.post(f"{page}change/", sent).status_code == 302
    found = Consultation.objects.select_related("subject").get()
    assert (found.subject.title, found.within.equals(world.within())) == ("Къде да има пейки", True)
    assert client.post(f"{page}change/", {**sent, "title": "Друго"}).status_code == 422  # the version has passed


def test_a_border_is_that_of_an_area() -> None:
    client = signed_in(factories.official("parks"))
    client.post("/consultations/new/", form(kind="call", border="levka"))
    found = Consultation.objects.get()
    assert found.within.covers(factories.submission().point) and found.within.num_geom == 1


def test_a_preview_is_read_with_its_link_alone_and_leads_on_once_it_is_open() -> None:
    by = factories.official("parks")
    made = world.written(by)
    link = preview_url(made)
    answer = Client().get(link)
    assert (answer.status_code, "Сечта иска разрешение." in answer.content.decode()) == (200, True)
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer.content.decode()
    assert Client().get(link.replace("/preview/", "/preview/x")).status_code == 404
    signed_in(by).post(f"/consultations/{made.subject.reference}/open/", {})
    assert Client().get(link)["Location"] == f"/consultations/{made.subject.reference}/"


def test_comments_stand_beside_the_part_that_they_are_about() -> None:
    made = world.opened()
    page = f"/consultations/{made.subject.reference}/"
    ref = made.subject.reference
    assert f'href="/subjects/{ref}/comment/?about=s1p2"' in Client().get(page).content.decode()
    form = Client().get(f"/subjects/{ref}/comment/?about=s1p2").content.decode()
    assert "Относно: Чл. 1. Дървета, абзац 2" in form
    assert "Относно" not in Client().get(f"/subjects/{ref}/comment/?about=s9").content.decode()
    client = signed_in(factories.official("parks"))
    client.post(
        f"/subjects/{ref}/comment/", {"text": "Липи!", "kind": "wording", "anchor": "s1p2", "client_uuid": str(uuid.uuid4())}
    )
    assert Comment.objects.get().anchor == "s1p2"
    text = Client().get(page).content.decode()
    assert 'href="?about=s1p2#talk-s1p2-head"' in text and "Относно: Чл. 1. Дървета, абзац 2" in text
    assert "Липи!" in Client().get(f"{page}?about=s1p2").content.decode()
    assert "Липи!" not in Client().get(f"{page}?about=s2").content.decode()


def test_a_guest_is_told_to_sign_in_before_a_form_that_would_be_refused() -> None:
    made = world.opened(who_may="account")
    page, why = f"/consultations/{made.subject.reference}/", "В това обсъждане участват хора с профил"
    seen = Client().get(page).content.decode()
    (form,) = set(re.findall(r'login/\?next=([^"]*comment/)"', seen))
    assert why in seen
    asked = Client().get(form)
    assert (asked.status_code, why in asked.content.decode(), "<textarea" in asked.content.decode()) == (200, True, False)
    assert "<textarea" in signed_in(factories.resident()).get(form).content.decode()
    assert why not in Client().get(f"/consultations/{world.opened().subject.reference}/").content.decode()


def test_after_the_last_day_the_page_says_so_and_takes_nothing() -> None:
    made = world.over(world.opened())
    text = Client().get(f"/consultations/{made.subject.reference}/").content.decode()
    assert f"Обсъждането приключи на {made.closes_on:%d.%m.%Y}" in text and "Напишете коментар" not in text
    sent = {"text": "Късно.", "client_uuid": str(uuid.uuid4())}
    answer = signed_in(factories.resident()).post(f"/subjects/{made.subject.reference}/comment/", sent)
    assert (answer.status_code, Comment.objects.count()) == (422, 0)


def test_versions_show_what_was_taken_out_and_what_came_in() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    page = f"/consultations/{made.subject.reference}/"
    sent = {"title": "Чл. 2. Пейки", "text": "Пейките се боядисват.", "why": "По молба на хората."}
    assert signed_in(by).post(f"{page}sections/2/", {**sent, "why": ""}).status_code == 422
    assert signed_in(by).post(f"{page}sections/2/", sent).status_code == 302
    text = Client().get(f"{page}sections/2/versions/").content.decode()
    assert "Пейките се <del>[−поддържат−]</del><ins>{+боядисват+}</ins>." in text and "По молба на хората." in text
    assert "какво се промени" in Client().get(page).content.decode()
    assert Section.objects.get(number=2).version == 2


def test_the_table_is_written_published_and_downloaded() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    world.said(made, "=Да има липи.", anchor="s1p1", public_name="Рада")
    client, page = signed_in(by), f"/consultations/{made.subject.reference}/"
    Consultation.objects.filter(pk=made.pk).update(
        opens_on=timezone.localdate() - datetime.timedelta(days=50), closes_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert client.get(f"{page}answers/").status_code == 200  # the clock closes it, if it has not yet
    client.post(f"{page}answers/", {})
    told = client.get(f"{page}answers/").content.decode()
    assert ("0 коментара" in told, "Всички предложения, които искат отговор, са в таблицата." in told) == (False, True)
    row = Proposal.objects.get()
    refused = client.post(f"{page}answers/publish/", {})
    assert (refused.status_code, "няма решение с мотив" in refused.content.decode()) == (422, True)
    assert client.post(f"{page}answers/{row.pk}/", {"verdict": "refused", "reason": ""}).status_code == 422
    assert client.post(f"{page}answers/{row.pk}/", {"verdict": "refused", "reason": "Няма място."}).status_code == 302
    assert (Client().get(f"{page}table/").status_code, client.post(f"{page}answers/publish/", {}).status_code) == (404, 302)
    text = Client().get(f"{page}table/").content.decode()
    assert all(words in text for words in ("Да има липи.", "Чл. 1. Дървета, абзац 1", "Рада", "неприето", "Няма място."))
    english = Client().get(f"/en{page}table/").content.decode()
    assert (
        '<div class="said" lang="bg"><p>=Да има липи.</p></div>' in english and '<span lang="bg">Няма място.</span>' in english
    )
    (heads, line) = csv.reader(io.StringIO(Client().get(f"{page}table.csv").content.decode("utf-8-sig")))
    assert line[:6] == ["1", "'=Да има липи.", "Рада", "Чл. 1. Дървета, абзац 1", "неприето", "Няма място."]
    assert (heads[1], line[6].endswith(f"#comment-{Comment.objects.get().pk}")) == ("Предложение", True)
    paper = Client().get(f"{page}table.pdf")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert (
        client.post(f"{page}adopt/", {"adopted_title": "Наредба № 7", "adopted_url": "https://example.org/7"}).status_code
        == 302
    )
    assert "Наредба № 7" in Client().get(page).content.decode()


def test_words_that_were_withdrawn_leave_the_table_too() -> None:
    from discussion.actions import withdraw_comment

    by = factories.official("parks")
    made = world.opened(by)
    said = world.said(made)
    world.over(made)
    table.collect(made.pk, by=by)
    withdraw_comment(said.pk, correspondent=said.correspondent)
    table.write_row(made.pk, Proposal.objects.get().pk, by=by, verdict="refused", reason="Оттеглено.")
    table.answer(made.pk, by=by)
    text = Client().get(f"/consultations/{made.subject.reference}/table/").content.decode()
    assert ("Да има липи." in text, "Оттеглен от автора си" in text) == (False, True)


def test_a_paper_taken_out_leaves_no_file(django_capture_on_commit_callbacks: Any) -> None:
    from participation.actions import papers

    by = factories.official("parks")
    made = world.prepared(by)
    paper = papers.add_paper(made.pk, kind="draft", title="Проект", file=PDF, name="../п.pdf", by=by)
    assert (paper.name, folder_of(paper.pk).exists()) == ("п.pdf", True)
    with django_capture_on_commit_callbacks(execute=True):
        papers.drop_paper(made.pk, paper.pk, by=by)
    assert (made.papers.count(), folder_of(paper.pk).exists()) == (0, False)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_pages_and_tables_ask_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    by = factories.official("parks")
    made = [world.opened(by) for _each in range(count)]
    for number in range(count):
        world.said(made[0], f"Предложение {number}.", anchor="s1p1")
        sections.add_section(made[0].pk, title=f"Чл. {number + 3}", text="Текст.\n\nОще.", why="Липсваше.", by=by)
    page = f"/consultations/{made[0].subject.reference}/"
    Client().get("/consultations/"), Client().get(page)
    data_version.forget()
    with django_assert_num_queries(5):
        Client().get("/consultations/?q=")
    data_version.forget()
    with django_assert_num_queries(15):
        Client().get(page)
    world.over(made[0])
    table.collect(made[0].pk, by=by)
    for row in Proposal.objects.all():
        table.write_row(made[0].pk, row.pk, by=by, verdict="accepted", reason="Да.")
    table.answer(made[0].pk, by=by)
    data_version.forget()
    with django_assert_num_queries(6):
        Client().get(f"{page}table/")


def test_what_is_prepared_is_found_nowhere() -> None:
    made = world.written(factories.official("parks"), title="Сентинела в подготовка")
    ref = made.subject.reference
    lists = (
        "/consultations/",
        "/search/?q=подготовка",
        "/feeds/everything.atom",
        "/api/v1/consultations/",
        "/sitemap.xml",
        "/api/v1/reports/",
    )
    for client in (Client(), signed_in(factories.resident()), signed_in(factories.official("roads"))):
        for address in lists:
            assert "Сентинела" not in client.get(address).content.decode(), address
        own = ("", "table/", "table.csv", "sections/1/versions/", "change/", "answers/", "give/")
        addresses = [f"/consultations/{ref}/{name}" for name in own]
        addresses += [
            f"/api/v1/consultations/{ref}/",
            f"/api/v1/subjects/{ref}/comments/",
            f"/subjects/{ref}/comment/",
            f"/search/?q={ref}",
        ]
        found = {address: client.get(address) for address in addresses}
        assert {
            address for address, answer in found.items() if answer.status_code not in (302, 404) and "search" not in address
        } == set()
        assert [address for address, answer in found.items() if "Сентинела" in answer.content.decode()] == []


def test_it_is_found_by_the_words_of_its_sections_once_it_is_open() -> None:
    made = world.opened()
    text = Client().get("/search/?q=сечта+разрешение").content.decode()
    assert made.subject.title in text and "Отворено" in text


def test_the_api_tells_text_papers_and_table() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    world.said(made, anchor="s1p2")
    (feature,) = Client().get("/api/v1/consultations/?sector=urban").json()["features"]
    assert (feature["id"], feature["properties"]["takes_part"], feature["geometry"]) == (made.subject.reference, True, None)
    one = Client().get(f"/api/v1/consultations/{made.subject.reference}/").json()
    assert [(part["anchor"], part["comment_count"]) for part in one["sections"][0]["paragraphs"]] == [("s1p1", 0), ("s1p2", 1)]
    assert ([paper["kind"] for paper in one["papers"]], one["table"]) == (["motives", "impact"], None)
    world.over(made)
    table.collect(made.pk, by=by)
    table.write_row(made.pk, Proposal.objects.get().pk, by=by, verdict="accepted", reason="Да.")
    table.answer(made.pk, by=by)
    data_version.forget()
    (row,) = Client().get(f"/api/v1/consultations/{made.subject.reference}/").json()["table"]
    assert (row["proposal"], row["who"], row["verdict"], row["about"]) == (
        "Да има липи.",
        "жител",
        "accepted",
        "Чл. 1. Дървета, абзац 2",
    )


def test_the_api_refuses_a_comment_where_the_page_does() -> None:
    made = world.opened(who_may="organisation")
    client, address = signed_in(factories.resident()), f"/api/v1/subjects/{made.subject.reference}/comments/"

    def send(**fields: Any) -> Any:
        return client.post(address, {"text": "Липи.", **fields}, content_type="application/json")

    assert (send().status_code, list(send().json()["errors"])) == (400, ["speaks_for"])
    Consultation.objects.filter(pk=made.pk).update(who_may="anyone")
    assert (send(about="s9").json()["errors"].keys(), send(about="s2").status_code) == ({"about"}, 202)
    world.over(made)
    assert (send(text="Късно.").status_code, Comment.objects.count()) == (400, 1)


def test_papers_are_read_by_the_preview_link_until_it_is_renewed() -> None:
    from participation.actions import papers

    by = factories.official("parks")
    made = world.prepared(by)
    file = papers.add_paper(made.pk, kind="draft", title="Проект", file=PDF, name="п.pdf", by=by)
    other = papers.add_paper(world.prepared(by).pk, kind="draft", title="Друг", file=PDF, name="д.pdf", by=by)
    link, page, staff = preview_url(made), f"/consultations/{made.subject.reference}/", signed_in(by)
    text = Client().get(link).content.decode()
    address = f"{link}papers/{file.pk}/"
    assert (address in text, "Какво стана дотук" in text) == (True, False)
    read = Client().get(address)
    assert (read.status_code, b"".join(read.streaming_content) == PDF, "no-store" in read["Cache-Control"]) == (200, True, True)
    wrong = (address.replace("/preview/", "/preview/x"), f"{link}papers/{other.pk}/", f"{page}papers/{file.pk}/")
    assert [Client().get(one).status_code for one in wrong] == [404, 404, 404]
    shown = staff.get(page).content.decode()
    assert (shown.count("Подготвяното е променено"), f'href="{page}preview/"' in shown) == (1, True)
    assert staff.post(f"{page}preview/", {}).status_code == 302
    assert [Client().get(one).status_code for one in (link, address)] == [404, 404]
    assert Client().get(f"{preview_url(made)}papers/{file.pk}/").status_code == 200


def test_the_act_is_of_a_day_that_has_come_and_is_corrected_with_the_reason() -> None:
    by = factories.official("parks")
    made = world.over(world.opened(by))
    table.answer(made.pk, by=by)
    client, page = signed_in(by), f"/consultations/{made.subject.reference}/"
    act = {"adopted_title": "Наредба № 7", "adopted_url": "https://example.org/7"}
    today = timezone.localdate()
    late = client.post(f"{page}adopt/", {**act, "adopted_on": f"{today + datetime.timedelta(days=1):%d.%m.%Y}"})
    assert (late.status_code, list(late.context["form"].errors)) == (422, ["adopted_on"])
    assert client.post(f"{page}adopt/", {**act, "adopted_on": f"{today:%d.%m.%Y}"}).status_code == 302
    again = {**act, "adopted_title": "Наредба № 8"}
    assert list(client.post(f"{page}adopt/", {**again, "text": ""}).context["form"].errors) == ["text"]
    assert client.post(f"{page}adopt/", {**again, "text": "Сбъркан номер."}).status_code == 302
    text = client.get(page).content.decode()
    assert all(
        words in text for words in ("Наредба № 8", "Сбъркан номер.", "Поправено е казаното", f"?after={made.subject.reference}")
    )
    row = TimelineRow.objects.get(subject=made.pk, code="correct")
    assert (row.audience, row.tells, Consultation.objects.get(pk=made.pk).status) == ("public", True, "adopted")


def test_a_kind_asks_for_a_day_at_least_and_the_form_for_mail_or_telephone() -> None:
    for wrong in ({"least_days": 0}, {"least_days": 5, "least_days_with_reason": 0}):
        with pytest.raises(ValidationError, match=r"поне един ден|one day"):
            ConsultationKind(slug="x", name=factories.texts("X", "x"), **wrong).full_clean()
    page = signed_in(factories.official("parks")).get("/consultations/new/").content.decode()
    label = page.split("Имейл за въпроси")[1]
    assert (label.startswith("</label>"), "Това или телефон: едно от двете е нужно." in label[:200]) == (True, True)
