"""The fields of every answer, named one by one: what is not named here is not told."""

from __future__ import annotations

from rest_framework import serializers

from accounts.models import Role
from api.v1.access import SCOPES
from discussion.models import Comment, Visibility
from layers.models import Project
from municipality.models import Area
from reports import private_data, workflow

KINDS = [kind.value for kind in workflow.Kind]
STATES = list(workflow.STATES)
PHASES = [phase.value for phase in workflow.Phase]
READ = (Comment.State.PUBLISHED, Comment.State.WITHDRAWN, Comment.State.REMOVED, Comment.State.HIDDEN)
"""States in which a comment, or its place, is read by everyone."""


class Page(serializers.Serializer):
    """What every list ends with."""

    next = serializers.URLField(allow_null=True, help_text="the next page; null at the end")


class Collection(Page):
    """A list of what can lie on a map."""

    type = serializers.ChoiceField(["FeatureCollection"])


class Feature(serializers.Serializer):
    """One of these; each names its geometry and its properties."""

    type = serializers.ChoiceField(["Feature"])
    id = serializers.CharField()


class Texts(serializers.DictField):
    """A municipal text by language code."""

    child = serializers.CharField()


class PointShape(serializers.Serializer):
    type = serializers.ChoiceField(["Point"])
    coordinates = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="longitude, latitude (WGS84)"
    )


class AnyShape(serializers.Serializer):
    type = serializers.ChoiceField(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"])
    coordinates = serializers.ListField(child=serializers.JSONField())


class ReportFacts(serializers.Serializer):
    """A report in a list."""

    reference = serializers.CharField(help_text="ten digits, shown as 123 456 7890")
    kind = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(STATES)
    phase = serializers.ChoiceField(PHASES)
    late = serializers.BooleanField(help_text="the date in force has passed")
    title = serializers.CharField()
    language = serializers.CharField()
    sector = serializers.CharField()
    category = serializers.CharField()
    area = serializers.CharField(help_text="the smallest area that holds the place")
    department = serializers.CharField()
    place = serializers.CharField(help_text="in words")
    near = serializers.CharField(
        allow_blank=True,
        help_text="street, house and landmark by the gazetteer, in the site's first language; names may be © OpenStreetMap contributors",
    )
    object = serializers.CharField(allow_blank=True, help_text="the thing that it is about: „layer.feature“, see layers")
    approximate = serializers.BooleanField(help_text="the point is its settlement's")
    created_at = serializers.DateTimeField()
    status_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True, help_text="the date in force; null when nothing is owed")
    expected_on = serializers.DateField(allow_null=True)
    support_count = serializers.IntegerField()
    comment_count = serializers.IntegerField()
    photo_count = serializers.IntegerField()
    url = serializers.URLField()


class ReportFeature(Feature):
    geometry = PointShape(allow_null=True)
    properties = ReportFacts()


class ReportCollection(Collection):
    features = ReportFeature(many=True)


class PhotoFacts(serializers.Serializer):
    large = serializers.URLField()
    small = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class TimelineEntry(serializers.Serializer):
    at = serializers.DateTimeField()
    code = serializers.CharField()
    headline = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    text_language = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    link = serializers.CharField(allow_blank=True)
    internal = serializers.BooleanField(help_text="only the administration reads it")
    photos = PhotoFacts(many=True)


class AnswerFacts(serializers.Serializer):
    """What was answered to a question of the category, in the words of then."""

    question = serializers.CharField(allow_null=True, help_text="slug; null: it is asked no more")
    asked = serializers.CharField()
    said = serializers.CharField()
    value = serializers.JSONField(help_text="in one spelling: a text, or slugs of choices; null of old ones")


