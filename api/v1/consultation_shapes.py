"""What consultations look like in the API, for its schema."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import AnyShape, Collection, Feature
from participation.models import Consultation, PaperKind, Proposal
from participation.workflow import Kind, public_states


class ConsultationFacts(serializers.Serializer):
    """A consultation as everyone reads it."""

    reference = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    language = serializers.CharField()
    kind = serializers.CharField(help_text="slug of a kind of the municipality's")
    status = serializers.ChoiceField(public_states(Kind.CONSULTATION))
    takes_part = serializers.BooleanField(help_text="one may write now")
    level = serializers.ChoiceField(Consultation.Level.values)
    who_may = serializers.ChoiceField(Consultation.WhoMay.values)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField(help_text="the last day on which one may write")
    short_reason = serializers.CharField(allow_blank=True, help_text="why the time is shorter than usual")
    organisation = serializers.CharField(allow_null=True)
    questions_to = serializers.CharField(help_text="who answers questions, in words, and where")
    sector = serializers.CharField()
    area = serializers.CharField()
    comment_count = serializers.IntegerField()
    adopted_title = serializers.CharField(allow_blank=True)
    adopted_url = serializers.CharField(allow_blank=True)
    adopted_on = serializers.DateField(allow_null=True)
    url = serializers.URLField()


class ConsultationFeature(Feature):
    geometry = AnyShape(allow_null=True)
    properties = ConsultationFacts()


class ConsultationCollection(Collection):
    features = ConsultationFeature(many=True)


class ParagraphShape(serializers.Serializer):
    anchor = serializers.CharField(help_text="`about` of the comments on it")
    text = serializers.CharField()
    comment_count = serializers.IntegerField()


class SectionShape(serializers.Serializer):
    anchor = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    comment_count = serializers.IntegerField()
    paragraphs = ParagraphShape(many=True)


class PaperShape(serializers.Serializer):
    kind = serializers.ChoiceField(PaperKind.values)
    title = serializers.CharField()
    url = serializers.URLField()
    size = serializers.IntegerField(allow_null=True, help_text="bytes of a PDF here; null: a link elsewhere")


class AnswerShape(serializers.Serializer):
    """One row of the table."""

    number = serializers.IntegerField()
    proposal = serializers.CharField()
    who = serializers.CharField(allow_blank=True, help_text="who proposed it, in words")
    about = serializers.CharField(allow_blank=True, help_text="the part of the text that is meant, in words")
    verdict = serializers.ChoiceField(Proposal.Verdict.values)
    reason = serializers.CharField()
    urls = serializers.ListField(child=serializers.URLField())


class ConsultationDocument(ConsultationFacts):
    geometry = AnyShape(allow_null=True, help_text="the border within which ideas are taken")
    sections = SectionShape(many=True)
    papers = PaperShape(many=True)
    ideas = serializers.ListField(child=serializers.CharField(), help_text="numbers of the ideas given to it")
    table = AnswerShape(many=True, allow_null=True)
