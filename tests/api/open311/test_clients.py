"""Clients that others wrote, against a running server: `georeport` reads in both formats, `three` reads, sends and asks for its token."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest

from reports.models import Category, Question, Report
from tests import factories
from tests.api.open311.asking import program
from tests.kernel.pictures import picture


@pytest.mark.django_db(transaction=True)
def test_clients_of_others_read_and_send(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.town()
    lamp = Category.objects.get(slug="lamp")
    Question.objects.create(slug="lamp-how", category=lamp, text=factories.texts("Какво прави?"), choices=[
        {"slug": slug, "text": factories.texts(slug), "advice": None, "stops": False} for slug in ("dark", "blinks")
    ])  # fmt: skip
    number = factories.report(title="Дупка").subject.reference
    _georeport(f"{live_server.url}/open311/v2", number)
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)  # gone since Python 3
    _three(f"{live_server.url}/open311/v2", number)


def _georeport(address: str, number: str) -> None:
    from georeport import GeoReport

    for kind in ("json", "xml"):
        client = GeoReport(address, output_format=kind)
        assert len(client.get_service_list()) == 6
        assert client.get_service_definition("lamp")["service_code"] == "lamp"
        assert client.get_service_request(number)["service_request_id"] == number
    assert GeoReport(address).get_service_requests()[0]["description"] == "Дупка\nГоляма дупка на пътя."


def _three(address: str, number: str) -> None:
    from three import Three

    client = Three(address, api_key=program())
    assert client.discovery()["endpoints"][0]["formats"][0] == "text/xml"
    assert len(client.services()) == 6
    assert client.services("lamp")["attributes"][0]["code"] == "lamp-how"
    assert client.request(number)[0]["service_request_id"] == number
    assert [one["service_request_id"] for one in client.requests("pothole", count=5)] == [number]
    lon, lat = factories.CENTRE
    sent = client.post(
        "lamp", description="Не свети", lat=lat, long=lon, name="Рада Колева", email="rada@levka.test",
        media=io.BytesIO(picture()), **{"attribute[lamp-how]": "dark"},
    )  # fmt: skip
    made = Report.objects.get(subject__title="Не свети")
    assert (made.photo_count, made.contact.name) == (1, "Рада Колева")
    assert made.answers.filter(said="dark").count() == 1
    assert client.token(sent[0]["token"]) == [{"service_request_id": None, "token": str(made.subject.client_uuid)}]
    refused = Three(address, api_key="nobody's").post("lamp", description="x", lat=lat, long=lon)
    assert refused[0]["code"] == 403
