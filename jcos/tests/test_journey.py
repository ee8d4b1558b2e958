"""From the proposal to the Committee, by the pages that people use."""

import re
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat, third_party
from actionplans.tests.factories import ActionFactory, PlanFactory
from council.models import Decision
from council.tests.factories import MeetingFactory
from jcos.models import Operation, Participation, ResultLine, Submission
from jcos.tests.browsing import a_line, create, edit, page, send, signed_in
from jcos.tests.factories import OperationFactory, code_lists, part, submission, submitter
from notifications.models import Notification
from publishing.words import day_words, quantity_words
from strategy_portal.dates import brussels_today, now


def test_an_operation_goes_from_its_proposal_to_the_committee(office):
    action = ActionFactory(plan=PlanFactory(status="adopted"))
    belgium, france, italy = (DelegationFactory(code=code) for code in ("BE", "FR", "IT"))
    bureau, today = signed_in(office), brussels_today()
    yesterday = (today - timedelta(days=1)).isoformat()
    response = create(
        bureau, page("operation_create"), name="AMBER ROAD", lead=belgium.pk, actions=[action.pk],
        starts_on=(today - timedelta(days=9)).isoformat(), ends_on=yesterday, results_due_on=yesterday,
    )  # fmt: skip
    assert response.status_code == 302
    operation = Operation.objects.get(name="AMBER ROAD")
    assert operation.slug == f"amber-road-{(today - timedelta(days=9)).year}"
    assert [(p.delegation.code, p.role, p.status) for p in operation.participations.all()] == [
        ("BE", "lead", "invited")
    ]

    assert bureau.post(operation.get_step_url("table")).status_code == 302
    meeting = MeetingFactory()
    assert bureau.get(operation.get_step_url("agree")).status_code == 302
    Decision.objects.record(Operation.objects.get(), "agree", meeting=meeting, by=office)
    response = create(
        bureau,
        page("operation_invite", operation.slug),
        delegations=[france.pk, italy.pk],
        role="participant",
    )
    assert response.status_code == 302
    invitations = Notification.objects.filter(kind="operation-invitation")
    assert {n.post.delegation.code for n in invitations} == {"BE", "FR", "IT"}

    people = {code: submitter(code) for code in ("BE", "FR", "IT")}
    for code, person in people.items():
        url = page("participation_step", operation.slug, code, "confirm")
        assert signed_in(person).post(url).status_code == 302
    lead = signed_in(people["BE"])
    for verb in ("plan", "start", "end_operational", "debrief"):
        assert lead.post(operation.get_step_url(verb)).status_code == 302
    operation.refresh_from_db()
    assert operation.status == "debriefed"

    assert lead.post(page("submission_start", operation.slug, "BE")).status_code == 302
    for quantity in ("1 200", "12", "7"):
        assert (
            create(lead, page("line_create", operation.slug, "BE"), **a_line(quantity=quantity)).status_code
            == 302
        )
    response = edit(
        lead, page("submission_details", operation.slug, "BE"), finality="final", contact="Customs, Brussels"
    )
    assert response.url == page("submission_check", operation.slug, "BE")
    assert send(lead, operation, "BE").url == page("submission_receipt", operation.slug, "BE")

    other = signed_in(people["FR"])
    other.post(page("submission_start", operation.slug, "FR"))
    edit(other, page("submission_findings", operation.slug, "FR"), is_nil="on")
    edit(other, page("submission_details", operation.slug, "FR"), finality="final")
    send(other, operation, "FR")
    assert {n.post.delegation.code for n in Notification.objects.filter(kind="results-receipt")} == {
        "BE",
        "FR",
    }
    assert Notification.objects.filter(kind="results-arrived").count() == 2

    for made in operation.submissions.all():
        assert bureau.post(made.get_step_url("validate")).status_code == 302
    body = signed_in(committee())
    assert body.get(operation.get_absolute_url()).status_code == 404
    operation.refresh_from_db()
    assert operation.before_deciding("note_results")[1].startswith("Missing: Italy")
    Decision.objects.record(operation, "note_results", meeting=meeting, by=office)
    response = body.get(operation.get_absolute_url())
    assert [str(total["total"]) for total in response.context["totals"]] == ["1219.000"]
    lines = body.get(page("submission_list", operation.slug) + "?measure=seized&commodity=TOB-CIG&unit=piece")
    assert len(lines.context["page_obj"]) == 3
    assert b"Missing" in response.content


