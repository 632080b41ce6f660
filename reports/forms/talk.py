"""What people write in a conversation."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from discussion.actions.comments import kinds_for
from discussion.models import Comment
from discussion.shown import KINDS, STANCES
from discussion.voices import STAKEHOLDERS, stakeholder_of, voices
from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation
from reports.forms.author import AddressForm, words
from reports.forms.shots import ShotsForm
from reports.forms.watched import WatchedForm
from reports.models import Reason

LONGEST = 2000
MARKS = _("A moderator reads it first. You can write **strong**, *slanted*, - list, > quotation, [words](https://…).")
INVALID = {"invalid_choice": _("Choose one from the list.")}


class VoiceField(forms.ModelChoiceField):
    """For whom somebody speaks; empty: for oneself."""

    def label_from_instance(self, obj: Organisation) -> str:
        return f"{obj} ({STAKEHOLDERS[stakeholder_of(obj)]})"


class CommentForm(WatchedForm, LonLatForm, ShotsForm, AddressForm):
    """A comment on a subject of the kind `about`; with `answers` an answer. `organisation` is asked of those alone who may speak for some."""

    watched = ("text", "public_name", "place", "photo_words")
    organisation = VoiceField(
        Organisation.objects.none(), required=False, label=_("You speak for"), empty_label=_("yourself"),
        error_messages={"invalid_choice": _("You are not a member of this organisation, or it is not verified.")},
    )  # fmt: skip
    kind = forms.ChoiceField(choices=list(KINDS.items()), required=False, label=_("What is it?"), error_messages=INVALID)
    stance = forms.ChoiceField(
        choices=[("", _("I take no side")), *((code, said) for code, (said, _sign) in STANCES.items())], required=False,
        label=_("Where do you stand?"), widget=forms.RadioSelect, error_messages=INVALID,
    )  # fmt: skip
    text = words(_("Your comment"), most=LONGEST, hint=MARKS)
    place = CleanCharField(
        max_length=200, required=False, label=_("Which place is it about?"),
        help_text=_("In words, as people there say it. Empty: no place in particular."),
    )  # fmt: skip
    public_name = CleanCharField(max_length=80, required=False, label=_("Signed as"), help_text=_("Empty: a resident."))
    anchor = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ["organisation", "text", "photo", "photo_words", "stance", "kind", "place", "public_name", "email"]

    def __init__(self, *args: Any, user: Any = None, answers: bool = False, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        kinds.choices = [(kind, KINDS[kind]) for kind in kinds_for(about)]  # type: ignore[attr-defined]
        self.plain = Comment.Kind.ANSWER if answers else Comment.Kind.REMARK
        self.fields["kind"].initial = self.plain
        spoken = voices(user)
        if spoken:
            if user.works_here:  # who works here answers for the department, unless said otherwise
                self.fields["organisation"].initial = next((one.pk for one in spoken if one.kind == "department"), None)
            rows = Organisation.objects.filter(pk__in=[one.pk for one in spoken])
            self.fields["organisation"].queryset = rows  # type: ignore[attr-defined]
        elif not self.data.get("organisation"):  # chosen all the same, it is refused with the reason
            del self.fields["organisation"]
        if answers:
            del self.fields["place"], self.fields["lon"], self.fields["lat"]

    def only_typed(self) -> None:
        """Shows what was typed and refuses nothing of it yet: it is not sent."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned.setdefault("point", None)
        cleaned["kind"] = cleaned.get("kind") or self.plain
        cleaned.setdefault("place", "")
        return cleaned


class WordsForm(WatchedForm):
    """Nothing but words: a comment mended, an appeal."""

    text = words(_("Your comment"), most=LONGEST)

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class ConclusionForm(WatchedForm):
    """The summary that closes a conversation."""

    text = words(_("Summary of the conversation"), most=4000, hint=_("Everyone will read it."))


class ModerateCommentForm(WatchedForm):
    """What a moderator does with one comment; a reason where it is taken down."""

    verb = forms.ChoiceField(label=_("What should become of it?"), widget=forms.RadioSelect, error_messages=INVALID)
    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", required=False, label=_("Reason"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    text = words(_("Words to it"), required=False, most=1000, hint=_("Everyone and its writer read them."))
    read = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = comment.state == Comment.State.PUBLISHED
        choices = [
            ("pin", _("It stands first")) if comment.pinned_at is None else ("unpin", _("It stands first no longer")),
            ("remove", _("Remove it: its place says why")),
            ("hide", _("Hide it: for everyone else as if it had never been; answers stay")),
        ]  # fmt: skip
        if not stands:
            choices = [("show", _("Publish it")), *choices[1:]]
        elif comment.parent_id:
            choices = choices[1:]
        if stands and comment.mended:
            choices = [("show", _("Publish the new words")), ("keep", _("Leave the words before")), *choices]
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason"].queryset = Reason.objects.filter(serves__contains=["comment"])  # type: ignore[attr-defined]

    def shows(self, mark: str) -> None:
        """The page shows the comment as it has this mark: sent from there, nothing else is published."""
        self.initial["read"] = mark
        if self.is_bound:
            self.data = self.data.copy()
            self.data["read"] = mark  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("verb") in ("remove", "hide", "keep") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason from the list."))
        return cleaned
