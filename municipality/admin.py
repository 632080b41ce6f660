"""Set-up data in Django's administration: texts by language, geometry through the gate, nobody overwrites another's change."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.serializers import serialize
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from geoportal.kernel.geometry_fields import gate_formfield
from geoportal.kernel.multilingual import MultilingualField
from geoportal.kernel.sprite import icons
from geoportal.kernel.text import clean
from municipality import site
from municipality.admin_words import COLUMNS, ROWS
from municipality.models import Area, Installation, Organisation, Page, Sector

_app_list = admin.site.get_app_list


def get_app_list(request: HttpRequest, app_label: str | None = None) -> list[Any]:
    """The libraries' list with our names: one heading, rows by what they are."""
    apps = _app_list(request, app_label)
    models = [model for app in apps for model in app["models"]]
    for model in models:
        model["name"] = ROWS.get(model["model"]._meta.label, model["name"])
    if app_label or not apps:
        return apps
    ours = [model for model in models if model["model"]._meta.label in ROWS]
    return [{**apps[0], "name": _("Set-up data"), "models": sorted(ours, key=lambda model: str(model["name"]))}]


admin.site.get_app_list = get_app_list  # type: ignore[method-assign]


def seen_of(row: models.Model) -> str:
    """A mark of the row's present content: the form carries the one it showed."""
    return hashlib.sha256(serialize("json", [row]).encode()).hexdigest()[:32]


class TextsWidget(forms.MultiWidget):
    """One box for each language of the installation."""

    def __init__(self, languages: list[tuple[str, str]], *, rows: int = 1) -> None:
        self.languages = languages
        attrs = {"rows": rows, "cols": 70}
        super().__init__({code: forms.Textarea({**attrs, "lang": code, "aria-label": name}) for code, name in languages})

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in self.languages]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        boxes = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        parts = (
            (label, self._render(box["template_name"], {"widget": box}, renderer))  # type: ignore[attr-defined]
            for box, (_code, label) in zip(boxes, self.languages, strict=True)
        )
        return format_html("<div>{}</div>", format_html_join("", "<p><span>{}</span><br>{}</p>", parts))


class TextsField(forms.MultiValueField):
    """{language: text}; the first language is needed wherever the text is."""

    def __init__(self, *, required: bool, **kwargs: Any) -> None:
        from django.conf import settings

        self.languages = list(settings.LANGUAGES)
        fields = [forms.CharField(required=required and number == 0) for number, _code in enumerate(self.languages)]
        kwargs.setdefault("widget", TextsWidget(self.languages, rows=kwargs.pop("rows", 1)))
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str] | None:
        given = zip(self.languages, data_list or [], strict=False)
        texts = {code: clean(text, lines=True) for (code, _name), text in given if text and text.strip()}
        return texts or None


