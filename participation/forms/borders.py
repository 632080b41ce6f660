"""What forms about a place keep of what is there: the department that asks, an area's outline, what was drawn."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db.models import Q, QuerySet

from accounts.models import User
from municipality.models import Area, Organisation
from participation.forms.answering import MOST_CORNERS


def asking(user: User, present: Organisation | None) -> QuerySet[Organisation]:
    """The departments in whose name this person asks, and the one that asks already."""
    found: QuerySet[Organisation] = Organisation.objects.filter(
        Q(pk__in=user.departments, active=True) | Q(pk=present.pk if present else None)
    )
    return found


def area_of(border: MultiPolygon | None) -> Area | None:
    """The area that has exactly this outline."""
    found: Area | None = Area.objects.filter(polygon__equals=border).first() if border is not None else None
    return found


def drawn_again(shape: GEOSGeometry | None) -> GEOSGeometry | None:
    """The one part of it, when the map's tools can give it back as it is: few corners and no hole; None else."""
    if shape is None or len(shape) != 1 or shape.num_coords > MOST_CORNERS:  # type: ignore[arg-type]
        return None
    (part,) = shape  # type: ignore[misc]
    return None if getattr(part, "num_interior_rings", 0) else part
