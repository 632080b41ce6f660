"""What the API tells of layers and of the names of places, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import Page, PointShape, Texts
from layers.models import Place


class LayerFacts(serializers.Serializer):
    """A layer that everyone may look at, and where its features are read."""

    slug = serializers.CharField()
    name = Texts()
    group = Texts(allow_null=True, help_text="under which it stands among others")
    sector = serializers.CharField(allow_null=True)
    points = serializers.IntegerField(help_text="how many of its features are points")
    lines = serializers.IntegerField()
    polygons = serializers.IntegerField()
    areas = serializers.BooleanField(help_text="its polygons can be asked for as `area`")
    ground = serializers.BooleanField(help_text="drawn as part of the map's ground")
    pickable = serializers.BooleanField(help_text="who reports can choose one of its points")
    source = serializers.CharField(allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    licence_url = serializers.CharField(allow_blank=True)
    dated_on = serializers.DateField(allow_null=True, help_text="of what day the data is")
    updated_every = serializers.CharField(allow_blank=True, help_text="in words")
    tiles = serializers.URLField(help_text="TileJSON of its vector tiles")
    collection = serializers.URLField(
        allow_null=True, help_text="its features by OGC API – Features; null: its name is another collection's"
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        shown = serializers.ListField(child=serializers.CharField(), help_text="names of what a feature tells")
        return {**super().get_fields(), "fields": shown}  # `fields` of a serializer is something else


class LayerList(Page):
    layers = LayerFacts(many=True)


class PlaceFacts(serializers.Serializer):
    """A name by which people find a place."""

    slug = serializers.CharField()
    kind = serializers.ChoiceField(Place.Kind.values, help_text="post: a lamp post")
    name = Texts()
    also = serializers.ListField(child=serializers.CharField(), help_text="other words for the same")
    number = serializers.CharField(allow_blank=True, help_text="what is written on a lamp post")
    area = serializers.CharField(help_text="slug of the area in which it lies")
    point = PointShape(allow_null=True, help_text="null: it stands where its area does")
    approximate = serializers.BooleanField()
    example = serializers.BooleanField(help_text="invented")
    credit = serializers.CharField(
        allow_null=True, help_text="whose name it is, to be said where it is shown; null: the municipality's own"
    )


class PlacePage(Page):
    places = PlaceFacts(many=True)
