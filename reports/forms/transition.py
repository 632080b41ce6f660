"""One form for every edge of the workflow, built from the table: exactly the fields that the edge takes."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Subject
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation
from reports.actions import Given
from reports.models import MessageTemplate, Reason, Report
from reports.workflow import Transition

LONGEST = 4000
NOT_LISTED = {"invalid_choice": _("Choose from the list.")}


class ReportField(CleanCharField):
    """A report by its number in any spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        reference = parse(text)
        found = Report.objects.select_related("subject").filter(subject__reference=reference).first() if reference else None
        if found is None:
            raise forms.ValidationError(gettext("There is no report with this number. Check it."))
        return found


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        required=False, label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 25.11.2026.")},
    )  # fmt: skip


def line_field(label: Any, most: int = 200) -> CleanCharField:
    return CleanCharField(max_length=most, required=False, label=label)


class TransitionForm(forms.Form):
    """`version`: what the official saw. Requirements are the verb's matter, so that page and API refuse alike."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    photo_ids = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)

    def __init__(self, data: Any, files: Any = None, *, edge: Transition, report: Report, language: str = "") -> None:
        super().__init__(data, files, initial={"version": report.subject.version})
        self.edge, self.report = edge, report
        for name in edge.fields:
            self.fields[name] = self._field(name)
            wanted = name in edge.requires or (edge.name == "resolve" and name == "photo" and report.category.photo_on_resolve)
            if not wanted:
                continue
            self.fields[name].widget.attrs["aria-required"] = "true"
            self.fields[name].wanted = True  # type: ignore[attr-defined]
        self.templates = list(MessageTemplate.objects.filter(serves__contains=[edge.name]))

    def _field(self, name: str) -> forms.Field:
        department = self.report.department
        makers: dict[str, Any] = {
            "text": lambda: CleanCharField(
                max_length=LONGEST, lines=True, required=False, label=_("What we say"),
                widget=forms.Textarea(attrs={"rows": 6}),
            ),
            "reason": lambda: _rows(_("Reason"), Reason.objects.filter(serves__contains=[self.edge.name]), "slug"),
            "person": lambda: _rows(_("Person"), User.objects.filter(
                is_active=True, memberships__organisation=department, memberships__active=True
            ).distinct().order_by("name", "pk"), "pk"),
            "department": lambda: _rows(
                _("Department"), Organisation.objects.departments().exclude(pk=department.pk), "slug"
            ),
            "forwarded_to": lambda: _rows(_("To whom"), Organisation.objects.bodies(), "slug"),
            "project": lambda: _rows(
                _("Planned project"), Subject.objects.filter(kind="project", is_public=True).order_by("title"), "reference"
            ),
            "duplicate_of": lambda: ReportField(required=False, label=_("Number of the original")),
            "expected_on": lambda: day_field(_("Expected on")),
            "extended_to": lambda: day_field(_("New due date")),
            "filed_on": lambda: day_field(_("Filed on")),
            "decided_on": lambda: day_field(_("Decided on")),
            "notice": lambda: line_field(_("How the reporter was told (proof)")),
            "number": lambda: line_field(_("Number"), 60),
            "body": lambda: line_field(_("Body"), 120),
            "source": lambda: line_field(_("Source of the decision")),
            "link": lambda: forms.URLField(
                required=False, max_length=300, label=_("Link"), assume_scheme="https",
                error_messages={"invalid": _("Write the link as https://…")},
            ),
            "photo": lambda: forms.FileField(required=False, label=_("A photo")),
        }  # fmt: skip
        return makers[name]()

    def kept_photos(self) -> list[uuid.UUID]:
        """Client UUIDs of photos that an earlier step of the preview kept."""
        found = []
        for text in (self.cleaned_data.get("photo_ids") or "").split():
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return found[:5]

    def given(self, photos: list[uuid.UUID]) -> Given:
        """The verb's own object."""
        values = {name: self.cleaned_data.get(name) for name in self.edge.fields if name != "photo"}
        return Given(**{name: value for name, value in values.items() if value}, photo=photos)


def _rows(label: Any, rows: QuerySet[Any], key: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows, to_field_name=key, required=False, label=label, empty_label=_("choose"), error_messages=NOT_LISTED
    )
