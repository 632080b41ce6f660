"""A similar report supported from the draft, without scripts: the draft stays until one says that it is the same."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from discussion.models import Support
from reports.models import Report
from tests import factories

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
