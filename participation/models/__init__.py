"""Events, and who takes part in them."""

from participation.models.event import AgendaItem, Decision, Event, Minutes
from participation.models.matter import Matter
from participation.models.taking_part import TakingPart

__all__ = ["AgendaItem", "Decision", "Event", "Matter", "Minutes", "TakingPart"]
