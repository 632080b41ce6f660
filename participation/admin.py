"""What consultations are set up with. A consultation itself is changed by its verbs only and is not here."""

from __future__ import annotations

from django.contrib import admin

from municipality.admin import SetUpAdmin
from participation.models import ConsultationKind


@admin.register(ConsultationKind)
class ConsultationKindAdmin(SetUpAdmin):
    list_display = ("__str__", "slug", "least_days", "least_days_with_reason", "required_papers", "takes_ideas", "order")
