"""Problems and ideas, and the set-up they live by: categories, regimes, routing, reasons, templates."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models import Correspondent, User
from discussion.models import Subject, TimelineRow
from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField, text_in
from municipality.models import Area, Organisation, Sector
from reports import workflow
from reports.querysets import NOT_OPEN, CategoryQuerySet, PhotoQuerySet, ReportQuerySet
from reports.wording import place_in_words


class TermUnit(models.TextChoices):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Regime(models.Model):
    """A legal regime: its term comes before the category's own."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    note = MultilingualField(null=True, blank=True)
    term = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=16, choices=TermUnit.choices, default=TermUnit.MONTHS)
    forward_days = models.PositiveSmallIntegerField(default=7)
    stops_on_question = models.BooleanField(default=False)

    def __str__(self) -> str:
        return text_in(self.name)


class Category(models.Model):
    """What a report is about; decides sector, department, regime and term."""

    class Photo(models.TextChoices):
        OPTIONAL = "optional"
        ASKED = "asked"
        REQUIRED = "required"

    class OpenTo(models.TextChoices):
        ALL = "all"
        STAFF = "staff"
        CLOSED = "closed"

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in workflow.Kind])
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="categories")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="categories")
    regime = models.ForeignKey(Regime, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    term = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=16, choices=TermUnit.choices, default=TermUnit.WORKING_DAYS)
    photo = models.CharField(max_length=8, choices=Photo.choices, default=Photo.OPTIONAL)
    photo_on_resolve = models.BooleanField(default=False)
    public = models.BooleanField(default=True, help_text="false: reports of it are restricted from the start")
    open_to = models.CharField(max_length=6, choices=OpenTo.choices, default=OpenTo.ALL)
    name = MultilingualField()
    internal_name = models.CharField(max_length=120, blank=True)
    hint = MultilingualField(null=True, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    not_ours = MultilingualField(null=True, blank=True, help_text="not the municipality's: who is responsible and what to do")
    not_ours_phone = models.CharField(max_length=40, blank=True)
    not_ours_url = models.URLField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)


class RoutingRule(models.Model):
    """In this area (and all below it) reports of this category (or all) go to this department; the narrowest rule wins."""

    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE)
    area = models.ForeignKey(Area, on_delete=models.CASCADE)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "area"], nulls_distinct=False, name="routing_once")]

    def __str__(self) -> str:
        return f"{self.category or '—'} · {self.area} → {self.department}"


class Reason(models.Model):
    """A reason code for refusing, rejecting, hiding: the public wording is data. `serves`: names of transitions and verbs."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    text = MultilingualField(null=True, blank=True)
    serves = ArrayField(models.CharField(max_length=24), default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)


class MessageTemplate(models.Model):
    """A ready answer that an official can start from."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    text = MultilingualField()
    serves = ArrayField(models.CharField(max_length=24), default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)


class Channel(models.TextChoices):
    WEB = "web"
    API = "api"
    PHONE = "phone"
    DESK = "desk"
    PAPER = "paper"
    OPEN311 = "open311"
    IMPORT = "import"


