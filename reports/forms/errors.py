"""A verb's refusal at the fields of a form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

FIELDS = {"point": "lon"}
"""What a verb calls otherwise than the forms: the point stands in two fields, errors at the first."""


def errors_by_field(refused: ValidationError) -> dict[str, Any]:
    """{field or "": errors} of a refusal, whether it names fields or not."""
    if hasattr(refused, "error_dict"):
        return {FIELDS.get(name, name): errors for name, errors in refused.error_dict.items()}
    return {"": refused.error_list}
