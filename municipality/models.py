"""Who and where we are: the installation, its sectors, areas, organisations and pages. Every row is loaded from data."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex

from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField, text_in
from municipality.querysets import AreaQuerySet, OrganisationQuerySet


class Installation(models.Model):
    """The one row that says whose site this is and how it works."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = MultilingualField()
    short_name = MultilingualField()
    tagline = MultilingualField()
    contact = models.JSONField(default=dict, help_text="address (texts), phone, email, emergency, hours (texts)")
    country = models.CharField(max_length=2, help_text="ISO 3166-1, for public holidays")
    register_prefix = models.CharField(max_length=12, default="C")
    support_threshold = models.PositiveIntegerField(default=50, help_text="supports that any idea needs at most")
    support_per_thousand = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="supports for each 1,000 people of the idea's area; empty: the same number everywhere"
    )
    support_least = models.PositiveSmallIntegerField(default=5, help_text="supports that any idea needs at least")
    support_note = MultilingualField(null=True, blank=True, help_text="what a support is not; empty: the site's own words")
    premoderation = models.JSONField(
        default=dict, blank=True, help_text='{"guests": bool, "first_posts": bool, "categories": [slug]}'
    )
    unconfirmed_days = models.PositiveSmallIntegerField(default=7)
    reopen_days = models.PositiveSmallIntegerField(default=14)
    question_working_days = models.PositiveSmallIntegerField(default=5)
    archive_months = models.PositiveSmallIntegerField(default=12)
    similar_metres = models.PositiveSmallIntegerField(default=300)
    outside_metres = models.PositiveSmallIntegerField(
        default=250, help_text="so far beyond the border a report is still taken, and marked"
    )
    emergency_words = models.JSONField(default=dict, blank=True, help_text="{language: [words that speak of an emergency]}")
    comment_edit_hours = models.PositiveSmallIntegerField(
        default=24, help_text="so long an author may mend a comment that nobody has answered"
    )
    council = models.ForeignKey(
        "Organisation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="the body whose members speak as councillors",
    )  # fmt: skip
    edition = models.PositiveIntegerField(default=1, help_text="rises with every load, so that cached pages change")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return text_in(self.name)


class Sector(models.Model):
    """A sphere of the municipality's work; every public object has a leading one."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    short_name = MultilingualField()
    icon = models.CharField(max_length=40, help_text="id in the sprite, without its prefix")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)


class Area(models.Model):
    """A node of the area tree: municipality, settlement, quarter, of any depth."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        SETTLEMENT = "settlement"
        QUARTER = "quarter"

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=20, blank=True, help_text="official code, EKATTE in Bulgaria")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True, help_text="ids from the root, each followed by a dot")
    prefix = MultilingualField(null=True, blank=True, help_text="гр., с., town, village")
    name = MultilingualField()
    polygon = models.MultiPolygonField(null=True, blank=True)
    point = models.PointField(null=True, blank=True, help_text="where its label stands")
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    support_threshold = models.PositiveIntegerField(
        null=True, blank=True, help_text="supports that an idea for this area needs; empty: by its people"
    )
    schematic = models.BooleanField(default=False, help_text="the polygon is a drawing, not a surveyed boundary")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [GistIndex(fields=["polygon"], name="area_polygon")]
        constraints = [
            *geometry_checks("polygon", name="area_polygon", null=True),
            *geometry_checks("point", name="area_point", null=True),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(parent=None),
                name="area_one_root",
                violation_error_message="The tree has one root.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """„гр. Левка“: the name with its settlement type."""
        return f"{text_in(self.prefix)} {text_in(self.name)}".strip()

    @property
    def depth(self) -> int:
        return self.path.count(".")


class Organisation(models.Model):
    """A department, or a body, company, association or institution outside the administration."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department"
        BODY = "body"
        COMPANY = "company"
        ASSOCIATION = "association"
        INSTITUTION = "institution"

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = MultilingualField()
    mailbox = models.EmailField(blank=True)
    active = models.BooleanField(default=True)
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="when the administrator made sure who it is; departments need none"
    )
    about = MultilingualField(null=True, blank=True, help_text="who it is, in a few sentences")
    website = models.URLField(blank=True)
    sectors = models.ManyToManyField(Sector, blank=True, related_name="+", help_text="what it is concerned with")
    order = models.PositiveSmallIntegerField(default=0)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)

    @property
    def trusted(self) -> bool:
        """May be spoken for: active, and a department or verified by the administrator."""
        return self.active and (self.kind == self.Kind.DEPARTMENT or self.verified_at is not None)


class Page(models.Model):
    """A text of the installation: about, privacy, terms; a new version keeps the old ones, for consents."""

    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    title = MultilingualField()
    body = MultilingualField(help_text="paragraphs, `## headings` and `- lists`")
    since = models.DateField()

    class Meta:
        ordering = ["slug", "-version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="page_version")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"
