"""What a browser sends is kept once, however often it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError

from participation.models import Alternative, Comparison, Event, Goal, Initiative, Policy, Practice

M = TypeVar("M", Alternative, Comparison, Event, Goal, Initiative, Policy, Practice)


def once(model: type[M], client_uuid: uuid.UUID, make: Callable[[], M]) -> M:
    """The row of that client UUID; made where there is none yet."""
    for tries in (1, 0):
        known = model._default_manager.filter(subject__client_uuid=client_uuid).select_related("subject").first()
        if known is not None:
            return known
        try:
            return make()
        except IntegrityError:  # sent twice at the same moment, or a reference that is somebody's
            if not tries:
                raise
    raise AssertionError("unreachable")
