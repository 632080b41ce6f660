"""„Looks fixed“: anybody says so with a photo; the public reads it only when an official has confirmed it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import discussion.actions
import notifications.actions
from accounts.models import Correspondent
from discussion import wishes
from discussion.models import Comment
from notifications.models import Delivery, InboxEntry
from notifications.recipients import recipients_of
from reports import actions
from reports.actions import clockwork
from reports.actions.fixed import let_go_of_old
from reports.models import FixedClaim, Photo, Report
from tests import factories
from tests.kernel.pictures import picture
from tests.reports.test_my_page import known_browser, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def shot() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", picture(), "image/jpeg")


def said(report: Report, by: Correspondent | None = None) -> FixedClaim:
    client_uuid = uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), client_uuid, picture())
    return actions.say_fixed(
        report.pk, text="Запълнена е.", photo=client_uuid, client_uuid=uuid.uuid4(), correspondent=by or factories.guest()
    )


def codes(report: Report) -> list[str]:
    return list(report.subject.timeline.order_by("pk").values_list("code", flat=True))


def page(report: Report, client: Client | None = None) -> str:
    return (client or Client()).get(f"/reports/{report.subject.reference}/").content.decode()


def test_a_known_person_says_it_and_the_official_resolves_by_it():
    report, guest, official = factories.report(), factories.guest(), factories.official()
    client = known_browser(guest)
    sent = {"text": "Запълнена е.", "photo": shot(), "client_uuid": str(uuid.uuid4())}
    assert client.post(f"/reports/{report.subject.reference}/fixed/", sent).status_code == 200
    claim = FixedClaim.objects.get()
    assert (claim.state, codes(report)[-1]) == ("waiting", "looks_fixed")
    assert "Запълнена е." not in page(report)
    media = f"/media/{claim.photo_id}/small.jpg"
    assert [Client().get(media).status_code, client.get(media).status_code] == [404, 404]
    assert signed_in(factories.official("parks")).get(media).status_code == 404
    desk = signed_in(official)
    assert desk.get(media).status_code == 200
    assert "Запълнена е." in desk.get(f"/desk/{report.subject.reference}/").content.decode()
    act = f"/desk/{report.subject.reference}/fixed/{claim.pk}/confirm/"
    words = {"text": "Така е, благодарим.", "version": report.subject.version}
    preview = desk.post(act, words)
    assert "Така е, благодарим." in preview.content.decode()
    report.refresh_from_db()
    assert report.status == "received"
    assert desk.post(act, {**words, "sure": "1"}).status_code == 302
    report.refresh_from_db()
    claim.refresh_from_db()
    assert (report.status, claim.state, codes(report)[-1]) == ("resolved", "confirmed", "resolve")
    assert str(claim.photo_id) in page(report)
    assert Client().get(media).status_code == 200
    assert desk.post(act, {**words, "sure": "1"}).status_code == 404


def test_a_stranger_is_asked_by_mail_first():
    report = factories.report()
    sent = {"text": "Готово е.", "photo": shot(), "client_uuid": str(uuid.uuid4()), "email": "new@levka.test"}
    assert Client().post(f"/reports/{report.subject.reference}/fixed/", sent).status_code == 200
    claim = FixedClaim.objects.get()
    row = report.subject.timeline.latest("pk")
    assert (claim.state, row.code) == ("unconfirmed", "confirmation_asked")
    assert "Готово е." not in signed_in(factories.official()).get(f"/desk/{report.subject.reference}/").content.decode()
    notifications.actions.tell(row.pk)
    notifications.actions.deliver(Delivery.objects.get().pk)
    assert "изглежда решен" in mail.outbox[-1].body
    token = wishes.token(claim.correspondent_id, report.pk, wishes.Wish.FIXED)
    assert token.split(":")[0] in mail.outbox[-1].body
    assert Client().get(f"/reports/confirm/{token}/").status_code == 200
    claim.refresh_from_db()
    assert claim.state == "unconfirmed"
    for _twice in range(2):
        Client().post(f"/reports/confirm/{token}/")
    claim.refresh_from_db()
    assert claim.state == "waiting"
    assert codes(report).count("looks_fixed") == 1
    told = recipients_of(report.subject.timeline.get(code="looks_fixed"))
    assert [found.mailbox for found in told] == ["roads@levka.test"]


def test_an_address_that_answered_before_is_asked_again_where_nothing_proves_whose_it_is():
    report, other = factories.report(), factories.report()
    owner = factories.guest("known@levka.test")
    sent = {"text": "Готово е.", "photo": shot(), "client_uuid": str(uuid.uuid4()), "email": owner.email}
    assert Client().post(f"/reports/{report.subject.reference}/fixed/", sent).status_code == 200
    said = {"text": "И аз го видях.", "client_uuid": str(uuid.uuid4()), "email": owner.email}
    assert Client().post(f"/reports/{report.subject.reference}/comment/", said).status_code == 200
    claim, comment = FixedClaim.objects.get(), Comment.objects.get()
    assert (claim.state, comment.state) == ("unconfirmed", "unconfirmed")
    rows = report.subject.timeline.filter(code__in=("confirmation_asked", "commented"))
    assert [[found.correspondent for found in recipients_of(row)] for row in rows] == [[owner], [owner]]
    for about, wish, states in (
        (other, wishes.Wish.COMMENT, ("unconfirmed", "unconfirmed")), (report, wishes.Wish.FOLLOW, ("unconfirmed", "unconfirmed")),
        (report, wishes.Wish.COMMENT, ("unconfirmed", "waiting")), (report, wishes.Wish.FIXED, ("waiting", "waiting")),
    ):  # fmt: skip
        Client().post(f"/reports/confirm/{wishes.token(owner.pk, about.pk, wish)}/")
        claim.refresh_from_db()
        comment.refresh_from_db()
        assert (claim.state, comment.state) == states


def test_a_dismissed_claim_is_answered_and_its_photo_is_gone(django_capture_on_commit_callbacks):
    report, official, guest = factories.report(), factories.official(), factories.guest()
    claim = said(report, guest)
    photo = claim.photo
    act = f"/desk/{report.subject.reference}/fixed/{claim.pk}/dismiss/"
    desk = signed_in(official)
    assert desk.post(act, {"text": "", "version": 2}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(act, {"text": "Само е засипана.", "version": report.subject.version}).status_code == 302
    claim.refresh_from_db()
    row = report.subject.timeline.latest("pk")
    assert (claim.state, row.code, claim.photo) == ("dismissed", "fixed_dismissed", None)
    assert not Photo.objects.filter(pk=photo.pk).exists()
    assert not actions.photos.folder_of(photo).exists()
    assert "Само е засипана." not in page(report)
    assert [found.correspondent for found in recipients_of(row)] == [guest]
    said(report, guest)


def letters_to(row: Any, email: str) -> list[str]:
    """Tells of the act and sends what was made; the text of the letters to that address."""
    mail.outbox.clear()
    notifications.actions.tell(row.pk)
    for delivery in Delivery.objects.filter(row=row, channel="email"):
        notifications.actions.deliver(delivery.pk)
    return [sent.body for sent in mail.outbox if sent.to == [email]]


def test_whoever_said_so_hears_that_the_official_confirmed_it():
    report, official = factories.report(), factories.official()
    guest, resident = factories.guest("guest@levka.test"), factories.resident(email="rada@levka.test")
    claim = said(report, guest)
    said(report, resident.correspondent)
    row = actions.accept_fixed(claim.pk, text="Така е, благодарим.", by=official)
    assert row.data["claim"] == claim.pk
    (letter,) = letters_to(row, "guest@levka.test")
    assert letter.startswith("Сигналът е решен, както писахте. Благодарим Ви.\n\n> Така е, благодарим.\n")
    assert "/unsubscribe/" in letter
    assert InboxEntry.objects.filter(row=row, correspondent=guest).count() == 1
    inbox = signed_in(resident).get("/accounts/inbox/").content.decode()
    assert "Сигналът е решен." in inbox
    actions.act(report.pk, "request_reopen", by=report.author, given=actions.Given(text="Пак."))
    actions.act(report.pk, "reopen", by=official, given=actions.Given(text="Да."))
    FixedClaim.objects.filter(correspondent=resident.correspondent).update(state="dismissed")
    later = actions.act(report.pk, "resolve", by=official, given=actions.Given(text="Сега вече."))
    assert letters_to(later, "guest@levka.test") == []


def test_whoever_said_so_hears_also_when_the_official_resolves_it_without_that_or_says_no():
    report, official, guest = factories.report(), factories.official(), factories.guest("guest@levka.test")
    claim = said(report, guest)
    (letter,) = letters_to(actions.dismiss_fixed(claim.pk, text="Само е засипана.", by=official), "guest@levka.test")
    assert letter.startswith("Служител провери:") and "> Само е засипана." in letter
    said(report, guest)
    row = actions.act(report.pk, "resolve", by=official, given=actions.Given(text="Асфалтирана е."))
    (letter,) = letters_to(row, "guest@levka.test")
    assert "както писахте" in letter and "> Асфалтирана е." in letter


def test_who_follows_it_or_stopped_its_mails_gets_no_second_letter():
    report, official, guest = factories.report(), factories.official(), factories.guest("guest@levka.test")
    follower, silent = factories.guest("follower@levka.test"), factories.guest("silent@levka.test")
    for person in (guest, follower, silent):
        said(report, person)
    discussion.actions.follow(report.pk, follower)
    notifications.actions.stop(silent, [report.subject])
    row = actions.act(report.pk, "resolve", by=official, given=actions.Given(text="Асфалтирана е."))
    told = [(who.correspondent.email, str(who.role)) for who in recipients_of(row) if who.role != "author"]
    assert told == [("follower@levka.test", "follower"), ("guest@levka.test", "visitor")]


def test_words_and_photo_are_needed_and_the_photo_is_not_lost():
    report, client = factories.report(), known_browser(factories.guest())
    address, number = f"/reports/{report.subject.reference}/fixed/", str(uuid.uuid4())
    bare = client.post(address, {"text": "Готово.", "client_uuid": number})
    assert (bare.status_code, set(bare.context["form"].errors)) == (422, {"photo"})
    mute = client.post(address, {"text": "", "photo": shot(), "client_uuid": number})
    assert (mute.status_code, set(mute.context["form"].errors)) == (422, {"text"})
    assert "Снимката Ви е запазена" in mute.content.decode()
    assert client.post(address, {"text": "Готово.", "client_uuid": number}).status_code == 200
    assert (
        client.post(address, {"text": "Готово.", "client_uuid": number}).status_code == 422 or FixedClaim.objects.count() == 1
    )
    assert FixedClaim.objects.get().photo is not None
    broken = SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")
    refused = client.post(address, {"text": "Готово.", "photo": broken, "client_uuid": str(uuid.uuid4())})
    assert (refused.status_code, "photo" in refused.context["form"].errors) == (422, True)


def test_one_claim_a_person_five_a_report_and_only_on_open_problems():
    report, guest = factories.report(), factories.guest()
    said(report, guest)
    with pytest.raises(ValidationError) as twice:
        said(report, guest)
    assert twice.value.code == "twice"
    for _more in range(4):
        said(report)
    with pytest.raises(ValidationError) as many:
        said(report)
    assert many.value.code == "many"
    idea = factories.report(category="park-idea")
    with pytest.raises(actions.NotAllowed):
        said(idea)
    assert Client().get(f"/reports/{idea.subject.reference}/fixed/").status_code == 404
    restricted = factories.report(restricted=True)
    assert Client().get(f"/reports/{restricted.subject.reference}/fixed/").status_code == 404


def test_only_the_official_in_charge_settles():
    claim = said(factories.report())
    for who in (factories.official("parks"), factories.moderator(), factories.resident()):
        with pytest.raises(PermissionDenied):
            actions.accept_fixed(claim.pk, text="Да.", by=who)
        with pytest.raises(PermissionDenied):
            actions.dismiss_fixed(claim.pk, text="Не.", by=who)


def test_the_sweeper_leaves_the_photo_of_a_waiting_claim():
    claim = said(factories.report())
    Photo.objects.update(created_at=timezone.now() - datetime.timedelta(days=3))
    clockwork.sweep_photos()
    assert Photo.objects.filter(pk=claim.photo_id).exists()


def test_the_desk_lists_what_looks_fixed():
    said(factories.report(title="Казват решен"))
    factories.report(title="Още е дупка")
    html = signed_in(factories.official()).get("/desk/?tab=fixed").content.decode()
    assert ("Казват решен" in html, "Още е дупка" in html) == (True, False)


def test_an_unproven_claim_is_replaced_by_the_next_and_goes_after_a_week(django_capture_on_commit_callbacks):
    report, guest = factories.report(), factories.guest(verified=False)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = said(report, guest), said(report, guest)
    first.refresh_from_db()
    assert (first.state, first.photo, second.state) == ("dismissed", None, "unconfirmed")
    now = timezone.now()
    assert let_go_of_old(now + datetime.timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go_of_old(now + datetime.timedelta(days=8)) == 1
    assert not Photo.objects.exists()


def test_a_claim_that_nobody_settled_goes_a_month_after_the_report_has_moved_on():
    report, still_open = factories.report(), factories.report()
    claim, waiting = said(report), said(still_open)
    actions.act(report.pk, "resolve", by=factories.official(), given=actions.Given(text="Готово."))
    now = timezone.now()
    assert let_go_of_old(now + datetime.timedelta(days=29)) == 0
    assert let_go_of_old(now + datetime.timedelta(days=31)) == 1
    claim.refresh_from_db()
    waiting.refresh_from_db()
    assert (claim.state, waiting.state) == ("dismissed", "waiting")
