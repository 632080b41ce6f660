"""What a program sends as a new report: every field is checked and named before the verb sees it."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Correspondent, User
from api.v1.answers import shown
from api.v1.shapes import KINDS
from discussion.models import Subject
from geoportal.kernel.geometry_fields import GateGeometryField
from geoportal.kernel.problems import WHOLE
from geoportal.kernel.text import CleanSerializerField, clean
from layers.models import Feature
from municipality.models import Area, Sector
from reports import at_objects, rules
from reports import given as gifts
from reports.actions import Submission
from reports.actions.submit import MOST_PHOTOS
from reports.forms.submit import PHONE
from reports.models import Category, Channel, Photo
from reports.picked import LONGEST as LONGEST_OBJECT

CHANNELS = [Channel.PHONE.value, Channel.DESK.value, Channel.PAPER.value]
LONGEST_TEXT = 4_000
LONGEST_SLUG = 50
MOST_CHOICES = 50
MOST_VERTICES = 500
UNKNOWN = {"invalid_choice": gettext_lazy("There is no such value. See the schema for those that are.")}
NUMBER = RegexValidator(re.compile(r"\A[\d ]*\Z", re.ASCII), gettext_lazy("Write its number."))
OBJECT = RegexValidator(
    re.compile(r"\A[\w-]+\.[\w-]+\Z", re.ASCII), gettext_lazy("Write layer and feature with a dot between: lamps.12.")
)
NO_UUID = {"invalid": gettext_lazy("Write a UUID.")}


class Slug(CleanSerializerField):
    """The slug of a row; answers the row with those that it is read together with, says when there is none."""

    def __init__(self, model: type[Any], together: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.model, self.together = model, together
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        slug = super().to_internal_value(data)
        rows = self.model.objects.select_related(*self.together) if self.together else self.model.objects
        found = rows.filter(slug=slug).first() if len(slug) <= LONGEST_SLUG else None
        if found is None:
            raise serializers.ValidationError(_("There is no such value here."), code="unknown")
        return found


class Strict(serializers.Serializer):
    """Unknown fields are refused by name."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """A body of null is as wrong as any other that is no object."""
        if data is None:
            raise serializers.ValidationError({WHOLE: [self.error_messages["invalid"].format(datatype="null")]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        known = super().to_internal_value(data)
        if unknown := sorted(set(data) - set(self.fields)):
            raise serializers.ValidationError({shown(str(unknown[0])): [_("Unknown field.")]})
        return known


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class Answered(serializers.Field):
    """What was said to a question: a text, or several for a list of which one takes more than one."""

    default_error_messages = {"invalid": gettext_lazy("Write a text, or a list of slugs of choices.")}

    def to_internal_value(self, data: Any) -> str | list[str]:
        texts = data if isinstance(data, list) else [data]
        if len(texts) > MOST_CHOICES or not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
            self.fail("invalid")
        try:
            cleaned = [clean(text, lines=True) for text in texts]
        except ValidationError as refused:
            raise serializers.ValidationError(refused.messages, code="control") from refused
        return cleaned if isinstance(data, list) else cleaned[0]


class Sent(Strict):
    """A new report. Without `point`, name a `settlement` and the `place` in words; an idea may have neither."""

    kind = serializers.ChoiceField(KINDS, error_messages=UNKNOWN)
    category = Slug(Category, ("department", "regime"), help_text="slug, see categories")
    title = CleanSerializerField(max_length=150)
    text = CleanSerializerField(lines=True, max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(
        [code for code, _name in settings.LANGUAGES],
        required=False,
        error_messages=UNKNOWN,
        help_text="of the words; else the request's",
    )
    point = GateGeometryField(kinds=frozenset({"Point"}), required=False, allow_null=True)
    line = GateGeometryField(kinds=frozenset({"LineString"}), max_vertices=MOST_VERTICES, required=False, allow_null=True)
    polygon = GateGeometryField(kinds=frozenset({"Polygon"}), max_vertices=MOST_VERTICES, required=False, allow_null=True)
    settlement = Slug(Area, required=False, help_text="slug, see areas")
    place = CleanSerializerField(max_length=200, required=False, allow_blank=True, default="")
    object = CleanSerializerField(
        max_length=LONGEST_OBJECT, required=False, allow_blank=True, default="", validators=[OBJECT],
        help_text="„layer.feature“ of a layer that can be picked from: the place becomes what of it is nearest to the point",
    )  # fmt: skip
    further_sectors = serializers.ListField(child=Slug(Sector), max_length=8, required=False)
    photos = serializers.ListField(
        child=serializers.UUIDField(error_messages=NO_UUID), max_length=MOST_PHOTOS, required=False,
        help_text="client UUIDs of photos sent before",
    )  # fmt: skip
    answers = serializers.DictField(
        child=Answered(), required=False, default=dict,
        help_text="question → what was said, or the slugs of choices; see categories",
    )  # fmt: skip
    official = serializers.BooleanField(
        required=False, default=False, help_text="file officially: name and address are then needed"
    )
    happened_on = serializers.DateField(required=False, allow_null=True)
    restricted = serializers.BooleanField(required=False, default=False, help_text="only the administration shall see it")
    given_to = CleanSerializerField(
        max_length=20, required=False, allow_blank=True, default="", validators=[NUMBER],
        help_text="number of the consultation to which an idea is given",
    )  # fmt: skip
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    name = CleanSerializerField(max_length=120, required=False, allow_blank=True, default="")
    address = CleanSerializerField(max_length=250, required=False, allow_blank=True, default="")
    phone = CleanSerializerField(
        max_length=40, required=False, allow_blank=True, default="",
        validators=[PHONE],
    )  # fmt: skip
    show_name = serializers.ChoiceField(["no", "first", "full"], required=False, default="no", error_messages=UNKNOWN)
    agree = serializers.BooleanField(help_text="to the terms and the privacy text, under 14 with a parent or guardian; true")
    channel = serializers.ChoiceField(
        CHANNELS, required=False, error_messages=UNKNOWN, help_text="officials: on behalf of somebody"
    )

    def validate_agree(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(_("Nothing can be received without this."))
        return value

    def validate_happened_on(self, value: datetime.date | None) -> datetime.date | None:
        if value and value.year < 1990:
            raise serializers.ValidationError(_("Write the day on which it happened."))
        return value

    def validate_given_to(self, value: str) -> Subject | None:
        found = gifts.target(value)
        if value and found is None:
            raise serializers.ValidationError(_("There is no such value here."), code="unknown")
        return found

    def validate_object(self, value: str) -> Feature | None:
        found = at_objects.chosen(value) if value else None
        if value and found is None:
            raise serializers.ValidationError(_("There is no such value here."), code="unknown")
        return found

    def validate_channel(self, value: str) -> str:
        if not rules.may_enter_for_others(self.context["request"].user):
            raise serializers.ValidationError(_("Only officials enter reports on behalf of somebody."))
        return value

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("line") is not None and given.get("polygon") is not None:
            raise serializers.ValidationError({"line": [_("Draw a line or an area, not both.")]})
        settlement = given.get("settlement")
        if settlement is not None and settlement.point is None:
            raise serializers.ValidationError({"settlement": [_("Choose a settlement.")]})
        return given

    def check_photos(self, client_uuid: uuid.UUID | None) -> None:
        """Every photo named was sent and belongs to no report yet, or to this very one, which a page has sent before."""
        named = set(self.validated_data.get("photos", ()))
        free = Q(report=None) | Q(report__subject__client_uuid=client_uuid, report__subject__client_uuid__isnull=False)
        if named and Photo.objects.filter(free, client_uuid__in=named).count() < len(named):
            raise serializers.ValidationError({"photos": [_("One of these photos was not sent. Send it again.")]})

    def submission(self, client_uuid: uuid.UUID, *, proven: Correspondent | None) -> Submission:
        """What the verb takes. A signed-in resident is the author; an official who names a channel enters for somebody."""
        given = dict(self.validated_data)
        given["given_to"] = given["given_to"] or None
        user = self.context["request"].user
        person = user if isinstance(user, User) else None
        channel, agreed, show = given.pop("channel", None), given.pop("agree"), given.pop("show_name")
        language = given.pop("language", None) or get_language() or settings.LANGUAGE_CODE
        name = given["name"] or (person.name if person and not channel else "")
        email = given["email"].lower()
        same = proven is not None and proven.email.lower() == email and bool(email)
        return Submission(
            **{**given, "email": email if channel or not person else ""},
            client_uuid=client_uuid,
            language=language,
            author=None if channel else person,
            entered_by=person if channel else None,
            channel=channel or Channel.API,
            public_name={"full": name, "first": name.split(" ")[0]}.get(show, ""),
            consents=_consents(agreed, given, email),
            proven=proven if same else None,
        )


class Supporter(Strict):
    """Who supports without an account."""

    email = serializers.EmailField(
        max_length=254, required=False, help_text="a guest's: the support counts once it is confirmed"
    )


def _consents(agreed: bool, given: dict[str, Any], email: str) -> tuple[str, ...]:
    """Slugs of the texts that were agreed to."""
    if not agreed:
        return ()
    more = [slug for slug, applies in (("consent-official", given["official"]), ("consent-mail", email)) if applies]
    return ("terms", "privacy", "consent-publish", *more)
