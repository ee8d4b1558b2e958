"""The chain of an objective: every link that a reader may see and no other, in the same number of queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.models import Action, Objective, TermsOfReference, Wording
from council.tests.factories import DecisionFactory
from jcos.models import OperationAction
from reports.chain import actions_seen, chain_of
from reports.chain_rows import chain_cells, chain_columns, chain_rows
from reports.objectives import text_in_force
from reports.predecessors import lineage_of
from reports.tests.factories import CIGARETTES, action, noted, operation, plan, submission

pytestmark = pytest.mark.django_db


def serve(operation, action):
    OperationAction.objects.create(operation=operation, action=action)


def terms(action, version=1, status="agreed"):
    made = TermsOfReference.objects.create(
        action=action, version=version, main_goals="To find", expected_outcome="Found"
    )
    agreement = DecisionFactory(subject=made) if status in ("agreed", "superseded") else None
    TermsOfReference.objects.filter(pk=made.pk).update(status=status, agreement=agreement)
    return made


def sub_point(code="B.MS.a.i", parent="B.MS.a"):
    above = Wording.objects.get(objective__code=parent)
    made = Objective.objects.create(
        strategy=above.objective.strategy, code=code, parent=above.objective, order=50
    )
    Wording.objects.create(version=above.version, objective=made, block=above.block, order=50, text="In part")
    return made


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    """Plan 7 with three actions, plan 8 in draft with one; NOTED has been noted, SECRET has not."""
    seven = plan(7, date(2026, 1, 1))
    first = action(seven, 1, serves=["A.MS.a", "B.MS.a"], status="in_progress")
    terms(first, 1, "superseded"), terms(first, 2)
    sub_point()
    action(seven, 2, serves=["B.MS.a.i"], lead="FR")
    action(seven, 10, title="=1+1")
    draft = plan(8, date(2027, 7, 1), status="draft")
    action(draft, 1, serves=["A.MS.a"], status="proposed", lead="FR")
    done = operation("NOTED", status="results_noted")
    submission(done, "BE", noting=noted(done), lines=[CIGARETTES, CIGARETTES, ("seized", "CIG", "0.5", "kg")])
    submission(done, "DE", lines=[("seized", "CIG", 500, "piece")])
    secret = operation("SECRET", starts_on=date(2026, 4, 1))
    submission(secret, "BE", lines=[("seized", "CIG", 8888, "piece")])
    for one in (done, secret):
        serve(one, first)
    return seven


def objective(code="A.MS.a"):
    return Objective.objects.get(code=code)


def chain_of_objective(user, objective):
    """The chain of an objective itself, without its predecessors."""
    return lineage_of(user, objective).own


def links(chain):
    """What a chain tells, in plain values."""
    return [
        (
            found.action.reference,
            found.action.status,
            found.terms and (found.terms.version, found.terms.status),
            {
                one.operation.name: [(t.unit, t.quantity, t.lines) for t in one.totals]
                for one in found.operations
            },
        )
        for found in chain.actions
    ]


def test_the_secretariat_sees_every_link(world):
    results = {
        "SECRET": [("piece", Decimal(8888), 1)],
        "NOTED": [("kg", Decimal("0.5"), 1), ("piece", Decimal(3500), 3)],
    }
    found = links(chain_of_objective(secretariat(), objective()))
    told = [(*row[:3], {name: sorted(totals) for name, totals in row[3].items()}) for row in found]
    assert told == [("8.1", "proposed", None, {}), ("7.1", "in_progress", (2, "agreed"), results)]


def test_the_committee_sees_what_was_noted_and_no_draft(world):
    found = links(chain_of_objective(committee(), objective()))
    assert [(row[0], row[2], list(row[3])) for row in found] == [("7.1", (2, "agreed"), ["NOTED"])]
    assert sorted(found[0][3]["NOTED"]) == [("kg", Decimal("0.5"), 1), ("piece", Decimal(3000), 2)]


def test_a_delegation_sees_its_own_draft_action_and_others_do_not(world):
    assert [row[0] for row in links(chain_of_objective(delegate("FR"), objective()))] == ["8.1", "7.1"]
    assert [row[0] for row in links(chain_of_objective(delegate("PT"), objective()))] == ["7.1"]


def test_third_parties_and_administrators_see_nothing_of_what_is_not_theirs(world):
    for user in (third_party("NO"), administrator()):
        assert links(chain_of_objective(user, objective())) == []


def test_what_serves_a_sub_point_serves_its_objective(world):
    assert [row[0] for row in links(chain_of_objective(secretariat(), objective("B.MS.a")))] == ["7.1", "7.2"]
    assert [row[0] for row in links(chain_of_objective(secretariat(), objective("B.MS.a.i")))] == ["7.2"]


def test_an_operation_that_serves_two_actions_is_counted_once(world):
    second = action(world, 3, serves=["A.MS.a"])
    for link in OperationAction.objects.all():
        serve(link.operation, second)
    chain = chain_of_objective(committee(), objective())
    assert [len(found.operations) for found in chain.actions] == [1, 1]
    assert sorted((t.unit, t.quantity, t.lines) for t in chain.totals) == [
        ("kg", Decimal("0.5"), 1),
        ("piece", Decimal(3000), 2),
    ]


def test_nothing_found_is_not_nothing_known(world):
    empty = operation("EMPTY", status="results_noted")
    serve(empty, Action.objects.get(plan=world, number=1))
    assert chain_of_objective(secretariat(), objective()).operations[-1].is_nil is False
    submission(empty, "IT", is_nil=True, noting=noted(empty))
    found = {
        one.operation.name: one.is_nil for one in chain_of_objective(secretariat(), objective()).operations
    }
    assert found == {"SECRET": False, "NOTED": False, "EMPTY": True}


def rows(user, **chosen):
    text = text_in_force(user)
    chain = chain_of(user, actions_seen(user))
    return chain_rows(text, text.narrowed(**chosen), chain, with_others=not chosen)


def test_the_rows_go_down_each_way_as_far_as_it_goes(world):
    told = [
        (
            row.words.objective.code if row.words else "none",
            row.found.action.reference if row.found else "",
            row.outcome.operation.name if row.outcome else "",
            row.total.unit if row.total else "",
        )
        for row in rows(committee())
    ]
    assert sorted(told) == sorted(
        [
            ("A.MS.a", "7.1", "NOTED", "kg"), ("A.MS.a", "7.1", "NOTED", "piece"),
            ("B.MS.a", "7.1", "NOTED", "kg"), ("B.MS.a", "7.1", "NOTED", "piece"), ("B.MS.a", "7.2", "", ""),
            ("C.MS.a", "", "", ""), ("none", "7.10", "", ""),
        ]
    )  # fmt: skip


def test_rows_are_narrowed_by_aim_addressees_and_objective(world):
    def codes(**chosen):
        return {row.words.objective.code for row in rows(secretariat(), **chosen)}

    assert codes(aim="B") == codes(objective="B.MS.a") == codes(objective="B.MS.a.i") == {"B.MS.a"}
    assert codes(addressees="MS") == {"A.MS.a", "B.MS.a", "C.MS.a"}


def test_every_row_of_the_file_has_a_cell_for_every_heading(world):
    width = len(chain_columns())
    assert {len(cells) for cells in chain_cells(rows(secretariat()))} == {width}


def many(number):
    """So many further actions of plan 7 that serve A.MS.a, each with terms, an operation and its results."""
    seven = Action.objects.get(plan__number=7, number=1).plan
    begin = seven.actions.count() + 20
    for at in range(begin, begin + number):
        made = action(seven, at, serves=["A.MS.a"])
        terms(made)
        found = operation(f"OP{at}", status="results_noted")
        submission(found, "BE", noting=noted(found), lines=[CIGARETTES])
        serve(found, made)


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len([q for q in asked if "SAVEPOINT" not in q["sql"] and "portal_clock" not in q["sql"]])


def test_the_page_of_an_objective_asks_as_much_for_thirty_actions_as_for_one(client, world):
    readers = [secretariat(), committee(), delegate("BE")]
    url = reverse("actionplans:objective_detail", args=["A.MS.a"])

    def asked_by_each():
        for reader in readers:
            client.force_login(reader)
            yield queries(client, url)

    before = list(asked_by_each())
    many(29)
    assert list(asked_by_each()) == before
    assert max(before) <= 15
    assert len(client.get(url).context["chain"].actions) >= 30


def test_the_chain_asks_five_questions(world, django_assert_num_queries):
    user, found = secretariat(), objective()
    assert (user.is_secretariat, user.delegation_ids) == (True, set())
    many(5)
    with django_assert_num_queries(5):
        lineage_of(user, found)
