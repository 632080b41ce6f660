"""Official filing: the register number, given once, and the case that the document system is to take."""

from __future__ import annotations

from django.db import connection

from municipality.site import installation
from reports.cases.rows import Case
from reports.models import RegisterNumber, Report


def register(report: Report, year: int) -> RegisterNumber:
    """The next number of the year without gaps: the year's rows are counted under a lock held until COMMIT."""
    prefix = installation().register_prefix
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [f"register {prefix}", year])
    last = RegisterNumber.objects.filter(prefix=prefix, year=year).order_by("-serial").values_list("serial", flat=True).first()
    Case.objects.create(report=report)
    return RegisterNumber.objects.create(report=report, prefix=prefix, year=year, serial=(last or 0) + 1)


def open_missing() -> int:
    """Cases of register numbers without one, which a version older than cases gave while the database was new; answers how many."""
    missing = RegisterNumber.objects.filter(report__case=None).order_by("pk").values_list("report", flat=True)
    return len(Case.objects.bulk_create((Case(report_id=report) for report in missing), ignore_conflicts=True))
