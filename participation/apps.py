from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy

        from discussion import wishes
        from participation import on_map, sentences, waiting
        from participation.actions import joining, move, taking_part
        from reports import beside, moderated
        from reports.loading import FURTHER

        sentences.register()
        moderated.PUBLIC_STATES |= move.PUBLIC_STATES
        beside.SOURCES.append(on_map.SOURCE)
        moderated.OTHERS += [waiting.EVENTS, waiting.PRACTICES, waiting.INITIATIVES]
        FURTHER.extend(["participation.loading.events.events", "participation.loading.practices.practices"])
        wishes.DOES[wishes.Wish.JOIN] = wishes.Doing(gettext_lazy("Do you join?"), joining.confirmed)
        wishes.DOES[wishes.Wish.COME] = wishes.Doing(gettext_lazy("Do you come?"), taking_part.confirmed)
