from __future__ import annotations

from collections.abc import Collection, Mapping

from django.apps import AppConfig


def _wordings(slugs: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """The public wording of reason codes: the long one, else the short."""
    from reports.models import Reason

    found = Reason.objects.filter(slug__in=slugs).values_list("slug", "name", "text")
    return {slug: text or name for slug, name, text in found}


def _labels() -> Mapping[str, object]:
    """What pages call the parameters of filters and of a planner's question."""
    from reports.parameters import LABELS
    from reports.planning import question

    return {**LABELS, **question.LABELS}


def _reason_name(slug: str) -> str:
    from geoportal.kernel.multilingual import text_in
    from reports.models import Reason

    found = Reason.objects.filter(slug=slug).first()
    return text_in(found.name) if found else slug


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts import blocks
        from accounts.actions import on_claim, on_leaving, on_merging
        from discussion import messages
        from geoportal.kernel import middleware
        from reports import moderated, wished_names
        from reports.actions.person import claim, give_on, take_over

        on_claim(claim)
        on_leaving(give_on)
        on_merging(take_over)
        moderated.OTHERS.append(wished_names.WISHED)
        messages.reasons_from(_wordings)
        blocks.reasons_from(_reason_name)
        middleware.labels_from(_labels)
