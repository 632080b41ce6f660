"""What the API answers about policies, promises and figures."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import Page, Texts
from layers.models import Project
from participation.models import Policy, Promise
from participation.workflow import Kind, public_states


class PromiseShape(serializers.Serializer):
    text = Texts()
    state = serializers.ChoiceField(Promise.State.values, help_text="as of today")
    due_on = serializers.DateField()
    first_due_on = serializers.DateField(help_text="the day promised first")
    done_on = serializers.DateField(allow_null=True)
    evidence_url = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    weight = serializers.IntegerField()


class CarriedShape(serializers.Serializer):
    reference = serializers.CharField()
    title = Texts()
    stage = serializers.ChoiceField(Project.Stage.values)
    progress = serializers.IntegerField(allow_null=True, help_text="whole percent of its milestones; null: nobody knows")
    weight = serializers.IntegerField()


class PolicyFacts(serializers.Serializer):
    """A programme or a measure. `progress` is counted upward from promises and projects, by weight."""

    reference = serializers.CharField()
    level = serializers.ChoiceField(Policy.Level.values)
    title = Texts()
    what = Texts()
    status = serializers.ChoiceField(public_states(Kind.POLICY))
    weight = serializers.IntegerField()
    progress = serializers.IntegerField(allow_null=True, help_text="whole percent; null: nothing to measure yet")
    promises = PromiseShape(many=True)
    projects = CarriedShape(many=True)
    organisation = serializers.CharField()
    sector = serializers.CharField()
    area = serializers.CharField()
    adopted_on = serializers.DateField(allow_null=True)
    act = Texts(allow_null=True)
    budget = serializers.FloatField(allow_null=True, help_text="euros")
    money = Texts(allow_null=True, help_text="whose money it is")
    act_url = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    example = serializers.BooleanField(help_text="invented")
    url = serializers.URLField()


class PolicyTree(PolicyFacts):
    measures = PolicyFacts(many=True)


class PolicyList(Page):
    policies = PolicyTree(many=True)


class FigureShape(serializers.Serializer):
    on = serializers.DateField(help_text="the day; of a year its last")
    value = serializers.FloatField()


class IndicatorShape(serializers.Serializer):
    slug = serializers.CharField()
    name = Texts()
    unit = Texts(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField(allow_null=True, help_text="null: the whole municipality")
    yearly = serializers.BooleanField()
    source_name = Texts()
    source_url = serializers.CharField(allow_blank=True)
    note = Texts(allow_null=True)
    example = serializers.BooleanField(help_text="invented")
    figures = FigureShape(many=True)


class IndicatorList(Page):
    indicators = IndicatorShape(many=True)
