from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy

        from accounts.actions import on_copy, on_erasing, on_merging
        from discussion import gates, wishes
        from participation import (
            admittance,
            admittance_alternatives,
            on_map,
            person,
            sentences,
            sentences_alternatives,
            survey_sentences,
            waiting,
        )  # fmt: skip
        from participation.actions import joining, move, pledge, taking_part
        from reports import beside, moderated
        from reports.loading import ALSO, FURTHER

        sentences.register()
        survey_sentences.register()
        sentences_alternatives.register()
        FURTHER.append("participation.loading.surveys.surveys")
        moderated.PUBLIC_STATES |= move.PUBLIC_STATES
        moderated.WRITTEN["pledges"] = moderated.Written(pledge.hold, pledge.release)
        on_copy(person.copy_of)
        on_erasing(person.erase)
        on_merging(person.take_over)
        beside.SOURCES.append(on_map.SOURCE)
        moderated.OTHERS += [waiting.EVENTS, waiting.PRACTICES, waiting.INITIATIVES, waiting.PLEDGES, waiting.PROFILES]
        moderated.OTHERS.append(waiting.ALTERNATIVES)
        ALSO.extend(["participation.loading.sectors.sectors", "participation.loading.kinds.consultation_kinds"])
        names = ("events", "practices", "initiatives", "consultations", "alternatives")
        FURTHER.extend(f"participation.loading.{name}.{name}" for name in names)
        FURTHER.extend(
            [
                "participation.loading.sectors.sample_indicators",
                "participation.loading.policies.policies",
                "participation.loading.goals.goals",
                "participation.loading.goals.recommendations",
            ]
        )
        gates.GATES["consultation"] = admittance.GATE
        gates.GATES |= {"comparison": admittance_alternatives.GATE, "alternative": admittance_alternatives.VARIANT_GATE}
        wishes.DOES[wishes.Wish.JOIN] = wishes.Doing(gettext_lazy("Do you join?"), joining.confirmed)
        wishes.DOES[wishes.Wish.COME] = wishes.Doing(gettext_lazy("Do you come?"), taking_part.confirmed)
