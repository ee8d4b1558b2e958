"""The page of a record's history."""

from datetime import date

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import (
    PASSWORD,
    DelegationFactory,
    MembershipFactory,
    UserFactory,
    administrator,
    committee,
    delegate,
    member,
    secretariat,
)
from actionplans.amending import record
from actionplans.copying import begin_version
from actionplans.models import ActionParticipant, StrategyVersion, TermsOfReference
from actionplans.tests.factories import StrategyFactory
from audit.differences import Piece
from audit.records import tracked
from audit.verbs import VERBS
from council.models import Meeting
from council.tests.factories import DecisionFactory, MeetingFactory
from jcos.models import OperationAction
from reports.tests.factories import action, line, operation, plan, submission
from strategy_portal.workflow import Workflow, acting

pytestmark = pytest.mark.django_db


def page(client, user, row):
    client.force_login(user)
    return client.get(reverse("audit:history", args=[row._meta.model_name, row.pk]))


def told(response):
    """Each act as (verb, who, reason), newest first."""
    return [(act.verb, act.who, act.reason) for act in response.context["acts"]]


def changes(act):
    """Each change of an act as (what, name, {field: (before, after)})."""
    return [(c.what, c.name, {f.label: (f.before, f.after) for f in c.fields}) for c in act.changes]


def test_it_says_who_did_what_when_and_why(client):
    clerk = secretariat(name="Anna Kowalska")
    with acting(clerk, "create"):
        meeting = MeetingFactory(held_on=date(2026, 5, 4))
    with acting(clerk, "change", "The room was taken"):
        Meeting.objects.filter(pk=meeting.pk).update(place="Luxembourg", held_on=date(2026, 5, 5))
    response = page(client, clerk, meeting)
    assert told(response) == [
        ("Changed", "Anna Kowalska", "The room was taken"),
        ("Created", "Anna Kowalska", ""),
    ]
    assert response.context["acts"][0].of == "General Secretariat"
    assert changes(response.context["acts"][0]) == [
        ("changed", "", {"Day": ("4 May 2026", "5 May 2026"), "Place": ("Brussels", "Luxembourg")})
    ]
    assert changes(response.context["acts"][1]) == [
        ("created", "", {"Body": ("", "CCWP Plenary"), "Day": ("", "4 May 2026"), "Place": ("", "Brussels")})
    ]


def test_the_moment_is_the_portals(client):
    clerk = secretariat()
    meeting = MeetingFactory()
    with acting(clerk, "change"), pghistory.context(at="2031-02-03T10:12:00+00:00"):
        Meeting.objects.filter(pk=meeting.pk).update(place="Luxembourg")
    assert "3 February 2031, 11:12 (Brussels time)" in page(client, clerk, meeting).content.decode()


def test_somebody_outside_and_the_portal_itself_are_told_apart(client):
    clerk = secretariat()
    meeting = MeetingFactory()
    with connection.cursor() as cursor:
        cursor.execute("update council_meeting set place = 'Paris' where id = %s", [meeting.pk])
    with acting(None, "load", "As delivered"):
        Meeting.objects.filter(pk=meeting.pk).update(place="Luxembourg")
    found = told(page(client, clerk, meeting))
    assert ("Loaded", "The portal", "As delivered") in found
    assert ("Changed", "Outside the portal", "") in found


def test_two_steps_in_one_request_stay_two_acts(client):
    clerk = secretariat()
    made = plan(9, date(2030, 1, 1), status="draft")
    with acting(clerk):
        made.move("table", by=clerk)
        made.move("return_to_draft", by=clerk, note="Too early")
    assert told(page(client, clerk, made))[:2] == [
        ("Returned to draft", clerk.name, "Too early"),
        ("Tabled", clerk.name, ""),
    ]


def test_what_was_done_together_stands_together(client):
    clerk = secretariat()
    made = plan()
    with acting(clerk, "create"):
        work = action(made, serves=["A.MS.a", "B.MS.a"])
        ActionParticipant.objects.create(action=work, delegation=DelegationFactory(code="FR"))
    with acting(clerk, "change"):
        work.parts.all().delete()
    newest, first = page(client, clerk, work).context["acts"]
    assert changes(newest) == [("removed", "Delegation taking part: France", {})]
    assert [(c.what, c.name) for c in first.changes] == [
        ("created", ""), ("created", "Objective served: B.MS.a"), ("created", "Objective served: A.MS.a"),
        ("created", "Delegation taking part: France"),
    ]  # fmt: skip


