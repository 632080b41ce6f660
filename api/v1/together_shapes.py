"""What the API tells of promises, people, organisations, links and goals, for its description."""

from __future__ import annotations

from rest_framework import serializers

from api.v1.shapes import Texts


class PledgeFacts(serializers.Serializer):
    """A promise on a subject. Its author is named as they wished."""

    id = serializers.IntegerField()
    subject = serializers.CharField(help_text="reference of what it is promised for")
    what = serializers.CharField()
    language = serializers.CharField()
    state = serializers.CharField(help_text="open, slipped, kept or withdrawn, as of today")
    until = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="what became of it")
    name = serializers.CharField(allow_null=True, help_text="as its author wished; null: a resident or the organisation")
    organisation = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class PledgePage(serializers.Serializer):
    pledges = PledgeFacts(many=True)
    next = serializers.URLField(allow_null=True, help_text="the next page; null at the end")


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


class CardPage(serializers.Serializer):
    people = CardFacts(many=True)
    next = serializers.URLField(allow_null=True, help_text="the next page; null at the end")


class OrganisationFacts(serializers.Serializer):
    """Who takes part under an own name. Members are told to nobody."""

    slug = serializers.CharField()
    kind = serializers.CharField(help_text="department, body, company, association or institution")
    name = Texts()
    about = Texts(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    verified = serializers.BooleanField(help_text="the administrator made sure who it is; departments need none")
    sectors = serializers.ListField(child=serializers.CharField())
    comment_count = serializers.IntegerField(help_text="what it said in public")
    url = serializers.URLField()


class OrganisationList(serializers.Serializer):
    organisations = OrganisationFacts(many=True)


class LinkFacts(serializers.Serializer):
    """One link, as it reads from the subject that was asked for."""

    kind = serializers.CharField(help_text="duplicate_of, planned_by, inspired_by, carried_out_by, discussed_at, answers, …")
    direction = serializers.ChoiceField(["out", "in"], help_text="out: the subject asked for says it of the other")
    words = serializers.CharField(help_text="in the language asked for")
    reference = serializers.CharField(help_text="of the other one")
    subject_kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()


class LinkList(serializers.Serializer):
    links = LinkFacts(many=True)


class HelpfulState(serializers.Serializer):
    helpful = serializers.BooleanField(help_text="whether the asker finds it helpful")
    helpful_count = serializers.IntegerField()


class OwnComment(serializers.Serializer):
    """What became of a comment that its author mended or withdrew."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(["published", "waiting", "unconfirmed", "withdrawn"])
    text = serializers.CharField(allow_blank=True)


class GoalFacts(serializers.Serializer):
    """A goal with what serves it. `progress` is of what serves it, not of the figure."""

    reference = serializers.CharField()
    title = Texts()
    measure = Texts(help_text="by what one sees it")
    by_year = serializers.IntegerField()
    status = serializers.CharField(help_text="aimed_at, reached or ended")
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


class GoalList(serializers.Serializer):
    goals = GoalFacts(many=True)
