"""Sending a report: every field named when it is wrong, nothing left behind when refused, one report for one key."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections

from geoportal.kernel.models import Answer
from municipality.models import Page
from reports.actions import submit
from reports.models import Category, Contact, Photo, Report, Tombstone
from tests import factories
from tests.api.client import Api, with_token
from tests.kernel.hostile import HOSTILE
from tests.kernel.pictures import picture

POINT = {"type": "Point", "coordinates": list(factories.CENTRE)}
MOST_STATEMENTS = 23
RTL, EMOJI, NUL = "\u202eкрай\u202c", "Дупка 🕳️👍🏽", "a\x00b"


def body(**changes: Any) -> dict[str, Any]:
    """A complete report; a field given as `...` is left out."""
    whole = {
        "kind": "problem", "category": "pothole", "title": "Дупка пред училището", "text": "Голяма.", "point": POINT, "agree": True,
        **changes,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not ...}


@pytest.fixture
def town(db: None) -> None:
    factories.town()


@pytest.mark.usefixtures("town")
class TestSending:
    def test_a_residents_report_is_received_at_once(self):
        author = factories.resident()
        answer = with_token(author, "report").post("reports/", body(show_name="first"))
        sent = answer.json()
        report = Report.objects.select_related("subject").get()
        assert answer.status_code == 201
        assert answer["Location"] == sent["url"] == f"/api/v1/reports/{report.subject.reference}/"
        assert (sent["status"], sent["reference"], sent["department"]) == ("received", report.subject.reference, "roads")
        assert sent["due_on"] == report.due_on.isoformat()
        assert (report.author_id, report.channel, report.public_name, report.is_public) == (author.pk, "api", "Рада", True)

    def test_private_data_is_taken_and_named_without_saying_it_again(self):
        program = with_token(factories.resident(), "report")
        told = {"title": "Кола СО 1234 АВ", "text": "тел. 0888 123 456, ЕГН 7523169263, пак 0888 123 457"}
        answer = program.post("reports/", body(**told), Accept_Language="bg")
        assert answer.status_code == 201
        assert [(one["field"], one["code"]) for one in answer.json()["warnings"]] == [
            ("title", "private_plate"), ("text", "private_civil"), ("text", "private_phone"),
        ]  # fmt: skip
        assert answer.json()["warnings"][0]["detail"] == "Ще го прочетат всички: номер на кола."
        assert "0888" not in answer.content.decode() and "7523169263" not in answer.content.decode()
        assert program.post("reports/", body(**told, restricted=True)).json()["warnings"] == []
        assert program.post("reports/", body()).json()["warnings"] == []
        Category.objects.filter(slug=body()["category"]).update(public=False)
        assert program.post("reports/", body(**told)).json()["warnings"] == []

    def test_it_takes_few_statements(self, django_assert_max_num_queries):
        program = with_token(factories.resident(), "report")
        program.post("reports/", body(), Idempotency_Key=str(uuid.uuid4()))
        # The token, the roles, the counters; then one transaction. Of the set-up nothing is asked for twice: category, what it asks.
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert program.post("reports/", body(), Idempotency_Key=str(uuid.uuid4())).status_code == 201

    def test_what_was_sent_is_found_by_its_uuid_whatever_has_changed_since(self):
        author = factories.resident()
        first = submit(factories.submission(author=author))
        Category.objects.update(open_to="closed")
        again = submit(factories.submission(author=author, client_uuid=first.subject.client_uuid))
        assert (again.pk, Report.objects.count()) == (first.pk, 1)

    def test_a_guests_report_is_kept_until_confirmed_and_tells_no_number(self, api: Api):
        answer = api.post("reports/", body(email="Guest@Levka.test", name="Гост Гостев"))
        sent = answer.json()
        assert answer.status_code == 202
        assert (sent["status"], sent["reference"], sent["due_on"], sent["url"]) == ("awaiting_confirmation", None, None, None)
        assert sent["kept_until"] > "2026-01-01"
        assert Contact.objects.get().correspondent.email == "guest@levka.test"

    def test_a_guest_without_mail_waits_for_a_moderator(self, api: Api):
        answer = api.post("reports/", body())
        assert (answer.status_code, answer.json()["status"], answer.json()["kept_until"]) == (202, "awaiting_moderation", None)

    def test_an_official_enters_for_somebody(self):
        official = factories.official()
        answer = Api(official).post("reports/", body(channel="phone", email="caller@levka.test", name="Гошо Илиев"))
        report = Report.objects.get()
        assert answer.status_code == 201
        assert (report.author_id, report.entered_by_id, report.channel) == (None, official.pk, "phone")

    def test_an_idea_may_concern_the_whole(self):
        answer = with_token(factories.resident(), "report").post("reports/", body(kind="idea", category="park-idea", point=...))
        assert answer.status_code == 201
        assert Report.objects.get().geom is None

    def test_line_and_further_sectors_are_kept(self):
        line = {"type": "LineString", "coordinates": [[23.6, 42.9], [23.61, 42.91]]}
        answer = with_token(factories.resident(), "report").post("reports/", body(line=line, further_sectors=["health"]))
        report = Report.objects.get()
        shown = Api().get(f"reports/{answer.json()['reference']}/").json()
        assert report.subject.further_sectors.get().slug == "health"
        assert (shown["shape"], shown["further_sectors"]) == (line, ["health"])

    def test_filing_officially_needs_name_and_address_and_gives_a_number_of_the_register(self):
        author = with_token(factories.person(), "report")
        refused = author.post("reports/", body(official=True))
        assert refused.status_code == 400
        assert set(refused.json()["errors"]) == {"name", "address", "happened_on"}
        filed = {"name": "Рада Колева Илиева", "address": "ул. Рила 4", "happened_on": "2026-01-05"}
        answer = author.post("reports/", body(official=True, **filed))
        assert answer.status_code == 201
        assert Report.objects.get().register_number.serial == 1

    def test_consents_hold_the_version_that_was_in_force(self):
        Page.objects.create(slug="consent-publish", version=3, title={"bg": "t"}, body={"bg": "b"}, since="2026-01-01")
        with_token(factories.resident(), "report").post("reports/", body())
        kept = Report.objects.get().consents.values_list("page", "page_version")
        assert sorted(kept) == [("consent-publish", 3), ("privacy", 1), ("terms", 1)]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": ...}, "kind"), ({"kind": ""}, "kind"), ({"kind": "event"}, "kind"), ({"kind": ["problem"]}, "kind"),
            ({"kind": NUL}, "kind"), ({"kind": "\ud800"}, "kind"),
            ({"category": ...}, "category"), ({"category": ""}, "category"), ({"category": "nothing"}, "category"),
            ({"category": 7.5}, "category"), ({"category": NUL}, "category"), ({"category": EMOJI}, "category"),
            ({"category": RTL}, "category"), ({"category": "x" * 51}, "category"), ({"category": "park-idea"}, "category"),
            ({"category": "closed"}, "category"), ({"category": "staff-only"}, "category"),
            ({"title": ...}, "title"), ({"title": ""}, "title"), ({"title": "   "}, "title"), ({"title": "я" * 151}, "title"),
            ({"title": ["a"]}, "title"), ({"title": {}}, "title"), ({"title": True}, "title"), ({"title": 5}, "title"),
            ({"text": True}, "text"), ({"text": 5}, "text"), ({"place": 1.5}, "place"), ({"title": None}, "title"),
            ({"title": NUL}, "title"), ({"title": "\ud800"}, "title"),
            ({"text": "я" * 4001}, "text"), ({"text": NUL}, "text"), ({"text": ["a"]}, "text"), ({"text": None}, "text"),
            ({"language": "xx"}, "language"), ({"language": NUL}, "language"), ({"language": EMOJI}, "language"),
            ({"point": ...}, "place"), ({"point": None}, "place"), ({"point": "23,42"}, "point"),
            ({"point": {"type": "Point", "coordinates": list(factories.OUTSIDE)}}, "point"),
            ({"point": {"type": "LineString", "coordinates": [[23.6, 42.9], [23.61, 42.9]]}}, "point"),
            ({"line": POINT}, "line"), ({"polygon": POINT}, "polygon"),
            ({"point": ..., "settlement": "levka"}, "place"), ({"settlement": "nowhere"}, "settlement"), ({"settlement": NUL}, "settlement"),
            ({"settlement": 4}, "settlement"), ({"settlement": EMOJI}, "settlement"),
            ({"place": "x" * 201}, "place"), ({"place": NUL}, "place"), ({"place": {}}, "place"),
            ({"further_sectors": "urban"}, "further_sectors"), ({"further_sectors": ["nothing"]}, "further_sectors.0"),
            ({"further_sectors": ["urban"] * 9}, "further_sectors"), ({"further_sectors": [NUL]}, "further_sectors.0"),
            ({"photos": "x"}, "photos"), ({"photos": ["x"]}, "photos.0"), ({"photos": [NUL]}, "photos.0"), ({"photos": ["\ud800"]}, "photos.0"),
            ({"photos": [str(uuid.uuid4())]}, "photos"), ({"photos": [str(uuid.uuid4()) for _n in range(6)]}, "photos"),
            ({"category": "tree"}, "photos"),
            ({"official": "perhaps"}, "official"), ({"official": []}, "official"), ({"official": None}, "official"),
            ({"happened_on": "yesterday"}, "happened_on"), ({"happened_on": 5}, "happened_on"), ({"happened_on": "2999-01-01"}, "happened_on"),
            ({"happened_on": "0001-01-01"}, "happened_on"), ({"happened_on": NUL}, "happened_on"),
            ({"restricted": "perhaps"}, "restricted"), ({"restricted": {}}, "restricted"),
            ({"email": "closed"}, "email"), ({"email": "a@b." + "c" * 255}, "email"), ({"email": NUL}, "email"), ({"email": ["a@b.bg"]}, "email"),
            ({"email": "🕳@levka.test"}, "email"), ({"email": "a\u202e@levka.test"}, "email"), ({"email": "a@levka.test\nBcc: b@c.bg"}, "email"),
            ({"name": "x" * 151}, "name"), ({"name": NUL}, "name"), ({"name": 1.5, "phone": "x"}, "phone"),
            ({"address": "x" * 251}, "address"), ({"address": NUL}, "address"),
            ({"phone": "x"}, "phone"), ({"phone": "0" * 41}, "phone"), ({"phone": EMOJI}, "phone"), ({"phone": NUL}, "phone"),
            ({"show_name": "maybe"}, "show_name"), ({"show_name": NUL}, "show_name"),
            ({"agree": False}, "agree"), ({"agree": ...}, "agree"), ({"agree": "perhaps"}, "agree"), ({"agree": None}, "agree"),
            ({"channel": "phone"}, "channel"), ({"channel": "pigeon"}, "channel"),
            ({"author": 1}, "author"), ({"status": "resolved"}, "status"), ({"is_public": True}, "is_public"), ({"\ud800": 1}, "?"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named_and_leaves_no_trace(self, api: Api, changes: dict[str, Any], field: str):
        answer = api.post("reports/", body(**changes), Idempotency_Key=str(uuid.uuid4()))
        assert answer.status_code == 400, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert field in answer.json()["errors"], answer.json()
        assert (Report.objects.count(), Answer.objects.count()) == (0, 0)

    @pytest.mark.parametrize("field", ["title", "text", "place", "name", "address"])
    def test_emoji_and_right_to_left_letters_are_kept_without_the_marks_that_turn_them(self, api: Api, field: str):
        answer = api.post("reports/", body(**{field: f"{EMOJI} {RTL} שלום"}, email="g@levka.test"))
        assert answer.status_code == 202, answer.content
        report = Report.objects.select_related("subject", "words", "contact").get()
        kept = {
            "title": report.subject.title, "text": report.words.text, "place": report.place,
            "name": report.contact.name, "address": report.contact.address,
        }[field]  # fmt: skip
        assert kept == f"{EMOJI} край שלום"

    @pytest.mark.parametrize(
        "sent", ["", "{", "[]", "null", "7", '"text"', "{} {}", '{"title": NaN}', "[" * 100_000, b"\xff\xfe"]
    )
    def test_a_body_that_is_no_object_is_refused(self, api: Api, sent: Any):
        answer = api.post("reports/", sent)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"

    def test_too_large_a_body_is_refused(self, api: Api):
        assert api.post("reports/", json.dumps(body(text="x" * 3_000_000))).status_code == 413

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    )
    def test_other_formats_are_415(self, api: Api, kind: str):
        answer = api.post("reports/", "a=b", content_type=kind)
        assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")

    @pytest.mark.parametrize("field", ["point", "line", "polygon"])
    def test_no_hostile_geometry_gets_in(self, api: Api, field: str):
        """T-80 at this entrance: as text inside the body where it is JSON, as a string where it is not."""
        got = {}
        for name, shape in HOSTILE:
            for sent in _spellings(field, shape):
                cache.clear()
                answer = api.post("reports/", sent)
                got[name] = answer.status_code
                assert 400 <= answer.status_code < 500, (name, answer.status_code, answer.content[:200])
        assert len(got) == len(HOSTILE) >= 60
        assert Report.objects.count() == 0
        assert api.get("sectors/").status_code == 200

    def test_a_token_without_the_scope_may_not_send(self):
        answer = with_token(factories.resident(), "read").post("reports/", body())
        assert (answer.status_code, Report.objects.count()) == (403, 0)

    def test_a_session_needs_its_form_token(self):
        author = factories.resident()
        strict = Api(author, enforce_csrf_checks=True)
        assert strict.post("reports/", body()).status_code == 403
        csrf = strict.get("session/").json()["csrf"]
        assert strict.post("reports/", body(), X_CSRFToken=csrf).status_code == 201

    def test_limits_answer_429_with_the_time_to_wait(self, api: Api, settings: Any):
        settings.LIMITS = {"*": "", "report_address": "2/1h"}
        codes = [api.post("reports/", body()).status_code for _n in range(2)]
        answer = api.post("reports/", body())
        assert codes == [202, 202]
        assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
        assert 3500 < int(answer["Retry-After"]) <= 3600
        assert Report.objects.count() == 2


def _spellings(field: str, shape: Any) -> list[str]:
    """The body with the shape as a string value and, where it can be written so, as JSON in place."""
    rest = json.dumps(body(point=POINT if field != "point" else ...))[:-1]
    text = shape if isinstance(shape, str) else json.dumps(shape)
    found = [f'{rest}, "{field}": {json.dumps(text)}}}']
    if text.lstrip("\ufeff").startswith(("{", "[")):
        found.append(f'{rest}, "{field}": {text}}}')
    return found


@pytest.mark.usefixtures("town")
class TestKeys:
    def test_a_repeat_answers_the_first(self):
        api, key = with_token(factories.resident(), "report"), str(uuid.uuid4())
        first, second = (api.post("reports/", body(), Idempotency_Key=key) for _n in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert str(Report.objects.get().subject.client_uuid) == key

    def test_a_repeat_answers_the_first_even_when_no_more_may_be_sent_and_nothing_fits_any_more(self, api: Api, settings: Any):
        settings.LIMITS = {"*": "", "report_address": "1/1h", "write_address": "1/1h"}
        key = str(uuid.uuid4())
        first = api.post("reports/", body(), Idempotency_Key=key)
        Category.objects.filter(slug="pothole").update(open_to="closed")
        again = [api.post("reports/", body(), Idempotency_Key=key) for _n in range(3)]
        assert [(answer.status_code, answer.json()) for answer in again] == [(202, first.json())] * 3
        assert api.post("reports/", body()).status_code == 429

    def test_another_payload_under_the_key_is_409(self, api: Api):
        key = str(uuid.uuid4())
        api.post("reports/", body(), Idempotency_Key=key)
        answer = api.post("reports/", body(title="Друго"), Idempotency_Key=key)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")
        assert Report.objects.count() == 1

    def test_anyone_else_gets_the_public_reference_alone(self):
        key = str(uuid.uuid4())
        first = with_token(factories.resident(), "report").post("reports/", body(), Idempotency_Key=key).json()
        other = with_token(factories.resident(), "report").post("reports/", body(), Idempotency_Key=key)
        assert (other.status_code, other.json()) == (200, {"reference": first["reference"]})

    @pytest.mark.parametrize("key", ["x", "1", "🕳", "a" * 65])
    def test_a_key_that_is_no_uuid_is_refused(self, api: Api, key: str):
        answer = api.post("reports/", body(), Idempotency_Key=key.encode().decode("latin-1"))
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")

    def test_a_draft_that_was_removed_is_gone(self, api: Api):
        key = uuid.uuid4()
        Tombstone.objects.create(client_uuid=key)
        answer = api.post("reports/", body(), Idempotency_Key=str(key))
        assert (answer.status_code, answer.json()["code"]) == (410, "expired")


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_with_one_key_make_one_report():
    """F9: threads and connections of their own."""
    factories.town()
    author, key = factories.resident(), str(uuid.uuid4())
    clients = [with_token(author, "report") for _n in range(16)]
    answers: list[tuple[int, dict[str, Any]]] = []
    gate = threading.Barrier(16)

    def send(api: Api) -> None:
        gate.wait()
        answer = api.post("reports/", body(), Idempotency_Key=key)
        answers.append((answer.status_code, answer.json()))
        connections.close_all()

    threads = [threading.Thread(target=send, args=[api]) for api in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == 16
    assert {status for status, _body in answers} == {201}
    assert len({sent["reference"] for _status, sent in answers}) == 1
    assert Report.objects.count() == 1
    connection.close()


@pytest.mark.usefixtures("town")
class TestPhotos:
    def send(self, api: Api, draft: uuid.UUID, photo: bytes, **headers: str) -> Any:
        return api.post(f"drafts/{draft}/photos/", photo, **{"content_type": "image/jpeg", **headers})

    def test_a_photo_sent_before_is_the_reports(self, api: Api):
        draft, name = uuid.uuid4(), uuid.uuid4()
        answer = self.send(api, draft, picture("JPEG"), Idempotency_Key=str(name))
        assert answer.status_code == 201, answer.content
        assert answer.json() == {"client_uuid": str(name), "width": 640, "height": 480}
        sent = with_token(factories.resident(), "report").post("reports/", body(photos=[str(name)]), Idempotency_Key=str(draft))
        shown = api.get(f"reports/{sent.json()['reference']}/").json()["photos"]
        assert [(photo["width"], photo["height"]) for photo in shown] == [(640, 480)]
        assert Photo.objects.get().report_id == Report.objects.get().pk

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
    def test_other_formats_and_a_form_are_taken(self, api: Api, kind: str):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("x.bin", picture(kind), "application/octet-stream")
        answer = api.client.post(f"/api/v1/drafts/{uuid.uuid4()}/photos/", {"photo": file, "client_uuid": str(uuid.uuid4())})
        assert answer.status_code == 201, answer.content

    @pytest.mark.parametrize(
        ("photo", "code"),
        [
            (b"", "missing"),
            (b"GIF89a" + b"0" * 50, "format"),
            (b"<svg/>", "format"),
            (b"\xff\xd8\xff\xe0broken", "broken"),
            (b"x" * (12 * 1024**2 + 1), "bytes"),
        ],
    )
    def test_what_is_no_photo_is_refused_by_name(self, api: Api, photo: bytes, code: str):
        answer = self.send(api, uuid.uuid4(), photo)
        assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, ["photo"])
        assert Photo.objects.count() == 0

    def test_a_repeat_answers_the_first_and_other_bytes_are_409(self, api: Api):
        draft, name = uuid.uuid4(), str(uuid.uuid4())
        one = picture("JPEG")
        codes = [self.send(api, draft, photo, Idempotency_Key=name).status_code for photo in (one, one, picture("PNG"))]
        assert (codes, Photo.objects.count()) == ([201, 201, 409], 1)

    def test_a_draft_takes_ten(self, api: Api):
        draft = uuid.uuid4()
        Photo.objects.bulk_create(
            Photo(client_uuid=uuid.uuid4(), draft=draft, width=1, height=1, digest="") for _n in range(10)
        )
        assert self.send(api, draft, picture("JPEG")).json()["code"] == "many"

    def test_a_form_without_the_photo_is_refused(self, api: Api):
        answer = api.client.post(f"/api/v1/drafts/{uuid.uuid4()}/photos/", {"photo": "text"})
        assert (answer.status_code, answer.json()["code"]) == (400, "missing")
