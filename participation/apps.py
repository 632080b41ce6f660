from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.apps import AppConfig

FIRST = ("sectors.sectors", "kinds.consultation_kinds")
FURTHER = (
    "surveys.surveys", "events.events", "practices.practices", "initiatives.initiatives", "consultations.consultations",
    "alternatives.alternatives", "sectors.sample_indicators", "policies.policies", "goals.goals", "goals.recommendations", "cards.cards",
)  # fmt: skip
"""What is loaded with the categories, and after reports: functions in `participation.loading`, in their order."""


class ParticipationConfig(AppConfig):
    name = "participation"

    def ready(self) -> None:
        _words()
        _loading()
        _desk()
        _talk()
        _people()


def _words() -> None:
    from discussion import links, named
    from participation import sentences, sentences_alternatives, survey_sentences

    named.names_from(sentences.names_of_pledges)
    links.not_yet_from(sentences.not_held)
    sentences.register()
    survey_sentences.register()
    sentences_alternatives.register()
    _titles()


def _titles() -> None:
    """What is written in several languages is called by its title in the reader's."""
    from discussion import titles
    from layers.models import Project
    from participation.models import Alternative, Goal, Policy, Practice, Service

    for kind, model, name in (
        ("policy", Policy, "title"), ("goal", Goal, "title"), ("practice", Practice, "title"), ("service", Service, "name"),
        ("alternative", Alternative, "title"), ("project", Project, "title"),
    ):  # fmt: skip
        titles.SOURCES[kind] = partial(_texts, model, name)


def _texts(model: Any, name: str, keys: Collection[int]) -> Iterable[tuple[int, Mapping[str, str]]]:
    found: Iterable[tuple[int, Mapping[str, str]]] = model._default_manager.filter(pk__in=keys).values_list("pk", name)
    return found


def _loading() -> None:
    from reports import loading

    loading.ALSO.extend(f"participation.loading.{name}" for name in FIRST)
    loading.FURTHER.extend(f"participation.loading.{name}" for name in FURTHER)


def _desk() -> None:
    """What moderators read, publish and hide."""
    from discussion.actions import whole
    from participation import due, waiting
    from participation.actions import comparison, move, pledge
    from participation.models import Pledge
    from reports import moderated

    moderated.PUBLIC_STATES |= move.PUBLIC_STATES
    moderated.WRITTEN["pledges"] = moderated.Written(pledge.hold, pledge.release, Pledge.objects.removed_by)
    moderated.OWED.append(due.due_to)
    moderated.OTHERS += [
        waiting.EVENTS, waiting.PRACTICES, waiting.INITIATIVES, waiting.PLEDGES, waiting.PROFILES, waiting.ALTERNATIVES,
        waiting.REWORDINGS,
    ]  # fmt: skip
    whole.WITH_PARTS["comparison"] = comparison.seen_with_parts
    whole.WITHIN["alternative"] = comparison.whole_is_seen


def _talk() -> None:
    """Who writes where, what a confirmed address does, what stands beside reports on the map."""
    from django.utils.translation import gettext_lazy

    from discussion import gates, wishes
    from participation import admittance, admittance_alternatives, on_map
    from participation.actions import joining, taking_part
    from reports import beside

    gates.GATES["consultation"] = admittance.GATE
    gates.GATES |= {"comparison": admittance_alternatives.GATE, "alternative": admittance_alternatives.VARIANT_GATE}
    wishes.DOES[wishes.Wish.JOIN] = wishes.Doing(gettext_lazy("Do you join?"), joining.confirmed)
    wishes.DOES[wishes.Wish.COME] = wishes.Doing(gettext_lazy("Do you come?"), taking_part.confirmed)
    beside.SOURCES.append(on_map.SOURCE)


def _people() -> None:
    from accounts.actions import on_copy, on_erasing, on_merging
    from participation import mine, person
    from reports import taking_part

    taking_part.SOURCES.append(mine.of)
    on_copy(person.copy_of)
    on_erasing(person.erase)
    on_merging(person.take_over)
