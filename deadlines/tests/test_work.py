"""What each person is shown first: the right things, soonest first, in words."""

from datetime import date, timedelta

import pytest

from accounts.tests.factories import (
    BodyFactory,
    DelegationFactory,
    MembershipFactory,
    administrator,
    committee,
    delegate,
    member,
    secretariat,
    third_party,
)
from actionplans.models import Action
from council.tests.factories import DecisionFactory, MeetingFactory, PresidencyFactory
from deadlines import agenda, overview, schedule, work
from deadlines.tests import builders
from deadlines.work import Duty, lead_of, work_of
from jcos.models import Operation, Participation
from jcos.tests.factories import OperationFactory, part
from notifications.tests.factories import NotificationFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def days(number):
    return TODAY + timedelta(days=number)


def duties(user):
    found = work_of(user, TODAY)
    assert found.failed == []
    return [(duty.due_on, duty.label, duty.word) for duty in found.duties]


def test_a_delegation_reads_what_it_owes_late_first_then_by_date():
    italian = delegate("IT")
    builders.operation("Amber Road", days(4), participants=["IT", "FR"])
    builders.operation("Baltic Shield", days(-2))
    copper = builders.operation("Copper Sea", days(4))
    builders.submission(copper, status="draft")
    delta = builders.operation("Delta", days(9))
    builders.submission(delta, status="returned", return_reason="Units are missing")
    builders.submission(builders.operation("Done", days(1)))
    assert duties(italian) == [
        (days(-2), "Submit the results of operation Baltic Shield", "Not started"),
        (days(4), "Submit the results of operation Amber Road", "Not started"),
        (days(4), "Submit the results of operation Copper Sea", "Draft"),
        (days(9), "Correct the results of operation Delta", "Returned"),
    ]
    found = work_of(italian, TODAY)
    assert lead_of(found, TODAY) == "4 things are waiting for you. The first is 2 days late."
    assert found.duties[3].hint == "Returned: Units are missing"
    assert {duty.url for duty in found.duties[1:2]} == {"/jcos/amber-road/results/IT/"}


def test_an_editor_is_asked_for_results_a_viewer_for_nothing():
    builders.operation("Amber Road", days(4))
    assert [label for _due, label, _word in duties(delegate("IT", "editor"))] == [
        "Submit the results of operation Amber Road"
    ]
    assert duties(delegate("IT", "viewer")) == []
    assert duties(delegate("FR")) == []


def test_an_invitation_waits_for_a_submitter():
    amber = builders.operation(
        "Amber Road", days(60), "agreed", participants=(), starts_on=days(30), ends_on=days(40)
    )
    Participation.objects.create(operation=amber, delegation=DelegationFactory(code="IT"))
    assert duties(delegate("IT")) == [(days(30), "Answer the invitation to Amber Road", "")]
    assert duties(delegate("IT", "editor")) == []


def test_a_lead_takes_its_operation_from_phase_to_phase():
    amber = builders.operation("Amber Road", days(60), "agreed", (), starts_on=days(20), ends_on=days(50))
    Participation.objects.create(
        operation=amber, delegation=DelegationFactory(code="BE"), role="lead", status="confirmed"
    )
    belgian, expected = delegate("BE"), {
        "agreed": [(days(20), "Begin the planning of Amber Road", "Agreed")],
        "planning": [(days(20), "Begin the operational phase of Amber Road", "Planning")],
        "operational": [(days(60), "Submit the results of operation Amber Road", "Not started")],
        "debriefed": [(days(60), "Submit the results of operation Amber Road", "Not started")],
    }  # fmt: skip
    for status, shown in expected.items():
        Operation.objects.update(status=status)
        assert duties(belgian) == shown
    Operation.objects.update(status="operational", starts_on=days(-9), ends_on=days(3))
    assert duties(belgian)[0] == (days(3), "End the operational phase of Amber Road", "Operational")


def test_a_lead_writes_terms_and_starts_and_ends_its_actions():
    current = builders.plan(8, days(-100))
    draft = builders.plan(9, date(2028, 1, 1), "draft")
    builders.action(draft, 1)
    builders.action(draft, 2, terms="draft")
    builders.action(draft, 3, terms="tabled")
    builders.action(draft, 4, lead="FR")
    builders.action(current, 1, starts_on=days(-1))
    builders.action(current, 2, ends_on=days(20))
    builders.action(current, 3, starts_on=days(90))
    Action.objects.filter(plan=current).update(status="planned")
    Action.objects.filter(plan=current, number=2).update(status="in_progress")
    due_on = current.successor_adopt_by
    assert duties(delegate("BE")) == [
        (days(-1), "Start action 8.1", "Planned"),
        (days(20), "Say what action 8.2 has achieved", "In progress"),
        (due_on, "Finish the terms of reference of action 9.2", "Draft"),
        (due_on, "Write the terms of reference of action 9.1", "Not started"),
    ]


