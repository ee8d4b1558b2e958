"""A later day for the results of one delegation: the operation's own day stays, the agreed one counts."""

from datetime import timedelta

from actionplans.models import Extension
from jcos.models import Participation
from jcos.reporting import overview
from jcos.tests.browsing import create, page, send, signed_in
from jcos.tests.factories import OperationFactory, submission, submitter
from strategy_portal.dates import brussels_today, now


def due():
    """The day on which the results were due."""
    return brussels_today() - timedelta(days=5)


def later():
    """The day that is asked for instead."""
    return brussels_today() + timedelta(days=9)


def operation_overdue():
    """An operation that ended, whose results were due five days ago; Belgium leads it, Italy takes part."""
    days = {"starts_on": due() - timedelta(days=40), "ends_on": due() - timedelta(days=30)}
    return OperationFactory(parts=["IT"], results_due_on=due(), **days)


def part_of(operation, code="IT"):
    return Participation.objects.with_days().get(operation=operation, delegation__code=code)


def agree(operation, office, code="IT"):
    asked = Extension.objects.ask(
        part_of(operation, code), later(), "The laboratory is slow", by=submitter(code)
    )
    asked.take("agree", by=office, note="Agreed")
    return asked


def states(user, operation):
    return {row.delegation.code: (row.state, row.note) for row in overview(user, operation).rows}


def test_a_delegation_asks_from_the_page_of_its_results_and_reads_the_answer_there(office):
    operation = operation_overdue()
    client = signed_in(submitter("IT"))
    results = page("submission_detail", operation.slug, "IT")
    part = part_of(operation)
    url = f"/extensions/new/jcos.participation/{part.pk}/"
    assert f'href="{url}">Ask for a later day</a>' in client.get(results).content.decode()
    answer = create(client, url, new_day=later().isoformat(), reason="The laboratory is slow")
    extension = Extension.objects.get()
    assert (answer["Location"], extension.due_on) == (f"/extensions/{extension.pk}/", due())
    assert extension.about == f"results of {part.delegation} for {operation}"
    assert "Ask for a later day" not in client.get(results).content.decode()
    extension.take("agree", by=office, note="Agreed, once")
    text = client.get(results).content.decode()
    assert all(words in text for words in ("originally", "The laboratory is slow", "Agreed, once"))
    assert (part_of(operation).original_due_on, part_of(operation).due_in_force) == (due(), later())


def test_only_who_has_no_later_day_is_missing(office):
    operation = operation_overdue()
    assert {state for state, _note in states(office, operation).values()} == {"missing"}
    agree(operation, office)
    found = states(office, operation)
    assert (found["BE"][0], found["IT"][0]) == ("missing", "awaited")
    assert found["IT"][1].startswith("due in 9 days; agreed until")


def test_results_within_the_agreed_day_are_not_late(office):
    operation = operation_overdue()
    late = submission(operation, "BE", "submitted", submitted_at=now())
    assert (late.is_late, late.is_answered_in_time) == (True, False)
    agree(operation, office)
    in_time = submission(operation, "IT", "submitted", submitted_at=now())
    assert (in_time.is_late, in_time.is_answered_in_time) == (False, True)


def test_without_a_day_nothing_is_late_and_no_later_one_is_asked(office):
    operation = OperationFactory(parts=["IT"], results_due_on=None)
    made = submission(operation, "IT", "submitted")
    assert (made.is_late, made.is_answered_in_time) == (False, False)
    assert part_of(operation, "BE").why_no_later_day() == "No day is set, or nobody is named who keeps it."


def test_no_later_day_is_asked_for_what_is_handed_in_or_not_owed(office):
    operation = operation_overdue()
    submission(operation, "IT", "submitted")
    assert part_of(operation).why_no_later_day() == "The results are handed in."
    Participation.objects.filter(delegation__code="BE").update(status="declined")
    assert "does not take part" in part_of(operation, "BE").why_no_later_day()


def test_a_draft_that_is_sent_within_the_agreed_day_gets_a_receipt_without_late(office):
    operation = operation_overdue()
    agree(operation, office)
    made = submission(operation, "IT", "draft")
    assert send(signed_in(submitter("IT")), operation, "IT").status_code == 302
    made.refresh_from_db()
    assert (made.status, made.is_late) == ("submitted", False)
