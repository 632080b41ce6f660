"""What a resident's forms answer to bad input: the field is named, what else was typed stays, nothing breaks."""

from __future__ import annotations

import re
import threading
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from discussion.models import Comment, Support
from reports.models import Photo, Reason, Report
from tests import factories
from tests.kernel.pictures import picture

LEVKA = {"lon": "23.6", "lat": "42.9", "place": "ул. Първа 1"}
WHAT = {"kind": "problem", "category": "pothole", "title": "Дупка на пътя", "text": "Голяма."}
SEND = {"terms": "on", "public_name": "none", "way": "", "email": "rada@levka.test"}
WHOLE = {**LEVKA, **WHAT, **SEND}
NUL, RTL, EMOJI, WRONG = "а\x00б", "а\u202eб", "дупка 🕳️", "няма такова"
OFFICIAL = {"way": "official", "name": "Рада Колева", "address": "ул. Първа 1", "happened_on": "2026-01-05"}

# (step, what is changed, the field that the answer names)
REFUSED = [
    ("place", {"lon": "", "lat": ""}, "settlement"),
    ("place", {"lon": "22.0"}, "lon"),
    ("place", {"lon": WRONG}, "lon"),
    ("place", {"lon": NUL}, "lon"),
    ("place", {"lat": "9" * 41}, "lat"),
    ("place", {"lat": "nan"}, "lon"),
    ("place", {"lat": RTL}, "lon"),
    ("place", {"lat": EMOJI}, "lon"),
    ("place", {"shape": WRONG}, "shape"),
    ("place", {"shape": NUL}, "shape"),
    ("place", {"shape": '{"type":"Point","coordinates":[23.6,42.9]}'}, "shape"),
    ("place", {"settlement": WRONG}, "settlement"),
    ("place", {"settlement": NUL}, "settlement"),
    ("place", {"settlement": EMOJI}, "settlement"),
    ("place", {"settlement": "levka", "place": ""}, "place"),
    ("place", {"place": "я" * 201}, "place"),
    ("place", {"place": NUL}, "place"),
    ("what", {"kind": ""}, "kind"),
    ("what", {"kind": WRONG}, "kind"),
    ("what", {"kind": NUL}, "kind"),
    ("what", {"kind": "idea"}, "category"),
    ("what", {"category": ""}, "category"),
    ("what", {"category": WRONG}, "category"),
    ("what", {"category": NUL}, "category"),
    ("what", {"category": "staff-only"}, "category"),
    ("what", {"title": ""}, "title"),
    ("what", {"title": "я" * 151}, "title"),
    ("what", {"title": NUL}, "title"),
    ("what", {"text": "я" * 4001}, "text"),
    ("what", {"text": NUL}, "text"),
    ("what", {"further_sectors": WRONG}, "further_sectors"),
    ("what", {"further_sectors": NUL}, "further_sectors"),
    ("send", {"way": WRONG}, "way"),
    ("send", {"way": NUL}, "way"),
    ("send", {"email": WRONG}, "email"),
    ("send", {"email": "a\x00@levka.test"}, "email"),
    ("send", {"email": "a" * 250 + "@levka.test"}, "email"),
    ("send", {"public_name": WRONG}, "public_name"),
    ("send", {"terms": ""}, "terms"),
    *(("send", {name: NUL}, name) for name in ("name", "address", "phone")),
    *(("send", {"phone": value}, "phone") for value in ("абв", "12", EMOJI)),
    *(("send", {name: "я" * 251}, name) for name in ("name", "address", "phone")),
    ("send", {**OFFICIAL, "name": "Рада"}, "name"),
    ("send", {**OFFICIAL, "address": ""}, "address"),
    ("send", {**OFFICIAL, "happened_on": ""}, "happened_on"),
    ("send", {**OFFICIAL, "happened_on": WRONG}, "happened_on"),
    ("send", {**OFFICIAL, "happened_on": NUL}, "happened_on"),
    ("send", {**OFFICIAL, "happened_on": "2999-01-01"}, "happened_on"),
]
TAKEN = [
    *(("place", {"place": value}) for value in (RTL, EMOJI)),
    *(("what", {name: value}) for name in ("title", "text") for value in (RTL, EMOJI)),
    *(("send", {**OFFICIAL, name: f"{value} и още"}) for name in ("name", "address") for value in (RTL, EMOJI)),
    ("send", {"restricted": WRONG}),
]


@pytest.fixture(autouse=True)
def unlimited(settings):
    cache.clear()
    settings.LIMITS = {"*": ""}


@pytest.fixture
def town(db):
    return factories.town()


