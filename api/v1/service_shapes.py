"""What the API tells of services and of practices of other places, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import STATES, AnyShape, Collection, Feature, Page, Texts
from participation.models import Practice


class ServiceFacts(serializers.Serializer):
    """What the municipality does for whom, and how one gets it."""

    reference = serializers.CharField()
    slug = serializers.CharField()
    name = Texts()
    what = Texts()
    who = Texts(allow_null=True, help_text="whom it is for")
    how = Texts(allow_null=True, help_text="how one gets it, in plain words")
    department = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_blank=True, help_text="the service's own, for everyone; never a person's")
    link = serializers.CharField(allow_blank=True, help_text="where one gets it online")
    sector = serializers.CharField()
    recommendation_count = serializers.IntegerField(help_text="public ideas that recommend something to it")
    change_count = serializers.IntegerField(help_text="how often it was told what has changed")
    changed_at = serializers.DateTimeField(allow_null=True, help_text="when last; null: never")
    comment_count = serializers.IntegerField()
    url = serializers.URLField()


class ServicePage(Page):
    services = ServiceFacts(many=True)


class Recommendation(serializers.Serializer):
    """An idea; all of it is at `/reports/<reference>/`."""

    reference = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    status = serializers.ChoiceField(STATES)
    status_text = serializers.CharField(help_text="in the language asked for")
    support_count = serializers.IntegerField()
    url = serializers.URLField()


class ServiceChange(serializers.Serializer):
    at = serializers.DateTimeField()
    text = serializers.CharField()
    text_language = serializers.CharField()


class ServiceDocument(ServiceFacts):
    recommendations = Recommendation(many=True, help_text="the most supported first, a hundred at most")
    changes = ServiceChange(many=True, help_text="the last first")


class PracticeFacts(serializers.Serializer):
    """What another place does, summed up from a named source, once a moderator published it."""

    reference = serializers.CharField()
    title = Texts()
    city = Texts()
    country = Texts()
    year = serializers.IntegerField(help_text="when it began")
    ended = serializers.IntegerField(allow_null=True, help_text="the year; null: it goes on, as far as known")
    what = Texts()
    result = Texts(allow_null=True)
    lesson = Texts(allow_null=True)
    cost = serializers.ChoiceField(Practice.Cost.values)
    cost_note = Texts(allow_null=True, help_text="whose judgement the cost class is")
    source_name = serializers.CharField()
    source_url = serializers.URLField()
    further_sources = serializers.ListField(child=serializers.URLField())
    name = serializers.CharField(
        allow_null=True, help_text="who summed it up, as they wished; null: a resident or the organisation"
    )
    organisation = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    comment_count = serializers.IntegerField()
    url = serializers.URLField()


class PracticeFeature(Feature):
    geometry = AnyShape(allow_null=True, help_text="the town; null where nobody said where it lies")
    properties = PracticeFacts()


class PracticeCollection(Collection):
    features = PracticeFeature(many=True)


class PracticeDocument(PracticeFacts):
    geometry = AnyShape(allow_null=True)
    further_sectors = serializers.ListField(child=serializers.CharField())
