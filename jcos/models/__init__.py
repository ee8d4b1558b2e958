from .operations import Operation, OperationAction
from .participations import Participation
from .published import PublishedFigure
from .reference import Commodity, Measure, TransportMode, Unit
from .results import ResultLine
from .submissions import Submission

__all__ = [
    "Commodity",
    "Measure",
    "Operation",
    "OperationAction",
    "Participation",
    "PublishedFigure",
    "ResultLine",
    "Submission",
    "TransportMode",
    "Unit",
]