class SeenForm(forms.ModelForm):
    """Refuses to save over a change that was made after the form was shown; what was typed stays in the form."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = seen_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            now = type(self.instance)._default_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
            if self.data.get(self.add_prefix("seen")) != seen_of(now):
                raise forms.ValidationError(
                    _("Somebody else changed this row meanwhile. Open it again to see the change; your words are still here."),
                    code="stale",
                )
        return cleaned


class IconForm(SeenForm):
    """An icon is a sign of the sprite; any other name would draw nothing."""

    icon_prefix = ""

    def clean_icon(self) -> str:
        found: str = self.cleaned_data["icon"]
        if found and found not in (known := icons(self.icon_prefix)):
            raise forms.ValidationError(
                _("“%(unknown)s” is not known. Known: %(names)s.") % {"unknown": found, "names": ", ".join(sorted(known))}
            )
        return found


def label_of(column: Any) -> Any:
    """What the column is called: in its own table, else wherever it stands; None where it has no name but its own."""
    return COLUMNS.get(f"{column.model._meta.model_name}.{column.name}") or COLUMNS.get(column.name)


def named(field: Any, column: Any) -> Any:
    """The field with its name in the reader's language; what the column's help says, for programmers, the name says already."""
    if field is not None and (known := label_of(column)):
        field.label, field.help_text = known, ""
    return field


class SetUpAdmin(admin.ModelAdmin):
    """Rows of data that the site is set up with. Pages are told that something changed."""

    form = SeenForm
    long_texts: tuple[str, ...] = ()
    list_per_page = 100

    def __init__(self, *args: Any) -> None:
        """Crumbs, buttons, counts and the heads of lists call things as the forms do."""
        super().__init__(*args)
        self.opts.verbose_name = self.opts.verbose_name_plural = ROWS[self.opts.label]
        self.opts.app_config.verbose_name = _("Set-up data")
        for column in self.opts.concrete_fields:
            column.verbose_name = label_of(column) or column.verbose_name

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, MultilingualField):
            rows = 14 if db_field.name in self.long_texts else 2
            return named(TextsField(required=not db_field.null, rows=rows), db_field)
        return named(gate_formfield(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs), db_field)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": ROWS[self.opts.label], **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(name for name in super().get_fields(request, obj) if name != "seen"), "seen"]

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """One transaction: the row is locked from the check of its mark until it is saved."""
        with transaction.atomic():
            titled = {"title": ROWS[self.opts.label], **(extra_context or {})}
            return super().changeform_view(request, object_id, form_url, titled)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        changed()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        changed()


class SetUpRows(admin.TabularInline):
    """Rows that belong to a row of set-up data, on its page; numbers are typed as the language writes them."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DecimalField):
            kwargs["localize"] = True
        return named(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)


def changed() -> None:
    """The edition rises: cached pages are built anew, the process forgets what it kept."""
    Installation.objects.update(edition=F("edition") + 1)
    site.forget()


class Fixed:
    """Rows that come with the data: changed here, neither added nor removed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InstallationForm(SeenForm):
    """The two records have a known form: with any other no report could be sent."""

    def clean_contact(self) -> dict[str, Any]:
        found = self.cleaned_data["contact"]
        if not isinstance(found, dict) or not all(_is_text(value) for value in found.values()):
            raise forms.ValidationError(_('Write names with texts: {"phone": "…", "address": {"bg": "…"}}.'))
        return found

    def clean_premoderation(self) -> dict[str, Any]:
        found = {} if self.cleaned_data["premoderation"] is None else self.cleaned_data["premoderation"]
        kinds = {"guests": bool, "first_posts": bool, "categories": list}
        if not isinstance(found, dict) or not all(isinstance(value, kinds.get(name, ())) for name, value in found.items()):
            raise forms.ValidationError(_('Write it as {"guests": false, "first_posts": false, "categories": ["name"]}.'))
        return found


def _is_text(value: object) -> bool:
    """A text, or texts by language."""
    texts = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(text, str) for text in texts)


@admin.register(Installation)
class InstallationAdmin(Fixed, SetUpAdmin):
    form = InstallationForm
    exclude = ("id", "edition")


class SectorForm(IconForm):
    icon_prefix = "s"


@admin.register(Sector)
class SectorAdmin(Fixed, SetUpAdmin):
    form = SectorForm
    list_display = ("__str__", "slug", "order")


@admin.register(Area)
class AreaAdmin(Fixed, SetUpAdmin):
    """Boundaries come by import, which re-assigns reports; here are the names and where the label stands."""

    list_display = ("__str__", "kind", "code", "population")
    list_filter = ("kind",)
    exclude = ("path", "polygon")
    readonly_fields = ("slug", "kind", "parent", "schematic")


@admin.register(Organisation)
class OrganisationAdmin(SetUpAdmin):
    """Who is verified, and by whom its page is kept, is done on the page of the organisation."""

    list_display = ("__str__", "kind", "mailbox", "active", "verified_at")
    exclude = ("verified_at",)
    long_texts = ("about",)
    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}
    list_filter = ("kind", "active")


@admin.register(Page)
class PageAdmin(SetUpAdmin):
    """A new text is a new version: consents point to the one that was read."""

    list_display = ("slug", "version", "since")
    list_filter = ("slug",)
    long_texts = ("body",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