class ReportDocument(ReportFacts):
    """One report with its words and timeline; geometry as GeoJSON. After removal or withdrawal only its state is told."""

    geometry = PointShape(allow_null=True)
    shape = AnyShape(allow_null=True, help_text="line or area, if one was drawn")
    further_sectors = serializers.ListField(child=serializers.CharField())
    status_text = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    support_needed = serializers.IntegerField(
        allow_null=True, help_text="supports that bring an idea before the administration"
    )
    author = serializers.CharField(allow_null=True, help_text="as the author wished; null: a resident")
    co_authors = serializers.ListField(child=serializers.CharField(), help_text="of an idea, those who wish to be named")
    endorsed_by = serializers.ListField(
        child=serializers.CharField(), help_text="slugs of organisations that stand behind an idea"
    )
    visibility = serializers.ChoiceField(Visibility.values)
    version = serializers.IntegerField(help_text="for If-Match")
    photos = PhotoFacts(many=True)
    answers = AnswerFacts(many=True, help_text="those that everyone reads; to author and administration all")
    timeline = TimelineEntry(many=True)


class ReportStub(serializers.Serializer):
    """All that is told of a removed or withdrawn report; `title` of a withdrawn idea alone."""

    title = serializers.CharField(required=False)

    reference = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(STATES)
    visibility = serializers.ChoiceField(Visibility.values)
    status_at = serializers.DateTimeField()


class Warned(serializers.Serializer):
    field = serializers.CharField()
    code = serializers.ChoiceField([f"private_{kind}" for kind in private_data.KINDS])
    detail = serializers.CharField(help_text="for the person, in the language of the request")


class Received(serializers.Serializer):
    """What became of what was sent. Until it is confirmed it has no reference, department or date."""

    client_uuid = serializers.UUIDField()
    status = serializers.ChoiceField(STATES)
    reference = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    kept_until = serializers.DateField(allow_null=True, help_text="the last day to confirm by the link in the mail")
    url = serializers.URLField(allow_null=True)
    warnings = Warned(many=True, help_text="what everyone will read and may be private; the report is taken as it is")


class SupportState(serializers.Serializer):
    supported = serializers.BooleanField()
    support_count = serializers.IntegerField()


class Uploaded(serializers.Serializer):
    client_uuid = serializers.UUIDField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class TransitionField(serializers.Serializer):
    name = serializers.CharField()
    required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.DictField(), help_text="{value, name}; empty: free")


class AllowedTransition(serializers.Serializer):
    name = serializers.CharField()
    target = serializers.CharField(help_text="a state, or: left (the one before), stays")
    one_of = serializers.ListField(child=serializers.CharField(), help_text="at least one of these fields")
    fields_ = TransitionField(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class Transitions(serializers.Serializer):
    version = serializers.IntegerField()
    transitions = AllowedTransition(many=True)


class MilestoneFacts(serializers.Serializer):
    name = Texts()
    due_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)


class ProjectFacts(serializers.Serializer):
    """A planned project; what the source does not say is null."""

    reference = serializers.CharField()
    title = Texts()
    summary = Texts(allow_null=True)
    stage = serializers.ChoiceField(Project.Stage.values)
    stage_note = Texts(allow_null=True)
    as_of_year = serializers.IntegerField(allow_null=True)
    starts_year = serializers.IntegerField(allow_null=True)
    ends_year = serializers.IntegerField(allow_null=True)
    amount = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    amount_note = Texts(allow_null=True)
    funding = Texts(allow_null=True)
    spent = serializers.FloatField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField()
    participation = serializers.ChoiceField([level for level, _name in Project._meta.get_field("participation").choices])
    approximate = serializers.BooleanField(help_text="the shape is drawn after words")
    example = serializers.BooleanField(help_text="invented")
    source_url = serializers.CharField(allow_blank=True)
    url = serializers.URLField()


class ProjectFeature(Feature):
    geometry = AnyShape(allow_null=True)
    properties = ProjectFacts()


class ProjectCollection(Collection):
    features = ProjectFeature(many=True)


class ProjectDocument(ProjectFacts):
    geometry = AnyShape(allow_null=True)
    milestones = MilestoneFacts(many=True)


