"""Steps and acts: asked first, taken once, refused with reasons that lead to what mends them."""

import threading
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.models import ActionPlan
from tests.editing_rows import an_action

pytestmark = [pytest.mark.urls("tests.editing_pages"), pytest.mark.django_db]


@pytest.fixture
def plan():
    return an_action().plan


@pytest.fixture
def person(client):
    user = secretariat()
    client.force_login(user)
    return user


def address(plan, verb):
    return f"/editing/plans/{plan.pk}/{verb}/"


def status_of(plan):
    return ActionPlan.objects.get(pk=plan.pk).status


def test_a_step_is_asked_before_it_is_taken(client, person, plan):
    response = client.get(address(plan, "table"))
    assert response.status_code == 200
    assert "Plan 8 goes from draft to tabled." in response.text
    assert status_of(plan) == "draft"


def test_a_step_is_taken_with_its_actor_verb_and_reason(client, person, plan):
    response = client.post(address(plan, "table"), {"reason": "For the\r\nmeeting"})
    assert (response.status_code, response["Location"]) == (302, f"/editing/plans/{plan.pk}/")
    assert status_of(plan) == "tabled"
    event = apps.get_model("actionplans.ActionPlanEvent").objects.filter(pgh_obj_id=plan.pk).latest("pgh_id")
    context = event.pgh_context
    assert (context["user"], context["verb"], context["note"]) == (person.pk, "table", "For the\nmeeting")


def test_a_step_that_needs_a_reason_asks_for_it(client, person, plan):
    response = client.post(address(plan, "withdraw"), {"reason": " \u00a0 "})
    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert status_of(plan) == "draft"
    client.post(address(plan, "withdraw"), {"reason": "Overtaken"})
    assert status_of(plan) == "withdrawn"


def test_a_step_pressed_twice_is_told_in_passing(client, person, plan):
    client.post(address(plan, "table"))
    response = client.post(address(plan, "table"))
    assert (response.status_code, response["Location"]) == (302, f"/editing/plans/{plan.pk}/")
    assert [str(m) for m in response.wsgi_request._messages][-1] == "Plan 8 is already tabled."
    assert apps.get_model("actionplans.ActionPlanEvent").objects.filter(pgh_label="update").count() == 1


def test_a_step_that_is_not_open_is_refused_with_its_reason_and_keeps_what_was_typed(client, person, plan):
    response = client.post(address(plan, "close"), {"reason": "Finished early"})
    assert response.status_code in (403, 409)
    plan.move("table", by=person)
    response = client.post(address(plan, "withdraw"), {"reason": "Late"})
    assert status_of(plan) == "withdrawn"
    response = client.post(address(plan, "return_to_draft"), {"reason": "A reason typed"})
    assert response.status_code == 409
    assert ("Plan 8 is withdrawn." in response.text, "A reason typed" in response.text) == (True, True)


def test_a_step_by_decision_leads_to_the_decision(client, person, plan):
    response = client.get(address(plan, "adopt"))
    target = f"/editing/decisions/actionplans.actionplan/{plan.pk}/adopt/"
    assert (response.status_code, response["Location"]) == (302, target)
    assert client.post(address(plan, "adopt"))["Location"] == target
    assert status_of(plan) == "draft"


@pytest.mark.parametrize("verb", ["nonsense", "save", "delete", "__class__", "move"])
def test_what_is_no_step_is_not_found(client, person, plan, verb):
    assert (client.get(address(plan, verb)).status_code, client.post(address(plan, verb)).status_code) == (
        404,
        404,
    )


def test_who_does_not_see_the_plan_finds_nothing_and_who_may_not_is_refused(client, plan):
    client.force_login(delegate("FR"))
    assert client.post(address(plan, "table")).status_code == 404
    plan.move("table", by=secretariat())
    assert client.post(address(plan, "return_to_draft")).status_code == 403
    client.force_login(committee())
    assert client.get(address(plan, "return_to_draft")).status_code == 404
    assert status_of(plan) == "tabled"


@pytest.mark.parametrize("reason", ["a\x00b", "\u202eb", "\u200b", "x" * 4001, "a\x0bb"])
def test_a_bad_reason_is_refused_at_its_field(client, person, plan, reason):
    response = client.post(address(plan, "table"), {"reason": reason})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert status_of(plan) == "draft"


@pytest.mark.django_db(transaction=True)
def test_of_two_steps_at_once_one_wins_and_the_other_reads_why_not():
    plan, user = an_action().plan, secretariat()
    verbs = ["table", "withdraw"] * 5
    start = threading.Barrier(len(verbs))
    answers = []

    def press(verb):
        client = Client()
        client.force_login(user)
        start.wait()
        try:
            answers.append((verb, client.post(address(plan, verb), {"reason": "Race"}).status_code))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    updates = (
        apps.get_model("actionplans.ActionPlanEvent").objects.filter(pgh_label="update").order_by("pgh_id")
    )
    taken = [event.status for event in updates]
    assert taken in (["tabled", "withdrawn"], ["withdrawn"])
    assert {status for verb, status in answers if verb == "withdraw"} == {302}
    assert {status for verb, status in answers} <= {302, 409}


# -- buttons --------------------------------------------------------------------------------------------------


def buttons(user, plan):
    request = RequestFactory().get("/")
    request.user = user
    plan.get_step_url = lambda verb: address(plan, verb)
    return Template("{% load steps %}{% step_buttons plan %}").render(
        Context({"request": request, "plan": plan})
    )


def test_only_open_steps_that_one_may_take_have_a_button(plan):
    html = buttons(secretariat(), plan)
    assert f'<a class="btn btn-primary" href="{address(plan, "table")}">Table the plan</a>' in html
    assert f'<a class="btn btn-outline-primary" href="{address(plan, "withdraw")}">Withdraw</a>' in html
    assert html.count('class="btn') == 2
    assert buttons(delegate("FR"), plan).strip() == ""


# -- acts -----------------------------------------------------------------------------------------------------


def rename(client, plan, **data):
    return client.post(address(plan, "rename"), {"idempotency_key": str(uuid4())} | data)


def test_an_act_is_done_once_under_its_key(client, person, plan):
    key = str(uuid4())
    answers = [rename(client, plan, title="A name", idempotency_key=key) for _ in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"/editing/plans/{plan.pk}/")] * 2
    assert ActionPlan.objects.get(pk=plan.pk).title == "A name"
    assert apps.get_model("actionplans.ActionPlanEvent").objects.filter(pgh_label="update").count() == 1


def test_the_key_of_an_act_with_another_text_is_answered_with_both(client, person, plan):
    key = str(uuid4())
    rename(client, plan, title="A name", idempotency_key=key)
    response = rename(client, plan, title="Another name", idempotency_key=key)
    assert (response.status_code, "Another name" in response.text) == (409, True)
    assert ActionPlan.objects.get(pk=plan.pk).title == "A name"


def test_a_refused_act_lists_the_reasons_with_their_links_and_keeps_the_form(client, person, plan):
    response = rename(client, plan, title="refused")
    assert response.status_code == 409
    assert '<a href="/plans/">The plan has a name already.</a>' in response.text
    assert ("And a number." in response.text, 'value="refused"' in response.text) == (True, True)


def test_a_wrong_act_comes_back(client, person, plan):
    assert rename(client, plan, title="").status_code == 422
    assert rename(client, plan, title="forbidden").status_code == 403
    assert client.post(address(plan, "rename"), {"title": "No key"}).status_code == 422
    assert ActionPlan.objects.get(pk=plan.pk).title == ""
