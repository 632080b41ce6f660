"""What an official writes: the terms of a consultation, its sections and papers, the table that answers it."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib.gis.geos import MultiPolygon
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.markup import plain
from geoportal.kernel.geometry_fields import GeometryField, LonLatForm
from geoportal.kernel.text import CleanCharField
from layers.facts import PARTICIPATION
from municipality.models import Area, Organisation, Sector
from participation.actions.consultation import Terms
from participation.actions.sections import LONGEST
from participation.actions.table import ASKS
from participation.admittance import WHO_MAY
from participation.forms.borders import area_of, asking, drawn_again
from participation.forms.event import NumbersField
from participation.models import Consultation, ConsultationKind, Proposal
from participation.wording_consultation import PAPER_NAMES, VERDICTS
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.watched import WatchedForm

INVALID = {"invalid_choice": _("Choose one from the list.")}
LONGEST_DRAFT = 90_000


CHOOSE = _("choose")


def _one(rows: Any, label: Any, *, empty: Any = CHOOSE, **more: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(rows, to_field_name="slug", label=label, empty_label=empty, error_messages=INVALID, **more)


class ConsultationForm(WatchedForm, LonLatForm):
    """What is asked, of whom, until when. `border` or a drawn `shape`: where ideas must lie."""

    watched = ("title", "text", "short_reason")
    title = CleanCharField(max_length=150, label=_("What is it about, in a few words?"))
    text = words(
        _("What do you ask people?"), most=8000, hint=_("In plain words: what is to be decided, and what they can change.")
    )
    kind = _one(ConsultationKind.objects.all(), _("Kind"))
    level = forms.ChoiceField(
        choices=[(code, f"{name}. {said}") for code, (name, said) in PARTICIPATION.items()], label=_("What do people decide?"),
        widget=forms.RadioSelect, initial="consult", error_messages=INVALID,
    )  # fmt: skip
    sector = _one(Sector.objects.all(), _("Sector"))
    organisation = _one(Organisation.objects.none(), _("Which department asks?"), empty=None)
    settlement = _one(Area.objects.none(), _("Settlement"), empty=_("the whole municipality"), required=False)
    who_may = forms.ChoiceField(
        choices=list(WHO_MAY.items()), label=_("Who may take part?"), widget=forms.RadioSelect, initial="anyone",
        error_messages=INVALID,
    )  # fmt: skip
    closes_on = DayField(label=_("Last day on which one may write"))
    short_reason = words(
        _("Why is the time shorter than usual?"), required=False, most=2000,
        hint=_("Only where it is: the kind says how many days are needed. Everyone reads it."),
    )  # fmt: skip
    contact_name = CleanCharField(
        max_length=120, label=_("Who answers questions?"), help_text=_("A name or an office; everyone reads it.")
    )
    contact_email = forms.EmailField(
        max_length=254,
        required=False,
        label=_("E-mail for questions"),
        help_text=_("This or a telephone: one of them is needed."),
    )
    contact_phone = CleanCharField(max_length=40, required=False, label=_("Telephone for questions"))
    border = _one(
        Area.objects.none(), _("Ideas only from within"), empty=_("anywhere, or as drawn on the map"), required=False,
        help_text=_("For kinds that take ideas with a place. Draw an area on the map instead, if none of these fits."),
    )  # fmt: skip
    shape = GeometryField(kinds=frozenset({"Polygon"}), required=False, label=_("Drawn area"), widget=forms.HiddenInput)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, earlier: Consultation | None = None, kept: MultiPolygon | None = None, **kwargs: Any
    ) -> None:
        """`kept`: the present border, which stays unless another is chosen or drawn."""
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        self.kept = kept
        for name in ("contact_email", "contact_phone"):
            self.fields[name].wanted = True  # type: ignore[attr-defined]  # one of them is: neither is said to be free
        self.fields["organisation"].queryset = asking(user, self.initial.get("organisation"))  # type: ignore[attr-defined]
        settlements = Area.objects.settlements().order_by("-population", "slug")
        self.fields["settlement"].queryset = settlements  # type: ignore[attr-defined]
        outlined = Area.objects.exclude(polygon=None).exclude(parent=None).defer("polygon").order_by("path")
        self.fields["border"].queryset = outlined  # type: ignore[attr-defined]

    def said(self) -> Terms:
        """What the valid form says."""
        data = self.cleaned_data
        names = (
            "kind", "title", "text", "sector", "organisation", "closes_on", "contact_name", "contact_email", "contact_phone",
            "level", "who_may", "short_reason", "settlement",
        )  # fmt: skip
        return Terms(**{name: data[name] for name in names}, within=self._within(), earlier=self.earlier)

    def _within(self) -> MultiPolygon | None:
        data = self.cleaned_data
        if not {"border", "shape"} & set(self.changed_data):
            return self.kept
        if data["border"] is not None:
            found: MultiPolygon | None = data["border"].polygon
            return found
        return MultiPolygon(data["shape"], srid=4326) if data["shape"] is not None else None

    @staticmethod
    def first(found: Consultation) -> dict[str, Any]:
        """The consultation as the form's first values."""
        names = (
            "text", "kind", "level", "who_may", "closes_on", "short_reason", "contact_name", "contact_email", "contact_phone",
            "organisation",
        )  # fmt: skip
        subject, within = found.subject, found.within
        area = area_of(within)
        return {name: getattr(found, name) for name in names} | {
            "title": subject.title, "sector": subject.sector, "version": subject.version, "client_uuid": subject.client_uuid,
            "settlement": subject.area if subject.area.parent_id else None, "border": area,
            "shape": drawn_again(within) if area is None else None,
        }  # fmt: skip


