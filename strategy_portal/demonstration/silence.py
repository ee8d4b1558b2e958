"""A silence procedure that ended with a decision, one that is open, and positions on a tabled text."""

from datetime import time, timedelta

from accounts.models import Body, Delegation, User
from actionplans.models import TermsOfReference
from council.forms_silence import closing_moment
from council.models import Position, SilenceProcedure

NOON = time(12)


def ask(thing, verb, *, by, until, text, body="ccwp-plenary"):
    """Open a procedure on the portal's day; it is open until noon of another."""
    closes_at = closing_moment(until, NOON)
    body = Body.objects.get(code=body)
    return SilenceProcedure.objects.ask(thing, verb, body=body, closes_at=closes_at, text=text, by=by)


def agree_by_silence(terms, secretariat, be, *, on):
    """Have terms of reference agreed by silence procedure that ends on a day; one delegation has a reservation."""
    be(on - timedelta(days=10))
    procedure = ask(
        terms, "agree", by=secretariat, until=on,
        text="Do you agree to the terms of reference as they are tabled?",
    )  # fmt: skip
    be(on - timedelta(days=6))
    answer(procedure, "DE", "agrees")
    answer(procedure, "ES", "reservation", "Parliamentary scrutiny reservation.")
    be(on + timedelta(days=1))
    procedure.conclude()


def ask_about_tabled(plan, secretariat, be, *, today):
    """Ask about the terms of reference of a plan that are tabled; two have answered, the end is near."""
    terms = TermsOfReference.objects.filter(action__plan=plan, status="tabled").first()
    be(today - timedelta(days=3))
    procedure = ask(
        terms, "agree", by=secretariat, until=today + timedelta(days=6),
        text="Do you agree to the terms of reference as they are tabled?\n\nThey follow what the experts proposed.",
    )  # fmt: skip
    be(today - timedelta(days=1))
    answer(procedure, "FR", "agrees")
    answer(procedure, "DE", "reservation", "The criteria are still being looked at in Berlin.")


def say(terms, code, stance, text=""):
    """The position of a delegation on tabled terms of reference, given by its account."""
    by = User.objects.get(email=f"{code.lower()}@portal.test")
    Position.objects.state(terms, Delegation.objects.get(code=code), stance, text, by=by)


def answer(procedure, code, stance, text=""):
    """The position of a delegation, given by its account."""
    by = User.objects.get(email=f"{code.lower()}@portal.test")
    procedure.answer(Delegation.objects.get(code=code), stance, text, by=by)
