"""Progress notes as deadlines: who is reminded when, what waits on the first page, what the list of dates shows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.models import Action, Extension, Milestone, MilestoneReached
from actionplans.tests.factories import TermsFactory, put
from actionplans.tests.notes import FIRST, SECOND, note, running_action
from deadlines import agenda, ledger
from deadlines.models import Reminder
from deadlines.schedule import BY_CODE, note_due, note_rows, note_text
from deadlines.tests import builders
from deadlines.work import work_of
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
RULE = BY_CODE["note-due"]
DUE = FIRST + timedelta(days=30)


def duties(user, today):
    found = work_of(user, today)
    assert found.failed == []
    return [(duty.due_on, duty.label, duty.word) for duty in found.duties if "note" in duty.label]


def entries(user, today):
    return [(entry.due_on, entry.label) for entry in agenda.agenda(user, today) if "note" in entry.label]


def owed():
    (row,) = note_rows()
    return note_due(row), note_text(row)


def test_a_note_is_due_until_it_is_handed_in_then_the_next_one():
    action = running_action()
    text = "the progress note on action 7.1, January to June 2026"
    assert owed() == (DUE, f"Submit {text}")
    made = note(action, FIRST, "returned")
    assert owed() == (DUE, f"Correct {text}")
    made.take("submit", by=secretariat())
    assert owed() == (date(2027, 1, 30), "Submit the progress note on action 7.1, July to December 2026")
    Action.objects.update(status="completed")
    assert not note_rows().exists()


def test_the_submitters_of_the_lead_are_reminded_or_the_secretariat_where_nobody_leads():
    secretariat()
    delegate("BE")
    action = running_action()
    ledger.sweep(DUE)
    reminder = Reminder.objects.get(rule="note-due", status="told")
    assert (reminder.post.holder, reminder.post.delegation, reminder.lead_code) == (
        "submitter",
        action.lead,
        "0",
    )
    assert reminder.link == "/plans/7/actions/1/notes/2026-06-30/new/"
    assert {row.lead_code for row in Reminder.objects.filter(rule="note-due", status="skipped")} == {
        "14",
        "7",
        "1",
    }
    (row,) = note_rows()
    row.lead = None
    assert [owner.delegation for owner in RULE.owners(row, DUE)] == [None]


def test_a_note_waits_for_the_lead_once_its_period_is_over():
    action = running_action()
    lead = delegate("BE", role="editor")
    assert duties(lead, FIRST) == []
    label = "Submit the progress note on action 7.1, January to June 2026"
    assert duties(lead, FIRST + timedelta(days=1)) == [(DUE, label, "Not started")]
    assert duties(delegate("BE", role="viewer"), DUE) == duties(delegate("DE"), DUE) == []
    made = note(action)
    assert duties(delegate("BE"), DUE) == [(DUE, label, "Draft")]
    made.delete()
    note(action, FIRST, "submitted")
    assert duties(delegate("BE"), DUE) == []


def test_a_note_that_was_submitted_waits_for_the_secretariat():
    note(running_action(), FIRST, "submitted", health="at_risk")
    found = work_of(secretariat(), DUE)
    (duty,) = [duty for duty in found.duties if "note" in duty.label]
    assert (duty.label, duty.due_on) == (
        "Confirm the progress note on action 7.1, January to June 2026",
        FIRST + timedelta(days=7),
    )
    assert duty.url == "/plans/7/actions/1/notes/2026-06-30/"
    assert duty.hint.endswith("states: At risk; submitted on 30 June 2026")


def test_the_list_of_deadlines_counts_the_notes_that_are_missing_for_those_who_know():
    action = running_action()
    note(action, FIRST, "submitted")
    today = date(2027, 1, 10)
    coming = [
        (date(2027, 1, 30), "Progress note of 1 action of plan 7 on July to December 2026"),
        (date(2027, 7, 30), "Progress note of 1 action of plan 7 on January to June 2027"),
    ]
    assert entries(secretariat(), today) == entries(delegate("BE"), today) == coming
    assert entries(delegate("DE"), today) == entries(committee(), today) == []


def test_the_queries_do_not_grow_with_the_actions():
    action = running_action()
    note(action, FIRST, "draft")
    people = [delegate("BE"), secretariat()]

    def asked():
        with CaptureQueriesContext(connection) as captured:
            list(RULE.shared(RULE.rows()))
            for person in people:
                work_of(person, SECOND)
                agenda.agenda(person, SECOND)
        return len(captured)

    asked()
    first = asked()
    for number in (2, 3):
        beside = {"plan": action.plan, "lead": action.lead, "status": "in_progress"}
        note(Action.objects.create(number=number, title="Another", **beside), FIRST, "submitted")
    assert asked() == first


# -- later days --------------------------------------------------


def a_milestone(due_on):
    action = running_action()
    terms = TermsFactory(action=action, version=2)
    put(action.terms.get(version=1), "superseded")
    made = Milestone.objects.create(terms=terms, order=1, title="Guide agreed", due_on=due_on)
    put(terms, "agreed")
    return made


def put_off(subject, new_day):
    asked = Extension.objects.ask(subject, new_day, "A partner is late", by=None)
    asked.take("agree", by=None, note="Agreed")


def milestones(user, today):
    text = "Reach the milestone of action 7.1, or say when it was reached: Guide agreed"
    return [duty.due_on for duty in work_of(user, today).duties if duty.label == text]


def test_duties_dates_and_reminders_of_a_milestone_go_by_the_agreed_day():
    secretariat()
    today = brussels_today()
    first, later = today + timedelta(days=10), today + timedelta(days=20)
    made = a_milestone(first)
    type(made.terms.action.plan).objects.update(ends_on=today + timedelta(days=300))
    lead = delegate("BE")
    assert milestones(lead, today) == [first]
    put_off(made, later)
    assert milestones(lead, today) == [later]
    assert milestones(lead, today - timedelta(days=15)) == milestones(delegate("DE"), today) == []
    named = "Milestone of action 7.1: Guide agreed"
    for reader in (lead, delegate("DE"), secretariat()):
        assert [e.due_on for e in agenda.agenda(reader, today) if e.label == named] == [later]
    ledger.sweep(today)
    reminder = Reminder.objects.get(rule="milestone-due", status="told")
    assert (reminder.due_on, reminder.post.delegation, reminder.link) == (
        later,
        made.owed_by,
        "/plans/7/actions/1/dates/",
    )
    MilestoneReached.objects.create(milestone=made, reached_on=today)
    assert milestones(lead, later) == []
    assert not BY_CODE["milestone-due"].rows().exists()


def test_a_note_and_results_are_due_on_the_agreed_day():
    secretariat()
    today = brussels_today()
    put_off(note(running_action()), today + timedelta(days=40))
    assert owed()[0] == today + timedelta(days=40)
    operation = builders.operation("Amber Road", today + timedelta(days=4), participants=["IT", "FR"])
    put_off(operation.participations.get(delegation__code="IT"), today + timedelta(days=12))
    days = {row.delegation.code: BY_CODE["result-due"].due(row) for row in BY_CODE["result-due"].rows()}
    assert days == {"IT": today + timedelta(days=12), "FR": today + timedelta(days=4)}
    found = [duty.due_on for duty in work_of(delegate("IT"), today).duties if "Amber Road" in duty.label]
    assert found == [today + timedelta(days=12)]


def test_a_request_for_a_later_day_waits_for_the_secretariat():
    user = secretariat()
    today = brussels_today()
    draft = note(running_action())
    Extension.objects.ask(draft, today + timedelta(days=40), "A partner is late", by=None)
    (duty,) = [duty for duty in work_of(user, today).duties if "later day" in duty.label]
    assert duty.label == (
        "Answer the request for a later day: progress note on action 7.1, January to June 2026"
    )
    assert (duty.url, duty.due_on) == (
        f"/extensions/{Extension.objects.get().pk}/",
        today + timedelta(days=7),
    )