def test_a_further_noting_at_the_same_meeting_names_its_decision_and_whose_results_it_covers(client):
    clerk, made, meeting = secretariat(), operation(), MeetingFactory(held_on=date(2026, 5, 4))
    submission(made, "BE")
    made.note_results(by=clerk, noting=noting_at(meeting, made), note="Well done.")
    submission(made, "FR")
    made.note_further_results(by=clerk, noting=noting_at(meeting, made))
    newest, first = page(client, clerk, made).context["acts"][:2]
    assert (newest.verb, newest.reason) == (
        "Further results noted", "The noting covers the results of France."
    )  # fmt: skip
    assert (first.verb, first.reason) == (
        "Results noted", "Well done.\n\nThe noting covers the results of Belgium."
    )  # fmt: skip
    [change] = newest.changes
    said = str(made.noting)
    assert [(f.label, f.pieces) for f in change.fields] == [("Results noted by", [Piece("kept", said)])]
    assert f"<dd>{said}</dd>" in page(client, clerk, made).content.decode()


def noting_at(meeting, about):
    return DecisionFactory(subject=about, kind="note", verb="note_results", meeting=meeting)


def test_long_texts_are_compared_word_by_word_and_not_by_colour_alone(client):
    clerk = secretariat()
    terms = TermsOfReference.objects.create(
        action=action(plan()), main_goals="To find " + "many " * 20 + "cigarettes"
    )
    with acting(clerk, "change"):
        TermsOfReference.objects.update(main_goals="To find " + "many " * 20 + "drugs")
    response = page(client, clerk, terms)
    (change,) = response.context["acts"][0].changes
    assert [p for p in change.fields[0].pieces if p.kind != "kept"] == [
        ("removed", "cigarettes"),
        ("added", "drugs"),
    ]
    text = response.content.decode()
    assert '<del><span class="visually-hidden">[removed: </span>cigarettes' in text
    assert '<ins><span class="visually-hidden">[added: </span>drugs' in text


def test_a_first_event_after_hidden_ones_says_how_the_record_then_stood_and_nothing_before(client):
    clerk = secretariat()
    made = plan(9, date(2030, 1, 1), status="draft")
    type(made).objects.filter(pk=made.pk).update(title="A secret thought")
    with acting(clerk, "table"):
        type(made).objects.filter(pk=made.pk).update(title="A plan for all", status="tabled")
    response = page(client, delegate("PT"), made)
    (act,) = response.context["acts"]
    assert (act.verb, act.changes[0].is_first) == ("Tabled", True)
    assert changes(act)[0][2]["Title"] == ("", "A plan for all")
    assert "A secret thought" not in response.content.decode()


def test_what_happened_between_two_shown_states_is_not_told(client):
    made = plan(9, date(2030, 1, 1), status="tabled")
    for fields in (
        {"status": "draft", "title": "A secret thought"},
        {"title": "Another one"},
        {"status": "tabled", "title": "Open"},
    ):
        with acting(verb="change"):
            type(made).objects.filter(pk=made.pk).update(**fields)
    response = page(client, delegate("PT"), made)
    assert changes(response.context["acts"][0]) == [("changed", "", {"Title": ("", "Open")})]
    assert "secret thought" not in response.content.decode()


def test_a_link_to_a_record_that_is_not_shown_does_not_tell_its_name(client):
    draft = plan(9, date(2030, 1, 1), status="draft")
    hidden = action(draft, 7, status="proposed", lead="FR")
    made = operation(status="agreed")
    with acting(verb="change"):
        OperationAction.objects.create(operation=made, action=hidden)
    said = [page(client, user, made).content.decode() for user in (secretariat(), delegate("PT"))]
    assert ["Action 9.7" in text for text in said] == [True, False]
    assert "not shown to you" in said[1]


