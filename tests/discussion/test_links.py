"""Links between subjects: drawn by staff, read from both ends, taken away; nothing hidden is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from discussion import actions as spine
from discussion.links import WORDS, related
from discussion.models import Link, Subject, TimelineRow
from tests import factories

pytestmark = pytest.mark.django_db
Kind = Link.Kind


@pytest.fixture
def pair() -> tuple[Subject, Subject]:
    factories.town()
    return factories.report(title="Първи").subject, factories.report(title="Втори").subject


def said(subject: Subject) -> list[tuple[str, list[str]]]:
    return [(str(group.words), [one.title for one, _url in group.subjects]) for group in related(subject)]


def refusal(subject: Subject, other: Subject, kind: str, by: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        spine.connect(subject.pk, other, kind, by=by)
    return list(refused.value.message_dict)


def test_every_kind_has_words() -> None:
    assert set(WORDS) == set(Kind.values)


def test_drawn_again_it_is_one_link_and_one_line_of_the_history(pair: tuple[Subject, Subject]) -> None:
    one, other = pair
    official = factories.official()
    for _press in range(2):
        spine.connect(one.pk, other, Kind.ANSWERS, by=official)
    assert Link.objects.count() == TimelineRow.objects.filter(code="linked").count() == 1
    page = Client().get(one.path).content.decode()
    assert "Свързано – отговаря на: „Втори“." in page
    assert "Отговаря на" in page


def test_not_with_itself_not_both_ways_not_of_an_act_s_kind_not_by_others(pair: tuple[Subject, Subject]) -> None:
    one, other = pair
    official = factories.official()
    assert refusal(one, one, Kind.REPLACES, official) == ["other"]
    assert refusal(one, other, Kind.DUPLICATE_OF, official) == ["kind"]
    spine.connect(one.pk, other, Kind.REPLACES, by=official)
    assert refusal(other, one, Kind.REPLACES, official) == ["other"]
    with pytest.raises(PermissionDenied):
        spine.connect(one.pk, other, Kind.ANSWERS, by=factories.resident())
    assert Link.objects.count() == 1


def test_what_is_hidden_later_is_named_on_neither_side(pair: tuple[Subject, Subject]) -> None:
    one, other = pair
    spine.connect(one.pk, other, Kind.ANSWERS, by=factories.official())
    Subject.objects.filter(pk=other.pk).update(visibility="hidden", is_public=False)
    assert said(one) == []
    assert "Втори" not in Client().get(one.path).content.decode()


def test_the_page_of_staff_links_by_number_or_address_and_keeps_what_is_refused(
    pair: tuple[Subject, Subject], client: Client
) -> None:
    one, other = pair
    client.force_login(factories.official())
    address = f"/subjects/{one.reference}/link/"
    wrong = client.post(address, {"kind": "answers", "other": "няма такова"})
    assert (wrong.status_code, "няма такова" in wrong.content.decode()) == (422, True)
    assert (
        client.post(address, {"kind": "answers", "other": f"{settings.SITE_URL}/reports/{other.reference}/?x=1"}).status_code
        == 302
    )
    assert said(one) == [(str(WORDS["answers"][0]), ["Втори"])]
    page = client.get(address).content.decode()
    link = Link.objects.get()
    assert f'value="{link.pk}"' in page
    client.post(address, {"away": str(link.pk)})
    assert Link.objects.count() == 0


def test_links_are_one_query_however_many(pair: tuple[Subject, Subject], django_assert_num_queries: Any) -> None:
    one, _other = pair
    for number in range(5):
        Link.objects.create(source=one, target=factories.report(title=str(number)).subject, kind=Kind.ANSWERS)
    with django_assert_num_queries(1):
        assert len(related(one)[0].subjects) == 5
