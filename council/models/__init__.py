from .agenda import AgendaPoint
from .decisions import Decision
from .documents import Document, PreviousDocument
from .meetings import Meeting
from .positions import Position
from .presidencies import Presidency
from .silence import SilenceExtension, SilenceProcedure

__all__ = [
    "AgendaPoint",
    "Decision",
    "Document",
    "Meeting",
    "Position",
    "Presidency",
    "PreviousDocument",
    "SilenceExtension",
    "SilenceProcedure",
]