class SectionForm(WatchedForm):
    """One section; `why` is asked once everyone has read the former words."""

    title = CleanCharField(max_length=200, label=_("Heading"), help_text=_("For instance: Art. 3. Felling of trees"))
    text = words(_("Text"), most=LONGEST, hint=_("Divide paragraphs by an empty line: people can write about each of them."))
    why = CleanCharField(max_length=300, required=False, label=_("Why does it change?"), help_text=_("Everyone reads it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 14
        if public:
            self.fields["why"].required = True
        else:
            del self.fields["why"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned.setdefault("why", "")
        return cleaned


class DraftForm(WatchedForm):
    """A whole draft; `seen`: the mark of the words whose sections were looked at."""

    text = words(
        _("The whole draft"), most=LONGEST_DRAFT,
        hint=_(
            "Lines that begin with “Чл. 5.”, “Раздел I” or ## begin a section, an empty line begins a paragraph. "
            "You see the sections before they are made."
        ),
    )  # fmt: skip
    seen = CleanCharField(max_length=64, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 20

    @property
    def mark(self) -> str:
        """Of the words of the valid form."""
        return hashlib.sha256(self.cleaned_data["text"].encode()).hexdigest()


class PaperForm(forms.Form):
    kind = forms.ChoiceField(
        choices=list(PAPER_NAMES.items()), label=_("What is it?"), widget=forms.RadioSelect, error_messages=INVALID
    )
    title = CleanCharField(max_length=200, label=_("Title"))
    file = forms.FileField(required=False, label=_("PDF file"), help_text=_("At most 10 MB."))
    link = forms.URLField(
        max_length=600, required=False, label=_("Or a link to it"), assume_scheme="https",
        error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ProlongForm(WatchedForm):
    closes_on = DayField(label=_("New last day"))
    text = words(_("Why does it run longer?"), most=2000, hint=_("Everyone reads it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SureForm(forms.Form):
    """A button alone, with the version that was looked at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CollectForm(SureForm):
    """Which remarks and questions come into the table beside what must."""

    more = forms.MultipleChoiceField(
        required=False, label=_("Put into the table too"), widget=forms.CheckboxSelectMultiple, error_messages=INVALID
    )

    def __init__(self, *args: Any, comments: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), plain(one.text)[:200]) for one in comments if one.kind not in ASKS]
        self.fields["more"].choices = choices  # type: ignore[attr-defined]


class RowForm(WatchedForm):
    """One row of the table."""

    watched = ("text", "reason")
    text = words(_("The proposal in short"), required=False, most=4000, hint=_("Empty: as it was said."))
    verdict = forms.ChoiceField(
        choices=[(code, name) for code, (name, _sign) in VERDICTS.items()], label=_("What was decided?"),
        widget=forms.RadioSelect, error_messages=INVALID,
    )  # fmt: skip
    reason = words(_("Why?"), most=4000, hint=_("Everyone reads it."))
    joined = forms.MultipleChoiceField(
        required=False, label=_("Rows that say the same"), help_text=_("They become one row with this one."),
        widget=forms.CheckboxSelectMultiple, error_messages=INVALID,
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: list[tuple[Proposal, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joined"].choices = [(str(row.pk), said[:120]) for row, said in others]  # type: ignore[attr-defined]
        if not others:
            del self.fields["joined"]


class GiveForm(forms.Form):
    """Ideas that are on the site already."""

    ideas = NumbersField(
        max_length=1000,
        label=_("Numbers of the ideas"),
        help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AdoptForm(WatchedForm):
    watched = ("adopted_title",)
    adopted_title = CleanCharField(
        max_length=200, label=_("What was adopted?"), help_text=_("As it is called, with number and day.")
    )
    adopted_url = forms.URLField(
        max_length=600, label=_("Where is it read?"), assume_scheme="https",
        error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    adopted_on = DayField(label=_("Day of adoption"), required=False)
    text = words(_("Why is it corrected?"), most=2000, hint=_("Everyone reads it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        """`again`: what was linked is corrected, with the reason."""
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["text"]
