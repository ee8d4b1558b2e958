"""While delegations are asked about a thing it stays as it is: no step is taken on it before the outcome."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import BodyFactory, committee, delegate, secretariat
from actionplans.models import Amendment, Indicator, Milestone
from actionplans.tests.factories import (
    ActionFactory,
    AmendmentFactory,
    PlanFactory,
    TermsFactory,
    VersionFactory,
    addition_to,
    changes_of,
    plan_with,
)
from council.models import Decision, SilenceProcedure
from council.tests.factories import AgendaPointFactory, MeetingFactory
from jcos.tests.factories import OperationFactory
from notifications.models import Notification
from publishing.words import moment_words
from strategy_portal.workflow import NotAllowed
from tests.agenda import address, decide, key, meeting_of, post
from tests.silence import ask, at, in_days, objection, tabled
from tests.test_silence_boundaries import FEW, NEAR_THE_END, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("delivered")]


@pytest.fixture
def desk():
    client = Client()
    client.force_login(secretariat())
    return client


def running(thing, verb, body="ccwp-plenary"):
    """An open procedure on a step of a thing, whatever else the step may need."""
    return SilenceProcedure.objects.create(
        subject=thing, verb=verb, body=BodyFactory(code=body), text="Do you agree?", about=str(thing),
        opened_at=in_days(-1), closes_at=in_days(7), opened_by=secretariat(),
    )  # fmt: skip


def amendment():
    made = AmendmentFactory(plan=plan_with("adopted"))
    type(made).objects.filter(pk=made.pk).update(status="tabled")
    made.refresh_from_db()
    return made


THINGS = {
    "plan": (lambda: plan_with("tabled"), "adopt"),
    "terms": (tabled, "agree"),
    "amendment": (amendment, "adopt"),
    "version": (lambda: VersionFactory(number=2, status="tabled", agreed_on=None, in_force_from=None), "agree"),
    "action": (lambda: plan_with("adopted").actions.get(), "discontinue"),
    "operation": (lambda: OperationFactory(status="tabled"), "agree"),
    "results": (lambda: OperationFactory(status="debriefed"), "note_results"),
}  # fmt: skip


@pytest.mark.parametrize("name", THINGS)
def test_no_step_is_taken_on_what_is_asked_about_and_the_reason_leads_to_the_procedure(name):
    make, verb = THINGS[name]
    thing = make()
    procedure = running(thing, verb)
    for taken, step in thing.STEPS.items():
        if thing.status not in step.sources:
            continue
        with pytest.raises(
            NotAllowed, match="No step is taken on it until then, unless the procedure is withdrawn"
        ) as no:
            thing.move(taken, by=secretariat(), note="Because.")
        assert no.value.reasons[0].url == procedure.get_absolute_url()
        assert moment_words(procedure.closes_at) in str(no.value)
    before = thing.status
    thing.refresh_from_db()
    assert thing.status == before


@pytest.mark.parametrize("end", ["withdraw", "object"])
def test_once_it_has_ended_otherwise_the_steps_are_free(end):
    procedure = ask()
    if end == "withdraw":
        procedure.withdraw(by=secretariat(), note="The text is revised.")
    else:
        objection(procedure)
    procedure.subject.take("return_to_draft", by=secretariat())
    assert procedure.subject.status == "draft"


def test_between_the_end_and_its_outcome_nothing_is_taken_either(monkeypatch):
    procedure = ask()
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        with pytest.raises(NotAllowed, match="its outcome is being recorded"):
            procedure.subject.take("return_to_draft", by=secretariat())
        procedure.conclude()
    assert procedure.status == "agreed"


def test_the_lead_reads_at_the_terms_why_they_are_not_returned():
    terms = tabled()
    procedure = ask(terms)
    client = Client()
    client.force_login(delegate(terms.action.lead.code))
    page = client.get(terms.get_absolute_url()).content.decode()
    assert f'<a href="{procedure.get_absolute_url()}">A silence procedure on terms of reference of' in page
    answer = client.post(terms.get_step_url("return_to_draft"), {"reason": ""})
    assert answer.status_code == 409
    terms.refresh_from_db()
    assert terms.status == "tabled"


def test_what_is_noted_by_silence_is_not_rewritten_meanwhile():
    operation = OperationFactory(status="debriefed")
    assert operation.why_locked() == ""
    running(operation, "note_results")
    assert f"A silence procedure on {operation} is open" in str(operation.why_locked())


def test_an_amendment_waits_for_the_procedure_on_an_action_that_it_changes():
    plan = plan_with("adopted")
    action = plan.actions.get()
    made = AmendmentFactory(plan=plan)
    changes_of(made, action, title="New")
    procedure = running(action, "discontinue")
    made.take("table", by=secretariat())
    Decision.objects.record(made, "adopt", meeting=MeetingFactory(), by=secretariat())
    made = Amendment.objects.get(pk=made.pk)
    assert made.status == "decided"
    (reason,) = made.reasons_against("apply")
    assert (reason.text.startswith(f"{action}: A silence"), reason.url) == (
        True,
        procedure.get_absolute_url(),
    )
    procedure.withdraw(by=secretariat(), note="It goes on.")
    Amendment.objects.get(pk=made.pk).take("apply", by=secretariat())
    made.refresh_from_db()
    action.refresh_from_db()
    assert (made.status, action.title) == ("applied", "New")


# -- a meeting and its agenda ------------------------------------------------------------------------------------------


def test_a_meeting_does_not_decide_what_is_asked_about(desk):
    procedure = ask()
    terms = procedure.subject
    with pytest.raises(NotAllowed, match="A silence procedure on terms of reference of"):
        Decision.objects.record(terms, "agree", meeting=MeetingFactory(), by=secretariat())
    page = desk.get(reverse("council:decision_record", args=[terms._meta.label_lower, terms.pk, "agree"]))
    assert [reason.url for reason in page.context["reasons"]] == [procedure.get_absolute_url()]
    assert "goes from" not in page.content.decode()
    assert not Decision.objects.filter(verb="agree", object_id=terms.pk).exists()


def test_the_point_of_a_meeting_names_the_procedure_and_records_nothing(desk):
    procedure = ask()
    point = AgendaPointFactory(meeting=meeting_of("ccwp-plenary"), about=procedure.subject, verb="agree")
    page = desk.get(point.meeting.get_absolute_url()).content.decode()
    assert "A silence procedure on terms of reference of" in page
    assert procedure.get_absolute_url() in page
    assert address("decide", point) not in page
    answer = decide(desk, point)
    assert answer.status_code == 409
    assert procedure.get_absolute_url() in answer.content.decode()
    assert "go from" not in answer.content.decode()
    point.refresh_from_db()
    assert point.outcome == ""


def test_who_does_not_see_procedures_is_not_told_of_one():
    version = VersionFactory(number=2, status="agreed", in_force_from=None)
    point = AgendaPointFactory(meeting=meeting_of("article-36"), about=version, verb="approve")
    procedure = running(version, "approve", body="article-36")
    client = Client()
    client.force_login(committee())
    assert procedure.get_absolute_url() not in client.get(point.meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("days", "is_offered"), [(6, False), (7, True), (20, True)])
def test_a_point_is_prepared_only_for_a_meeting_after_the_procedure(desk, days, is_offered):
    procedure = ask()
    meeting = meeting_of(days=days)
    url = reverse("council:agendapoint_create", args=[meeting.pk])
    wanted = key(procedure.subject, "agree")
    assert (wanted in desk.get(url).context["form"].offered) is is_offered
    answer = post(desk, url, title="Terms", subject=wanted, document_number="", document_title="", note="")
    assert answer.status_code == (302 if is_offered else 422)
    if not is_offered:
        (said,) = answer.context["form"].errors["subject"]
        assert said.startswith(f"{procedure} is open until {moment_words(procedure.closes_at)}, after this")


def test_what_nothing_continues_is_neither_offered_nor_silently_kept_on_an_agenda(desk):
    plan = plan_with("adopted")
    action = plan.actions.get()
    meeting = meeting_of()
    point = AgendaPointFactory(meeting=meeting, about=action, verb="carry_over")
    url = reverse("council:agendapoint_create", args=[meeting_of(days=1).pk])
    offered = desk.get(url).context["form"].offered
    assert (key(action, "carry_over") in offered, key(action, "discontinue") in offered) == (False, True)
    said = "No action of a later plan continues it yet."
    form = {"title": "Carry over", "document_number": "", "document_title": "", "note": ""}
    answer = post(desk, url, subject=key(action, "carry_over"), **form)
    assert answer.context["form"].errors["subject"] == [said]
    assert said in desk.get(meeting.get_absolute_url()).content.decode()
    copy = ActionFactory(plan=PlanFactory(), continues=action)
    assert key(action, "carry_over") in desk.get(url).context["form"].offered
    assert said not in desk.get(meeting.get_absolute_url()).content.decode()
    type(copy.plan).objects.filter(pk=copy.plan_id).update(status="withdrawn")
    assert said in desk.get(meeting.get_absolute_url()).content.decode()
    assert point.outcome == ""


# -- in whatever order -------------------------------------------------------------------------------------------------


@FEW
@given(seconds=NEAR_THE_END, verb=st.sampled_from(["return_to_draft", "agree"]))
def test_a_step_beside_the_procedure_is_refused_up_to_its_outcome_and_the_outcome_stands(
    monkeypatch, seconds, verb
):
    procedure, by = ask(), secretariat()
    terms = procedure.subject
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=seconds)):
        with pytest.raises(NotAllowed):
            if verb == "agree":
                Decision.objects.record(terms, "agree", meeting=MeetingFactory(), by=by)
            else:
                terms.take(verb, by=by)
        SilenceProcedure.objects.conclude()
    procedure.refresh_from_db()
    terms.refresh_from_db()
    ended = seconds > 0
    assert (procedure.status, terms.status) == (("agreed", "agreed") if ended else ("open", "tabled"))
    assert Decision.objects.filter(silence=procedure).exists() == ended


DEEDS = st.lists(
    st.sampled_from(["return", "table", "meeting", "ask", "withdraw", "object", "extend", "end"]), max_size=9
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_whatever_is_done_in_whatever_order_what_is_agreed_by_silence_is_carried_out(monkeypatch, deeds):
    terms, by = TermsFactory(), secretariat()
    ended = timedelta(0)
    for deed in deeds:
        terms.refresh_from_db()
        open_one = SilenceProcedure.objects.about(terms).filter(status__in=["open", "extended"]).first()
        before = terms.status
        with at(monkeypatch, in_days(0) + ended):
            try:
                if deed in ("return", "table"):
                    terms.take("return_to_draft" if deed == "return" else "table", by=by)
                elif deed == "meeting":
                    Decision.objects.record(terms, "agree", meeting=MeetingFactory(), by=by)
                elif deed == "ask":
                    ask(terms, closes_at=in_days(7), by=by)
                elif open_one is None:
                    continue
                elif deed == "withdraw":
                    open_one.withdraw(by=by, note="Anew.")
                elif deed == "object":
                    objection(open_one)
                elif deed == "extend":
                    open_one.extend(by=by, closes_at=open_one.closes_at + timedelta(days=1), note="Time.")
            except NotAllowed:
                pass
        if deed == "end" and open_one is not None:
            ended = open_one.closes_at - in_days(0) + timedelta(minutes=1)
            with at(monkeypatch, in_days(0) + ended):
                open_one.conclude()
        elif open_one is not None:
            terms.refresh_from_db()
            assert terms.status == before == "tabled"
    terms.refresh_from_db()
    for procedure in SilenceProcedure.objects.about(terms):
        assert procedure.status != "lapsed"
        assert (procedure.status == "agreed") == Decision.objects.filter(silence=procedure).exists()
        if procedure.status == "agreed":
            assert terms.agreement.silence == procedure


@pytest.mark.django_db(transaction=True)
def test_of_a_decision_and_a_question_at_once_one_comes_first():
    terms, by = tabled(), secretariat()
    meeting = MeetingFactory()
    mine = lambda: type(terms).objects.get(pk=terms.pk)  # noqa: E731 - each thread reads its own row
    works = [
        lambda: ask(mine(), by=by) and "asked",
        lambda: Decision.objects.record(mine(), "agree", meeting=meeting, by=by) and "decided",
    ]
    answers = at_once(works * 3)
    terms.refresh_from_db()
    assert answers.count("asked") + answers.count("decided") == 1
    assert terms.status == ("tabled" if "asked" in answers else "agreed")


# -- told --------------------------------------------------------------------------------------------------------------


def test_the_question_is_sent_with_the_whole_text():
    terms = TermsFactory(main_goals="Fewer forged papers", resources="Two officers", status="draft")
    Indicator.objects.create(terms=terms, order=1, title="Papers seized", unit="pieces")
    Milestone.objects.create(terms=terms, order=1, title="Guide printed", due_on=terms.action.plan.ends_on)
    terms.take("table", by=secretariat())
    procedure = ask(terms)
    body = Notification.objects.filter(kind="silence-opened").first().body
    for part in (
        str(terms), terms.action.title, "Main goals:\nFewer forged papers", "Expected outcome:",
        "Indicators:\nPapers seized (pieces)", "Milestones:\nGuide printed (30 June 2027)",
        "Resources and funding:\nTwo officers",
    ):  # fmt: skip
        assert part in body
    assert "Scope:" not in body  # not written
    assert procedure.text in body


@pytest.mark.parametrize("name", ["plan", "amendment", "action", "operation", "version"])
def test_everything_that_is_asked_about_is_told_by_its_name(name):
    make, verb = THINGS[name]
    thing = make()
    if name == "amendment":
        addition_to(thing)
        thing = type(thing).objects.get(pk=thing.pk)
    procedure = running(thing, verb)
    procedure.tell_opened()
    body = Notification.objects.filter(kind="silence-opened").first().body
    assert str(thing) in body
    assert all(part in body for part in thing.in_brief())