def test_the_secretariat_reads_what_waits_for_it():
    user = secretariat()
    for code in ("BE", "FR", "IT"):
        delegate(code, is_contact_point=True)
    builders.plan(8, date(2025, 7, 1))  # ends on 31 December 2026
    draft = builders.plan(9, date(2027, 1, 1), "draft")
    builders.action(draft, 1)
    builders.action(draft, 2, terms="tabled")
    amber = builders.operation("Amber Road", days(4), participants=["IT", "FR", "BE"])
    builders.submission(amber, "BE", submitted_at="2026-11-20T09:00:00Z")
    builders.operation("Later", days(31))
    noted = builders.operation("Copper Sea", days(-60), "debriefed", participants=())
    builders.submission(noted, "FR", "validated")
    NotificationFactory.create_batch(2, status="failed")
    NotificationFactory(status="unknown")
    assert [(duty.due_on, duty.label, duty.hint) for duty in work_of(user, TODAY).duties] == [
        (date(2026, 10, 31), "Have plan 9 adopted", "Two months before plan 8 ends on 31 December 2026"),
        (
            date(2026, 10, 31), "See to the terms of reference of 2 actions of plan 9",
            "Not ready: 9.1; To be agreed: 9.2",
        ),
        (None, "Have the results of Copper Sea noted by the working party", "1 validated submission"),
        (None, "Look after notices that could not be delivered", "2 notices"),
        (None, "Look after notices that may not have arrived", "1 notice"),
        (days(4), "Check the results of Belgium for Amber Road", f"R-{amber.pk}-BE-1, submitted on 20 November 2026"),
        (days(4), "Follow up the results of 2 delegations for Amber Road", "Still missing: France, Italy"),
    ]  # fmt: skip


def test_the_presidency_has_the_clock_of_the_next_plan():
    builders.plan(8, date(2025, 7, 1))
    PresidencyFactory(delegation=DelegationFactory(code="EL"))
    greek = [label for _due, label, _word in duties(delegate("EL"))]
    assert greek == ["Prepare the plan that follows plan 8"]
    assert duties(delegate("IT")) == []


def test_a_plan_that_is_far_off_is_nobodys_work_yet():
    builders.plan(8, days(-10))
    assert duties(secretariat()) == []


def test_the_committee_reads_its_position_and_has_no_duties():
    user = committee()
    builders.plan(8, days(-100))
    amber = builders.operation("Amber Road", days(-60), "debriefed", participants=())
    meeting = MeetingFactory(held_on=days(-5))
    noting = DecisionFactory(subject=amber, kind="note", verb="note_results", meeting=meeting)
    builders.submission(amber, "FR", "validated", noting=noting)
    Operation.objects.update(status="results_noted", noting=noting)
    MeetingFactory(body=BodyFactory(code="article-36"), held_on=days(10))
    MeetingFactory(held_on=days(3))
    assert duties(user) == []
    assert [sentence for sentence, _url in overview.position(user, TODAY)] == [
        "Plan 8 runs until 14 February 2028 (in 448 days).",
        "New noted results of 1 operation in the last 90 days.",
        "Next meeting: Article 36 Committee, 3 December 2026.",
    ]
    assert overview.position(delegate("BE"), TODAY) == []


@pytest.mark.parametrize("person", [administrator, third_party, committee, secretariat, delegate])
def test_nobody_is_given_something_to_do_that_is_not_there(person):
    assert duties(person()) == []
    assert lead_of(work_of(person(), TODAY), TODAY) == ""


def test_two_delegations_of_one_person_are_told_apart():
    person = delegate("IT")
    MembershipFactory(user=person, delegation=DelegationFactory(code="FR"), role="submitter")
    builders.operation("Amber Road", days(4), participants=["IT", "FR"])
    assert [label for _due, label, _word in duties(person)] == [
        "Submit the results of operation Amber Road (FR)",
        "Submit the results of operation Amber Road (IT)",
    ]


def test_a_block_that_fails_says_so_and_hides_no_other(monkeypatch):
    builders.operation("Amber Road", days(4))

    def broken(user, today):
        raise ZeroDivisionError

    monkeypatch.setattr(work, "BLOCKS", [("the weather", work.for_editors, broken), *work.BLOCKS])
    found = work_of(delegate("IT"), TODAY)
    assert ([duty.label for duty in found.duties], found.failed) == (
        ["Submit the results of operation Amber Road"], ["the weather"],
    )  # fmt: skip


def test_the_agenda_shows_each_reader_the_dates_of_what_they_see():
    builders.plan(8, date(2025, 7, 1))
    builders.operation("Amber Road", days(4), participants=["IT", "NO"], starts_on=days(-9), ends_on=days(2))
    builders.operation("Proposed", days(90), "proposed", participants=())
    MeetingFactory(held_on=days(9))
    plan_of_all = ["Adoption of the plan that follows plan 8", "Plan 8 ends"]
    operation_dates = ["Amber Road: the operational phase ends", "Amber Road: results are due"]
    meeting = ["CCWP Plenary meets, Brussels"]

    def labels(user):
        return sorted(entry.label for entry in agenda.agenda(user, TODAY))

    assert labels(delegate("FR")) == sorted(plan_of_all + operation_dates + meeting)
    assert labels(third_party("NO")) == sorted(operation_dates)
    assert labels(third_party("CH")) == []
    assert labels(committee()) == sorted(plan_of_all)
    assert labels(administrator()) == []
    assert labels(secretariat()) == sorted(
        [
            "Prepare the plan that follows plan 8",
            "Plan 8 ends",
            *operation_dates,
            *meeting,
            "No one holds the duty of Italy",
        ]
    )


