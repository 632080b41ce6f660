"""What reports are set up with. A report itself is changed by its verbs only and is not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import validate_slug
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geoportal.kernel.multilingual import validate_texts
from municipality.admin import IconForm, SeenForm, SetUpAdmin
from municipality.admin_words import COLUMNS
from reports.models import Category, MessageTemplate, Question, Reason, Regime, RoutingRule
from reports.questions import never_asked
from reports.workflow import VERBS


@admin.register(Regime)
class RegimeAdmin(SetUpAdmin):
    list_display = ("slug", "term", "unit")


class CategoryForm(IconForm):
    icon_prefix = "c"


@admin.register(Category)
class CategoryAdmin(SetUpAdmin):
    form = CategoryForm
    list_display = ("__str__", "kind", "sector", "department", "term", "unit", "open_to")
    list_filter = ("kind", "sector", "department", "open_to")
    list_select_related = ("sector", "department")
    exclude = ("version",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            Category.objects.filter(pk=obj.pk).update(version=F("version") + 1)


class QuestionForm(SeenForm):
    """Choices have a known form: with any other no report could be sent."""

    def clean_choices(self) -> list[dict[str, Any]]:
        found = self.cleaned_data["choices"] or []
        names = [one.get("slug") for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        if not isinstance(found, list) or len(names) != len(found) or not all(_is_choice(one) for one in found):
            raise forms.ValidationError(
                _('Write a list of choices: [{"slug": "dark", "text": {"bg": "…"}, "advice": null, "stops": false}].')
            )
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("Every choice needs a name of its own."))
        return found

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        lists = cleaned.get("datatype") in (Question.Datatype.ONE, Question.Datatype.SEVERAL)
        if lists and "choices" in cleaned and len(cleaned["choices"]) < 2:
            self.add_error("choices", _("A list needs two choices at least."))
        if not self.errors:
            # Two who save at once could each make half of a circle. Reports go on meanwhile.
            Category.objects.select_for_update(no_key=True).get(pk=cleaned["category"].pk)
            names = ("text", "category", "datatype", "variable", "choices", "after", "after_choice")
            wrong = never_asked(Question(pk=self.instance.pk, **{name: cleaned[name] for name in names}))
            if wrong:
                self.add_error(*wrong)
        return cleaned


def _is_choice(one: dict[str, Any]) -> bool:
    """{slug, text, advice, stops}; who stops says why."""
    slug, text, advice = one.get("slug"), one.get("text"), one.get("advice")
    if set(one) != {"slug", "text", "advice", "stops"} or not isinstance(one["stops"], bool) or (one["stops"] and not advice):
        return False
    try:
        validate_slug(slug)
        validate_texts(text)
        if advice is not None:
            validate_texts(advice)
    except (forms.ValidationError, TypeError):
        return False
    return True


ASKED_AS = {
    Question.Datatype.STRING: gettext_lazy("one line of words"),
    Question.Datatype.TEXT: gettext_lazy("several lines of words"),
    Question.Datatype.NUMBER: gettext_lazy("a number"),
    Question.Datatype.DATETIME: gettext_lazy("a day, with the hour if known"),
    Question.Datatype.ONE: gettext_lazy("one of the choices"),
    Question.Datatype.SEVERAL: gettext_lazy("any of the choices"),
}


@admin.register(Question)
class QuestionAdmin(SetUpAdmin):
    """What a category asks; answers that were given keep the words in which they were asked."""

    form = QuestionForm
    list_display = ("__str__", "category", "asked_as", "required", "public", "order")
    list_filter = ("category",)
    list_select_related = ("category",)

    @admin.display(description=COLUMNS["datatype"])
    def asked_as(self, question: Question) -> Any:
        return ASKED_AS[Question.Datatype(question.datatype)]

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "datatype":
            kwargs["choices"] = [(kind.value, words) for kind, words in ASKED_AS.items()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(RoutingRule)
class RoutingRuleAdmin(SetUpAdmin):
    list_display = ("category", "area", "department")
    list_filter = ("department", "area")
    list_select_related = ("category", "area", "department")


class ServingForm(SeenForm):
    """What a row serves are names of transitions and verbs; a misspelt one would serve nothing."""

    def clean_serves(self) -> list[str]:
        found: list[str] = self.cleaned_data["serves"]
        if unknown := [name for name in found if name not in VERBS]:
            raise forms.ValidationError(
                _("“%(unknown)s” is not known. Known: %(names)s.") % {"unknown": unknown[0], "names": ", ".join(sorted(VERBS))}
            )
        return found


@admin.register(Reason)
class ReasonAdmin(SetUpAdmin):
    form = ServingForm
    list_display = ("__str__", "slug", "serves", "order")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SetUpAdmin):
    form = ServingForm
    list_display = ("slug", "serves", "order")
    long_texts = ("text",)
