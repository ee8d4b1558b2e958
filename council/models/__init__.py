from .decisions import Decision
from .documents import Document
from .meetings import Meeting
from .positions import Position
from .presidencies import Presidency
from .silence import SilenceExtension, SilenceProcedure

__all__ = [
    "Decision",
    "Document",
    "Meeting",
    "Position",
    "Presidency",
    "SilenceExtension",
    "SilenceProcedure",
]
