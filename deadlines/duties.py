"""One thing to do or one day to come, as the first page and the list of deadlines show it."""

from datetime import date
from typing import NamedTuple

SOON_DAYS = 30  # what begins or ends is somebody's work from so many days before


class Duty(NamedTuple):
    """One thing to do, verb first, with the address of its page; `word` is its state, `tone` that of its mark."""

    label: str
    url: str
    due_on: date | None = None
    hint: str = ""
    tone: str = ""
    word: str = ""


class Work(NamedTuple):
    """Everything that waits for a person, soonest first, and the names of blocks that could not be read."""

    duties: list[Duty]
    failed: list[str]
