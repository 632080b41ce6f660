"""What the API tells of what was filed with the Council, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import STATES, Collection, Feature, PointShape
from reports.council.outcomes import DECIDED


class FilingFacts(serializers.Serializer):
    """An idea that was filed with a body, and what became of it; what is not known yet is null."""

    reference = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(STATES)
    area = serializers.CharField()
    sector = serializers.CharField()
    number = serializers.CharField()
    filed_on = serializers.DateField()
    body = serializers.CharField()
    document = serializers.URLField(allow_null=True)
    outcome = serializers.ChoiceField([code or "waiting" for code in DECIDED])
    decided_on = serializers.DateField(allow_null=True)
    decision_number = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)
    decision_document = serializers.URLField(allow_null=True)
    project = serializers.CharField(allow_null=True, help_text="reference of the planned project")
    done_on = serializers.DateField(allow_null=True)
    amount = serializers.FloatField(allow_null=True, help_text="euros that it took")
    url = serializers.URLField()


class FilingFeature(Feature):
    geometry = PointShape(allow_null=True)
    properties = FilingFacts()


class FilingCollection(Collection):
    features = FilingFeature(many=True)


class UploadedDocument(serializers.Serializer):
    id = serializers.UUIDField(help_text="`document` of an act")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
