"""Co-authors whom the author invites, organisations behind an idea: who may, what is shown, how it ends."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Correspondent
from discussion.models import Follow, Subject, TimelineRow
from municipality.models import Organisation
from reports import actions, co_author_links
from reports.actions.move import Given
from reports.actions.person import erase, take_over
from reports.models import CoAuthor, Endorsement, Report
from reports.my_copy import copy_of
from tests import factories
from tests.reports.council.world import decided, idea

MAIL = "together@levka.test"


@pytest.fixture
def town(db):
    return factories.town()


def invited(report: Report, email: str = MAIL) -> CoAuthor:
    return actions.invite(report.pk, email, by=report.author, language="bg")


def page(report: Report, client: Client | None = None) -> str:
    return (client or Client()).get(f"/reports/{report.subject.reference}/").text


def test_the_author_alone_invites_and_the_same_address_is_asked_once(town):
    report = idea()
    made = invited(report)
    assert invited(report, MAIL.upper()) == made
    assert TimelineRow.objects.filter(code="co_author_asked", audience="author", tells=True).count() == 1
    for somebody in (factories.resident(), factories.official("parks"), None):
        with pytest.raises(PermissionDenied):
            actions.invite(report.pk, "x@levka.test", by=somebody)
    with pytest.raises(ValidationError):
        invited(report, report.author.email)
    assert CoAuthor.objects.count() == 1


def test_ten_at_most(town):
    report = idea()
    for number in range(10):
        invited(report, f"n{number}@levka.test")
    with pytest.raises(ValidationError) as refused:
        invited(report, "eleventh@levka.test")
    assert "email" in refused.value.message_dict


def test_get_changes_nothing_and_the_button_makes_a_co_author(town, client: Client):
    report = idea()
    path = co_author_links.path(invited(report).pk)
    assert "Ще бъдете ли съавтор" in client.get(path).text
    assert CoAuthor.objects.get().agreed_at is None
    assert "Заедно с" not in page(report)
    answered = client.post(path, {"public_name": "Галина Ангелова"}, follow=True)
    assert "Вие сте съавтор" in answered.text
    assert Correspondent.objects.get(email=MAIL).verified_at is not None
    assert Follow.objects.filter(subject=report.pk, correspondent__email=MAIL).exists()
    assert "Заедно с" not in page(report)
    read(report)
    assert "Заедно с: Галина Ангелова" in page(report)
    assert MAIL not in page(report)
    assert Client().get(f"/api/v1/reports/{report.subject.reference}/").json()["co_authors"] == ["Галина Ангелова"]


def read(report: Report, verb: str = "publish") -> None:
    """A moderator reads the wished name in the queue and presses the button."""
    staff = Client()
    staff.force_login(factories.moderator(), backend="django.contrib.auth.backends.ModelBackend")
    wished = CoAuthor.objects.get(report=report)
    address = f"/desk/moderation/names/{wished.pk}/{verb}/"
    queue = staff.get("/desk/moderation/").text
    assert wished.asked_name in queue and address in queue
    assert wished.asked_name in staff.get(address).text
    assert staff.post(address, {"name": "Друго име"}).status_code == 422
    assert staff.post(address, {"name": wished.asked_name}).status_code == 302
    assert staff.get(address).status_code == 404


def test_a_name_that_is_changed_is_read_anew_and_the_one_before_stays_until_then(town, client: Client):
    report = idea()
    path = co_author_links.path(invited(report).pk)
    client.post(path, {"public_name": "Галина"})
    read(report)
    client.post(path, {"public_name": "Купете тук"})
    assert ("Заедно с: Галина" in page(report), "Купете тук" in page(report)) == (True, False)
    assert "Купете тук" in client.get(f"/reports/{report.subject.reference}/").text
    read(report, "reject")
    found = CoAuthor.objects.get()
    assert (found.public_name, found.asked_name, "Заедно с: Галина" in page(report)) == ("Галина", "", True)
    rows = TimelineRow.objects.filter(code__in=("co_author_named", "co_author_unnamed"))
    assert [row.code for row in rows] == ["co_author_named", "co_author_unnamed"]
    with pytest.raises(PermissionDenied):
        actions.settle_name(found.pk, name="Галина", publish=True, by=factories.official())
    client.post(path, {"public_name": ""})
    assert "Заедно с" not in page(report)


def test_a_name_is_shown_only_when_wished_and_private_words_are_asked_about(town, client: Client):
    report = idea()
    path = co_author_links.path(invited(report).pk)
    assert client.post(path, {"public_name": "Галя 0888 123 456"}).status_code == 422
    assert CoAuthor.objects.get().agreed_at is None
    assert client.post(path, {"public_name": ""}).status_code == 302
    assert "Заедно с" not in page(report)


def test_a_co_author_adds_and_cannot_withdraw(town, client: Client):
    report = idea()
    made = invited(report)
    client.post(co_author_links.path(made.pk), {"public_name": ""})
    ref = report.subject.reference
    assert client.post(f"/reports/{ref}/add/", {"text": "Тръбата е на десет метра."}).status_code == 302
    row = TimelineRow.objects.get(code="added")
    assert row.data == {"co_author": made.pk}
    said = page(report)
    assert "Тръбата е на десет метра." in said
    assert "Съавтор добави към идеята." in said
    for name in ("act/withdraw", "edit", "move", "name", "co-authors"):
        assert client.get(f"/reports/{ref}/{name}/").status_code == 404, name
    with pytest.raises(PermissionDenied):
        actions.act(report.pk, "withdraw", by=None, given=Given(text="Не."))
    with pytest.raises(PermissionDenied):
        actions.add_words(idea().pk, text="Чужда идея.", co_author=made.pk)


def test_leaving_takes_the_name_away_and_no_mail_asks_again(town, client: Client):
    report = idea()
    made = invited(report)
    client.post(co_author_links.path(made.pk), {"public_name": "Галина"})
    path = f"/reports/{report.subject.reference}/leave/"
    assert client.get(path).status_code == 200
    read(report)
    assert "Галина" in page(report)
    assert client.post(path).status_code == 302
    assert "Галина" not in page(report)
    assert client.post(f"/reports/{report.subject.reference}/add/", {"text": "Още."}).status_code == 404
    invited(report)
    assert TimelineRow.objects.filter(code="co_author_asked").count() == 1
    assert TimelineRow.objects.filter(code="co_author_left").count() == 1


def test_declining_and_an_invitation_taken_back(town, client: Client):
    report = idea()
    first, second = invited(report), invited(report, "second@levka.test")
    assert client.post(co_author_links.path(first.pk), {"decline": "1"}).status_code == 302
    assert CoAuthor.objects.get(pk=first.pk).declined_at is not None
    client.force_login(report.author, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/reports/{report.subject.reference}/co-authors/"
    assert "second@levka.test" in client.get(path).text
    assert client.post(path, {"take_back": str(second.pk)}).status_code == 302
    assert Client().get(co_author_links.path(second.pk)).status_code == 410
    assert client.post(path, {"take_back": "x"}).status_code == 404
    assert client.post(path, {"email": "никой"}).status_code == 422
    assert client.post(path, {"email": "third@levka.test"}).status_code == 302
    assert Client().get("/ideas/co-author/forged/").status_code == 410


def test_the_author_sees_the_address_as_it_was_written_and_no_other_of_that_person(town, client: Client):
    report = idea()
    made = invited(report)
    Correspondent.objects.filter(email=MAIL).update(email="private@levka.test")
    client.force_login(report.author, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/reports/{report.subject.reference}/co-authors/"
    assert MAIL in client.get(path).text
    assert "private@levka.test" not in client.get(path).text
    actions.agree(made.pk, public_name="Галина")
    answered = client.get(path).text
    assert MAIL not in answered
    assert "съавтор, желае да е показан като Галина" in answered
    read(report)
    assert "съавтор, показан като Галина" in client.get(path).text


def test_nothing_is_asked_of_an_idea_that_has_ended(town):
    report = decided("refuse")
    with pytest.raises(actions.NotAllowed):
        invited(report)


def test_a_person_has_a_copy_of_it_is_joined_and_erased(town):
    report = idea()
    made = invited(report)
    actions.agree(made.pk, public_name="Галина")
    known = Correspondent.objects.get(email=MAIL)
    assert [(row["public_name"], row["asked_name"]) for row in copy_of(known)["co_authored"]] == [("", "Галина")]
    other = factories.guest("other@levka.test")
    take_over(known, other)
    assert CoAuthor.objects.get().correspondent == other
    erase(other)
    found = CoAuthor.objects.get()
    assert (found.correspondent, found.public_name, found.asked_name) == (None, "", "")
    assert "Галина" not in page(report)


# -- organisations


@pytest.fixture
def club(town) -> Organisation:
    return Organisation.objects.create(
        slug="club", kind="association", name=factories.texts("Клуб „Планинар“", "Hikers"), verified_at=timezone.now()
    )


def member(club: Organisation):
    return factories.person("official", organisation=club.slug, name="Невена Лалова")


def test_an_organisation_stands_behind_an_idea_once_and_is_no_support(town, club):
    report, by = idea(), member(club)
    actions.endorse(report.pk, club, by=by)
    actions.endorse(report.pk, club, by=member(club))
    assert Endorsement.objects.count() == 1
    assert TimelineRow.objects.filter(code="endorsed", audience="public").count() == 1
    assert Subject.objects.get(pk=report.pk).support_count == 0
    said = page(report)
    assert "Зад нея застават" in said
    assert "Клуб „Планинар“ застава зад идеята." in said
    assert "Невена Лалова" not in said
    assert Client().get(f"/api/v1/reports/{report.subject.reference}/").json()["endorsed_by"] == ["club"]
    assert actions.unendorse(report.pk, club, by=by)
    assert not actions.unendorse(report.pk, club, by=by)
    assert "Зад нея застават" not in page(report)


def test_spoken_for_without_membership_or_verification_it_is_refused_and_nothing_changes(town, club):
    report, stranger, by = idea(), factories.resident(), member(club)
    for verb in (actions.endorse, actions.unendorse):
        with pytest.raises(ValidationError) as refused:
            verb(report.pk, club, by=stranger)
        assert "organisation" in refused.value.message_dict
    Organisation.objects.filter(pk=club.pk).update(verified_at=None)
    with pytest.raises(ValidationError):
        actions.endorse(report.pk, Organisation.objects.get(pk=club.pk), by=type(by).objects.get(pk=by.pk))
    with pytest.raises(ValidationError):
        actions.endorse(report.pk, Organisation.objects.get(slug="parks"), by=factories.official("parks"))
    assert not Endorsement.objects.exists()
    assert not TimelineRow.objects.filter(code="endorsed").exists()


def test_the_page_of_a_member_stands_behind_and_takes_it_back(town, club, client: Client):
    report, by = idea(), member(club)
    path = f"/reports/{report.subject.reference}/endorse/"
    assert Client().get(path).status_code == 404
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    assert path in page(report, client)
    assert "Клуб „Планинар“" in client.get(path).text
    assert client.post(path, {"organisation": "parks"}).status_code == 422
    assert client.post(path, {"organisation": "club"}).status_code == 302
    assert Endorsement.objects.get().by == by
    assert "стои зад нея" in client.get(path).text
    assert client.post(path, {"organisation": "club", "back": "1"}).status_code == 302
    assert not Endorsement.objects.exists()