class AreaFacts(serializers.Serializer):
    slug = serializers.CharField()
    parent = serializers.CharField(allow_null=True, help_text="slug of the area above")
    kind = serializers.ChoiceField(Area.Kind.values)
    code = serializers.CharField(allow_blank=True, help_text="EKATTE in Bulgaria")
    prefix = Texts(allow_null=True)
    name = Texts()
    population = serializers.IntegerField(allow_null=True)
    population_year = serializers.IntegerField(allow_null=True)
    support_needed = serializers.IntegerField(help_text="supports that an idea for it needs")
    schematic = serializers.BooleanField(help_text="the polygon is a drawing")
    point = PointShape(allow_null=True)
    polygon = AnyShape(allow_null=True, help_text="only with polygons=1")


class SectorFacts(serializers.Serializer):
    slug = serializers.CharField()
    name = Texts()
    short_name = Texts()
    icon = serializers.CharField()


class Areas(Page):
    areas = AreaFacts(many=True)


class Sectors(Page):
    sectors = SectorFacts(many=True)


class OwnAccount(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    email = serializers.EmailField()
    language = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(Role.values))
    departments = serializers.ListField(child=serializers.CharField())


class Session(serializers.Serializer):
    user = OwnAccount(allow_null=True)
    csrf = serializers.CharField(help_text="send it as X-CSRFToken with every act of a session")


class TokenFacts(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(list(SCOPES)))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewToken(TokenFacts):
    token = serializers.CharField(help_text="told this once")


class Tokens(Page):
    tokens = TokenFacts(many=True)


class SaidPhoto(serializers.Serializer):
    """A photo beside words: JPEG, without anything but its picture."""

    small = serializers.URLField(help_text="at most 480 pixels on the longer edge")
    large = serializers.URLField(help_text="at most 1600 pixels on the longer edge")
    width = serializers.IntegerField(help_text="of the large one, in pixels")
    height = serializers.IntegerField()
    description = serializers.CharField(allow_blank=True, help_text="what it shows, in its author's words")


class CommentFacts(serializers.Serializer):
    """A comment or an answer. One that was withdrawn or removed keeps its place without words."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True, help_text="the comment that it answers")
    state = serializers.ChoiceField([state.value for state in READ])
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField(allow_blank=True, help_text="emphasis, lists, quotes and links as in Markdown")
    language = serializers.CharField()
    name = serializers.CharField(allow_null=True, help_text="as its author wished; null: a resident")
    speaks_for = serializers.CharField(allow_null=True, help_text="slug of the organisation; null: for oneself")
    stakeholder = serializers.ChoiceField(Comment.Stakeholder.values, allow_null=True)
    kind = serializers.ChoiceField(Comment.Kind.values, allow_blank=True)
    stance = serializers.ChoiceField([value for value in Comment.Stance.values if value], allow_blank=True)
    about = serializers.CharField(allow_blank=True, help_text="the part of the subject that is meant")
    official = serializers.BooleanField(help_text="the administration's answer")
    pinned = serializers.BooleanField()
    place = serializers.CharField(allow_blank=True, help_text="in words")
    geometry = PointShape(allow_null=True)
    photos = SaidPhoto(many=True, help_text="at most three")
    helpful_count = serializers.IntegerField()
    answer_count = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True, help_text="why a moderator removed it, as a code")
    url = serializers.URLField()


class CommentsClosed(serializers.Serializer):
    text = serializers.CharField()
    language = serializers.CharField()
    at = serializers.DateTimeField()


class CommentPage(Page):
    comments = CommentFacts(many=True)
    count = serializers.IntegerField(help_text="of all that everyone reads")
    closed = CommentsClosed(allow_null=True, help_text="the moderator's summary, when nobody may write any more")


class CommentReceived(serializers.Serializer):
    """What became of a comment that was sent."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(["published", "waiting", "unconfirmed"])
    url = serializers.URLField(allow_null=True)
    warnings = Warned(many=True, help_text="what everyone will read and may be private; the comment is taken as it is")
