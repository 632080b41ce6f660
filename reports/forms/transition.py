"""One form for every edge of the workflow, built from the table: exactly the fields that the edge takes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from discussion.models import Subject
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanCharField
from layers.models import Feature, Project
from municipality.models import Organisation
from reports import rules, workflow
from reports.actions import Given
from reports.forms.days import DayField
from reports.models import MessageTemplate, Reason, Report
from reports.workflow import Transition

LONGEST = 4000
NOT_LISTED = {"invalid_choice": _("Choose from the list.")}


class ReportField(CleanCharField):
    """A report by its number in any spelling, among those that the person may open."""

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.user = user

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        reference = parse(text)
        seen = Report.objects.visible_to(self.user).select_related("subject")
        found = seen.filter(subject__reference=reference).first() if reference else None
        if found is None:
            raise forms.ValidationError(gettext("There is no report with this number. Check it."))
        return found


def day_field(label: Any) -> forms.DateField:
    return DayField(label=label, required=False)


def line_field(label: Any, most: int = 200) -> CleanCharField:
    return CleanCharField(max_length=most, required=False, label=label)


def version_field() -> forms.IntegerField:
    """Which version of the case was on the page; nobody sees or types it."""
    old = _("This form is out of date. Open the step again and send it from there.")
    return forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), old),
    )  # fmt: skip


def _amount() -> forms.DecimalField:
    wrong = _("Write the sum in euros as 1431.62.")
    codes = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        required=False, min_value=0, max_digits=12, decimal_places=2, label=_("What it took, in euros"), localize=True,
        error_messages=dict.fromkeys(codes, wrong),
    )  # fmt: skip


SAME: dict[str, Callable[[], forms.Field]] = {
    "text": lambda: CleanCharField(
        max_length=LONGEST, lines=True, required=False, label=_("What we say"), widget=forms.Textarea(attrs={"rows": 6})
    ),
    "expected_on": lambda: day_field(_("Expected on")),
    "extended_to": lambda: day_field(_("New due date")),
    "filed_on": lambda: day_field(_("Filed on")),
    "decided_on": lambda: day_field(_("Decided on")),
    "notice": lambda: line_field(_("How the reporter was told (proof)")),
    "number": lambda: line_field(_("Number"), 60),
    "body": lambda: line_field(_("Body"), 120),
    "decision_number": lambda: line_field(_("Number of the decision"), 60),
    "source": lambda: line_field(_("Source of the decision"), 300),
    "document": lambda: forms.FileField(
        required=False, label=_("The document (PDF, up to 10 MB)"), allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    ),
    "done_on": lambda: day_field(_("Done on")),
    "amount": _amount,
    "link": lambda: forms.URLField(
        required=False, max_length=300, label=_("Link"), assume_scheme="https",
        error_messages={"invalid": _("Write the link as https://…")},
    ),
    "photo": lambda: forms.FileField(required=False, label=_("A photo")),
}  # fmt: skip
"""Fields that are the same whatever the case, the act and the person."""


class TransitionForm(forms.Form):
    """`version`: what the official saw. Requirements are the verb's matter, so that page and API refuse alike."""

    version = version_field()
    photo_ids = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)
    document_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": _("Choose the document again.")}
    )

    def __init__(self, data: Any, files: Any = None, *, edge: Transition, report: Report, user: Any) -> None:
        super().__init__(data, files, initial={"version": report.subject.version})
        self.edge, self.report, self.user = edge, report, user
        for name in edge.fields:
            self.fields[name] = self._field(name)
            wanted = name in workflow.required(edge, report.status) or (
                edge.name == "resolve" and name == "photo" and report.category.photo_on_resolve
            )
            if not wanted:
                continue
            self.fields[name].widget.attrs["aria-required"] = "true"
            self.fields[name].wanted = True  # type: ignore[attr-defined]
        self.templates = list(MessageTemplate.objects.filter(serves__contains=[edge.name]))

    def _field(self, name: str) -> forms.Field:
        makers: dict[str, Callable[[], forms.Field]] = {
            "reason": lambda: _rows(_("Reason"), Reason.objects.filter(serves__contains=[self.edge.name]), "slug"),
            "person": self._person,
            "department": lambda: _rows(
                _("Department"), Organisation.objects.departments().exclude(pk=self.report.department.pk), "slug"
            ),
            "forwarded_to": self._body,
            "project": _project,
            "duplicate_of": lambda: ReportField(user=self.user, required=False, label=_("Number of the original")),
        }  # fmt: skip
        return (makers.get(name) or SAME[name])()

    def _body(self) -> forms.Field:
        """A body outside the municipality; of a place just beyond the border the neighbour that lies there is offered first."""
        field = _rows(_("To whom"), Organisation.objects.bodies(), "slug")
        if self.report.just_outside and self.report.geom and (beyond := Feature.objects.neighbour(self.report.geom)):
            field.initial = beyond.slug
        return field

    def _person(self) -> forms.Field:
        """People of the department; for a dispatcher those of all departments, under their names."""
        members = Membership.objects.filter(active=True, user__is_active=True, organisation__kind="department")
        everywhere = self.edge.name in ("assign", "reassign") and rules.may_route(self.user)
        if not everywhere:
            members = members.filter(organisation=self.report.department_id)
        rows = list(members.select_related("user", "organisation").order_by("organisation__slug", "user__name", "pk"))
        field = _rows(_("Person"), User.objects.filter(pk__in=[row.user_id for row in rows]), "pk")
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in rows:
            groups.setdefault(str(row.organisation), []).append((row.user_id, str(row.user)))
        listed: list[Any] = list(groups.items()) if len(groups) > 1 else [pair for group in groups.values() for pair in group]
        field.choices = [("", gettext("choose")), *listed]  # type: ignore[assignment]
        own = {row.user_id for row in rows if row.organisation_id == self.report.department_id}
        field.initial = self.user.pk if self.user.pk in own else None
        return field

    def _department_of(self, person: User | None) -> Organisation | None:
        """Another department than the report's, when the person works there and not here."""
        if person is None or "department" in self.fields:
            return None
        homes = [row.organisation for row in person.held if row.organisation.kind == "department"]
        here = any(home.pk == self.report.department_id for home in homes)
        return None if here or not homes else homes[0]

    def kept_photos(self) -> list[uuid.UUID]:
        """Client UUIDs of photos that an earlier step of the preview kept."""
        found = []
        for text in (self.cleaned_data.get("photo_ids") or "").split():
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return found[:5]

    def given(self, photos: list[uuid.UUID], document: uuid.UUID | None = None) -> Given:
        """The verb's own object."""
        values = {name: self.cleaned_data.get(name) for name in self.edge.fields if name not in ("photo", "document", "amount")}
        values["document"] = document if "document" in self.edge.fields else None
        amount = self.cleaned_data.get("amount")
        values["department"] = values.get("department") or self._department_of(values.get("person"))
        return Given(**{name: value for name, value in values.items() if value}, photo=photos, amount=amount)


class ProjectField(forms.ModelChoiceField):
    """A planned project by its title and where it is."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.area.full_name})"


def _project() -> forms.Field:
    """Of those that go on: nothing is planned in what is done or was stopped."""
    over = (Project.Stage.DONE, Project.Stage.STOPPED)
    found = Subject.objects.filter(kind="project", is_public=True).exclude(project__stage__in=over)
    return ProjectField(
        found.select_related("area").defer("area__polygon").order_by("title"), to_field_name="reference", required=False,
        label=_("Planned project"), empty_label=_("choose"), error_messages=NOT_LISTED,
    )  # fmt: skip


def _rows(label: Any, rows: QuerySet[Any], key: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows, to_field_name=key, required=False, label=label, empty_label=_("choose"), error_messages=NOT_LISTED
    )
