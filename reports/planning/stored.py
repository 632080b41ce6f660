"""A result as JSON and back: what a long analysis found, kept as it was found."""

from __future__ import annotations

import datetime
import math
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise

from reports.planning.result import Chart, Column, Result, Series

DATE = "date:"


def to_json(result: Result) -> dict[str, Any]:
    """Plain values only; days become `date:2026-11-25`, and what is no number becomes nothing."""
    found = {name: getattr(result, name) for name in Result.__dataclass_fields__}
    found |= {"columns": [asdict(column) for column in result.columns], "chart": asdict(result.chart) if result.chart else None}
    return {name: _plain(value) for name, value in found.items()}


def from_json(kept: dict[str, Any]) -> Result:
    """The result that `to_json` was given."""
    found = {name: _living(value) for name, value in kept.items()}
    chart = found["chart"]
    return Result(
        **{
            **found,
            "columns": tuple(Column(**column) for column in found["columns"]),
            "parameters": tuple((label, text) for label, text in found["parameters"]),
            "period": tuple(found["period"]) if found["period"] else None,
            "caveats": tuple(found["caveats"]),
            "chart": Chart(chart["kind"], chart["x"], tuple(Series(**one) for one in chart["series"])) if chart else None,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime.date):
        return f"{DATE}{value.isoformat()}"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Promise) else value


def _living(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _living(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_living(part) for part in value]
    if isinstance(value, str) and value.startswith(DATE):
        try:
            return datetime.date.fromisoformat(value.removeprefix(DATE))
        except ValueError:
            return value
    return value
