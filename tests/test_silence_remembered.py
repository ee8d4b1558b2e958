"""What delegations were asked about a thing stays to be read on its page and in its history, whatever became of it."""

import pytest

from accounts.tests.factories import BodyFactory, committee, delegate, secretariat
from actionplans.models import ActionPlan
from actionplans.tests.factories import AmendmentFactory, plan_with
from actionplans.tests.pages import queries
from council.models import SilenceProcedure
from council.tests.factories import DecisionFactory, MeetingFactory
from tests.agenda import reader
from tests.silence import in_days, objection

pytestmark = pytest.mark.django_db


def asked_about(plan):
    return SilenceProcedure.objects.ask(
        ActionPlan.objects.get(pk=plan.pk), "adopt", body=BodyFactory(code="ccwp-plenary"), closes_at=in_days(7),
        text="Do you adopt the plan?", by=secretariat(),
    )  # fmt: skip


def stopped(plan):
    """A procedure on the adoption of a tabled plan, which an objection has stopped."""
    procedure = asked_about(plan)
    objection(procedure)
    return procedure


def put(plan, state):
    """The plan in a state, adopted with its decision."""
    if state == "adopted":
        plan.adoption = DecisionFactory(subject=plan, kind="adopt", verb="adopt")
        plan.adopted_on = plan.adoption.taken_on
    plan.status = state
    plan.save()


def test_what_was_stopped_stays_on_the_page_of_the_plan_in_every_state():
    plan = plan_with("tabled")
    procedure = stopped(plan)
    link = f'<a href="{procedure.get_absolute_url()}">'
    for state in ("tabled", "draft", "adopted"):
        put(plan, state)
        for person in (secretariat(), *([delegate("FR")] if state != "draft" else [])):
            page = reader(person).get(plan.get_absolute_url()).text
            assert (page.count(link), "Stopped by objection" in page) == (1, True), state
    assert link not in reader(committee()).get(plan.get_absolute_url()).text


def test_the_one_that_runs_stands_before_those_that_have_ended():
    plan = plan_with("tabled")
    before = stopped(plan)
    now = asked_about(plan)
    page = reader(delegate("FR")).get(plan.get_absolute_url()).text
    places = [page.index(f'href="{one.get_absolute_url()}"') for one in (now, before)]
    assert places == sorted(places)
    assert "Silence procedures before" in page


def test_the_history_of_a_plan_leads_to_those_of_what_was_asked_and_of_what_amended_it():
    plan = plan_with("tabled")
    procedure = stopped(plan)
    put(plan, "adopted")
    amendment = AmendmentFactory(plan=plan, status="withdrawn")
    apart = [(one.record, one.url) for one in history_of(plan, secretariat())]
    assert apart == [
        (procedure, f"/history/silenceprocedure/{procedure.pk}/"),
        (amendment, f"/history/amendment/{amendment.pk}/"),
    ]
    assert [one.record for one in history_of(plan, delegate("FR"))] == [
        procedure
    ]  # the other was a draft only
    assert history_of(plan, committee()) == []
    assert history_of(MeetingFactory(), secretariat()) == []


def history_of(record, person):
    page = reader(person).get(f"/history/{record._meta.model_name}/{record.pk}/")
    assert page.status_code == 200
    return page.context["apart"]


def test_the_queries_do_not_grow_with_what_was_asked():
    plan = plan_with("tabled")
    client = reader(secretariat())
    urls = (plan.get_absolute_url(), f"/history/actionplan/{plan.pk}/")
    stopped(plan)
    few = [queries(client, url) for url in urls]
    for _n in range(3):
        stopped(plan)
    assert [queries(client, url) for url in urls] == few
