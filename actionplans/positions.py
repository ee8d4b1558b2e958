"""What delegations hold of a version of terms of reference, as one reader sees it."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import Delegation
from actionplans.models import TermsOfReference
from council.models import Position, SilenceProcedure
from council.querysets import holds_presidency
from council.record_card import procedure_on
from strategy_portal.dates import brussels_day, brussels_today


class Positions(NamedTuple):
    """What a reader sees of the positions on one version: all of them, or while they are given only one's own.

    `mine` are the delegations for which the reader can answer, each with its position, None while it is silent. While a
    silence procedure on the text runs, the positions stand there, and only there.
    """

    given: list[Position] = []
    silent: list[Delegation] = []
    mine: list[tuple[Delegation, Position | None]] = []
    is_open: bool = True
    sees_all: bool = False
    ended_at: datetime | None = None
    why_not: str = ""
    procedure: SilenceProcedure | None = None


def positions_for(user, terms) -> Positions | None:
    """The positions on a version as it is tabled, or as they were when it was agreed or last returned; None for none.

    The Committee and third parties see none.
    """
    if terms is None or not (user.is_secretariat or user.is_delegate):
        return None
    is_open = terms.status == TermsOfReference.Status.TABLED
    if is_open and (procedure := procedure_on(terms)):
        return Positions(procedure=procedure)
    given = list(_of_the_last_time(user, terms))
    if not given and not is_open and not terms.agreement:
        return None
    ended_at = None if is_open else _ended_at(terms, given)
    asked = list(Delegation.objects.sitting(brussels_day(ended_at) if ended_at else brussels_today()))
    by_delegation = {position.delegation_id: position for position in given}
    sees_all = not is_open or user.is_secretariat or holds_presidency(user)
    silent = [delegation for delegation in asked if delegation.pk not in by_delegation]
    own = [delegation for delegation in asked if is_open and delegation.pk in user.submitter_of]
    return Positions(
        given=given,
        silent=[delegation for delegation in silent if sees_all or delegation.pk in user.delegation_ids],
        mine=[(delegation, by_delegation.get(delegation.pk)) for delegation in own],
        is_open=is_open,
        sees_all=sees_all,
        ended_at=ended_at,
        why_not=terms.why_no_position() if own else "",
    )


def _ended_at(terms, given):
    """When the positions ended; where none was given, when the text was agreed: all were silent then."""
    return given[0].ended_at if given else terms.agreement.recorded_at


def _of_the_last_time(user, terms):
    """The positions that the reader sees, of the last time that the text was tabled."""
    rows = Position.objects.visible_to(user).on(terms).select_related("delegation")
    if terms.status == TermsOfReference.Status.TABLED:
        return rows.filter(ended_at=None)
    if terms.agreement:
        return rows.filter(ended_at=terms.agreement.recorded_at)
    ended = Position.objects.on(terms).order_by("-ended_at").values("ended_at")
    return rows.filter(ended_at=ended[:1])
