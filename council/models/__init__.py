from .decisions import Decision
from .documents import Document
from .meetings import Meeting
from .presidencies import Presidency

__all__ = ["Decision", "Document", "Meeting", "Presidency"]
