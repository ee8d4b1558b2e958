from .actions import Action, ActionObjective, ActionParticipant
from .amendments import Amendment, AmendmentChange
from .changes import VersionChange
from .extensions import Extendable, Extension
from .imports import PlanImport
from .milestones import Indicator, Milestone, MilestoneReached
from .notes import IndicatorValue, ProgressNote
from .plans import ActionPlan
from .reviews import ReviewReport, StrategyReview
from .strategies import Objective, ObjectivePredecessor, Strategy, StrategyVersion
from .terms import TermsOfReference
from .texts import AddresseeBlock, Aim, Footnote, Section, SectionBlock, Wording

__all__ = [
    "Action",
    "ActionObjective",
    "ActionParticipant",
    "ActionPlan",
    "AddresseeBlock",
    "Aim",
    "Amendment",
    "AmendmentChange",
    "Extendable",
    "Extension",
    "Footnote",
    "Indicator",
    "IndicatorValue",
    "Milestone",
    "MilestoneReached",
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
