"""What somebody types into a form that several modules of tests post."""

from accounts.tests.factories import DelegationFactory
from actionplans.tests.factories import ObjectiveFactory


def new_action(**changes):
    """What somebody types for a new action."""
    typed = {
        "title": "Share good practice",
        "objectives": [str(ObjectiveFactory(code="A.MS.b").pk)],
        "lead": str(DelegationFactory(code="BE").pk),
    }
    return {**typed, **changes}
