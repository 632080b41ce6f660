"""The municipality's geodata and plans: base maps, layers with features, planned projects with milestones."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from discussion.models import Subject
from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField, text_in
from layers.imported import LONGEST_KEY, Import, ImportRow, small
from layers.querysets import LOWERED, FeatureQuerySet, LayerQuerySet, ProjectQuerySet
from layers.services import allowed
from layers.services import read as read_service
from layers.styling import validate_style
from municipality.models import Area, Organisation, Sector

__all__ = ["BaseMap", "Feature", "Import", "ImportRow", "Layer", "Milestone", "Place", "Project"]


OSM, FILE = "osm", "mun"
"""Where a place came from: an extract of OpenStreetMap, or a file of the municipality."""


def one_of(*columns: str) -> models.Q:
    """Exactly one of the columns is filled in."""
    found = models.Q()
    for column in columns:
        found |= models.Q(**{f"{each}__isnull": each != column for each in columns})
    return found


class BaseMap(models.Model):
    """What lies over the own ground: tiles of others, whose host must be among TILE_HOSTS, else the page's policy blocks them, or the
    file that `import_osm` wrote."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    url = models.CharField(
        max_length=300, blank=True, help_text="XYZ or WMTS template with {z} {x} {y}, or the address of a WMS"
    )
    file = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="see layers.osm_tiles: the own map's name",
    )
    aerial = models.BooleanField(
        default=False, db_default=False, help_text="a photo from the air: every map has a button that changes to it and back"
    )
    wms = models.CharField(max_length=200, blank=True, help_text="names of the WMS's layers; empty for a template")
    attribution = models.CharField(max_length=200)
    attribution_url = models.URLField(blank=True)
    max_zoom = models.PositiveSmallIntegerField(default=19)
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "-file", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="") ^ models.Q(file=""),
                name="base_map_from_somewhere",
                violation_error_message=_("Give the address of the tiles."),
            )
        ]

    def __str__(self) -> str:
        return text_in(self.name)


class Layer(models.Model):
    """A set of features that belong together: landmarks, neighbours, the quarters of a town, the zones of a plan; or, with `url`, pictures
    of another server, which browsers ask for: such a layer has no features, and nothing that is made of features has it."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    ground = models.BooleanField(default=False, help_text="drawn as part of the map's ground")
    published = models.BooleanField(default=True, help_text="everyone may look at it and has it as tiles")
    areas = models.BooleanField(default=False, help_text="its polygons are areas to look at and to filter by")
    order = models.PositiveSmallIntegerField(default=0)
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.SET_NULL, related_name="layers")
    group = MultilingualField(blank=True, null=True, help_text="under which the layer stands among others")
    source = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    licence_url = models.URLField(blank=True, max_length=300)
    dated_on = models.DateField(null=True, blank=True, help_text="of what day the data is")
    updated_every = models.CharField(max_length=80, blank=True, help_text="how often, in words")
    pickable = models.BooleanField(default=False, help_text="who reports can choose one of its features instead of a place")
    popup = ArrayField(models.CharField(max_length=60), default=list, blank=True, help_text="fields that a feature shows")
    style = models.JSONField(default=dict, blank=True, validators=[validate_style], help_text="see layers.styling")
    source_srid = models.PositiveIntegerField(null=True, blank=True, help_text="EPSG number of the last file")
    mapping = models.JSONField(default=dict, blank=True, help_text="how the last file was read, for the next one")
    facts = models.JSONField(
        null=True, blank=True, editable=False, help_text="see layers.contents; nothing where nobody looked yet"
    )
    url = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="see layers.services; empty: features"
    )
    wms = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="names of the WMS's layers; empty for a template"
    )
    max_zoom = models.PositiveSmallIntegerField(
        default=19, db_default=19, help_text="the last for which that server has pictures"
    )
    opacity = models.PositiveSmallIntegerField(default=70, db_default=70, help_text="per cent")
    legend_url = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="a picture of that server")

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="") | models.Q(ground=False, areas=False, pickable=False),
                name="layer_of_pictures",
                violation_error_message=_(
                    "A layer of another server's pictures is no ground, has no areas and nothing to choose."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(opacity__gte=10, opacity__lte=100) & models.Q(max_zoom__lte=22),
                name="layer_seen",
                violation_error_message=_("Between 10 and 100 per cent, and up to zoom 22."),
            ),
        ]

    def __str__(self) -> str:
        return text_in(self.name)

    @property
    def blocked(self) -> bool:
        """Whether nobody sees it, because no page may ask its server."""
        return bool(self.url) and not allowed(self.url)

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Which layer has the address."""
        if tuple(unique_check) != ("slug",):
            return super().unique_error_message(model_class, unique_check)
        other = Layer.objects.filter(slug=self.slug).first()
        said = _("There is a layer with this address: %(name)s. Choose another.")
        return ValidationError(said, code="unique", params={"name": other or self.slug})

    def clean(self) -> None:
        """An address that can be asked."""
        if self.url:
            try:
                self.url = read_service(self.url, self.wms)
            except ValidationError as wrong:
                raise ValidationError({"url": wrong}) from None