def test_a_line_changed_in_a_draft_stays_with_its_delegation(client):
    capstan = operation(status="debriefed")
    made = submission(capstan, "FR", status="draft")
    with acting(verb="change"):
        line(made, "seized", "CIG", 31337, "piece")
    with acting(verb="validate"):
        type(made).objects.filter(pk=made.pk).update(
            status="validated", reference="R-1", submitted_at="2026-06-01T10:00Z",
            noting=DecisionFactory(subject=capstan, kind="note"),
        )  # fmt: skip
    readers = [delegate("FR"), secretariat(), delegate("PT"), committee()]
    texts = [page(client, user, made).content.decode() for user in readers]
    assert ["31" in text and "337" in text for text in texts] == [True, False, False, False]
    assert ["Validated" in text for text in texts] == [True] * 4


def test_a_removed_record_keeps_its_history(client):
    clerk = secretariat()
    meeting = MeetingFactory()
    pk = meeting.pk
    with acting(clerk, "delete", "Entered twice"):
        meeting.delete()
    meeting.pk = pk
    response = page(client, clerk, meeting)
    assert told(response)[0] == ("Removed", clerk.name, "Entered twice")
    assert response.context["is_removed"] is True
    assert page(client, administrator(), meeting).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "meeting/999999/",
        "meeting/99999999999999999999999999/",
        "nothing/1/",
        "session/1/",
        "post/1/",
        "meetingevent/1/",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    client.force_login(secretariat())
    assert client.get(f"/history/{address}").status_code == 404


def test_what_is_not_shown_is_not_found(client):
    made = plan(9, date(2030, 1, 1), status="draft")
    readers = [secretariat(), delegate("PT"), committee(), administrator()]
    assert [page(client, user, made).status_code for user in readers] == [200, 404, 404, 404]


def test_a_record_shown_today_of_which_no_event_is_shown_says_so(client):
    made = action(plan(9, date(2030, 1, 1), status="tabled"), status="proposed", lead="FR")
    response = page(client, delegate("PT"), made)
    assert (response.status_code, response.context["acts"]) == (200, [])
    assert "the record was being prepared" in response.content.decode()


def test_the_history_of_a_person_holds_no_password(client):
    person = UserFactory(password=PASSWORD)
    person.set_password("another river under eight bridges")
    person.save()
    type(person).objects.filter(pk=person.pk).update(name="New name")
    text = page(client, administrator(), person).content.decode()
    assert ("New name" in text, "md5" in text, "assword" in text) == (True, False, False)


def test_texts_of_people_are_shown_literally(client):
    clerk = secretariat(name="<b>Anna</b>")
    meeting = MeetingFactory()
    with acting(clerk, "change", "<script>alert(1)</script> {{ 7*7 }}"):
        Meeting.objects.filter(pk=meeting.pk).update(place="<i>Here</i>")
    text = page(client, clerk, meeting).content.decode()
    assert [bad for bad in ("<script>alert", "<b>Anna", "<i>Here") if bad in text] == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in text


def test_every_step_has_a_word_of_its_own():
    steps = {verb for model in tracked().values() if issubclass(model, Workflow) for verb in model.STEPS}
    assert steps - set(VERBS) == set()


@pytest.mark.parametrize("number", ["1", "2", "99", "abc", "-1", "0", "\u0667", "9" * 400])
def test_pages_hold_fifty_events_and_bad_numbers_show_one(client, number):
    clerk = secretariat()
    meeting = MeetingFactory()
    for day in range(60):
        with acting(clerk, "change"):
            Meeting.objects.filter(pk=meeting.pk).update(place=f"Place {day}")
    client.force_login(clerk)
    response = client.get(f"/history/meeting/{meeting.pk}/", {"page": number})
    shown = sum(len(act.changes) for act in response.context["acts"])
    assert (response.status_code, shown) == (
        200,
        11 if number in {"2", "99", "-1", "0", "\u0667", "9" * 400} else 50,
    )


