from .actions import Action, ActionObjective, ActionParticipant
from .plans import ActionPlan
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
    VersionChange,
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
    "Objective",
    "ObjectivePredecessor",
    "Section",
    "SectionBlock",
    "Strategy",
    "StrategyVersion",
    "TermsOfReference",
    "VersionChange",
    "Wording",
]