def test_the_agenda_is_grouped_late_first_then_by_month():
    entries = [
        Duty("c", "/", days(40)),
        Duty("a", "/", days(-1)),
        Duty("b", "/", None),
        Duty("d", "/", days(1)),
    ]
    assert [(m.title, [e.label for e in m.entries]) for m in agenda.by_month(entries, TODAY)] == [
        ("Late", ["a"]), ("Waiting now", ["b"]), ("November 2026", ["d"]), ("January 2027", ["c"]),
    ]  # fmt: skip


def test_late_results_stay_in_the_agenda_until_nobody_owes_them():
    amber = builders.operation("Amber Road", days(-4), participants=["IT", "FR"])
    reader = member(body="article-36", email="x@y.example")
    assert agenda.agenda(reader, TODAY) == []
    user = delegate("BE")
    assert [(e.label, e.hint) for e in agenda.agenda(user, TODAY)] == [
        ("Amber Road: results are due", "2 delegations owe them")
    ]
    builders.submission(amber, "IT")
    builders.submission(amber, "FR", "validated")
    assert agenda.agenda(user, TODAY) == []


def test_what_a_delegation_sent_is_listed_newest_first_and_shown_to_nobody_else():
    for number in range(6):
        builders.submission(
            builders.operation(f"Operation {number}", days(1)),
            submitted_at=f"2026-11-{10 + number}T09:00:00Z",
        )
    assert [s.operation.name for s in overview.sent_by(delegate("IT", "viewer"))] == [
        f"Operation {number}" for number in (5, 4, 3, 2, 1)
    ]
    assert list(overview.sent_by(delegate("FR"))) == list(overview.sent_by(secretariat())) == []


def test_duties_are_the_contact_points_and_the_deputys_and_stand_apart_for_their_colleagues():
    builders.operation("Amber Road", days(4))
    colleague, editor = delegate("IT"), delegate("IT", "editor")
    contact_point = delegate("IT", is_contact_point=True, name="Ann")
    deputy = delegate("IT", is_deputy=True)
    owed = ["Submit the results of operation Amber Road"]
    for holder in (contact_point, deputy):
        found = work_of(holder, TODAY)
        assert ([d.label for d in found.duties], found.others) == (owed, [])
    for other in (colleague, editor):
        found = work_of(other, TODAY)
        assert (found.duties, [d.label for d in found.others]) == ([], owed)
        assert next(m.user.name for m in overview.holders(other, TODAY)) == "Ann"


def test_what_nobody_holds_is_shown_to_the_secretariat_with_the_form_that_mends_it():
    user = secretariat()
    builders.operation("Amber Road", days(4), participants=["IT", "NO"])
    builders.action(builders.plan(9, date(2028, 1, 1), "draft"), 1, lead="IT")
    delegate("FR")  # owes nothing
    delegate("IT", "editor")
    delegate("NO", is_active=False)
    shown = [(d.label, d.url, d.hint) for d in work_of(user, TODAY).duties if d.word == "Nobody"]
    assert shown == [
        ("No one holds the duty of Italy", "/manage/people/posts/IT/",
         "Owed: Terms of reference, Results of an operation"),
        ("No one holds the duty of Norway", "/manage/people/posts/NO/", "Owed: Results of an operation"),
    ]  # fmt: skip
    assert [e.label for e in agenda.agenda(user, TODAY) if e.word == "Nobody"] == [
        label for label, *_ in shown
    ]
    assert not [e for e in agenda.agenda(delegate("FR"), TODAY) if e.word == "Nobody"]
    delegate("IT")
    delegate("NO", is_contact_point=True)
    found = work_of(user, TODAY).duties
    assert [d.label for d in found if d.word == "Nobody"] == []
    assert [(d.label, d.url, d.hint) for d in found if d.word == "Not named"] == [
        ("Name the contact point of 1 delegation", "/manage/people/posts/",
         "Until then all submitters have the duties: Italy"),
    ]  # fmt: skip


def test_every_kind_of_deadline_of_delegations_says_which_of_them_owe_it():
    said = {rule.code for rule in schedule.RULES if rule.owing}
    assert said == {rule.code for rule in schedule.RULES} - {"adopt-next-plan"}


def test_a_delegation_with_a_later_day_is_named_with_it():
    participation = part(OperationFactory(status="debriefed"), "EL")
    participation.agreed_until = None
    assert work._named_with_its_day(participation) == str(participation.delegation.name)
    participation.agreed_until = date(2026, 12, 10)
    said = work._named_with_its_day(participation).replace("\xa0", " ")
    assert said == f"{participation.delegation.name} (agreed until 10 December 2026)"