class Feature(models.Model):
    """One named thing of a layer: a point, a line or a polygon."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="features")
    slug = models.SlugField()
    name = MultilingualField()
    icon = models.CharField(max_length=40, blank=True)
    point = models.PointField(null=True, blank=True)
    line = models.MultiLineStringField(null=True, blank=True)
    polygon = models.MultiPolygonField(null=True, blank=True)
    approximate = models.BooleanField(default=False)
    key = models.CharField(max_length=LONGEST_KEY, blank=True, help_text="by which the next file finds it again")
    properties = models.JSONField(
        default=dict, blank=True, help_text="what the file says of it: {field: text, number, yes or no}"
    )

    objects = FeatureQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(OpClass(LOWERED, name="jsonb_path_ops"), name="feature_names")]
        constraints = [
            models.UniqueConstraint(fields=["layer", "slug"], name="feature_once"),
            models.UniqueConstraint(fields=["layer", "key"], name="feature_key_once", condition=~models.Q(key="")),
            small("feature_properties"),
            models.CheckConstraint(
                condition=one_of("point", "line", "polygon"),
                name="feature_one_shape",
                violation_error_message=_("Give exactly one shape: a point, a line or a polygon."),
            ),
            *geometry_checks("point", name="feature_point", null=True),
            *geometry_checks("line", name="feature_line", null=True),
            *geometry_checks("polygon", name="feature_polygon", null=True),
        ]

    @property
    def called(self) -> str:
        """„lamps.12“, as forms and the filter language call it; needs the layer."""
        return f"{self.layer.slug}.{self.slug}"


class Project(models.Model):
    """A planned project: stage, money, milestones and shape. What the source does not say stays empty."""

    class Stage(models.TextChoices):
        IDEA = "idea"
        DESIGN = "design"
        DISCUSSION = "discussion"
        FUNDING = "funding"
        TENDER = "tender"
        UNDER_WAY = "under_way"
        DONE = "done"
        STOPPED = "stopped"

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="project")
    slug = models.SlugField(unique=True, help_text="key of the data it was loaded from")
    title = MultilingualField()
    summary = MultilingualField(blank=True, null=True)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    stage_note = MultilingualField(blank=True, null=True)
    as_of_year = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_note = MultilingualField(blank=True, null=True)
    funding = MultilingualField(blank=True, null=True)
    spent = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    department = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source_url = models.URLField(blank=True, max_length=300)
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")
    participation = models.CharField(
        max_length=8, default="inform", choices=[("inform", "inform"), ("consult", "consult"), ("decide", "decide")]
    )
    approximate = models.BooleanField(default=True)
    point = models.PointField(null=True, blank=True, help_text="where its sign stands")
    points = models.MultiPointField(null=True, blank=True)
    line = models.MultiLineStringField(null=True, blank=True)
    polygon = models.MultiPolygonField(null=True, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="projects")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [GistIndex(fields=["point"], name="project_point")]
        constraints = [
            *geometry_checks("point", name="project_point", null=True),
            *geometry_checks("points", name="project_points", null=True),
            *geometry_checks("line", name="project_line", null=True),
            *geometry_checks("polygon", name="project_polygon", null=True),
        ]

    def __str__(self) -> str:
        return text_in(self.title)


class Milestone(models.Model):
    """A dated step of a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    name = MultilingualField()
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "order"], name="milestone_once")]


class Place(models.Model):
    """A name by which people find a place: one row of the gazetteer. Without a point of its own it stands where its area does."""

    class Kind(models.TextChoices):
        SETTLEMENT = "settlement"
        QUARTER = "quarter"
        STREET = "street"
        SQUARE = "square"
        LANDMARK = "landmark"
        POST = "post", "lamp post"
        HOUSE = "house"

    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = MultilingualField()
    also = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="other words for the same")
    number = models.CharField(max_length=12, blank=True, help_text="what is written on a lamp post or a house")
    street = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="houses")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="places")
    point = models.PointField(null=True, blank=True, spatial_index=False)
    line = models.MultiLineStringField(null=True, blank=True, spatial_index=False, help_text="where a street runs")
    source = models.CharField(
        max_length=3, blank=True, default="", db_default="", choices=[(OSM, OSM), (FILE, FILE)],
        help_text="empty: the municipality's folder",
    )  # fmt: skip
    line_source = models.CharField(
        max_length=3, blank=True, default="", db_default="", choices=[(OSM, OSM), (FILE, FILE)],
        help_text="where its line is lent from; empty: from where the place is",
    )  # fmt: skip
    approximate = models.BooleanField(default=False)
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")
    folded = models.CharField(max_length=400, editable=False, help_text="every name as layers.folding compares it")

    class Meta:
        indexes = [
            GinIndex(fields=["folded"], name="place_folded", opclasses=["gin_trgm_ops"]),
            GistIndex(fields=["point"], name="place_point"),
            GistIndex(fields=["line"], name="place_line", condition=models.Q(line__isnull=False)),
            models.Index(fields=["number"], name="place_number", condition=models.Q(kind="post")),
        ]
        constraints = [
            *geometry_checks("point", name="place_point_valid", null=True),
            *geometry_checks("line", name="place_line_valid", null=True),
            models.CheckConstraint(
                condition=models.Q(kind="house", street__isnull=False) & ~models.Q(number="")
                | ~models.Q(kind="house") & models.Q(street=None),
                name="place_house_on_street",
                violation_error_message=_("A house has a number and a street; nothing else stands on a street."),
            ),
        ]

    def __str__(self) -> str:
        return text_in(self.name)
