"""Events and who takes part in them; practices of other places."""

from participation.models.event import AgendaItem, Decision, Event, Minutes
from participation.models.matter import Matter
from participation.models.practice import Practice
from participation.models.taking_part import TakingPart

__all__ = ["AgendaItem", "Decision", "Event", "Matter", "Minutes", "Practice", "TakingPart"]
