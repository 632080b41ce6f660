"""Events, initiatives and who takes part in them; pledges; practices of other places."""

from participation.models.event import AgendaItem, Decision, Event, Minutes
from participation.models.initiative import Initiative, InitiativeTask, Joining
from participation.models.matter import Matter
from participation.models.pledge import Pledge
from participation.models.practice import Practice
from participation.models.taking_part import TakingPart

__all__ = [
    "AgendaItem",
    "Decision",
    "Event",
    "Initiative",
    "InitiativeTask",
    "Joining",
    "Matter",
    "Minutes",
    "Pledge",
    "Practice",
    "TakingPart",
]
