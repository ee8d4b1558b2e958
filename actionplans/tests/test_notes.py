"""Progress notes: who sees and does what in each state, and what the database refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.models import Action, IndicatorValue, ProgressNote
from actionplans.progress import notes_of, owed_by, progress_of
from actionplans.tests.factories import part
from actionplans.tests.notes import FIRST, SECOND, STATED, THIRD, note, running_action
from notifications.models import Notification
from notifications.outbox import Obsolete, latest_word
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
STATES = ProgressNote.Status.values


# -- who sees it -------------------------------------------------


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (lambda: delegate("BE", role="viewer"), "draft submitted returned confirmed"),
        (secretariat, "submitted returned confirmed"),
        (lambda: delegate("DE"), "confirmed"),
        (lambda: delegate("EE"), "confirmed"),
        (committee, "confirmed"),
        (lambda: third_party("NO"), "confirmed"),
        (lambda: third_party("CH"), ""),
        (administrator, ""),
    ],
)
def test_who_sees_a_note_follows_from_its_state(person, seen):
    action = running_action()
    part(action, "EE", "co_lead")
    part(action, "NO")
    user = person()
    for status in STATES:
        made = note(action, status=status)
        expected = [made] if status in seen.split() else []
        assert list(ProgressNote.objects.visible_to(user)) == expected, status
        ProgressNote.objects.exclude(status="confirmed").delete()


# -- steps -------------------------------------------------------


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("verb", ProgressNote.STEPS)
def test_each_step_starts_only_where_the_table_says(verb, status):
    made = note(running_action(), status=status, **(STATED if status == "draft" else {}))
    allowed = status in ProgressNote.STEPS[verb].sources
    if allowed:
        made.take(verb, by=secretariat(), note="Which ports?")
        assert made.status == ProgressNote.STEPS[verb].target
    else:
        with pytest.raises(NotAllowed):
            made.take(verb, by=secretariat(), note="Which ports?")
        assert ProgressNote.objects.get().status == status


@pytest.mark.parametrize(
    ("verb", "lead"),
    [("submit", "submitter"), ("confirm", "secretariat"), ("return_to_lead", "secretariat")],
)
def test_who_may_take_which_step(verb, lead):
    made = note(running_action(), status="submitted")
    people = {
        "viewer": delegate("BE", role="viewer"), "editor": delegate("BE", role="editor"), "submitter": delegate("BE"),
        "other": delegate("DE"), "secretariat": secretariat(), "committee": committee(),
    }  # fmt: skip
    may = [who for who, user in people.items() if user.has_perm(f"actionplans.{verb}_progressnote", made)]
    assert may == [lead]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, ["The health is not stated.", "What was achieved is missing."]),
        ({"health": "on_track", "achieved": " "}, ["What was achieved is missing."]),
        (
            {"health": "at_risk", "achieved": "Little"},
            [
                "The difficulties are missing: the action is not on track.",
                "The way forward is missing: the action is not on track.",
            ],
        ),
        ({"health": "delayed", "achieved": "Little", "difficulties": "Staff", "way_forward": "Hire"}, []),
        ({"health": "completed", "achieved": "All"}, []),
    ],
)
def test_a_note_is_submitted_when_it_says_what_it_must(fields, missing):
    made = note(running_action(), **fields)
    assert [reason.text for reason in made.reasons_against("submit")] == missing


def test_the_day_of_the_first_submission_stays_when_the_note_comes_again():
    secretariat()
    made = note(running_action(), status="returned", first_submitted_on=date(2026, 7, 1))
    made.take("submit", by=delegate("BE"))
    made = ProgressNote.objects.get()
    assert (made.first_submitted_on, made.submitted_on, made.return_reason) == (
        date(2026, 7, 1),
        brussels_today(),
        "",
    )


def test_the_secretariat_is_told_of_a_note_and_the_lead_of_what_became_of_it():
    secretariat()
    made = note(running_action(), **STATED)
    made.take("submit", by=delegate("BE"))
    made.take("return_to_lead", by=secretariat(), note="Which ports?")
    made.take("submit", by=delegate("BE"))
    made.take("confirm", by=secretariat())
    told = [(n.kind, str(n.post.delegation or n.post.body.role)) for n in Notification.objects.order_by("pk")]
    lead = str(made.action.lead)
    assert told == [
        ("note-submitted", "secretariat"),
        ("note-returned", lead),
        ("note-submitted", "secretariat"),
        ("note-confirmed", lead),
    ]
    returned = Notification.objects.get(kind="note-returned")
    assert (
        returned.subject == "Correct the progress note on action 7.1, January to June 2026: it was returned"
    )
    assert "Which ports?" in returned.body
    waiting = [*Notification.objects.filter(kind="note-submitted"), returned]
    assert all(isinstance(latest_word(notification), Obsolete) for notification in waiting)


# -- what the database refuses -----------------------------------


def refused(function):
    with pytest.raises(IntegrityError), transaction.atomic():
        function()


def test_the_database_takes_one_note_an_action_and_period():
    action = running_action()
    note(action)
    refused(lambda: note(action))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "submitted", "health": ""},
        {"status": "submitted", "achieved": ""},
        {"status": "submitted", "submitted_on": None},
        {"status": "returned", "return_reason": ""},
        {"status": "confirmed", "confirmed_on": None},
        {"status": "submitted", "confirmed_on": FIRST},
    ],
)
def test_the_database_refuses_a_note_in_a_state_without_what_belongs_to_it(fields):
    refused(lambda: note(running_action(), **fields))


def test_the_database_never_changes_a_confirmed_note_or_its_values():
    action = running_action()
    indicator = action.terms.get().indicators.get()
    made = note(action, status="submitted")
    value = IndicatorValue.objects.create(note=made, indicator=indicator, value=0)
    made.take("confirm", by=secretariat())
    notes, values = ProgressNote.objects.all(), IndicatorValue.objects.all()
    refused(lambda: notes.update(health="delayed"))
    refused(lambda: values.update(value=9))
    refused(notes.delete)
    refused(value.delete)
    assert (notes.get().health, values.get().value) == ("on_track", 0)


# -- what the notes say of an action -----------------------------


def read(action, today, user=None):
    return Action.objects.with_notes(user).select_related("plan").get(pk=action.pk), today


def test_stated_confirmed_and_missing_are_three_things():
    action = running_action()
    note(action, FIRST, "confirmed", health="delayed")
    note(action, SECOND, "submitted", health="at_risk")
    progress = progress_of(*read(action, date(2027, 7, 1), secretariat()))
    assert [(entry.health, entry.period.ends_on) for entry in progress] == [
        ("at_risk", SECOND),
        ("delayed", FIRST),
        ("", THIRD),
    ]
    others = progress_of(*read(action, date(2027, 7, 1), delegate("DE")))
    assert (others.stated.health, others.confirmed.health) == ("delayed", "delayed")


def test_a_period_counts_as_missing_once_it_is_over():
    action = running_action()
    assert progress_of(*read(action, FIRST)) == (None, None, None)
    assert progress_of(*read(action, date(2026, 7, 1))).missing.period.ends_on == FIRST
    note(action, FIRST, "draft")
    assert progress_of(*read(action, date(2026, 7, 1))).missing.period.ends_on == FIRST


def test_nothing_is_missing_of_an_action_that_has_ended_or_is_completed_by_its_lead():
    action = running_action()
    note(action, FIRST, "submitted", health="completed")
    row, _today = read(action, THIRD)
    assert [entry.period.ends_on for entry in notes_of(row, THIRD)] == [FIRST]
    assert (progress_of(row, THIRD).missing, owed_by(row)) == (None, None)
    Action.objects.update(status="completed")
    ProgressNote.objects.all().delete()
    assert progress_of(*read(action, date(2027, 7, 1))).missing is None


def test_the_first_note_that_is_not_handed_in_is_owed():
    action = running_action()
    note(action, FIRST, "submitted")
    note(action, SECOND, "returned")
    owed = owed_by(read(action, None)[0])
    assert (owed.period.ends_on, owed.status, owed.due_on) == (SECOND, "returned", date(2027, 1, 30))
