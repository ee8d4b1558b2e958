"""Silence procedures on terms of reference, and the portal's clock at a moment, for tests."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from accounts.tests.factories import BodyFactory, DelegationFactory, delegate, secretariat
from actionplans.tests.factories import TermsFactory
from council.forms_silence import closing_moment
from council.models import SilenceProcedure
from strategy_portal.dates import brussels_today


@contextmanager
def at(monkeypatch, moment):
    """Inside, the portal's clock stands within the second of this moment."""
    within = moment + timedelta(milliseconds=100)
    with monkeypatch.context() as patch:
        patch.setattr("strategy_portal.dates.clock_offset", lambda: within - datetime.now(UTC))
        yield


def tabled(status="tabled"):
    """Terms of reference."""
    return TermsFactory(status=status)


def working_day(days, after=None):
    """The day so many days after today or another day; the Monday after, where that lies at a weekend."""
    day = (after or brussels_today()) + timedelta(days=days)
    return day + timedelta(days=8 - day.isoweekday()) if day.isoweekday() > 5 else day


def in_days(days, hour=12, minute=0):
    """The end of a procedure that closes so many days from now, at noon unless said otherwise."""
    day = brussels_today() + timedelta(days=days)
    return closing_moment(day, datetime(2000, 1, 1, hour, minute, tzinfo=UTC).time())


def ask(thing=None, *, body="ccwp-plenary", closes_at=None, text="Do you agree?", by=None):
    """A procedure on the agreement to tabled terms of reference."""
    return SilenceProcedure.objects.ask(
        thing or tabled(),
        "agree",
        body=BodyFactory(code=body),
        closes_at=closes_at or in_days(7),
        text=text,
        by=by or secretariat(),
    )


def objection(procedure, code="BE", text="We cannot accept this."):
    """A delegation objects."""
    return procedure.answer(DelegationFactory(code=code), "objects", text, by=delegate(code))
