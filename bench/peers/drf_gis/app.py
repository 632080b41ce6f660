"""A plain Django REST framework with django-rest-framework-gis, as its manuals show it: serializers, filters, pages."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import date

from peer_settings import configure

configure(
    "rest_framework", "rest_framework_gis", REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
)  # fmt: skip

from django.core.wsgi import get_wsgi_application  # noqa: E402  the settings come first

application = get_wsgi_application()

from django.contrib.gis.db import models  # noqa: E402
from django.contrib.postgres.search import SearchVector, SearchVectorField  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402
from rest_framework_gis.filters import InBBoxFilter  # noqa: E402
from rest_framework_gis.serializers import GeoFeatureModelSerializer  # noqa: E402


def _unmanaged(name: str, table: str, /, **fields: object) -> type[models.Model]:
    meta = type("Meta", (), {"app_label": "peer", "managed": False, "db_table": table})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def _text(size: int = 250) -> models.CharField:
    return models.CharField(max_length=size, default="", blank=True)


Slugged = {name: _unmanaged(name, table, slug=_text()) for name, table in {
    "Sector": "municipality_sector", "Area": "municipality_area", "Organisation": "municipality_organisation",
}.items()}  # fmt: skip
Area = _unmanaged(
    "AreaShape", "municipality_area", slug=_text(), path=_text(), polygon=models.MultiPolygonField(null=True)
)  # fmt: skip
KEY = {"on_delete": models.DO_NOTHING, "related_name": "+"}
Category = _unmanaged(
    "Category", "reports_category", slug=_text(), sector=models.ForeignKey(Slugged["Sector"], **KEY),
    department=models.ForeignKey(Slugged["Organisation"], **KEY),
)  # fmt: skip
Rule = _unmanaged(
    "Rule", "reports_routingrule", category_id=models.BigIntegerField(null=True), area=models.ForeignKey(Area, **KEY),
    department=models.ForeignKey(Slugged["Organisation"], **KEY),
)  # fmt: skip
Subject = _unmanaged(
    "Subject", "discussion_subject", id=models.BigAutoField(primary_key=True), kind=_text(), reference=_text(),
    client_uuid=models.UUIDField(null=True), title=_text(), language=_text(), visibility=_text(),
    is_public=models.BooleanField(), version=models.IntegerField(default=1), support_count=models.IntegerField(default=0),
    comment_count=models.IntegerField(default=0), created_at=models.DateTimeField(), area_id=models.BigIntegerField(),
    sector_id=models.BigIntegerField(), search=SearchVectorField(null=True),
)  # fmt: skip
Report = _unmanaged(
    "Report", "reports_report",
    subject=models.OneToOneField(Subject, primary_key=True, on_delete=models.DO_NOTHING, related_name="report"),
    kind=_text(), is_public=models.BooleanField(), created_at=models.DateTimeField(), status=_text(), left_status=_text(),
    status_at=models.DateTimeField(), answer_due=models.DateField(null=True), expected_on=models.DateField(null=True),
    reopen_used=models.BooleanField(default=False), geom=models.PointField(null=True), place=_text(),
    approximate=models.BooleanField(default=False), official=models.BooleanField(default=False), channel=_text(),
    public_name=_text(), photo_count=models.SmallIntegerField(default=0), area=models.ForeignKey(Slugged["Area"], **KEY),
    category=models.ForeignKey(Category, **KEY), department=models.ForeignKey(Slugged["Organisation"], **KEY),
    sector=models.ForeignKey(Slugged["Sector"], **KEY),
)  # fmt: skip
Words = _unmanaged(
    "Words", "reports_words", report=models.OneToOneField(Report, primary_key=True, on_delete=models.DO_NOTHING),
    text=models.TextField(), original=models.TextField(default=""), original_title=_text(),
)  # fmt: skip
Contact = _unmanaged(
    "Contact", "reports_contact", report=models.OneToOneField(Report, primary_key=True, on_delete=models.DO_NOTHING),
    name=_text(), address=_text(), phone=_text(),
)  # fmt: skip
Consent = _unmanaged(
    "Consent", "reports_consent", report=models.ForeignKey(Report, **KEY), page=_text(), page_version=models.SmallIntegerField(),
    given_at=models.DateTimeField(),
)  # fmt: skip
Act = _unmanaged(
    "Act", "discussion_timelinerow", subject=models.ForeignKey(Subject, **KEY), code=_text(), at=models.DateTimeField(),
    capacity=_text(), audience=_text(), before=_text(), after=_text(), department_id=models.BigIntegerField(),
    data=models.JSONField(default=dict), version=models.IntegerField(default=1), tells=models.BooleanField(default=True),
)  # fmt: skip


class ReportSerializer(GeoFeatureModelSerializer):
    reference = serializers.CharField(source="subject.reference")
    title = serializers.CharField(source="subject.title")
    language = serializers.CharField(source="subject.language")
    support_count = serializers.IntegerField(source="subject.support_count")
    comment_count = serializers.IntegerField(source="subject.comment_count")
    sector = serializers.CharField(source="sector.slug")
    category = serializers.CharField(source="category.slug")
    area = serializers.CharField(source="area.slug")
    department = serializers.CharField(source="department.slug")

    class Meta:
        model = Report
        geo_field = "geom"
        id_field = "reference"
        fields = (
            "reference", "kind", "status", "title", "language", "sector", "category", "area", "department", "place",
            "approximate", "created_at", "status_at", "answer_due", "expected_on", "support_count", "comment_count",
            "photo_count",
        )  # fmt: skip


class Pages(pagination.LimitOffsetPagination):
    default_limit = 100


class BBox(InBBoxFilter):
    bbox_param = "bbox"


class Reports(generics.ListAPIView):
    queryset = Report.objects.filter(is_public=True).select_related("subject", "sector", "category", "area", "department")
    queryset = queryset.order_by("-created_at", "-subject").defer("subject__search")
    serializer_class = ReportSerializer
    pagination_class = Pages
    filter_backends = [BBox]
    bbox_filter_field = "geom"


JOB = """SELECT procrastinate_defer_jobs_v1(ARRAY[
  ROW('default', 'notifications.tell', 0, NULL, NULL, %s::jsonb, NULL)::procrastinate_job_to_defer_v1])"""


class NewReport(serializers.Serializer):
    """What the product writes for a report of text: subject with its words for the search, report, words, contact, three
    consents, one timeline row and the job that tells of it; no limits for senders and no answer kept for a repeat."""

    kind = serializers.CharField()
    category = serializers.SlugRelatedField(slug_field="slug", queryset=Category.objects.select_related("department", "sector"))
    title = serializers.CharField(max_length=150)
    text = serializers.CharField()
    place = serializers.CharField()
    point = serializers.JSONField()
    agree = serializers.BooleanField()

    @transaction.atomic
    def create(self, given: dict) -> Report:
        from django.contrib.gis.geos import GEOSGeometry

        point, now, category = GEOSGeometry(json.dumps(given["point"]), srid=4326), timezone.now(), given["category"]
        areas = list(Area.objects.filter(polygon__covers=point).order_by("path"))
        area = max(areas, key=lambda row: row.path.count("."))
        ids = [int(part) for part in area.path.split(".") if part]
        rules = [rule for rule in Rule.objects.filter(area__in=ids) if rule.category_id in (None, category.pk)]
        department = rules[0].department_id if rules else category.department_id
        subject = Subject.objects.create(
            kind=given["kind"], reference=f"0{secrets.randbelow(10**9):09}", client_uuid=uuid.uuid4(), title=given["title"],
            language="bg", visibility="public", is_public=True, created_at=now, area_id=area.pk, sector_id=category.sector_id,
            search=SearchVector(models.Value(f"{given['title']} {given['text']} {given['place']}"), config="simple"),
        )  # fmt: skip
        report = Report.objects.create(
            subject=subject, kind=given["kind"], is_public=True, created_at=now, status="received", status_at=now,
            answer_due=date(2030, 1, 1), geom=point, place=given["place"], channel="api", area_id=area.pk, category=category,
            department_id=department, sector_id=category.sector_id,
        )  # fmt: skip
        Words.objects.create(report=report, text=given["text"])
        Contact.objects.create(report=report)
        for page in ("terms", "privacy", "consent-publish"):
            Consent.objects.create(report=report, page=page, page_version=1, given_at=now)
        act = Act.objects.create(
            subject=subject, code="submitted", at=now, capacity="author", audience="public", after="received",
            department_id=department,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(JOB, [json.dumps({"row_id": act.pk})])
        return report

    def to_representation(self, report: Report) -> dict:
        return {"reference": report.subject.reference, "status": report.status}


class Create(generics.CreateAPIView):
    serializer_class = NewReport


urlpatterns = [path("reports/", Reports.as_view()), path("create/", Create.as_view())]
