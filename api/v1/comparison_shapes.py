"""What comparisons and their alternatives look like in the API, for its schema."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import AnyShape, Collection, Feature
from participation.workflow import Kind, public_states


def _texts() -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField())


class ComparisonFacts(serializers.Serializer):
    """A comparison as everyone reads it; texts by language."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(public_states(Kind.COMPARISON))
    takes_part = serializers.BooleanField(help_text="one may write now")
    takes_own = serializers.BooleanField(help_text="residents may submit an alternative of their own")
    title = _texts()
    introduction = _texts()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    organisation = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField()
    comment_count = serializers.IntegerField()
    url = serializers.URLField()


class ComparisonFeature(Feature):
    geometry = AnyShape(allow_null=True, help_text="where its sign stands")
    properties = ComparisonFacts()


class ComparisonCollection(Collection):
    features = ComparisonFeature(many=True)


class AlternativeEffects(serializers.Serializer):
    """How they are computed is said in `method` of the comparison."""

    length_m = serializers.FloatField(allow_null=True)
    area_m2 = serializers.FloatField(allow_null=True)
    people_300_m = serializers.FloatField(allow_null=True, help_text="null: no population is known")
    people_500_m = serializers.FloatField(allow_null=True)
    reports_and_ideas = serializers.IntegerField()
    euros_per_person_500_m = serializers.FloatField(allow_null=True)


class StanceCounts(serializers.Serializer):
    neutral = serializers.IntegerField()
    against = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "for": serializers.IntegerField(help_text="people, by what they said last; organisations are not counted"),
            **super().get_fields(),
        }


class AlternativeFacts(serializers.Serializer):
    """One alternative; it is a subject of its own, with comments and stances at `/subjects/<reference>/comments/`."""

    reference = serializers.CharField()
    code = serializers.CharField(help_text="a to d: the municipality's; a number: a resident's")
    own = serializers.BooleanField(help_text="the municipality's")
    preferred = serializers.BooleanField()
    title = _texts()
    description = _texts()
    place = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True, help_text="who proposes it, as they wish to be named; empty: the municipality")
    cost_from = serializers.IntegerField(allow_null=True, help_text="euros; null: not known")
    cost_to = serializers.IntegerField(allow_null=True)
    cost_source = serializers.DictField(child=serializers.CharField(), allow_null=True)
    months_from = serializers.IntegerField(allow_null=True)
    months_to = serializers.IntegerField(allow_null=True)
    comment_count = serializers.IntegerField()
    stances = StanceCounts()
    effects = AlternativeEffects()
    url = serializers.URLField()


class AlternativeFeature(Feature):
    geometry = AnyShape()
    properties = AlternativeFacts()


class AlternativeDocument(AlternativeFeature):
    comparison = serializers.CharField(help_text="reference of what it is compared in")


class ComparisonDocument(ComparisonFacts):
    border = AnyShape(allow_null=True, help_text="within which alternatives lie; null: the municipality")
    alternatives = AlternativeFeature(many=True)
    next = serializers.URLField(allow_null=True, help_text="the same with further alternatives of residents")
    preferred = serializers.CharField(allow_null=True, help_text="reference of the chosen alternative")
    why = serializers.DictField(child=serializers.CharField(), allow_null=True, help_text="of the choice")
    method = serializers.CharField(help_text="how the effects are computed")
    source = serializers.CharField()
    caveat = serializers.CharField()
