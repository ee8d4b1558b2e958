from .operations import Operation, OperationAction, Participation, PublishedFigure
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
