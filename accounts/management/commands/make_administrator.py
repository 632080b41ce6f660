"""`manage.py make_administrator EMAIL [--department SLUG]`: the link by which the first administrator begins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from accounts import actions
from municipality.models import Organisation


class Command(BaseCommand):
    help = "Prints an invitation link for an administrator; further people are invited at /accounts/people/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--department", metavar="SLUG", help="where the administrator works; else the first department")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']} is not an e-mail address") from None
        departments = Organisation.objects.departments()
        if slug := options["department"]:
            departments = departments.filter(slug=slug)
        department = departments.first()
        if department is None:
            missing = f"named {slug}" if slug else "yet: load a municipality with manage.py load_municipality DIR first"
            raise CommandError(f"there is no department {missing}")
        made = actions.invite_administrator(options["email"], department)
        link = f"{settings.SITE_URL}{reverse('account_invitation', args=[made.token])}"
        self.stdout.write(f"{made.email} administers the site after opening this link; it works once, for 14 days:\n{link}")