def test_the_number_of_queries_does_not_grow(client):
    clerks = [secretariat(), member(delegation="BE"), member(delegation="FR")]
    made = operation(status="debriefed")

    def queries():
        client.force_login(clerks[0])
        url = reverse("audit:history", args=["operation", made.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len([q for q in asked if "SAVEPOINT" not in q["sql"] and "portal_clock" not in q["sql"]])

    def grow(start, count):
        for number in range(start, start + count):
            with acting(clerks[number % 3], "change", f"Change {number}"):
                type(made).objects.filter(pk=made.pk).update(
                    goods=f"Goods {number}", proposed_by=DelegationFactory(code=f"Z{number}")
                )
                OperationAction.objects.create(operation=made, action=action(seven, number, status="planned"))
                MembershipFactory(user=clerks[number % 3], delegation=DelegationFactory(code=f"Y{number}"))

    seven = plan()
    grow(1, 1)
    before = queries()
    grow(2, 14)
    assert (queries(), before <= 15) == (before, True)


def test_the_history_of_an_objective_tells_how_each_version_words_it(client):
    clerk = secretariat(name="Anna Kowalska")
    strategy = StrategyFactory()
    with acting(clerk, "create"):
        draft = begin_version(strategy, by=clerk, note="New facts")
    with acting(clerk, "change", "It was reached"):
        draft.wordings.filter(objective__code="A.MS.a").update(text="To do it better")
    objective = strategy.objectives.get(code="A.MS.a")
    act = page(client, clerk, objective).context["acts"][0]
    assert (act.verb, act.who, act.reason) == ("Changed", "Anna Kowalska", "It was reached")
    reworded = (
        "changed",
        "Wording: 15198/09, version 2, For MS:",
        {
            "Version": ("15198/09, version 1", "15198/09, version 2"),
            "Text": ("To do A.MS.a", "To do it better"),
        },
    )
    assert changes(act) == [reworded]
    before, reader = page(client, delegate(), objective), delegate("PT")
    assert "To do it better" not in before.content.decode()
    StrategyVersion.objects.filter(pk=draft.pk).update(status="tabled")
    after = page(client, reader, objective)
    told = [change for act in after.context["acts"] for change in changes(act) if change[0] == "changed"]
    assert told == [reworded]
    assert "To do A.MS.b" not in after.content.decode()


def test_the_history_of_an_objective_tells_the_kind_of_each_reason(client):
    clerk, strategy = secretariat(), StrategyFactory()
    draft = begin_version(strategy, by=clerk, note="New facts")
    for number, (kind, reason) in enumerate((("outcome", "It was reached"), ("external", "New routes"))):
        with acting(clerk, "amend", reason):
            words = draft.wordings.get(objective__code="A.MS.a")
            words.text = f"To do it {number}"
            words.save()
            record(draft, words, "reworded", cause=kind, reason=reason)
    objective = strategy.objectives.get(code="A.MS.a")
    shown = page(client, clerk, objective)
    assert [(act.verb, act.kind, act.reason) for act in shown.context["acts"][:2]] == [
        ("Amended", "External factor", "New routes"),
        ("Amended", "Outcome achieved", "It was reached"),
    ]
    assert "<strong>Reason:</strong> External factor. New routes" in shown.content.decode()
    assert {act.kind for act in page(client, delegate(), objective).context["acts"]} == {""}


@pytest.mark.parametrize("person", [secretariat, delegate, committee])
def test_the_queries_of_an_objectives_history_do_not_grow_with_its_wordings(client, person):
    strategy, clerk = StrategyFactory(), secretariat()
    objective = strategy.objectives.get(code="A.MS.a")

    def word(numbers):
        for number in numbers:
            with acting(clerk, "create"):
                draft = begin_version(strategy, by=clerk, note="New facts")
            with acting(clerk, "amend", "New facts"):
                draft.wordings.filter(objective=objective).update(text=f"To do it {number} times")
            strategy.versions.filter(status="in_force").update(status="superseded")
            StrategyVersion.objects.filter(pk=draft.pk).update(
                status="in_force", in_force_from=date(2026, 1, number)
            )

    def queries():
        page(client, reader, objective)
        with CaptureQueriesContext(connection) as asked:
            shown = page(client, reader, objective).context["acts"]
        return len(shown), len([q for q in asked if "SAVEPOINT" not in q["sql"]])

    reader = person()
    word([2])
    (few, before), _more = queries(), word(range(3, 14))
    assert queries() == (few + 11, before)
