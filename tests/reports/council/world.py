"""An idea on its way to the Council, step by step, by the verbs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from reports.actions import act, keep_document
from reports.actions.move import Given
from reports.models import Reason, Report
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def day(ago: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=ago)


def officer() -> User:
    """A council's officer, who works in another department than the idea's."""
    return factories.person("council_officer", organisation="roads", name="Димитър Лазаров")


def idea(**fields: Any) -> Report:
    """An idea made two months ago, so that what follows it has room."""
    made = timezone.localtime() - datetime.timedelta(days=60)
    return factories.report(category="park-idea", **{"title": "Чешмата на площада", "at": made, **fields})


def step(report: Report, name: str, by: User | None = None, **given: Any) -> Report:
    """The act, by a council's officer unless somebody else is named; answers the fresh report."""
    act(report.pk, name, by=by or officer(), given=Given(**given), tells=False)
    return Report.objects.select_related("subject", "area", "department", "category__regime").get(pk=report.pk)


def filed(report: Report | None = None, **given: Any) -> Report:
    found = step(report or idea(), "take_up")
    return step(found, "file_with_council", **{"number": "94-118", "filed_on": day(30), "body": "Общински съвет", **given})


def decided(name: str = "accept", report: Report | None = None, **given: Any) -> Report:
    facts: dict[str, Any] = {"text": "Прието с 15 гласа.", "decided_on": day(20), "source": "Протокол № 7"}
    if name != "accept":
        facts["reason"] = Reason.objects.get(slug="not_ours")
    return step(report or filed(), name, **{**facts, **given})


def carried_out(report: Report | None = None, **given: Any) -> Report:
    facts: dict[str, Any] = {
        "text": "Чешмата тече.",
        "link": "https://levka.test/cheshma",
        "done_on": day(3),
        "amount": Decimal("900"),
    }
    return step(report or decided(), "carry_out", **{**facts, **given})


def document() -> Any:
    return keep_document("Решение 12.pdf", PDF).pk
