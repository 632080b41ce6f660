"""Shapes of categories and of what they ask."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import KINDS, Page, Texts
from reports.models import Category, Question


class ChoiceFacts(serializers.Serializer):
    slug = serializers.CharField()
    text = Texts()
    advice = Texts(allow_null=True)
    stops = serializers.BooleanField(help_text="the advice stands instead of a report")


class ShownIf(serializers.Serializer):
    question = serializers.CharField(help_text="slug of another question of the category")
    choice = serializers.CharField(help_text="slug of its choice")


class QuestionFacts(serializers.Serializer):
    slug = serializers.CharField()
    text = Texts()
    note = Texts(allow_null=True, help_text="what helps to answer")
    datatype = serializers.ChoiceField(Question.Datatype.values)
    variable = serializers.BooleanField(help_text="false: a line that is told, not asked")
    required = serializers.BooleanField()
    public = serializers.BooleanField(help_text="everyone reads the answer")
    shown_if = ShownIf(allow_null=True, help_text="it is asked where that choice was made")
    choices = ChoiceFacts(many=True)


class CategoryFacts(serializers.Serializer):
    slug = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    sector = serializers.CharField()
    department = serializers.CharField()
    department_name = Texts()
    name = Texts()
    hint = Texts(allow_null=True)
    icon = serializers.CharField(allow_blank=True)
    photo = serializers.ChoiceField(Category.Photo.values)
    public = serializers.BooleanField(help_text="false: its reports are restricted from the start")
    open = serializers.BooleanField(help_text="may be chosen by everyone for a new report")
    not_ours = Texts(allow_null=True, help_text="not the municipality's: who is responsible")
    questions = QuestionFacts(many=True)


class Categories(Page):
    categories = CategoryFacts(many=True)
