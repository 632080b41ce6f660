"""Every verb by which somebody writes words refuses whoever is kept from writing: found from the verbs, so that none is forgotten."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from discussion import actions as spine
from municipality.models import Organisation
from participation.actions import alternative, event, initiative, move, pledge, practice, profile
from participation.models import Event
from reports import actions
from reports.models import Reason, Report
from tests import factories
from tests.participation import compared
from tests.participation.conftest import event as event_of
from tests.participation.conftest import said
from tests.participation.test_initiatives import said as proposed
from tests.participation.test_people import card
from tests.participation.test_pledges import pledge as pledge_of
from tests.participation.test_practices import practice as practice_of
from tests.participation.test_practices import summary

pytestmark = pytest.mark.django_db
APPS = ("accounts", "discussion", "participation", "reports")
WORDS = {
    "text", "title", "what", "why", "said", "sent", "held", "given", "facts", "parts", "public_name", "place", "note", "about",
    "photo_words", "answer", "link", "wish", "name",
}  # fmt: skip
"""Names of what a verb is given that can hold words."""
WRITERS = {"by", "correspondent", "sent"}
"""Names by which a verb is told who writes."""
OF_STAFF = (
    "accounts.actions", "discussion.actions.whole", "discussion.actions.moderating", "participation.actions.comparison",
    "participation.actions.consultation", "participation.actions.goal", "participation.actions.papers",
    "participation.actions.policy", "participation.actions.questions", "participation.actions.sections",
    "participation.actions.service", "participation.actions.survey", "participation.actions.table",
    "reports.actions.block", "reports.actions.case", "reports.actions.council", "reports.actions.cover", "reports.actions.moderate",
    "reports.actions.planning", "reports.actions.transfer",
)  # fmt: skip
"""Only who works here can do anything of these, and nobody who does can be kept from writing; but a writer's own appeal, which
moderators alone read, stays open to them."""
NO_WORDS = {
    "discussion.actions.spine": "what other verbs are made of",
    "discussion.actions.flags": "moderators alone read why something was reported",
    "participation.actions.answering": "an answer of a survey belongs to nobody, and a moderator shows its words",
    "participation.actions.move.take": "what other verbs are made of",
    "participation.actions.move.edge_of": "what other verbs are made of",
    "participation.actions.rewording.keep": "what changing an event or an initiative is made of",
    "participation.actions.rewording.refuse": "of staff",
    "reports.actions.submit.place_of": "what another verb is made of",
    "participation.actions.alternative.add": "of staff", "participation.actions.alternative.settle": "takes back, or a moderator rejects",
    "reports.actions.amend.note": "of staff", "reports.actions.amend.turn": "of staff",
    "reports.actions.author.show_name": "the own name or none",
    "reports.actions.together.settle_name": "of staff",
    "reports.actions.fixed.accept_fixed": "of staff", "reports.actions.fixed.dismiss_fixed": "of staff",
}  # fmt: skip


def verbs() -> set[str]:
    """Every public function of the verbs' modules that takes words."""
    found = set()
    for app in APPS:
        package = importlib.import_module(f"{app}.actions")
        under = pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}.")
        for module in [package, *(importlib.import_module(each.name) for each in under)]:
            for name, verb in vars(module).items():
                own = inspect.isfunction(verb) and inspect.unwrap(verb).__module__ == module.__name__
                taken = set(inspect.signature(verb).parameters) if own and not name.startswith("_") else set()
                if taken & WORDS and taken & WRITERS:
                    found.add(f"{module.__name__}.{name}")
    return found


def passed_over(verb: str) -> bool:
    return (
        verb.startswith(tuple(f"{module}." for module in OF_STAFF)) or verb in NO_WORDS or verb.rpartition(".")[0] in NO_WORDS
    )


def asked(by: Any) -> Report:
    """A problem about which an official asked its author."""
    made, official = factories.report(author=by), factories.official()
    actions.act(made.pk, "assign", by=factories.dispatcher(), given=actions.Given(person=official))
    actions.act(made.pk, "ask", by=official, given=actions.Given(text="Коя улица?"))
    return made


def idea_along(co_author: Any) -> tuple[Report, int]:
    """Somebody else's idea, with its co-author's key."""
    made = factories.report(category="park-idea")
    along = actions.invite(made.pk, co_author.email, proven_author=True)
    return made, actions.agree(along.pk)[0].pk


def written(by: Any) -> dict[str, Callable[[], Any]]:
    """Verb → the same person using it once more on what is theirs; made while they could write."""
    other = factories.report()
    return reported(by, other) | shared(by, other)


def reported(by: Any, other: Report) -> dict[str, Callable[[], Any]]:
    """The verbs of reports and conversations."""
    who, fresh, client_uuid = spine.correspondent_of(by), factories.report(author=by), uuid.uuid4()
    (others, along), question = idea_along(by), asked(by)
    comment = spine.comment(other.subject_id, text="Да.", client_uuid=uuid.uuid4(), correspondent=who, by=by)
    return {
        "discussion.actions.comments.comment": lambda: spine.comment(
            other.subject_id, text="Не.", client_uuid=client_uuid, correspondent=who, by=by
        ),
        "discussion.actions.comments.edit_comment": lambda: spine.edit_comment(
            comment.pk, text="Не.", correspondent=who, by=by
        ),
        "reports.actions.submit.submit": lambda: factories.report(author=by),
        "reports.actions.amend.edit": lambda: actions.edit(fresh.pk, title="Друга", text="Дума", by=by),
        "reports.actions.amend.add_words": lambda: actions.add_words(fresh.pk, text="Още", by=by),
        "reports.actions.amend.add_words of a co-author": lambda: actions.add_words(
            others.pk, text="Още", by=by, co_author=along
        ),
        "reports.actions.amend.relocate": lambda: actions.relocate(fresh.pk, place="Другаде", by=by),
        "reports.actions.move.act": lambda: actions.act(question.pk, "answer", by=by, given=actions.Given(text="Тази.")),
        "reports.actions.fixed.say_fixed": lambda: _says_fixed(other, who, by),
    }


