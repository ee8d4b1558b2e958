"""A decision is recorded by one form: it takes the step of its subject, or leaves nothing behind."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from accounts.tests.factories import (
    BodyFactory,
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import ActionPlan, TermsOfReference
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, plan_with
from council.models import Decision, Document, Meeting
from council.tests.factories import DocumentFactory, MeetingFactory
from jcos.models import Operation, Participation, Submission
from strategy_portal.dates import brussels_today, now
from tests.agenda import reader
from tests.recording import address, filled, traces

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return reader(secretariat(name="Sue"))


def operation(status="tabled", **fields):
    return Operation.objects.create(name="LYNX", slug=f"lynx-{uuid4()}", status=status, **fields)


# -- the whole of it ---------------------------------------------------------------------------------------------------


def test_a_plan_is_adopted_at_a_new_meeting_with_a_new_document(desk):
    plan = plan_with("tabled")
    answer = desk.post(address(plan, "adopt"), filled())
    plan.refresh_from_db()
    decision = plan.adoption
    assert (answer.status_code, answer.headers["Location"]) == (302, plan.get_absolute_url())
    assert (plan.status, plan.adopted_on, plan.actions.get().status) == (
        "adopted",
        date(2026, 3, 5),
        "planned",
    )
    assert (decision.kind, decision.meeting.body.code, str(decision.document)) == (
        "adopt",
        "ccwp-plenary",
        "7123/26",
    )
    assert (decision.about, decision.subject, decision.recorded_by.name) == (str(plan), plan, "Sue")


def test_terms_are_agreed_at_a_meeting_and_with_a_document_that_are_recorded(desk):
    terms = TermsFactory(status="tabled")
    meeting = MeetingFactory(body=BodyFactory(code="ccwp-experts"))
    document = DocumentFactory(number=14743, year=2011, revision=1)
    data = filled(
        meeting=meeting.pk,
        body="",
        held_on="",
        document_number="14743/1/11 REV 1",
        document_meant=str(document),
        document_title="",
        text="As tabled",
    )
    assert desk.post(address(terms, "agree"), data).status_code == 302
    terms.refresh_from_db()
    assert (terms.status, terms.agreement.meeting, terms.agreement.document) == ("agreed", meeting, document)
    event = apps.get_model("actionplans.TermsOfReferenceEvent").objects.filter(pgh_obj=terms).latest("pgh_id")
    assert (event.pgh_context["verb"], event.pgh_context["note"]) == ("agree", "As tabled")


def test_a_new_meeting_on_the_day_of_a_recorded_one_is_that_meeting(desk):
    there = MeetingFactory(held_on=date(2026, 3, 5))
    desk.post(address(plan_with("tabled"), "adopt"), filled())
    assert (Meeting.objects.filter(held_on=there.held_on).get(), Decision.objects.latest("pk").meeting) == (
        there,
        there,
    )


def test_the_same_form_sent_again_records_one_decision(desk):
    plan, data = plan_with("tabled"), filled()
    answers = [desk.post(address(plan, "adopt"), data) for _time in range(3)]
    assert [a.status_code for a in answers] == [302, 302, 302]
    assert Decision.objects.filter(kind="adopt").count() == 1


def test_the_page_says_what_will_happen_and_offers_only_what_may_be_chosen(desk):
    plan = plan_with("tabled")
    past, experts = MeetingFactory(), MeetingFactory(body=BodyFactory(code="ccwp-experts"))
    to_come = MeetingFactory(held_on=brussels_today() + timedelta(days=1))
    page = desk.get(address(plan, "adopt"))
    fields = page.context["form"].fields
    offered = set(fields["meeting"].queryset)
    assert page.context["consequence"] == f"{plan} goes from tabled to adopted."
    assert (past in offered, experts in offered, to_come in offered) == (True, False, False)
    assert [body.code for body in fields["body"].queryset] == ["ccwp-plenary"]


# -- refused: nothing is left behind -----------------------------------------------------------------------------------


def test_an_adoption_without_agreed_terms_is_refused_with_linked_reasons_and_leaves_nothing(desk):
    plan = PlanFactory(status="tabled")
    ready, missing = ActionFactory(plan=plan), ActionFactory(plan=plan)
    TermsFactory(action=ready, status="agreed")
    before = traces()
    answer = desk.post(address(plan, "adopt"), filled())
    plan.refresh_from_db()
    assert (answer.status_code, plan.status, traces()) == (409, "tabled", before)
    (reason,) = answer.context["reasons"]
    text = (
        f"Action {missing.reference} has no agreed terms of reference with main goals and expected outcome."
    )
    assert (reason.text, reason.url.startswith(missing.get_absolute_url())) == (text, True)
    assert f'<a href="{reason.url}">' in answer.content.decode()
    assert answer.context["form"].data["document_title"] == "Draft action plan"


def test_a_step_that_cannot_be_taken_now_is_told_before_anything_is_typed(desk):
    plan = PlanFactory(status="tabled")
    ActionFactory(plan=plan)
    page = desk.get(address(plan, "adopt")).content.decode()
    assert "This decision cannot be recorded now" in page
    assert 'name="document_number"' not in page


def test_what_somebody_else_has_decided_meanwhile_is_told(desk):
    plan = plan_with("tabled")
    desk.post(address(plan, "adopt"), filled())
    late = desk.post(address(plan, "adopt"), filled(document_number="7200/26"))
    assert (late.status_code, Decision.objects.filter(kind="adopt").count()) == (409, 1)
    assert [r.text for r in late.context["reasons"]] == [f"{plan} is adopted."]
    assert "goes from" not in late.content.decode()
    assert not Document.objects.filter(number=7200).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"body": "", "held_on": ""}, "meeting"),
        ({"body": ""}, "body"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "1949-12-31"}, "held_on"),
        ({"held_on": "05/03/26"}, "held_on"),
        ({"held_on": "2026-02-30"}, "held_on"),
        ({"body": "999999"}, "body"),
        ({"meeting": "999999"}, "meeting"),
        ({"meeting": "x", "body": "", "held_on": ""}, "meeting"),
        ({"document_number": ""}, "document_number"),
        ({"document_number": "7123/1/26 REV 2"}, "document_number"),
        ({"document_number": "LIMITE"}, "document_number"),
        ({"document_title": ""}, "document_title"),
        ({"document_title": "two\nlines"}, "document_title"),
        ({"text": "\u202ereversed"}, "text"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_a_bad_decision_comes_back_with_what_was_typed_and_leaves_nothing(desk, changed, field):
    plan = plan_with("tabled")
    before = traces()
    answer = desk.post(address(plan, "adopt"), filled(**changed))
    assert (answer.status_code, list(answer.context["form"].errors), traces()) == (422, [field], before)
    plan.refresh_from_db()
    assert plan.status == "tabled"


def test_a_day_to_come_is_refused_and_today_is_not(desk):
    plan, today = plan_with("tabled"), brussels_today()
    tomorrow = desk.post(address(plan, "adopt"), filled(held_on=(today + timedelta(days=1)).isoformat()))
    assert (tomorrow.status_code, list(tomorrow.context["form"].errors)) == (422, ["held_on"])
    assert desk.post(address(plan, "adopt"), filled(held_on=today.isoformat())).status_code == 302


@pytest.mark.parametrize("code", ["article-36", "cosi", "heads-of-customs"])
def test_results_are_noted_by_the_working_party_alone(desk, code):
    lynx = operation("debriefed")
    answer = desk.post(address(lynx, "note_results"), filled(body=BodyFactory(code=code).pk))
    lynx.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), lynx.status) == (
        422,
        ["body"],
        "debriefed",
    )


@pytest.mark.parametrize("code", ["ccwp-experts", "article-36", "heads-of-customs", "general-secretariat"])
def test_a_body_without_the_power_cannot_be_chosen(desk, code):
    body = BodyFactory(code=code)
    plan = plan_with("tabled")
    new = desk.post(address(plan, "adopt"), filled(body=body.pk))
    there = MeetingFactory(body=body)
    listed = desk.post(address(plan, "adopt"), filled(meeting=there.pk, body="", held_on=""))
    assert (list(new.context["form"].errors), list(listed.context["form"].errors)) == (["body"], ["meeting"])


def test_a_meeting_of_the_list_and_another_one_at_once_are_refused(desk):
    there = MeetingFactory()
    answer = desk.post(address(plan_with("tabled"), "adopt"), filled(meeting=there.pk))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["meeting"])


def test_a_step_that_needs_a_reason_asks_for_it(desk):
    action = plan_with("adopted").actions.get()
    data = filled(document_number="", document_title="")
    assert list(desk.post(address(action, "discontinue"), data).context["form"].errors) == ["text"]
    assert desk.post(address(action, "discontinue"), data | {"text": "No longer needed"}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.ending.text, action.ending.document) == (
        "discontinued",
        "No longer needed",
        None,
    )


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda: delegate("FR"), 403),
        (lambda: delegate("BE"), 403),
        (committee, 404),
        (third_party, 404),
        (administrator, 404),
    ],
)
def test_only_the_secretariat_records_and_others_learn_no_more_than_they_see(make, status, method):
    plan = plan_with("tabled")
    answer = getattr(reader(make()), method)(address(plan, "adopt"), filled() if method == "post" else {})
    assert answer.status_code == status


def test_a_draft_is_not_decided_on_by_those_who_do_not_see_it():
    assert reader(delegate("FR")).get(address(PlanFactory(), "adopt")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "actionplans.actionplan/0/adopt",
        "actionplans.actionplan/99999999999999999999/adopt",
        "actionplans.actionplan/{pk}/table",
        "actionplans.actionplan/{pk}/delete",
        "actionplans.actionplan/{pk}/decide",
        "actionplans.strategy/{pk}/adopt",
        "accounts.user/{pk}/adopt",
        "nothing/{pk}/adopt",
        "no.such.thing/{pk}/adopt",
    ],
)
def test_what_no_body_decides_is_not_found(desk, path):
    plan = plan_with("tabled")
    assert desk.get(f"/decisions/record/{path.format(pk=plan.pk)}/").status_code == 404


# -- operations --------------------------------------------------------------------------------------------------------


def test_an_operation_is_agreed_only_with_a_lead_and_an_action(desk):
    answer = desk.post(address(operation(), "agree"), filled())
    assert [r.text for r in answer.context["reasons"]] == [
        "It has no lead yet.",
        "It does not serve an action of a plan yet.",
    ]


def test_noting_results_names_those_whose_results_are_missing_and_goes_on_without_them(desk):
    lynx = operation("debriefed", results_due_on=date(2026, 5, 3))
    for code in ("BE", "FR", "IT", "DE"):
        Participation.objects.create(
            operation=lynx,
            delegation=DelegationFactory(code=code),
            status="invited" if code == "DE" else "confirmed",
        )
    for code, status in (("BE", "validated"), ("FR", "submitted")):
        Submission.objects.create(
            operation=lynx, delegation=DelegationFactory(code=code), status=status, finality="final", is_nil=True,
            reference=f"LYNX-{code}", submitted_at=now(),
        )  # fmt: skip
    page = desk.get(address(lynx, "note_results"))
    assert page.context["warnings"] == [
        "The noting covers the results of Belgium.",
        "Missing: Italy (due 3 May 2026).",
        "Submitted but not validated, so not covered: France.",
    ]
    assert desk.post(address(lynx, "note_results"), filled()).status_code == 302
    lynx.refresh_from_db()
    noted = Submission.objects.filter(noting=lynx.noting).values_list("delegation__code", flat=True)
    assert (lynx.status, list(noted)) == ("results_noted", ["BE"])
    history = desk.get(f"/history/operation/{lynx.pk}/")
    assert history.context["acts"][0].reason.splitlines()[-3:] == [
        "The noting covers the results of Belgium.", "", "Missing: Italy (due 3 May 2026)."
    ]  # fmt: skip
    assert desk.get(address(lynx, "note_further_results")).context["consequence"].startswith("LYNX stays")


# -- the record afterwards ---------------------------------------------------------------------------------------------


def test_the_committee_sees_the_decision_on_a_plan_once_it_is_adopted_and_not_the_meeting(desk):
    plan = plan_with("tabled")
    desk.post(address(plan, "adopt"), filled())
    adoption = ActionPlan.objects.get(pk=plan.pk).adoption
    page = reader(committee()).get(adoption.get_absolute_url())
    assert (page.status_code, page.context["subject_url"], page.context["meeting_url"]) == (
        200, plan.get_absolute_url(), "",
    )  # fmt: skip
    for make in (third_party, administrator):
        assert reader(make()).get(adoption.get_absolute_url()).status_code == 404


def test_the_committee_sees_no_decision_on_what_it_may_not_see():
    terms = TermsFactory(status="agreed")
    seen = Decision.objects.visible_to(committee())
    assert (terms.action.status, list(seen)) == ("proposed", [])


@pytest.mark.parametrize("count", [1, 30])
def test_the_committees_list_of_decisions_takes_the_same_few_queries(count, django_assert_max_num_queries):
    for _number in range(count):
        TermsFactory(status="agreed", action__plan__status="adopted")
    client = reader(committee())
    with django_assert_max_num_queries(15):
        page = client.get(reverse("council:decision_list"))
    assert page.context["paginator"].count == 2 * count


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_at_once_one_wins_and_the_other_reads_why_not():
    plan = plan_with("tabled")
    clients = [reader(secretariat()) for _person in range(2)]
    data = [filled(document_number=f"71{n}0/26") for n in range(2)]
    gate, answers = threading.Barrier(2), [None, None]

    def press(n):
        gate.wait()
        try:
            answers[n] = clients[n].post(address(plan, "adopt"), data[n])
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[n]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert (Decision.objects.filter(kind="adopt").count(), Document.objects.count()) == (1, 1)
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert [r.text for r in loser.context["reasons"]] == [f"{plan} is adopted."]
    assert TermsOfReference.objects.get().status == "agreed"