def test_a_draft_is_saved_however_incomplete_and_refused_until_it_is_complete(office):
    operation = OperationFactory()
    client = signed_in(submitter())
    client.post(page("submission_start", operation.slug, "BE"))
    empty = a_line(measure="", commodity="", unit="", quantity="")
    assert create(client, page("line_create", operation.slug, "BE"), **empty).status_code == 302
    response = send(client, operation, "BE")
    assert response.status_code == 409
    reasons = client.get(page("submission_check", operation.slug, "BE")).context["reasons"]
    line_url = page("line_edit", operation.slug, "BE", ResultLine.objects.get().pk)
    assert [(str(reason.text), reason.url) for reason in reasons] == [
        ("Line 1, an empty line: say what is counted.", line_url),
        ("Line 1, an empty line: enter the quantity; zero is a quantity, too.", line_url),
        ("Line 1, an empty line: choose the unit.", line_url),
        (
            "Say whether these results are preliminary or final.",
            page("submission_details", operation.slug, "BE"),
        ),
    ]


def test_a_get_never_makes_a_draft(office):
    operation = OperationFactory()
    client = signed_in(submitter())
    for name in ("detail", "controls", "findings", "details", "check", "receipt"):
        client.get(page(f"submission_{name}", operation.slug, "BE"))
    assert client.get(page("submission_start", operation.slug, "BE")).status_code == 405
    assert client.get(page("submission_correct", operation.slug, "BE")).status_code == 405
    assert Submission.objects.count() == 0


def test_the_hub_tells_three_states_of_its_tasks(office):
    operation = OperationFactory()
    client = signed_in(submitter())
    client.post(page("submission_start", operation.slug, "BE"))

    def states():
        return [
            task["state"]
            for task in client.get(page("submission_detail", operation.slug, "BE")).context["tasks"]
        ]

    assert states() == ["not_started"] * 4
    edit(client, page("submission_details", operation.slug, "BE"), contact="Customs")
    create(client, page("line_create", operation.slug, "BE"), **a_line(unit=""))
    edit(client, page("submission_controls", operation.slug, "BE"), **{"analysed-quantity": "0"})
    assert states() == ["completed", "in_progress", "in_progress", "not_started"]
    edit(client, page("submission_details", operation.slug, "BE"), finality="final")
    edit(
        client,
        page("line_edit", operation.slug, "BE", ResultLine.objects.get(quantity=1200).pk),
        unit=a_line()["unit"],
    )
    assert states() == ["completed", "completed", "completed", "not_started"]


def test_a_returned_version_shows_its_reason_on_top_until_the_next_one_is_submitted(office):
    operation = OperationFactory()
    made = submission(operation, "BE", "submitted", lines=1)
    bureau, client = signed_in(office), signed_in(submitter())
    url = made.get_step_url("return_to_delegation")
    assert bureau.post(url, {"reason": ""}).status_code == 422
    assert bureau.post(url, {"reason": "Pieces or cartons?"}).status_code == 302
    notice = Notification.objects.get(kind="results-returned")
    assert (notice.post.delegation.code, notice.post.holder) == ("BE", "submitter")
    assert "Pieces or cartons?" in notice.body
    hub = page("submission_detail", operation.slug, "BE")
    assert "Pieces or cartons?" in client.get(hub).content.decode()
    client.post(page("submission_correct", operation.slug, "BE"))
    assert "Pieces or cartons?" in client.get(hub).content.decode()
    changed = edit(
        client,
        page("line_edit", operation.slug, "BE", Submission.objects.get(version=2).lines.get().pk),
        quantity="10",
    )
    assert changed.status_code == 302
    send(client, operation, "BE", version=2)
    assert "Pieces or cartons?" not in client.get(hub).content.decode()
    review = bureau.get(page("submission_review", operation.slug, "BE"))
    assert [(c.kind, c.before.split(",")[2], c.after.split(",")[2]) for c in review.context["changes"]] == [
        ("changed", f" {quantity_words(1000, 'pieces')}", f" {quantity_words(10, 'pieces')}")
    ]


