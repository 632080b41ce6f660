"""How many stand for and against a variant: each person once, by what they said last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from discussion.models import Comment
from discussion.shown import STANCES

Stances = dict[str, int]


def stances(subjects: Iterable[int]) -> dict[int, Stances]:
    """{subject: {for, neutral, against: people}} of public comments with a stance; one query. Nobody who speaks for a department or any
    other organisation counts as a person."""
    found: dict[int, Stances] = {pk: dict.fromkeys(map(str, STANCES), 0) for pk in subjects}
    said = Comment.objects.published().filter(subject__in=list(found), official=False, organisation=None).exclude(stance="")
    # Who was erased counts still: each of their comments is somebody's.
    people = said.annotate(who=Coalesce("correspondent", -F("pk"))).order_by("subject", "who", "-pk").distinct("subject", "who")
    for subject, _who, stance in people.values_list("subject", "who", "stance"):
        found[subject][stance] += 1
    return found


def in_words(counted: Stances) -> list[dict[str, Any]]:
    """[{words, icon, n}] in the order for, neutral, against."""
    return [{"words": words, "icon": icon, "n": counted[str(code)]} for code, (words, icon) in STANCES.items()]
