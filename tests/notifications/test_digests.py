"""A summary: grouped by subject, the newest first, only of what everyone may see, one a day, what is late goes with the next."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine

from notifications import actions, alerts, digests, handing
from notifications.alerts import Where
from notifications.models import Digest, Waiting
from reports.actions import act, hide
from reports.actions.move import Given
from reports.models import Reason
from tests import factories

SOFIA = ZoneInfo("Europe/Sofia")


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 6, day, hour, minute, tzinfo=SOFIA)


@pytest.fixture
def reader(town):
    person = factories.guest("reader@levka.test")
    alerts.save(Where(), correspondent=person, updates=True, frequency="daily")
    return person


def happens(moment: datetime.datetime, title: str):
    with time_machine.travel(moment, tick=False):
        report = factories.report(tells=True, title=title)
        actions.tell(report.subject.timeline.get().pk)
    return report


def goes_on(moment: datetime.datetime, report, name: str, **given) -> None:
    with time_machine.travel(moment, tick=False):
        actions.tell(act(report.pk, name, by=factories.official(), given=Given(**given)).pk)


def sent(moment: datetime.datetime) -> list[str]:
    with time_machine.travel(moment, tick=False):
        return [digests.send(pk) for pk in digests.make_due(moment)]


def test_one_mail_with_each_subject_once_and_the_newest_first(reader, mailoutbox):
    first = happens(at(2, 10), "Първа дупка")
    happens(at(2, 11), "Втора дупка")
    goes_on(at(2, 12), first, "start")
    assert sent(at(3, 7, 59)) == []
    assert sent(at(3, 8)) == ["sent"]
    (mail,) = mailoutbox
    assert mail.subject == "Левка: 2 новини за деня"
    assert mail.to == ["reader@levka.test"]
    assert re.findall(r"(Първа дупка|Втора дупка) ·", mail.body) == ["Първа дупка", "Втора дупка"]
    assert re.findall(r"(получен|започна работа)", mail.body) == ["получен", "започна работа", "получен"]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Втора дупка" in mail.alternatives[0].content


def test_a_second_worker_and_a_later_look_make_none_twice(reader, mailoutbox):
    happens(at(2, 10), "Дупка")
    assert len(digests.make_due(at(3, 8))) == 1
    assert digests.make_due(at(3, 8)) == digests.make_due(at(3, 20)) == []
    assert sent(at(4, 8)) == []


def test_what_is_told_late_goes_with_the_next(reader, mailoutbox):
    happens(at(2, 10), "Навреме")
    assert sent(at(3, 8)) == ["sent"]
    happens(at(3, 8, 1), "После")
    Waiting.objects.filter(digest=None).update(created_at=at(3, 7))  # told within the same hour, marked before it
    assert sent(at(3, 9)) == []
    assert sent(at(4, 8)) == ["sent"]
    assert ["После" in mail.body for mail in mailoutbox] == [False, True]


def test_days_without_a_worker_are_made_up_for_once(reader, mailoutbox):
    for day in (2, 3, 4):
        happens(at(day, 10), f"Дупка {day}")
    assert sent(at(6, 15)) == ["sent"]
    assert Digest.objects.get().period == datetime.date(2026, 6, 6)
    assert len(re.findall(r"Дупка \d ·", mailoutbox[0].body)) == 3


def test_a_day_without_news_brings_no_mail(reader, mailoutbox):
    assert sent(at(3, 8)) == []
    assert mailoutbox == []


def test_what_was_hidden_meanwhile_is_not_in_it(reader, mailoutbox):
    happens(at(2, 10), "Остава")
    gone = happens(at(2, 11), "Скрита")
    hide(gone.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert sent(at(3, 8)) == ["sent"]
    assert "Скрита" not in mailoutbox[0].body + mailoutbox[0].alternatives[0].content
    alone = happens(at(3, 10), "Сама")
    hide(alone.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert sent(at(4, 8)) == ["skipped"]
    assert len(mailoutbox) == 1


def test_a_server_that_is_down_is_asked_again_under_the_same_message_id(reader, mailoutbox, monkeypatch):
    happens(at(2, 10), "Дупка")
    (pk,) = digests.make_due(at(3, 8))
    with monkeypatch.context() as broken:

        def down(_mail) -> None:
            raise handing.TryAgain("ConnectionRefusedError")

        broken.setattr(handing, "mail", down)
        with pytest.raises(handing.TryAgain):
            digests.send(pk)
    assert digests.send(pk) == "sent"
    assert mailoutbox[0].extra_headers["Message-ID"] == Digest.objects.get().message_id
    assert Digest.objects.get().attempts == 2


def test_it_comes_in_the_readers_language(town, mailoutbox):
    person = factories.guest("reader@levka.test")
    person.language = "en"
    person.save()
    alerts.save(Where(), correspondent=person, frequency="weekly")
    happens(at(2, 10), "Дупка")
    assert sent(at(8, 8)) == ["sent"]
    assert mailoutbox[0].subject == "Levka: 1 report of the week"
    assert "http://localhost:8000/en/unsubscribe/alerts/" in mailoutbox[0].body


def test_whoever_was_erased_meanwhile_gets_nothing(reader, mailoutbox):
    happens(at(2, 10), "Дупка")
    reader.email = ""
    reader.save()
    assert sent(at(3, 8)) == ["skipped"]
    assert mailoutbox == []
