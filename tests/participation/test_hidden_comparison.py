"""A comparison that is hidden takes its variants along, to whichever page, list or verb, and brings them back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from discussion import actions as spine
from discussion.models import Subject, TimelineRow
from participation import everything
from participation.actions import alternative as variants
from participation.admittance_alternatives import shut_words
from participation.models import Alternative, Comparison
from reports.filters import Filters
from tests import factories
from tests.participation.compared import again, opened, own, sent
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def public_ones(made: Comparison) -> set[int]:
    return set(Subject.objects.filter(alternative__comparison=made, is_public=True).values_list("pk", flat=True))


def statuses(subject: Subject) -> dict[str, int]:
    ref = subject.reference
    addresses = (
        f"/variants/{ref}/", f"/subjects/{ref}/comment/", f"/subjects/{ref}/follow/", f"/api/v1/subjects/{ref}/comments/",
        f"/api/v1/subjects/{ref}/links/",
    )  # fmt: skip
    return {address: Client().get(address).status_code for address in addresses}


def test_its_variants_go_with_it_and_come_back_but_for_those_hidden_before() -> None:
    made, moderator = opened(), factories.moderator()
    first, second = own(made)
    assert set(statuses(first.subject).values()) == {200}
    spine.hide_whole(second.pk, reason="spam", by=moderator)
    before = TimelineRow.objects.count()
    spine.hide_whole(made.pk, reason="spam", by=moderator)
    assert (TimelineRow.objects.count(), public_ones(made)) == (before + 1, set())
    assert set(statuses(first.subject).values()) == {404}
    assert not [found for found in everything.subjects(Filters()) if found.kind in ("alternative", "comparison")]
    spine.show_whole(second.pk, public=True, by=moderator)  # as when a block of its author is lifted
    assert public_ones(made) == set()
    spine.hide_whole(second.pk, reason="spam", by=moderator)
    spine.show_whole(made.pk, public=True, by=moderator)
    assert public_ones(made) == {first.pk}
    spine.show_whole(second.pk, public=True, by=moderator)
    assert public_ones(made) == {first.pk, second.pk}


def test_nothing_becomes_public_in_it_and_nothing_is_written_or_decided() -> None:
    made, moderator = opened(), factories.moderator()
    waiting, by = sent(made), factories.official()
    spine.hide_whole(made.pk, reason="spam", by=moderator)
    with pytest.raises(ValidationError) as refused:
        variants.publish(waiting.pk, by=moderator)
    assert (refused.value.code, Alternative.objects.get(pk=waiting.pk).status) == ("hidden", "awaiting_moderation")
    with translation.override("bg"):
        assert shut_words(again(made)) == "Сравнението е скрито: сега по него не може да се пише."
    text = signed_in(by).get(f"/alternatives/{made.subject.reference}/").content.decode()
    assert ("Скрито е" in text, "Подготвя се" in text, "Кажете кой се избира" in text) == (True, False, False)


def test_only_who_compares_and_who_sent_it_open_its_variants() -> None:
    made, resident = opened(), factories.resident()
    variants.publish(sent(made, resident).pk, by=factories.moderator())
    spine.hide_whole(made.pk, reason="spam", by=factories.moderator())
    seen = {
        who: Alternative.objects.visible_to(user).count()
        for who, user in (
            ("department", factories.official()), ("other department", factories.official("parks")), ("author", resident),
            ("resident", factories.resident()), ("moderator", factories.moderator()),
        )
    }  # fmt: skip
    assert seen == {"department": 2, "other department": 0, "author": 1, "resident": 0, "moderator": 3}
    assert again(made).days_left > 0


def test_who_sent_a_variant_reads_none_of_the_hidden_words() -> None:
    made, resident = opened(title={"bg": "Име и телефон на съседа"}), factories.resident()
    mine = sent(made, resident)
    variants.publish(mine.pk, by=factories.moderator())
    page = f"/variants/{mine.subject.reference}/"
    assert "телефон на съседа" in signed_in(resident).get(page).text
    spine.hide_whole(made.pk, reason="spam", by=factories.moderator())
    seen = signed_in(resident).get(page)
    assert (seen.status_code, "телефон на съседа" in seen.text, f"/alternatives/{made.subject.reference}/" in seen.text) == (
        200, False, False,
    )  # fmt: skip
