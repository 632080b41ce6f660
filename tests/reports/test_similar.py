"""A similar report supported from the draft, without scripts: the draft stays until one says that it is the same."""

from __future__ import annotations

import html
import json
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from discussion.models import Support
from municipality.site import installation
from reports.actions import keep_photo
from reports.models import Report
from tests import factories
from tests.kernel.pictures import picture
from tests.reports.planning.town import Row, fill

pytestmark = pytest.mark.django_db
LON, LAT = factories.CENTRE
WHAT = {"kind": "problem", "category": "pothole", "title": "Дупка на пътя", "text": "Моите думи."}


@pytest.fixture(autouse=True)
def town():
    cache.clear()
    factories.town()


@pytest.fixture
def other():
    return factories.report().subject.reference


def begun(client: Client) -> dict[str, str]:
    """The draft as it stands at the step „what“."""
    draft = {"client_uuid": str(uuid.uuid4())}
    client.post("/reports/new/", {**draft, "step": "place", "lon": LON, "lat": LAT, "go": "next"})
    return draft


def test_known_visitor_supports_in_place_and_lets_the_own_report_go(other):
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    draft = begun(client)
    page = client.get(f"/reports/new/?draft={draft['client_uuid']}&step=what").content.decode()
    assert f'name="go" value="support:{other}"' in page and 'value="other"' in page
    back = client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": f"support:{other}"})
    assert (back.status_code, Support.objects.count()) == (302, 1)
    page = client.get(back["Location"]).content.decode()
    assert f'value="same:{other}"' in page and "Моите думи.</textarea>" in page and f'value="{WHAT["title"]}"' in page
    gone = client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": f"same:{other}"})
    assert gone["Location"] == f"/reports/{other}/"
    assert (
        "Вашият сигнал не е изпратен: той е същият като този. Подкрепата Ви се брои."
        in client.get(gone["Location"]).content.decode()
    )
    assert client.get(back["Location"])["Location"] == "/reports/new/"
    assert Report.objects.count() == 1


def test_stranger_names_the_address_and_comes_back_to_the_draft(other):
    client = Client()
    draft = begun(client)
    asked = client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": f"support:{other}"})
    assert asked["Location"].startswith(f"/reports/{other}/support/?draft=")
    thanks = client.post(asked["Location"], {"email": "rada@levka.test"}).content.decode()
    way = f"/reports/new/?draft={draft['client_uuid']}&amp;step=what&amp;same={other}"
    assert f'href="{way}"' in thanks
    assert "Моите думи.</textarea>" in client.get(way.replace("&amp;", "&")).content.decode()


