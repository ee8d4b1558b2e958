from .actions import Action, ActionObjective, ActionParticipant
from .changes import VersionChange
from .imports import PlanImport
from .milestones import Indicator, Milestone
from .notes import IndicatorValue, ProgressNote
from .plans import ActionPlan
from .reviews import ReviewReport, StrategyReview
from .strategies import (
    AddresseeBlock,
    Aim,
    Footnote,
    Objective,
    ObjectivePredecessor,
    Section,
    SectionBlock,
    Strategy,
    StrategyVersion,
    Wording,
)
from .terms import TermsOfReference

__all__ = [
    "Action",
    "ActionObjective",
    "ActionParticipant",
    "ActionPlan",
    "AddresseeBlock",
    "Aim",
    "Footnote",
    "Indicator",
    "IndicatorValue",
    "Milestone",
    "Objective",
    "ObjectivePredecessor",
    "PlanImport",
    "ProgressNote",
    "ReviewReport",
    "Section",
    "SectionBlock",
    "Strategy",
    "StrategyReview",
    "StrategyVersion",
    "TermsOfReference",
    "VersionChange",
    "Wording",
]
