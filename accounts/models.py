"""People: accounts, their roles in organisations, and everyone who can be written to."""

from __future__ import annotations

import datetime
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from municipality.models import Area, Organisation


class Role(models.TextChoices):
    OFFICIAL = "official"
    DISPATCHER = "dispatcher"
    HEAD = "head"
    MODERATOR = "moderator"
    PLANNER = "planner"
    COUNCIL_OFFICER = "council_officer"
    ADMINISTRATOR = "administrator"
    REPRESENTATIVE = "representative"  # of an outside organisation: speaks for it, invites its members
    MEMBER = "member"  # of an outside organisation or body: speaks for it


OUTSIDE = (Role.REPRESENTATIVE, Role.MEMBER)
"""Roles that give nothing to do at the desk."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account. What it may do follows from its memberships, never from a flag here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="bg")
    is_active = models.BooleanField(default=True)  # type: ignore[misc]
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def held(self) -> list[Membership]:
        """The memberships in force, read once for this instance."""
        if not hasattr(self, "_held"):
            self._held = list(self.memberships.filter(active=True).select_related("organisation")) if self.is_active else []
        return self._held

    def has_role(self, *roles: str) -> bool:
        return any(set(roles) & set(membership.roles) for membership in self.held)

    @property
    def departments(self) -> set[int]:
        """Ids of the organisations in which this person works."""
        return {membership.organisation_id for membership in self.held if membership.organisation.kind == "department"}

    @property
    def is_staff(self) -> bool:
        """May open the administration of set-up data (Django's admin asks for this name)."""
        return self.has_role(Role.ADMINISTRATOR)

    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    @property
    def works_here(self) -> bool:
        """Any role of the administration: sees the desk's address."""
        return any(set(membership.roles) - set(OUTSIDE) for membership in self.held)

    def works_for(self, organisation_id: int) -> bool:
        """Any role of the administration in this organisation."""
        return any(each.organisation_id == organisation_id and set(each.roles) - set(OUTSIDE) for each in self.held)

    @property
    def plans(self) -> bool:
        """Asks the reports for what a plan needs: sees the planners' address."""
        return self.has_role(Role.PLANNER, Role.COUNCIL_OFFICER, Role.ADMINISTRATOR)


class Membership(models.Model):
    """A person's roles in one organisation, optionally for some areas only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    areas = models.ManyToManyField(Area, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Correspondent(models.Model):
    """Somebody who can be written to: one row for an e-mail address, with or without an account.

    Supports, follows and receipts point here. Erasure blanks the address and keeps the row.
    """

    email = models.EmailField(blank=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="correspondent")
    language = models.CharField(max_length=8, default="bg")
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="correspondent_email")]

    def __str__(self) -> str:
        return f"correspondent {self.pk}"


class Block(models.Model):
    """A moderator keeps somebody from writing for a term; what was held in the same act comes back when it is lifted.

    `held`: {"comments": [keys], "subjects": [keys], …} that were open to everyone until then; "rows": the acts that hid them;
    `reports.moderated.WRITTEN` names the rest, each with "<name>_rows".
    At erasure its words go; that it was, its reason and its term stay with nobody's name.
    """

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="blocks")
    reason = models.SlugField()
    text = models.TextField(blank=True, help_text="words to the person")
    until = models.DateField(help_text="the last day")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    held = models.JSONField(default=dict)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correspondent"], condition=models.Q(lifted_at=None), name="block_one_in_force")
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"


class MailedLink(models.Model):
    """A link mailed to an address, used once within half an hour: it opens the person's own pages, or confirms a new address.

    Its token is signed when the mail is written, so this row holds no secret. `email`: the new address, when that is asked.
    """

    class Kind(models.TextChoices):
        ENTER = "enter"
        ADDRESS = "address"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ENTER)
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="mailed_links")
    email = models.EmailField(blank=True)
    former = models.EmailField(blank=True, help_text="the address before, told of the change")
    next = models.CharField(max_length=500, blank=True, help_text="path on this site that was asked for")
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="mailed_link_age")]

    def __str__(self) -> str:
        return f"mailed link {self.pk}"


def _invitation_token() -> str:
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """An official invited by mail into a department with roles; used once, within 14 days."""

    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    language = models.CharField(max_length=8, default="bg")
    token = models.CharField(max_length=60, unique=True, default=_invitation_token)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiToken(models.Model):
    """A key for programs: only its hash is stored, the prefix lets its owner recognise it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}…"


def _a_year_from_now() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=365)


class ApiClient(models.Model):
    """Another system that sends reports and their updates under a key of its own; only the key's hash is kept.

    `account`: in whose name it acts where an act needs somebody's right; what it sends without one is a guest's.
    """

    class Scope(models.TextChoices):
        SEND = "send"  # reports, as guests send them
        ENTER = "enter"  # reports that the account's official vouches for: received at once
        UPDATE = "update"  # words and ends of reports, as far as the account may

    NEEDS_ACCOUNT = (Scope.ENTER.value, Scope.UPDATE.value)

    name = models.CharField(max_length=80)
    contact = models.EmailField(help_text="who answers for the system")
    account = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="api_clients")
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices), default=list)
    per_hour = models.PositiveIntegerField(default=100, help_text="requests with the key in an hour at most")
    per_day = models.PositiveIntegerField(default=1000, help_text="requests with the key in a day at most")
    expires_on = models.DateField(default=_a_year_from_now, help_text="the last day on which the key opens anything")
    active = models.BooleanField(default=True)
    prefix = models.CharField(max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(scopes__overlap=["enter", "update"]) | models.Q(account__isnull=False),
                name="api_client_acts_for_somebody",
                violation_error_message="To enter and to change reports the client needs an account.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}…"
