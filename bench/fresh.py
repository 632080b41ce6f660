"""The site's application keeping no answers: what is asked of it comes from the database each time."""

from __future__ import annotations

from geoportal.kernel.conditional import kept
from geoportal.wsgi import application

kept.most = 0

__all__ = ["application"]
