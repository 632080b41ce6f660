"""What the API tells of surveys, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import AnyShape, Collection, Feature
from participation.models import Question, Survey
from participation.workflow import Kind, public_states


class SurveyFacts(serializers.Serializer):
    """A survey or a vision; title and introduction by language."""

    reference = serializers.CharField()
    form = serializers.ChoiceField(Survey.Form.values)
    status = serializers.ChoiceField(public_states(Kind.SURVEY))
    title = serializers.DictField(child=serializers.CharField())
    introduction = serializers.DictField(child=serializers.CharField(), allow_null=True)
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    once = serializers.BooleanField(help_text="each person answers once")
    sector = serializers.CharField()
    organisation = serializers.CharField(allow_null=True)
    url = serializers.URLField()


class SurveyFeature(Feature):
    geometry = AnyShape(allow_null=True)
    properties = SurveyFacts()


class SurveyCollection(Collection):
    features = SurveyFeature(many=True)


class QuestionShape(serializers.Serializer):
    kind = serializers.ChoiceField(Question.Kind.values)
    text = serializers.DictField(child=serializers.CharField())
    help = serializers.DictField(child=serializers.CharField(), allow_null=True)
    required = serializers.BooleanField()
    options = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    least = serializers.IntegerField(allow_null=True, help_text="first number of a scale")
    most = serializers.IntegerField(allow_null=True, help_text="last number of a scale")
    area = AnyShape(allow_null=True)


class QuestionResult(serializers.Serializer):
    question = serializers.CharField()
    kind = serializers.ChoiceField(Question.Kind.values)
    n = serializers.IntegerField(allow_null=True, help_text="answers; null: fewer than five, nothing is told")
    rows = serializers.ListField(child=serializers.DictField(), help_text="null stands for numbers that are not told")
    words = serializers.ListField(child=serializers.CharField(), help_text="answers that a moderator shows")


class SurveyResults(serializers.Serializer):
    responses = serializers.IntegerField(allow_null=True, help_text="null: fewer than five")
    questions = QuestionResult(many=True)


class SurveyDocument(SurveyFacts):
    questions = QuestionShape(many=True)
    results = SurveyResults(allow_null=True)
