"""What the tests of a draft share: where it is amended, a reason, how its text is read back, and put in force."""

from datetime import date

from accounts.tests.factories import secretariat
from actionplans.order import document_order
from council.tests.factories import DecisionFactory, MeetingFactory

EDIT = "/strategies/strategy-2009/versions/2/edit/"
WHY = {"cause": "external", "reason": "New routes are used."}


def codes(version):
    """The objectives of a version in the order of the text."""
    return [words.objective.code for words in document_order(version)]


def stored_codes(version):
    """The same by the stored order alone, which export and neighbours go by."""
    return list(version.wordings.order_by("order").values_list("objective__code", flat=True))


def changes(version):
    """What was changed and why, in order."""
    return list(version.changes.order_by("pk").values_list("part", "code", "change", "reason", "text"))


def words_of(version, code):
    """The words of an objective in a version."""
    return version.wordings.get(objective__code=code)


def put_in_force(version, on=date(2026, 3, 1)):
    """Take a version through tabling, agreement and approval."""
    by = secretariat()
    version.take("table", by=by)
    meeting = MeetingFactory(held_on=on)
    for verb in ("agree", "approve"):
        decision = DecisionFactory(subject=version, kind=verb, verb=verb, meeting=meeting)
        version.take(verb, by=by, **{version.STEPS[verb].decision_field: decision})
