from .actions import Action, ActionObjective, ActionParticipant
from .changes import VersionChange
from .plans import ActionPlan
from .strategies import (
    AddresseeBlock,
    Aim,
    Footnote,
    Objective,
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
    "Objective",
    "Section",
    "SectionBlock",
    "Strategy",
    "StrategyVersion",
    "TermsOfReference",
    "VersionChange",
    "Wording",
]
