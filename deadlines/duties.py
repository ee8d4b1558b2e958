"""One thing to do or one day to come, as the first page and the list of deadlines show it."""

from datetime import date
from typing import NamedTuple

SOON_DAYS = 30  # what begins or ends is somebody's work from so many days before


class Duty(NamedTuple):
    """One thing to do, verb first, with the address of its page; `word` is its state, `tone` that of its mark.

    `of` is the identity of the delegation whose duty it is, where it is one's.
    """

    label: str
    url: str
    due_on: date | None = None
    hint: str = ""
    tone: str = ""
    word: str = ""
    of: int | None = None


class Work(NamedTuple):
    """Everything that waits for a person, soonest first, and the names of blocks that could not be read.

    `others` is what waits for the contact point or the deputy of their delegation: they can do it, too.
    """

    duties: list[Duty]
    failed: list[str]
    others: list[Duty]
