"""The gaps: each broken link of the chain once, with the form that mends it; for the secretariat alone."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from accounts.tests.factories import administrator, committee, delegate, secretariat
from actionplans.models import (
    Action,
    ActionPlan,
    AddresseeBlock,
    Aim,
    Objective,
    StrategyVersion,
    TermsOfReference,
    Wording,
)
from actionplans.tests.factories import withdraw
from reports.gaps import gap_groups
from reports.tests.factories import action, operation, participation, plan, strategy, submission
from reports.tests.test_chain import queries, serve, sub_point, terms
from strategy_portal.dates import BRUSSELS, add_months, brussels_today

pytestmark = pytest.mark.django_db
URL = "/progress/gaps/"
TODAY = datetime.now(BRUSSELS).date()
BEGIN = add_months(TODAY, -6).replace(day=1)


def gaps(user=None):
    """What each group tells: key → [(label, missing, address)]."""
    return {
        group.key: [(gap.label, gap.missing, gap.mend_url) for gap in group.gaps]
        for group in gap_groups(user or secretariat(), brussels_today())
    }


@pytest.fixture
def plans():
    """Plan 7 runs, plan 8 is drafted: neither has an action."""
    return plan(7, BEGIN, adopted_on=add_months(BEGIN, -3)), plan(8, add_months(BEGIN, 18), status="draft")


@pytest.fixture
def served(plans):
    """Every objective has a whole action in both plans."""
    for one, status in zip(plans, ("planned", "proposed"), strict=True):
        terms(action(one, 1, status=status, serves=["A.MS.a", "B.MS.a", "C.MS.a"]))
    return plans


def test_a_whole_chain_has_no_gap(served):
    assert gaps() == {
        "objectives": [],
        "unlinked": [],
        "withdrawn": [],
        "earlier": [],
        "terms": [],
        "lead": [],
        "results": [],
    }


def test_an_objective_without_an_action_names_the_plans_that_lack_one(plans):
    current, coming = plans
    terms(action(current, 1, serves=["A.MS.a"]))
    terms(action(coming, 1, serves=["B.MS.a"], status="proposed"))
    add = f"/plans/{coming.number}/actions/new/?objective="
    adopted = "The plan is adopted; it no longer changes"
    assert gaps()["objectives"] == [
        ("A.MS.a", "No action in Plan 8", f"{add}A.MS.a"),
        ("B.MS.a", f"No action in Plan 7. {adopted}. Action 8.1 takes it up", "/plans/8/actions/1/edit/"),
        ("C.MS.a", f"No action in Plan 7, Plan 8. {adopted}", f"{add}C.MS.a"),
    ]


def test_a_tabled_plan_is_returned_to_draft_or_adopted(plans):
    current, coming = plans
    for one, codes, status in ((current, ["A.MS.a"], "planned"), (coming, ["B.MS.a"], "proposed")):
        terms(action(one, 1, serves=codes, status=status))
    ActionPlan.objects.filter(pk=coming.pk).update(status="tabled")
    back, adopt = (
        "/plans/8/steps/return_to_draft/",
        f"/decisions/record/actionplans.actionplan/{coming.pk}/adopt/",
    )
    assert [url for _label, _missing, url in gaps()["objectives"]] == [back, adopt, back]


def test_an_adopted_plan_without_a_next_one_leads_to_the_next_one():
    plan(7, BEGIN, adopted_on=add_months(BEGIN, -3))
    assert {url for _label, _missing, url in gaps()["objectives"]} == {"/plans/new/"}


@pytest.mark.parametrize(
    ("status", "address"),
    [("draft", "/plans/7/steps/table/"), ("tabled", "/decisions/record/actionplans.actionplan/{pk}/adopt/")],
)
def test_a_plan_for_today_that_is_not_adopted_leads_to_its_next_step(status, address):
    made = plan(7, BEGIN, status=status)
    assert ("The current plan", "No adopted plan runs today", address.format(pk=made.pk)) in gaps()[
        "objectives"
    ]


def test_a_sub_point_that_is_served_serves_its_objective(served):
    sub_point("B.MS.a.i")
    for one in served:
        made = Action.objects.get(plan=one, number=1)
        made.served.filter(objective__code="B.MS.a").update(objective=Objective.objects.get(code="B.MS.a.i"))
    assert gaps()["objectives"] == []


def test_plans_that_are_not_there_are_gaps():
    strategy()
    assert [(label, url) for label, _missing, url in gaps()["objectives"]] == [
        ("The current plan", "/plans/new/"),
        ("The next plan", "/plans/new/"),
    ]


def test_a_plan_that_was_withdrawn_is_not_the_next_one(served):
    withdrawn = plan(9, add_months(BEGIN, 17), status="withdrawn")
    action(withdrawn, 1, status="proposed", lead="FR")
    assert gaps()["objectives"] == gaps()["terms"] == []


def test_an_action_without_an_objective_in_force(served):
    action(served[1], 2, status="proposed")
    terms(Action.objects.get(plan=served[1], number=2))
    assert gaps()["unlinked"] == [("Action 8.2", "Objective", "/plans/8/actions/2/edit/")]


def test_an_action_that_serves_only_withdrawn_objectives_is_a_gap_of_its_own(served):
    for number, serves in ((2, ["B.MS.a", "C.MS.a"]), (3, ["A.MS.a", "C.MS.a"]), (4, [])):
        terms(action(served[1], number, status="proposed", serves=serves))
    withdraw("B.MS.a", "C.MS.a")
    found = gaps()
    codes = "Serves only withdrawn objectives: B.MS.a, C.MS.a"
    assert found["withdrawn"] == [("Action 8.2", codes, "/plans/8/actions/2/edit/")]
    assert found["unlinked"] == [("Action 8.4", "Objective", "/plans/8/actions/4/edit/")]


def test_an_objective_that_only_a_draft_has_is_none_that_was_withdrawn(served):
    version = StrategyVersion.objects.get()
    draft = StrategyVersion.objects.create(strategy=version.strategy, number=2)
    block = AddresseeBlock.objects.create(
        aim=Aim.objects.create(version=draft, letter="D", order=1, text="New"),
        code="D.MS",
        order=1,
        heading="All:",
    )
    new = Objective.objects.create(strategy=version.strategy, code="D.MS.a", order=9)
    Wording.objects.create(version=draft, objective=new, block=block, order=1, text="New")
    terms(action(served[1], 2, status="proposed", serves=["D.MS.a"]))
    found = gaps()
    assert ([label for label, *_rest in found["unlinked"]], found["withdrawn"]) == (["Action 8.2"], [])


def test_an_adopted_action_says_that_it_changes_by_amendment(served):
    made = action(served[0], 2)
    terms(made)
    missing = "Objective. The plan is adopted: the action changes only by amendment."
    ended = f"/decisions/record/actionplans.action/{made.pk}/discontinue/"
    assert gaps()["unlinked"] == [("Action 7.2", missing, ended)]


def test_an_action_of_a_tabled_plan_leads_to_the_return_of_the_plan(served):
    Action.objects.filter(plan=served[1]).update(lead=None)
    ActionPlan.objects.filter(pk=served[1].pk).update(status="tabled")
    missing = "Lead. The plan is tabled. Return it to draft to change it."
    assert gaps()["lead"] == [("Action 8.1", missing, "/plans/8/steps/return_to_draft/")]


def test_terms_that_an_adopted_action_lacks_lead_to_its_end(served):
    made = action(served[0], 2, serves=["A.MS.a"])
    missing = "None are written yet. The plan is adopted: the action changes only by amendment."
    ended = f"/decisions/record/actionplans.action/{made.pk}/discontinue/"
    assert gaps()["terms"] == [("Action 7.2", missing, ended)]


@pytest.mark.parametrize(
    ("status", "missing", "address"),
    [
        ("", "None are written yet", "/plans/8/actions/2/terms/new/"),
        ("draft", "Version 1 is a draft", "/plans/8/actions/2/terms/edit/"),
        ("tabled", "Version 1 is tabled", "/decisions/record/actionplans.termsofreference/{pk}/agree/"),
    ],
)
def test_terms_that_are_not_agreed_lead_to_their_next_step(served, status, missing, address):
    made = action(served[1], 2, status="proposed", serves=["A.MS.a"])
    pk = terms(made, status=status).pk if status else 0
    assert gaps()["terms"] == [("Action 8.2", missing, address.format(pk=pk))]


def test_an_action_without_a_lead(served):
    Action.objects.filter(plan=served[1]).update(lead=None)
    assert gaps()["lead"] == [("Action 8.1", "Lead", "/plans/8/actions/1/edit/")]


def test_actions_that_have_ended_are_left_alone(served):
    action(served[0], 2, status="completed")
    action(served[0], 3, status="discontinued")
    assert [gaps()[key] for key in ("unlinked", "terms", "lead")] == [[], [], []]


def test_an_operation_without_results_after_the_due_date(served):
    yesterday = TODAY - timedelta(days=1)
    late = operation(
        "LATE", status="post_operational", starts_on=TODAY - timedelta(days=60), due_on=yesterday
    )
    participation(late, "FR"), participation(late, "IT", "declined")
    submission(late, "BE", status="submitted"), submission(late, "ES", status="draft")
    missing = ("LATE", "Spain, France", f"/jcos/{late.slug}/edit/")
    alone = operation("ALONE", status="planning", starts_on=TODAY - timedelta(days=60), due_on=yesterday)
    nobody = ("ALONE", "Nobody has confirmed that they take part", f"/jcos/{alone.slug}/participants/")
    assert sorted(gaps()["results"]) == sorted([missing, nobody])


def test_an_operation_that_no_longer_changes_leads_to_its_next_step(served):
    noted = operation(
        "NOTED",
        status="results_noted",
        starts_on=TODAY - timedelta(days=60),
        due_on=TODAY - timedelta(days=1),
    )
    participation(noted, "FR")
    assert gaps()["results"] == [("NOTED", "France", f"/jcos/{noted.slug}/steps/report/")]


def test_a_due_date_is_met_until_its_end_and_by_all(served):
    due = operation("TODAY", status="post_operational", starts_on=TODAY - timedelta(days=60), due_on=TODAY)
    participation(due, "FR")
    done = operation(
        "DONE", status="debriefed", starts_on=TODAY - timedelta(days=60), due_on=TODAY - timedelta(days=9)
    )
    submission(done, "BE", is_nil=True)
    over = operation(
        "OVER", status="closed", starts_on=TODAY - timedelta(days=60), due_on=TODAY - timedelta(days=9)
    )
    participation(over, "FR")
    assert gaps()["results"] == []


def test_many_delegations_are_counted_not_listed(served):
    late = operation(
        "LATE", status="debriefed", starts_on=TODAY - timedelta(days=60), due_on=TODAY - timedelta(days=1)
    )
    for code in ("BE", "FR", "IT", "ES", "PT", "NL", "DE", "AT"):
        participation(late, code)
    assert gaps()["results"][0][1].endswith(" and 2 more")


def test_the_page_says_of_an_empty_group_that_it_is_empty(client, served):
    client.force_login(secretariat())
    said = client.get(URL).content.decode()
    assert "The chain from the strategy to the results is whole today." in said
    assert "No operation lacks results after its due date." in said


def test_every_link_of_the_page_opens_a_form(client, plans):
    made = action(plans[1], 1, status="proposed", title="=1+1")
    Action.objects.filter(pk=made.pk).update(lead=None)
    terms(action(plans[1], 2, status="proposed"), status="tabled")
    action(plans[0], 1)
    for name, status in (("DUE", "debriefed"), ("NOTED", "results_noted")):
        late = operation(
            name, status=status, starts_on=TODAY - timedelta(days=60), due_on=TODAY - timedelta(days=1)
        )
        participation(late, "FR")
    client.force_login(secretariat())
    groups = client.get(URL).context["groups"]
    addresses = {gap.mend_url for group in groups for gap in group.gaps}
    pages = [client.get(address) for address in addresses]
    assert {page.status_code for page in pages} == {200}
    assert all('<form method="post"' in page.content.decode() for page in pages)
    assert len(addresses) >= 6


def test_the_files_hold_the_rows_of_the_page(client, plans):
    action(plans[1], 1, status="proposed", title="=1+1")
    client.force_login(secretariat())
    shown = [
        [str(group.title), gap.label, gap.title, gap.missing, gap.mend, f"http://testserver{gap.mend_url}"]
        for group in client.get(URL).context["groups"]
        for gap in group.gaps
    ]
    content = client.get("/progress/gaps.xlsx").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet[1:] == shown
    text = client.get("/progress/gaps.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [[cell.removeprefix("'") for cell in row] for row in rows[1:]] == shown
    assert "=1+1" in {row[2] for row in shown}


def test_only_the_secretariat_opens_it(client, plans):
    for person in (delegate("BE"), committee(), administrator()):
        client.force_login(person)
        assert [
            client.get(url).status_code for url in (URL, "/progress/gaps.csv", "/progress/gaps.xlsx")
        ] == [403] * 3


def test_it_asks_as_much_for_thirty_gaps_of_each_kind_as_for_one(client, plans):
    client.force_login(secretariat())
    grow(1)
    before = [queries(client, url) for url in (URL, "/progress/gaps.csv")]
    grow(30)
    assert [queries(client, url) for url in (URL, "/progress/gaps.csv")] == before
    assert max(before) <= 15


def grow(number):
    """So many more actions without anything, and operations that are late."""
    draft = ActionPlan.objects.get(number=8)
    begin = draft.actions.count() + 1
    for at in range(begin, begin + number):
        made = action(draft, at, status="proposed")
        Action.objects.filter(pk=made.pk).update(lead=None)
        TermsOfReference.objects.create(action=made)
        late = operation(f"L{at}", starts_on=TODAY - timedelta(days=60), due_on=TODAY - timedelta(days=1))
        participation(late, "FR"), serve(late, made)
