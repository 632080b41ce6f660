"""Organisations that take part: their page, members and roles, verification, what they said."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import actions as people
from accounts import organisations
from accounts.models import Invitation, Membership, User
from discussion import actions as spine
from discussion.voices import voices
from municipality.models import Organisation, Sector
from reports import actions
from reports.actions.person import erase
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def wheels() -> Organisation:
    factories.town()
    return Organisation.objects.create(slug="wheels", kind="association", name=factories.texts("Колела", "Wheels"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def representative(of: Organisation) -> User:
    user = factories.resident()
    Membership.objects.create(user=user, organisation=of, roles=["representative"])
    return user


def test_from_verification_to_the_first_word(wheels: Organisation):
    admin = factories.administrator()
    listed = Client().get("/organisations/").content.decode()
    assert "непотвърдена" in listed
    assert 'пише на <a href="mailto:town@levka.test">' in listed and "отбелязва я като потвърдена" in listed
    assert signed_in(admin).post("/organisations/wheels/verify/").status_code == 302
    sent = {"email": "Rada@Levka.test", "role": "representative", "language": "bg"}
    assert signed_in(admin).post("/organisations/wheels/invite/", sent).status_code == 302
    rada = people.accept(Invitation.objects.get().pk, name="Рада Колева", password="correct horse battery")
    assert (rada.works_here, voices(rada)) == (False, [Organisation.objects.get(slug="wheels")])
    client = signed_in(rada)
    assert client.get("/desk/").status_code == 404
    report = factories.report()
    path = f"/reports/{report.subject.reference}/comment/"
    assert "Колела (сдружение)" in client.get(path).content.decode()
    answer = client.post(
        path, {"text": "Броихме колелата.", "client_uuid": str(uuid.uuid4()), "organisation": wheels.pk, "stance": "for"}
    )
    assert answer.status_code == 200
    spine.settle_comment(report.subject.comments.get().pk, publish=True, by=factories.moderator())
    html = Client().get("/organisations/wheels/").content.decode()
    assert "Броихме колелата." in html and "1 представител" in html and "Рада" not in html and "rada@" not in html
    assert "Рада Колева" in client.get("/organisations/wheels/").content.decode()  # its own people it sees
    page = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert 'href="/organisations/wheels/"' in page and "сдружение" in page


def test_a_representative_keeps_the_page_and_the_members(wheels: Organisation):
    organisations.verify(wheels.pk, verified=True, by=factories.administrator())
    client, member = signed_in(representative(wheels)), factories.resident()
    held = Membership.objects.create(user=member, organisation=wheels, roles=["member"])
    assert signed_in(member).get("/organisations/wheels/invite/").status_code == 404
    sent = {"about_bg": "Караме колела.", "about_en": "", "website": "https://wheels.example", "sectors": ["urban"]}
    assert client.post("/organisations/wheels/describe/", sent).status_code == 302
    wheels.refresh_from_db()
    assert (wheels.about, wheels.website) == ({"bg": "Караме колела."}, "https://wheels.example")
    assert list(wheels.sectors.all()) == [Sector.objects.get(slug="urban")]
    private = client.post("/organisations/wheels/describe/", {**sent, "about_bg": "Обадете се: 0888 123 456"})
    assert private.status_code == 422
    assert client.post(f"/organisations/wheels/members/{held.pk}/").status_code == 302
    held.refresh_from_db()
    assert not held.active


@pytest.mark.parametrize(
    "sent", [{"website": "javascript:alert(1)"}, {"website": "x" * 300}, {"sectors": ["none"]}, {"about_bg": "х" * 601}]
)
def test_a_wrong_description_changes_nothing(wheels: Organisation, sent: dict[str, Any]):
    assert signed_in(factories.administrator()).post("/organisations/wheels/describe/", sent).status_code == 422
    wheels.refresh_from_db()
    assert (wheels.about, wheels.website) == (None, "")


@pytest.mark.parametrize(
    "sent", [{}, {"email": "x"}, {"email": "a@b.bg", "role": "administrator"}, {"email": "a@b.bg", "role": "member"}]
)
def test_nobody_is_invited_into_an_organisation_that_is_not_verified(wheels: Organisation, sent: dict[str, str]):
    answer = signed_in(factories.administrator()).post("/organisations/wheels/invite/", {"language": "bg", **sent})
    assert (answer.status_code, Invitation.objects.exists()) == (422, False)


def test_only_those_who_may_do_so(wheels: Organisation):
    resident, other = (
        factories.resident(),
        representative(Organisation.objects.create(slug="b", kind="company", name=factories.texts("Б"))),
    )
    for by in (resident, other, factories.moderator(), representative(wheels)):  # not verified: nobody acts for it yet
        with pytest.raises(ValidationError):
            organisations.invite_member("a@levka.test", wheels.pk, "member", language="bg", by=by)
        with pytest.raises(ValidationError):
            organisations.verify(wheels.pk, verified=True, by=by)
        with pytest.raises(ValidationError):
            organisations.describe(wheels.pk, about=None, website="", sectors=[], by=by)
    assert Organisation.objects.get(slug="wheels").verified_at is None


def test_a_department_is_neither_verified_nor_its_people_ended_here():
    factories.town()
    admin, roads = factories.administrator(), Organisation.objects.get(slug="roads")
    official = factories.official()
    with pytest.raises(ValidationError):
        organisations.verify(roads.pk, verified=True, by=admin)
    with pytest.raises(ValidationError):
        organisations.end_membership(official.memberships.get().pk, by=admin)
    assert official.memberships.get().active


def test_taking_the_verification_back_silences_it(wheels: Organisation):
    admin = factories.administrator()
    organisations.verify(wheels.pk, verified=True, by=admin)
    by = representative(wheels)
    assert voices(by) == [wheels]
    organisations.verify(wheels.pk, verified=False, by=admin)
    assert voices(User.objects.get(pk=by.pk)) == []


def test_outside_memberships_are_not_among_the_people_who_work_here(wheels: Organisation):
    by = representative(wheels)
    html = signed_in(factories.administrator()).get("/accounts/people/").content.decode()
    assert by.email not in html
    pk = by.memberships.get().pk
    assert signed_in(factories.administrator()).get(f"/accounts/people/{pk}/").status_code == 404


def test_a_member_may_erase_the_own_account_and_the_word_of_the_organisation_stays(wheels: Organisation):
    organisations.verify(wheels.pk, verified=True, by=factories.administrator())
    by, report = User.objects.get(pk=representative(wheels).pk), factories.report()
    made = spine.comment(
        report.pk, text="Броихме.", client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, public_name="Рада",
        organisation=Organisation.objects.get(pk=wheels.pk),
    )  # fmt: skip
    spine.settle_comment(made.pk, publish=False, by=factories.moderator(), reason="spam")
    asked = spine.appeal(made.pk, text="Аз съм Рада.", correspondent=by.correspondent)
    erase(by.correspondent)
    made.refresh_from_db()
    asked.refresh_from_db()
    assert (made.public_name, made.organisation, asked.text) == ("", wheels, "")
    assert report.subject.timeline.filter(code="commenter_erased").count() == 1  # no kept page shows the name
    assert not Membership.objects.filter(organisation=wheels, active=True).exists()


def test_the_ideas_it_stands_behind_are_told(wheels: Organisation):
    organisations.verify(wheels.pk, verified=True, by=factories.administrator())
    by, idea = User.objects.get(pk=representative(wheels).pk), factories.report(category="park-idea", title="Сянка в парка")
    actions.endorse(idea.pk, Organisation.objects.get(pk=wheels.pk), by=by)
    html = Client().get("/organisations/wheels/").content.decode()
    assert "Идеи, зад които застава" in html and "Сянка в парка" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many(wheels: Organisation, count: int, django_assert_max_num_queries: Any):
    for n in range(count):
        Organisation.objects.create(slug=f"o-{n}", kind="company", name=factories.texts(f"О {n}"))
    Client().get("/reports/0000000000/")
    with django_assert_max_num_queries(4):
        assert Client().get("/organisations/").status_code == 200
