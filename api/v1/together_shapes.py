"""What the API tells of promises, people, organisations, links and goals, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import Page, Texts
from discussion.models import Link, Subject
from municipality.models import Organisation
from participation.workflow import Kind, public_states

PROMISED = ("open", "slipped", "kept", "withdrawn")


class PledgeFacts(serializers.Serializer):
    """A promise on a subject. Its author is named as they wished."""

    id = serializers.IntegerField()
    subject = serializers.CharField(help_text="reference of what it is promised for")
    what = serializers.CharField()
    language = serializers.CharField()
    state = serializers.ChoiceField(PROMISED, help_text="as of today")
    until = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="what became of it")
    name = serializers.CharField(allow_null=True, help_text="as its author wished; null: a resident or the organisation")
    organisation = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class PledgePage(Page):
    pledges = PledgeFacts(many=True)


class CardFacts(serializers.Serializer):
    """What somebody tells of themselves by choice; nothing of what they sent."""

    key = serializers.UUIDField()
    name = serializers.CharField()
    about = serializers.CharField()
    helps = serializers.CharField(allow_blank=True, help_text="what the person can help with")
    language = serializers.CharField()
    area = serializers.CharField(allow_null=True, help_text="null: the whole municipality")
    sectors = serializers.ListField(child=serializers.CharField())
    url = serializers.URLField()


class CardPage(Page):
    people = CardFacts(many=True)


class OrganisationFacts(serializers.Serializer):
    """Who takes part under an own name. Members are told to nobody."""

    slug = serializers.CharField()
    kind = serializers.ChoiceField(Organisation.Kind.values)
    name = Texts()
    about = Texts(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    verified = serializers.BooleanField(help_text="the administrator made sure who it is; departments need none")
    sectors = serializers.ListField(child=serializers.CharField())
    comment_count = serializers.IntegerField(help_text="what it said in public")
    url = serializers.URLField()


class OrganisationList(Page):
    organisations = OrganisationFacts(many=True)


class LinkFacts(serializers.Serializer):
    """One link, as it reads from the subject that was asked for."""

    kind = serializers.ChoiceField(Link.Kind.values)
    direction = serializers.ChoiceField(["out", "in"], help_text="out: the subject asked for says it of the other")
    words = serializers.CharField(help_text="in the language asked for")
    reference = serializers.CharField(help_text="of the other one")
    subject_kind = serializers.ChoiceField(Subject.Kind.values)
    title = serializers.CharField()
    url = serializers.URLField()


class LinkList(Page):
    links = LinkFacts(many=True)


class HelpfulState(serializers.Serializer):
    helpful = serializers.BooleanField(help_text="whether the asker finds it helpful")
    helpful_count = serializers.IntegerField()


class OwnComment(serializers.Serializer):
    """What became of a comment that its author mended or withdrew."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(["published", "waiting", "unconfirmed", "withdrawn"])
    text = serializers.CharField(allow_blank=True)
    mended = serializers.CharField(allow_blank=True, help_text="new words that a moderator has not read: everyone reads `text`")


class GoalFacts(serializers.Serializer):
    """A goal with what serves it. `progress` is of what serves it, not of the figure."""

    reference = serializers.CharField()
    title = Texts()
    measure = Texts(help_text="by what one sees it")
    by_year = serializers.IntegerField()
    status = serializers.ChoiceField(public_states(Kind.GOAL))
    ended_on = serializers.DateField(allow_null=True)
    progress = serializers.IntegerField(allow_null=True, help_text="whole percent; null: nothing to measure yet")
    indicator = serializers.CharField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    policies = serializers.ListField(child=serializers.CharField(), help_text="references of what serves it")
    projects = serializers.ListField(child=serializers.CharField())
    ideas = serializers.ListField(child=serializers.CharField())
    organisation = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    area = serializers.CharField()
    example = serializers.BooleanField(help_text="invented")
    url = serializers.URLField()


class GoalList(Page):
    goals = GoalFacts(many=True)
