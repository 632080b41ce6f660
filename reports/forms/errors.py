"""A verb's refusal at the fields of a form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError


def errors_by_field(refused: ValidationError) -> dict[str, Any]:
    """{field or "": errors} of a refusal, whether it names fields or not."""
    if hasattr(refused, "error_dict"):
        return dict(refused.error_dict)
    return {"": refused.error_list}
