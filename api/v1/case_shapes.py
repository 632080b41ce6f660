"""What the API tells a document system of officially filed cases, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import KINDS, STATES, Page, PointShape
from reports.cases.rows import Case


class CaseSummary(serializers.Serializer):
    """Numbers and state of a case; `number` is the document system's own."""

    reference = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    register_number = serializers.CharField(help_text="given here on official filing, without gaps in a year")
    filed_at = serializers.DateTimeField()
    department = serializers.CharField()
    state = serializers.ChoiceField(Case.State.values)
    error = serializers.CharField(allow_null=True, help_text="why the document system could not be told")
    number = serializers.CharField(allow_null=True)
    registered_on = serializers.DateField(allow_null=True)
    link = serializers.URLField(allow_null=True)
    changed_at = serializers.DateTimeField()
    document = serializers.URLField()
    pdf = serializers.URLField(help_text="the same on paper, with the same token")
    register = serializers.URLField(help_text="where its number is said by POST")
    desk = serializers.URLField()


class CasePage(Page):
    cases = CaseSummary(many=True)


class CaseAnswer(serializers.Serializer):
    asked = serializers.CharField()
    said = serializers.CharField()


class CasePerson(serializers.Serializer):
    """Who filed it: told to whoever works on the case, never to anybody else."""

    name = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


class CaseDocument(CaseSummary):
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    category = serializers.CharField()
    sector = serializers.CharField()
    area = serializers.CharField()
    place = serializers.CharField()
    point = PointShape(allow_null=True)
    happened_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(STATES)
    answer_due = serializers.DateField(allow_null=True)
    answers = CaseAnswer(many=True)
    photos = serializers.IntegerField(help_text="how many")
    person = CasePerson(allow_null=True)