class Report(models.Model):
    """A problem or an idea. `is_public, sector, area, created_at` follow Subject's by a foreign key with ON UPDATE CASCADE."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="report")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in workflow.Kind])
    is_public = models.BooleanField(default=False)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="reports")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports", db_index=False)
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_reports", db_index=False
    )
    status = models.CharField(max_length=24, choices=[(code, code) for code in workflow.STATES])
    left_status = models.CharField(max_length=24, blank=True, help_text="the state it left for the present one")
    status_at = models.DateTimeField(default=timezone.now)
    answer_due = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    due_on = models.GeneratedField(
        expression=Case(
            When(status__in=sorted(workflow.ENDS | workflow.DRAFTS), then=Value(None)),
            When(expected_on__isnull=False, then=F("expected_on")),
            When(answered_on__isnull=True, then=F("answer_due")),
            default=Value(None),
            output_field=models.DateField(),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
        help_text="the date in force: a promise, else the answer that is still owed; none when nothing is owed",
    )
    reopen_used = models.BooleanField(default=False)
    geom = models.PointField(null=True, blank=True, spatial_index=False)
    line = models.LineStringField(null=True, blank=True)
    polygon = models.PolygonField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, help_text="street, number, landmark in words")
    near = MultilingualField(null=True, blank=True, help_text="what stands there by the gazetteer; null: not looked yet")
    just_outside = models.BooleanField(default=False, db_default=False, help_text="the point lies a little beyond the border")
    approximate = models.BooleanField(default=False, help_text="the point is its settlement's, the place is in words")
    official = models.BooleanField(default=False, help_text="filed officially, not only for discussion")
    happened_on = models.DateField(null=True, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports", db_index=False)
    entered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    public_name = models.CharField(max_length=120, blank=True, help_text="as the author wished; empty: a resident")
    photo_count = models.PositiveSmallIntegerField(default=0, help_text="published photos of the author")

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["geom", "created_at"], name="report_place_time"),
            GistIndex(
                fields=["geom", "created_at"], name="report_open_place", condition=Q(is_public=True) & ~Q(status__in=NOT_OPEN)
            ),
            models.Index(fields=["-created_at", "-subject"], name="report_newest", condition=Q(is_public=True)),
            models.Index(fields=["department", "due_on", "subject"], name="report_desk"),
            models.Index(fields=["assignee", "due_on", "subject"], name="report_mine", condition=Q(assignee__isnull=False)),
            models.Index(fields=["due_on", "subject"], name="report_due", condition=Q(due_on__isnull=False)),
            models.Index(fields=["due_on", "subject"], name="report_open_due", condition=~Q(status__in=NOT_OPEN)),
            models.Index(fields=["author", "-created_at"], name="report_author", condition=Q(author__isnull=False)),
            models.Index(fields=["area", "-created_at"], name="report_area"),
            models.Index(fields=["subject"], name="report_no_near", condition=Q(near__isnull=True)),
        ]
        constraints = [
            *geometry_checks("geom", name="report_geom", null=True),
            *geometry_checks("line", name="report_line", null=True),
            *geometry_checks("polygon", name="report_polygon", null=True),
            models.CheckConstraint(
                condition=Q(kind="idea") | Q(geom__isnull=False),
                name="report_problem_has_place",
                violation_error_message="A problem needs a place.",
            ),
            models.CheckConstraint(condition=Q(line=None) | Q(polygon=None), name="report_one_shape"),
            models.CheckConstraint(
                condition=Q(is_public=False)
                | (Q(status__in=sorted(workflow.PUBLIC)) & ~Q(kind="problem", status__in=sorted(workflow.PUBLIC_OF_IDEAS))),
                name="report_public_state",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(kind=kind.value) | Q(status__in=workflow.STATES_OF[kind]), name=f"report_{kind}_state"
                )
                for kind in workflow.Kind
            ),
            models.CheckConstraint(
                condition=~Q(status="assigned") | Q(assignee__isnull=False), name="report_assigned_has_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject_id)

    @property
    def where(self) -> str:
        return place_in_words(self.place, self.area.full_name)

    @property
    def where_words(self) -> list[str]:
        """All words of its place by which it is found."""
        picked = getattr(self, "picked", None)
        return [self.place, *(self.near or {}).values(), *(picked.all_words if picked else [])]

    @property
    def near_words(self) -> str:
        """„до ул. Гурко 12, при Читалище“; "" where the gazetteer knows nothing."""
        return text_in(self.near)

    @property
    def state(self) -> workflow.State:
        return workflow.STATES[self.status]

    @property
    def in_public_state(self) -> bool:
        return workflow.is_public(self.kind, self.status)


class Words(models.Model):
    """What the author wrote; `original`: before a moderator cut words, for authorised staff only."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.CASCADE, related_name="words")
    text = models.TextField(blank=True)
    original = models.TextField(blank=True)
    original_title = models.CharField(max_length=150, blank=True)


class Revision(models.Model):
    """An older version of the author's words, kept when they were edited."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")
    row = models.OneToOneField(TimelineRow, on_delete=models.CASCADE, related_name="revision")
    title = models.CharField(max_length=150)
    text = models.TextField()


class Contact(models.Model):
    """Who wrote, for the administration alone; its retention is its own. No public serializer reaches it."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.CASCADE, related_name="contact")
    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    name = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    @property
    def said(self) -> list[str]:
        """What is known of the person, line by line."""
        email = self.correspondent.email if self.correspondent else ""
        return [each for each in (self.name, self.address, self.phone, email) if each]


class Consent(models.Model):
    """What was agreed to at sending, with the version of the text that was shown."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="consents")
    page = models.SlugField()
    page_version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "page"], name="consent_once")]


class RegisterNumber(models.Model):
    """prefix-year-serial without gaps, given on official filing."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="register_number")
    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year", "serial"], name="register_number_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.serial}"


class Tombstone(models.Model):
    """A report that was never confirmed is gone; its client UUID stays, so that a replay is answered „expired“."""

    client_uuid = models.UUIDField(primary_key=True)
    expired_at = models.DateTimeField(default=timezone.now)


class Photo(models.Model):
    """One photo: one row, one folder, never shared. Uploaded to a draft (the report's client UUID), attached at submit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client_uuid = models.UUIDField(unique=True)
    draft = models.UUIDField(null=True, blank=True)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    row = models.ForeignKey(TimelineRow, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes received, to know a replay")
    hidden = models.BooleanField(default=False)
    covered_at = models.DateTimeField(null=True, blank=True, help_text="a copy with covered parts stands for it since")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        indexes = [
            models.Index(fields=["draft"], name="photo_draft", condition=Q(report=None)),
            models.Index(fields=["report", "position"], name="photo_report"),
            models.Index(fields=["covered_at"], name="photo_covered", condition=Q(covered_at__isnull=False)),
        ]

    def url(self, size: str) -> str:
        """The address of one size; while no report has taken the photo, with the draft's UUID that opens it."""
        kept = f"?draft={self.draft}" if self.draft and self.report_id is None else ""
        return f"/media/{self.id}/{size}.jpg{kept}"


import reports.cases.rows  # noqa: E402, F401
from reports.claims import FixedClaim  # noqa: E402, F401
from reports.council.rows import CoAuthor, Document, Endorsement, Filing  # noqa: E402, F401
from reports.picked import PickedObject  # noqa: E402, F401
from reports.planning.kept import Run, SavedAnalysis, SavedArea  # noqa: E402, F401 the app's models are found from this module
from reports.questions import Answer, Question  # noqa: E402, F401
from reports.taking_over.rows import ReportImport, TakenOver, Transfer  # noqa: E402, F401