def send(step: str, changed: dict[str, str], **more: str):
    data = {**WHOLE, "step": step, "go": "send" if step == "send" else "next", "client_uuid": str(uuid.uuid4())}
    return Client().post("/reports/new/", {**data, **changed, **more})


def names(html: str, field: str) -> bool:
    return f'href="#id_{field}"' in html or f'href="#id_{field}_' in html


@pytest.mark.usefixtures("town")
def test_bad_value_is_refused_at_its_field_and_the_rest_stays():
    wrong = []
    for step, changed, field in REFUSED:
        answer = send(step, changed)
        html = answer.content.decode()
        kept = [value for name, value in WHOLE.items() if name not in changed and name in ("place", "title", "text", "email")]
        if answer.status_code != 422 or not names(html, field) or not all(value in html for value in kept):
            wrong.append((step, changed, answer.status_code, [value for value in kept if value not in html]))
    assert wrong == []
    assert not Report.objects.exists()


@pytest.mark.usefixtures("town")
def test_any_script_and_emoji_is_taken_without_marks_that_turn_the_reading():
    wrong = [(step, changed) for step, changed in TAKEN if send(step, changed).status_code not in (200, 302)]
    assert wrong == []
    assert send("send", {"title": f"{RTL} {EMOJI}"}).status_code == 302
    assert Report.objects.latest("pk").subject.title == "аб дупка 🕳️"


@pytest.mark.usefixtures("town")
def test_field_that_people_do_not_see_is_not_named_to_them():
    html = send("send", {"website": "x"}).content.decode()
    assert "<li>Програма е попълнила" in html and "Website" not in html


@pytest.mark.usefixtures("town")
def test_distance_to_the_border_is_written_as_the_page_speaks():
    lon, lat = factories.OUTSIDE
    html = send("place", {"settlement": "", "lon": str(lon), "lat": str(lat)}).content.decode()
    assert re.search(r"на \d+,\d км от границата", html)
    assert '<a href="#id_lon_map">Място на картата: ' in html and 'id="id_lon_map"' in html


@pytest.mark.usefixtures("town")
def test_file_that_is_no_photo_is_refused_at_its_field():
    file = SimpleUploadedFile("снимка.jpg", b"<?php echo 1;", content_type="image/jpeg")
    answer = Client().post(
        "/reports/new/", {**WHOLE, "step": "photos", "go": "next", "client_uuid": str(uuid.uuid4()), "photo": file}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert names(html, "photo") and "снимка.jpg: " in html
    assert all(WHOLE[name] in html for name in ("place", "title", "text", "email"))


@pytest.mark.usefixtures("town")
def test_ten_photos_at_once_keep_five_and_say_so(settings):
    draft = str(uuid.uuid4())
    files = [SimpleUploadedFile(f"{n}.jpg", picture("JPEG"), content_type="image/jpeg") for n in range(10)]
    answer = Client().post("/reports/new/", {**WHOLE, "step": "photos", "go": "next", "client_uuid": draft, "photo": files})
    assert answer.status_code == 422 and "Най-много 5 снимки" in answer.content.decode()
    assert Photo.objects.filter(draft=draft).count() == 5


@pytest.mark.usefixtures("town")
def test_a_long_paste_of_a_place_is_counted_not_cut():
    page = Client().get("/reports/new/").content.decode()
    assert "maxlength" not in re.search(r'<input[^>]*name="place"[^>]*>', page)[0]


@pytest.mark.usefixtures("town")
def test_t27_heic_and_any_name_are_taken_and_the_name_is_forgotten(settings):
    names_sent = [
        "IMG_0042.HEIC",
        "../../../etc/passwd",
        "а\u202eGPJ.exe",
        "🕳️" * 100 + ".jpg",
        "<script>.jpg",
        "con",
        "a;b|c.jpg",
        "%00.jpg",
    ]
    draft, photo = str(uuid.uuid4()), picture("HEIF")
    for name in names_sent[:5], names_sent[5:]:
        draft = str(uuid.uuid4())
        files = [SimpleUploadedFile("x", photo, content_type="image/heic") for _name in name]
        for file, given in zip(files, name, strict=True):
            file._name = given
        answer = Client().post("/reports/new/", {**WHOLE, "step": "photos", "go": "next", "client_uuid": draft, "photo": files})
        assert answer.status_code == 302, answer.content.decode()
        assert Photo.objects.filter(draft=draft).count() == len(name)
    stored = {path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert stored == {"small.jpg", "large.jpg"}


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200), ("lon=x&lat=42.9", 400), ("lon=nan&lat=inf", 400), ("lon=23.6", 400), (f"lon=23.6&lat=42.9&title={EMOJI}", 200),
        ("lon=23.6&lat=%00", 400), ("lon=23.6&lat=42.9&title=%00", 400),
    ],
)  # fmt: skip
def test_fragment_of_what_is_near_stands_any_query(query, status):
    assert Client().get(f"/reports/near/?{query}").status_code == status


