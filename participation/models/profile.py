"""What people tell of themselves by choice, so that others with the same concern find them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Block, User
from municipality.models import Area, Sector


class ProfileQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Those that a moderator has read, of people who are here and may write."""
        kept = Block.objects.filter(correspondent__user=OuterRef("user"), lifted_at=None, until__gte=timezone.localdate())
        return self.filter(~Exists(kept), state=Profile.State.PUBLIC, user__is_active=True)

    def visible_to(self, user: Any) -> Self:
        """Public ones and one's own; all for a moderator."""
        if not getattr(user, "is_authenticated", False):
            return self.public()
        if user.has_role("moderator"):
            return self
        return self.filter(Q(pk__in=self.public().values("pk")) | Q(user=user))


class Profile(models.Model):
    """One person's card: a name, the area and sectors, what they can help with. No address, nothing of what they sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        PUBLIC = "public"
        REFUSED = "refused"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    name = models.CharField(max_length=80)
    about = models.TextField(help_text="interests, in the person's words")
    helps = models.TextField(blank=True, help_text="what the person can help with")
    language = models.CharField(max_length=8)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sectors = models.ManyToManyField(Sector, blank=True, related_name="+")
    reason = models.SlugField(blank=True, help_text="why a moderator did not publish it: a reason code")
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ProfileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-changed_at", "-id"], name="profile_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """Of its words: the moment of their last change."""
        return self.changed_at.isoformat()
