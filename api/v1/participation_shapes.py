"""What the API tells of events and initiatives, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import AnyShape, Collection, Feature
from discussion.models import Subject
from participation.models import Event
from participation.workflow import Kind, public_states


class EventFacts(serializers.Serializer):
    """An event. Who comes is told to nobody."""

    reference = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    status = serializers.ChoiceField(public_states(Kind.EVENT))
    form = serializers.ChoiceField(Event.Form.values)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(allow_blank=True)
    link = serializers.CharField(allow_blank=True, help_text="where one takes part online")
    registration = serializers.BooleanField()
    capacity = serializers.IntegerField(allow_null=True, help_text="seats; null: as many as come")
    organisation = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField()
    url = serializers.URLField()


class EventFeature(Feature):
    geometry = AnyShape(allow_null=True)
    properties = EventFacts()


class EventCollection(Collection):
    features = EventFeature(many=True)


class DecisionShape(serializers.Serializer):
    text = serializers.CharField()
    who = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)


class MinutesShape(serializers.Serializer):
    text = serializers.CharField()
    attendance = serializers.IntegerField()
    organisations = serializers.ListField(child=serializers.CharField())
    decisions = DecisionShape(many=True)


class DiscussedShape(serializers.Serializer):
    """A public thing that was discussed."""

    reference = serializers.CharField()
    subject_kind = serializers.ChoiceField(Subject.Kind.values)
    title = serializers.CharField()
    language = serializers.CharField()
    url = serializers.URLField()


class DiscussingShape(DiscussedShape):
    at = serializers.DateTimeField(help_text="when it was noted")


class EventDocument(EventFacts):
    geometry = AnyShape(allow_null=True)
    agenda = serializers.ListField(child=serializers.CharField())
    going = serializers.IntegerField()
    waiting = serializers.IntegerField()
    discussing = DiscussingShape(many=True, help_text="while it goes on, the newest first; empty once it is over")
    minutes = MinutesShape(allow_null=True)
    discussed = DiscussedShape(many=True, help_text="what was discussed there; empty before it was held")


class InitiativeFacts(serializers.Serializer):
    """A common action. Who joined is told to nobody."""

    reference = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    status = serializers.ChoiceField(public_states(Kind.INITIATIVE))
    starts_on = serializers.DateField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField(help_text="how many joined")
    people_needed = serializers.IntegerField(allow_null=True, help_text="null: as many as come")
    organisation = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField()
    url = serializers.URLField()


class InitiativeFeature(Feature):
    geometry = AnyShape(allow_null=True)
    properties = InitiativeFacts()


class InitiativeCollection(Collection):
    features = InitiativeFeature(many=True)


class TaskShape(serializers.Serializer):
    title = serializers.CharField()
    needed = serializers.IntegerField()
    taken = serializers.IntegerField()
    until = serializers.DateField(allow_null=True)


class InitiativeDocument(InitiativeFacts):
    geometry = AnyShape(allow_null=True)
    tasks = TaskShape(many=True)
    belongs_to = serializers.ListField(child=serializers.CharField(), help_text="numbers of ideas, plans, events, practices")
    result = serializers.CharField(allow_blank=True)
    result_link = serializers.CharField(allow_blank=True)