@pytest.mark.usefixtures("town")
def test_step_back_from_a_title_with_control_characters_still_looks_around():
    client = Client()
    answer = client.post(
        "/reports/new/", {**WHOLE, "step": "what", "go": "back", "client_uuid": str(uuid.uuid4()), "title": NUL}
    )
    assert client.get(answer["Location"].replace("step=place", "step=what")).status_code == 200


@pytest.mark.usefixtures("town")
def test_other_words_under_the_same_key_are_refused_with_the_first_number():
    key = str(uuid.uuid4())
    assert send("send", {}, client_uuid=key).status_code == 302
    answer = send("send", {"text": "Съвсем друго."}, client_uuid=key)
    first = Report.objects.get().subject.reference
    assert answer.status_code == 409
    assert first in "".join(char for char in answer.content.decode() if char.isdigit())


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_with_one_key_are_one_report():
    factories.town()
    key, gate, answers = str(uuid.uuid4()), threading.Barrier(16), []

    def press() -> None:
        gate.wait()
        try:
            answers.append(send("send", {}, client_uuid=key).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [302] * 16
    assert Report.objects.count() == 1


VISITOR = {
    "support": {"email": "rada@levka.test"},
    "follow": {"email": "rada@levka.test"},
    "comment": {"text": "И аз го видях.", "public_name": "Рада", "email": "rada@levka.test"},
    "flag": {"reason": "spam", "text": "Реклама."},
}
VISITOR_REFUSED = [
    *(
        (form, "email", value)
        for form in ("support", "follow", "comment")
        for value in ("", WRONG, "a\x00@b.test", "a" * 250 + "@b.test")
    ),
    *(("comment", "text", value) for value in ("", NUL, "я" * 2001)),
    *(("comment", "public_name", value) for value in (NUL, "я" * 81)),
    *(("flag", "reason", value) for value in ("", WRONG, NUL)),
    *(("flag", "text", value) for value in (NUL, "я" * 1001)),
]


@pytest.mark.usefixtures("town")
def test_visitors_bad_value_is_refused_at_its_field_and_the_rest_stays():
    base, wrong = f"/reports/{factories.report().subject.reference}", []
    for form, field, value in VISITOR_REFUSED:
        sent = {**VISITOR[form], "client_uuid": str(uuid.uuid4()), field: value}
        answer = Client().post(f"{base}/{form}/", sent)
        html = answer.content.decode()
        kept = [other for name, other in VISITOR[form].items() if name != field]
        if answer.status_code != 422 or not names(html, field) or not all(other in html for other in kept):
            wrong.append((form, field, value[:20], answer.status_code))
    assert wrong == []
    assert not Comment.objects.exists()
    assert not Support.objects.exists()
    assert Reason.objects.filter(slug="spam").exists()


AUTHOR_REFUSED = [
    *(("edit", "title", value) for value in ("", NUL, "я" * 151)),
    *(("edit", "text", value) for value in (NUL, "я" * 4001)),
    *(("add", "text", value) for value in ("", NUL, "я" * 4001)),
    *(("act/withdraw", "text", value) for value in ("", NUL, "я" * 4001)),
    *(("move", "category", value) for value in ("", WRONG, NUL, "park-idea")),
    *(("move", "place", value) for value in (NUL, "я" * 201)),
    *(("move", "lon", value) for value in (WRONG, NUL, EMOJI)),
]
AUTHOR = {
    "edit": {"title": "Нова дупка", "text": "Още по-голяма."},
    "add": {"text": "Още е там."},
    "act/withdraw": {"text": "Запълниха я."},
    "move": {"category": "lamp", "place": "ул. Втора 2", "lon": "23.61", "lat": "42.91"},
}


@pytest.mark.usefixtures("town")
def test_authors_bad_value_is_refused_at_its_field_and_the_rest_stays():
    rada, client, wrong = factories.resident(), Client(), []
    report = factories.report(author=rada)
    client.force_login(rada, backend="django.contrib.auth.backends.ModelBackend")
    for form, field, value in AUTHOR_REFUSED:
        answer = client.post(f"/reports/{report.subject.reference}/{form}/", {**AUTHOR[form], field: value})
        html = answer.content.decode()
        kept = [other for name, other in AUTHOR[form].items() if name != field]
        if answer.status_code != 422 or not names(html, field) or not all(other in html for other in kept):
            wrong.append((form, field, value[:20], answer.status_code))
    assert wrong == []
    assert Report.objects.get(pk=report.pk).subject.version == report.subject.version