def shared(by: Any, other: Report) -> dict[str, Callable[[], Any]]:
    """The verbs of what people take part in."""
    moderator, client_uuid = factories.moderator(), uuid.uuid4()
    met, begun, read = event_of(by=by), initiative.propose(proposed(), by=by, client_uuid=uuid.uuid4()), practice_of(by=by)
    for made in (met, begun):
        (initiative.act if made is begun else move.act)(type(made), made.pk, "publish", by=moderator)
    promised, variants = pledge_of(other.pk, by=by), compared.opened()
    pledge.act(promised.pk, "publish", by=moderator)
    variant = compared.sent(variants, by=by)
    return {
        "participation.actions.event.announce": lambda: event_of(by=by),
        "participation.actions.event.change": lambda: event.change(met.pk, said(title="Друга"), by=by),
        "participation.actions.event.hold": lambda: event.hold(met.pk, event.Held(text="Беше.", attendance=3), by=by),
        "participation.actions.move.act": lambda: move.act(Event, met.pk, "cancel", by=by, text="Няма."),
        "participation.actions.event.correct": lambda: _corrects(met.pk, by),
        "participation.actions.initiative.propose": lambda: initiative.propose(proposed(), by=by, client_uuid=client_uuid),
        "participation.actions.initiative.change": lambda: initiative.change(begun.pk, proposed(title="Друга"), by=by),
        "participation.actions.initiative.act": lambda: initiative.act(type(begun), begun.pk, "stop", by=by, text="Край."),
        "participation.actions.initiative.write_to_all": lambda: initiative.write_to_all(begun.pk, text="Здравейте", by=by),
        "participation.actions.initiative.finish": lambda: _finishes(begun.pk, by),
        "participation.actions.practice.sum_up": lambda: practice_of(by=by),
        "participation.actions.practice.mend": lambda: practice.mend(read.pk, summary(year=2014), by=by),
        "participation.actions.pledge.promise": lambda: pledge_of(other.pk, by=by, what="Друго"),
        "participation.actions.pledge.act": lambda: _keeps(promised, by),
        "participation.actions.alternative.propose": lambda: compared.sent(variants, by=by),
        "participation.actions.alternative.change": lambda: alternative.change(
            variant.pk, compared.variant(title={"bg": "Друго"}), by=by
        ),
        "participation.actions.alternative.withdraw": lambda: _withdraws(variant, by),
        "participation.actions.profile.keep": lambda: profile.keep(card(), by=by),
    }  # fmt: skip


def _says_fixed(report: Report, who: Any, by: Any) -> None:
    actions.say_fixed(report.pk, text="Готово.", photo=None, client_uuid=uuid.uuid4(), correspondent=who, by=by)


def _corrects(pk: int, by: Any) -> None:
    Event.objects.filter(pk=pk).update(status="held")
    event.correct(pk, event.Held(text="Беше друго.", attendance=3), by=by, why="Грешка.")


def _finishes(pk: int, by: Any) -> None:
    initiative.Initiative.objects.filter(pk=pk).update(status="under_way")
    initiative.finish(pk, text="Готово.", by=by)


def _keeps(promised: Any, by: Any) -> None:
    type(promised).objects.filter(pk=promised.pk).update(state="promised")
    pledge.act(promised.pk, "done", by=by, text="Готово.")


def _withdraws(variant: Any, by: Any) -> None:
    type(variant).objects.filter(pk=variant.pk).update(status="published")
    alternative.withdraw(variant.pk, by=by, text="Не.")


def test_whoever_is_kept_from_writing_writes_nowhere() -> None:
    factories.town()
    writer, insult = (
        factories.resident(),
        Reason.objects.create(slug="insult", name=factories.texts("Обиди"), serves=["hide", "comment"]),
    )
    again = written(writer)
    assert {verb for verb in verbs() if not passed_over(verb)} == {name.partition(" ")[0] for name in again}
    until = timezone.localdate() + datetime.timedelta(days=14)
    actions.block(spine.correspondent_of(writer), reason=insult, until=until, by=factories.moderator())
    refused = {}
    for name, write in again.items():
        with pytest.raises(ValidationError) as why:
            write()
        refused[name] = getattr(why.value, "code", None)
    assert refused == dict.fromkeys(again, "blocked")
    idea, company = factories.report(category="park-idea"), Organisation.objects.get(slug="roads")
    invited = actions.invite(idea.pk, writer.email, proven_author=True).pk
    for puts_a_name in (
        lambda: actions.endorse(idea.pk, company, by=writer),
        lambda: actions.agree(invited, public_name="Купете от мен"),
    ):
        with pytest.raises(ValidationError) as why:
            puts_a_name()
        assert why.value.code == "blocked"
    assert actions.agree(invited)[0].public_name == ""
