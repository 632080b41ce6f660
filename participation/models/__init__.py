"""What people take part in: events, initiatives, pledges, practices of other places, consultations, alternatives, policies, goals,
services, figures."""

from participation.models.comparison import Alternative, Comparison
from participation.models.consultation import (
    Consultation,
    ConsultationKind,
    Paper,
    PaperKind,
    Proposal,
    ProposalSource,
    Section,
    SectionVersion,
)
from participation.models.event import AgendaItem, Decision, Discussed, Event, Minutes
from participation.models.goal import Goal
from participation.models.guide import SectorGuide
from participation.models.indicator import Figure, Indicator
from participation.models.initiative import Initiative, InitiativeTask, Joining
from participation.models.matter import Matter
from participation.models.pledge import Pledge
from participation.models.policy import Policy, Promise, Weighed
from participation.models.practice import Practice
from participation.models.profile import Profile
from participation.models.rewording import Rewording
from participation.models.service import Service
from participation.models.survey import Answered, Question, Reply, Response, Survey
from participation.models.taking_part import TakingPart

__all__ = [
    "AgendaItem", "Alternative", "Answered", "Comparison", "Consultation", "ConsultationKind", "Decision", "Discussed", "Event",
    "Figure", "Goal", "Indicator",
    "Initiative", "InitiativeTask", "Joining", "Matter", "Minutes", "Paper", "PaperKind", "Pledge", "Policy", "Practice",
    "Profile", "Promise", "Proposal", "ProposalSource", "Question", "Reply", "Response", "Rewording", "Section", "SectionVersion",
    "SectorGuide", "Service", "Survey", "TakingPart", "Weighed",
]  # fmt: skip