def test_pressed_twice_a_correction_is_one_version(office):
    operation = OperationFactory()
    submission(operation, "BE", "validated", lines=1)
    client = signed_in(submitter())
    for _press in range(2):
        assert client.post(page("submission_correct", operation.slug, "BE")).status_code == 302
    assert list(operation.submissions.values_list("version", "status").order_by("version")) == [
        (1, "validated"),
        (2, "draft"),
    ]


def test_a_locked_page_says_why(office):
    operation = OperationFactory()
    made = submission(operation, "BE", "submitted", lines=1)
    client = signed_in(submitter())
    for name in ("controls", "findings", "details"):
        response = client.get(page(f"submission_{name}", operation.slug, "BE"))
        assert "These results are submitted and no longer change." in response.content.decode()
    url = page("line_edit", operation.slug, "BE", made.lines.get().pk)
    assert "no longer change" in client.get(url).content.decode()


def test_a_line_saved_after_the_draft_was_submitted_is_refused_and_shown(office):
    operation = OperationFactory()
    made = submission(operation, "BE", "draft", lines=1)
    client = signed_in(submitter())
    url = page("line_edit", operation.slug, "BE", made.lines.get().pk)
    version = client.get(url).context["form"].row_version
    send(client, operation, "BE")
    response = client.post(url, {**a_line(quantity="9 876"), "row_version": version})
    assert response.status_code == 409
    assert "9 876" in response.content.decode()
    assert made.lines.get().quantity == 1000


def test_late_results_are_taken_and_marked(office):
    operation = OperationFactory(
        ends_on=brussels_today() - timedelta(days=5), results_due_on=brussels_today() - timedelta(days=1)
    )
    made = submission(operation, "BE", "draft", lines=1)
    client = signed_in(submitter())
    send(client, operation, "BE")
    made.refresh_from_db()
    assert made.is_late
    assert "Late" in client.get(page("submission_receipt", operation.slug, "BE")).content.decode()


def test_a_correction_of_what_came_in_time_is_not_late_and_says_when_it_came(office):
    due = brussels_today() - timedelta(days=2)
    operation = OperationFactory(ends_on=due, results_due_on=due, parts=["FR", "IT"])
    before = now() - timedelta(days=3)
    submission(operation, "BE", "returned", submitted_at=before)
    submission(operation, "FR", "recalled", submitted_at=before)
    submission(operation, "IT", "validated", submitted_at=now() - timedelta(days=1))
    marks = {}
    for code in ("BE", "FR", "IT"):
        second = submission(operation, code, "submitted")
        text = signed_in(office).get(second.get_absolute_url()).content.decode()
        marks[code] = (second.is_late, second.is_correction, "First submitted on" in text, "Late" in text)
    assert marks == {
        "BE": (False, True, True, False),
        "FR": (True, False, False, True),  # recalled by itself: nothing had been handed in
        "IT": (True, True, True, True),
    }
    rows = signed_in(office).get(operation.get_absolute_url()).context["reporting"].rows
    assert {row.delegation.code: row.note for row in rows} == {
        "BE": f"Submitted, corrected on {day_words(brussels_today())}",
        "FR": "Submitted, late",
        "IT": "Submitted, late",
    }


def test_the_receipt_stays_reachable_and_names_reference_and_brussels_time(office):
    operation = OperationFactory()
    submission(operation, "BE", "draft", lines=1)
    client = signed_in(submitter())
    send(client, operation, "BE")
    made = Submission.objects.get()
    assert re.fullmatch(rf"R-{brussels_today().year}-\d{{4,}}", made.reference)
    made.validate(by=office)
    made.next_version(by=submitter())
    text = client.get(page("submission_receipt", operation.slug, "BE")).content.decode()
    assert made.reference in text
    assert "(Brussels time)" in text


