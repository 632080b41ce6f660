"""Default deny: a view that names no permission answers nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    # rest_framework.views reads the settings that name this module.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Denied(BasePermission):
    """Never. Each view states its own."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