def test_ones_own_stands_beside_them_with_its_photo(other, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = Client()
    draft = begun(client)
    page = client.get(f"/reports/new/?draft={draft['client_uuid']}&step=what").content.decode()
    assert "Това пишете Вие" not in page  # no word so far
    photo = keep_photo(uuid.UUID(draft["client_uuid"]), uuid.uuid4(), picture("JPEG"))
    said = client.post("/reports/suggest/", {**draft, **WHAT, "lon": LON, "lat": LAT}).json()["around"]
    client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": "next"})
    send = client.get(f"/reports/new/?draft={draft['client_uuid']}&step=send").content.decode()
    for shown in (said, send):
        own = shown.partition('class="own"')[2].partition('<ul class="rows')[0]
        assert WHAT["title"] in own and photo.url("small") in own


def test_sending_shows_them_until_something_was_said(other):
    client = Client()
    draft = begun(client)
    sent = client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": "next"}, follow=True)
    assert sent.status_code == 200
    send = f"/reports/new/?draft={draft['client_uuid']}&step=send"
    assert f'value="support:{other}"' in client.get(send).content.decode()
    said = client.post("/reports/new/", {**draft, "step": "send", "go": "other"})
    assert said["Location"].startswith("/reports/new/") and "step=send" in said["Location"]
    page = client.get(send).content.decode()
    assert f'value="support:{other}"' not in page and "Моите думи." in page


@pytest.mark.parametrize("go", ["support:", "support:няма", "same:0000000000", "support:\0"])
def test_number_of_no_public_report_leads_back_to_the_draft(go):
    client = Client()
    draft = begun(client)
    answer = client.post("/reports/new/", {**draft, **WHAT, "step": "what", "go": go})
    assert (answer.status_code, f"draft={draft['client_uuid']}" in answer["Location"]) == (302, True)
    assert "Моите думи." in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("query", ["draft=nothing", "draft=0b0e7c0e-6a8f-4a55-9d6d-2f4f5a1c9e11", "draft="])
def test_draft_that_is_not_kept_is_not_offered(other, query):
    thanks = Client().post(f"/reports/{other}/support/?{query}", {"email": "rada@levka.test"})
    assert thanks.status_code == 200 and "/reports/new/?draft" not in thanks.content.decode()


LAMPS = {"title": "Три лампи не светят до моста", "category": "lamp"}


def crowd() -> str:
    """Five reports of something else just here, and forty metres to the north one of lamps: its number."""
    for number in range(5):
        factories.report(title=f"Дупка номер {number}", place="тук")
    north = (LON, LAT + 40 / 111_195)
    return factories.report(title="Не светят три лампи до моста", category="lamp", at_point=north).subject.reference


def heard(client: Client, **more: str) -> list[str]:
    """Numbers of the similar reports that the script hears of while one types, in their order."""
    given = {"client_uuid": str(uuid.uuid4()), "step": "what", "lon": LON, "lat": LAT, "kind": "problem", **more}
    answer = client.post("/reports/suggest/", given)
    assert answer.status_code == 200
    fragment = json.loads(answer.content)["around"]
    return [part[:10] for part in fragment.split('value="support:')[1:]]


def test_words_and_category_bring_the_twin_forward_while_one_types():
    twin, client = crowd(), Client()
    assert twin not in heard(client)[:5]
    by_both, by_words, by_category = (
        heard(client, **asked) for asked in (LAMPS, {"title": LAMPS["title"]}, {"category": "lamp"})
    )
    assert (len(by_both), by_both[0], by_words[0], by_category[0]) == (5, twin, twin, twin)
    assert heard(client, text=LAMPS["title"])[0] == twin


def test_the_last_step_and_the_step_without_scripts_say_the_same():
    twin, client = crowd(), Client()
    draft = begun(client)
    client.post("/reports/new/", {**draft, "kind": "problem", **LAMPS, "step": "what", "go": "next"})
    spoken = heard(client, **LAMPS)
    for step in ("what", "send"):
        page = client.get(f"/reports/new/?draft={draft['client_uuid']}&step={step}").content.decode()
        assert [part[:10] for part in page.split('value="support:')[1:]] == spoken
    assert spoken[0] == twin


@pytest.mark.parametrize("asked", [{"lon": "", "lat": ""}, {"lon": "here", "lat": "there"}, {"lon": "0", "lat": "0"}])
def test_without_a_place_that_can_be_nothing_is_said_to_be_similar(other, asked):
    assert heard(Client(), **asked) == []


def test_zero_bytes_and_long_words_are_no_error(other):
    assert heard(Client(), title="\0", category="\0", text="ж" * 10_000) == [other]


@pytest.mark.parametrize("others", [1, 5])
def test_number_of_queries_does_not_grow_with_what_is_similar(others, django_assert_num_queries):
    fill([Row(place=(LON, LAT)) for _ in range(others)])
    assert installation().similar_metres
    client = Client()
    heard(client, **LAMPS)  # what a process keeps is read once
    with django_assert_num_queries(12):
        assert len(heard(client, **LAMPS)) == others


def test_at_the_place_it_is_supported_from_the_draft_too(other):
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/reports/new/").content.decode()
    near = html.unescape(re.search(r'data-nearby="([^"]+)"', page)[1])
    draft = {"client_uuid": re.search(r'name="client_uuid" value="([^"]+)"', page)[1]}
    fragment = client.get(f"{near}&lon={LON}&lat={LAT}").content.decode()
    assert f'name="go" value="support:{other}"' in fragment and 'value="other"' in fragment
    assert f"/reports/{other}/support/" not in fragment
    typed = {**draft, "step": "place", "lon": LON, "lat": LAT, "place": "пред входа"}
    back = client.post("/reports/new/", {**typed, "go": f"support:{other}"})
    assert (back.status_code, Support.objects.count()) == (302, 1)
    page = client.get(back["Location"]).content.decode()
    assert f'value="same:{other}"' in page and 'value="пред входа"' in page and f'value="{LON}"' in page
    near = html.unescape(re.search(r'data-nearby="([^"]+)"', page)[1])
    assert 'value="other"' not in client.get(f"{near}&lon={LON}&lat={LAT}").content.decode()
    on = client.post("/reports/new/", {**typed, "go": "next"})
    assert "step=what" in on["Location"]


def test_a_stranger_at_the_place_comes_back_to_the_place(other):
    client = Client()
    draft = {"client_uuid": str(uuid.uuid4())}
    asked = client.post("/reports/new/", {**draft, "step": "place", "lon": LON, "lat": LAT, "go": f"support:{other}"})
    page = client.get(asked["Location"]).content.decode()
    assert f"/reports/new/?draft={draft['client_uuid']}&amp;step=place&amp;same={other}" in page
