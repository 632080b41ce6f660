"""`manage.py make_api_client NAME CONTACT --scope send [--account EMAIL]`: another system, with its key on the last line."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import keys
from accounts.models import ApiClient, User


class Command(BaseCommand):
    help = "Makes a client of Open311 and prints its key, once; further ones and their terms stand in /admin/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("contact", help="e-mail of who answers for the system")
        parser.add_argument("--scope", action="append", choices=ApiClient.Scope.values, required=True)
        parser.add_argument("--account", metavar="EMAIL", help="in whose name it acts; for enter and update")

    def handle(self, *args: Any, **options: Any) -> None:
        account = User.objects.filter(email__iexact=options["account"]).first() if options["account"] else None
        if options["account"] and account is None:
            raise CommandError(f"there is no account {options['account']}")
        made = ApiClient(name=options["name"], contact=options["contact"], scopes=options["scope"], account=account, digest="-")
        try:
            made.full_clean(exclude=["prefix"])
        except ValidationError as refused:
            raise CommandError("; ".join(refused.messages)) from None
        self.stdout.write(f"{made.name}: {', '.join(made.scopes)} until {made.expires_on}\n{keys.give(made)}")