def test_nil_missing_answered_and_not_taking_part_are_told_apart(office):
    yesterday = brussels_today() - timedelta(days=1)
    operation = OperationFactory(ends_on=yesterday, results_due_on=yesterday, parts=["FR", "IT", "LT"])
    for code, status in (("DE", "invited"), ("ES", "declined"), ("PT", "withdrawn")):
        part(operation, code, status)
    submission(operation, "BE", lines=2)
    submission(operation, "FR")
    submission(operation, "LT", "submitted", lines=1)

    def words(user):
        response = signed_in(user).get(operation.get_absolute_url())
        assert response.context["reporting"].response == "3 of 4 participants have answered."
        return {row.delegation.code: str(row.word) for row in response.context["reporting"].rows}

    common = {
        "DE": "Invited, no answer yet",
        "ES": "Not taking part",
        "PT": "Not taking part",
        "IT": "Missing",
    }
    told = {"BE": "Results reported", "FR": "Nil return"}
    assert words(office) == common | told | {"LT": "Results reported"}
    assert words(delegate("IT")) == common | told | {"LT": "Answered"}
    assert words(delegate("PL")) == common | {"BE": "Answered", "FR": "Answered", "LT": "Answered"}


def test_a_third_party_that_declines_is_led_back_to_the_list(office):
    operation = OperationFactory(status="agreed")
    part(operation, "NO", "invited")
    client = signed_in(third_party("NO"))
    response = client.post(page("participation_step", operation.slug, "NO", "decline"))
    assert response.url == page("operation_list")
    assert client.get(operation.get_absolute_url()).status_code == 404


def test_leads_chosen_in_the_form_are_participants_and_stay_when_replaced(office):
    client = signed_in(office)
    belgium, france, italy = (DelegationFactory(code=code) for code in ("BE", "FR", "IT"))
    operation = OperationFactory(status="agreed", parts=["FR"])
    response = edit(client, page("operation_edit", operation.slug), lead=france.pk, co_leads=[italy.pk])
    assert response.status_code == 302
    roles = {p.delegation: (p.role, p.status) for p in Participation.objects.select_related("delegation")}
    assert roles == {
        france: ("lead", "confirmed"),
        belgium: ("participant", "confirmed"),
        italy: ("co_lead", "invited"),
    }
    assert [n.post.delegation for n in Notification.objects.filter(kind="operation-invitation")] == [italy]


def test_an_invitation_is_told_only_once_the_operation_is_agreed(office):
    operation = OperationFactory(status="tabled", actions=[ActionFactory()], lead="")
    operation.invite([DelegationFactory(code="BE")], "lead", by=office)
    assert Notification.objects.count() == 0
    Decision.objects.record(operation, "agree", meeting=MeetingFactory(), by=office)
    assert Notification.objects.get().post.holder == "contact_point"


@pytest.mark.django_db(transaction=True)
def test_submitted_twice_at_once_there_is_one_reference_and_one_receipt():
    code_lists()
    secretariat()
    operation = OperationFactory()
    made = submission(operation, "BE", "draft", lines=1)
    users = [submitter(), submitter()]
    codes, barrier = [], threading.Barrier(4)

    def press(user):
        client = signed_in(user)
        barrier.wait()
        codes.append(client.post(made.get_step_url("submit")).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[users[n % 2]]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302] * 4
    assert Notification.objects.filter(kind="results-receipt").count() == 1
    events = apps.get_model("jcos.SubmissionEvent").objects.filter(status="submitted")
    assert events.count() == 1
    made.refresh_from_db()
    assert made.reference


@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_at_once_share_one_draft():
    code_lists()
    operation = OperationFactory()
    users = [submitter(), submitter()]
    barrier = threading.Barrier(2)

    def press(user):
        client = signed_in(user)
        barrier.wait()
        client.post(page("submission_start", operation.slug, "BE"))
        connection.close()

    threads = [threading.Thread(target=press, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert operation.submissions.count() == 1
