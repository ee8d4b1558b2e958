"""An objective that goes on from others of an earlier strategy shows what became of them: page, table and files."""

from datetime import date

import pytest

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.models import Objective, ObjectivePredecessor, Strategy, StrategyVersion
from actionplans.tests.factories import VersionFactory, write_text
from actionplans.tests.pages import text_of
from reports.predecessors import lineage_of
from reports.tests.factories import CIGARETTES, action, noted, operation, plan, strategy, submission
from reports.tests.test_chain import queries, serve, terms
from reports.tests.test_chain_pages import addresses, as_csv, as_xlsx

pytestmark = pytest.mark.django_db
PAGE, TABLE = "/strategy/objectives/A.MS.a/", "/progress/chain/"
NAME = "A.MS.z (2003/C 247/01)"


def of_2003(code):
    return Objective.objects.get(code=code, strategy__slug="strategy-2003")


@pytest.fixture
def two():
    """A.MS.a of 2009 goes on from A.MS.z of 2003, which action 1.1 serves, its sub-point 1.2; 7.1 serves A.MS.a."""
    strategy()
    old = Strategy.objects.create(
        slug="strategy-2003", reference="2003/C 247/01", title="Of 2003", dated_on="2003-10-02"
    )
    draft = VersionFactory(strategy=old, status="draft", agreed_on=None, in_force_from=date(2003, 10, 2))
    write_text(draft, {"A.MS.z": "", "A.MS.z.i": "A.MS.z", "A.MS.y": ""})
    StrategyVersion.objects.filter(pk=draft.pk).update(status="superseded")
    goes_on("A.MS.a", "A.MS.z")
    first = plan(1, date(2004, 1, 1), adopted_on=date(2003, 10, 1), status="closed")
    one = action(first, 1, title="Of old", serves=["A.MS.z"], status="completed")
    terms(one)
    action(first, 2, title="In part", serves=["A.MS.z.i"], status="completed")
    done = operation("OLDEN", status="results_noted")
    submission(done, "BE", noting=noted(done), lines=[CIGARETTES])
    serve(done, one)
    action(plan(7, date(2026, 1, 1)), 1, title="Of now", serves=["A.MS.a"])


def goes_on(code, *predecessors):
    own = Objective.objects.get(code=code, strategy__slug="2009")
    for name in predecessors:
        ObjectivePredecessor.objects.create(objective=own, predecessor=of_2003(name))


def told(lineage):
    """The actions of an objective itself, and those of each predecessor by its name."""
    before = {one.name: [found.action.reference for found in chain.actions] for one, chain in lineage.before}
    return [found.action.reference for found in lineage.own.actions], before


def test_the_chain_tells_own_actions_and_those_of_each_predecessor_apart(two):
    goes_on("A.MS.a", "A.MS.y")
    own = Objective.objects.get(code="A.MS.a")
    assert told(lineage_of(secretariat(), own)) == (
        ["7.1"],
        {NAME: ["1.1", "1.2"], "A.MS.y (2003/C 247/01)": []},
    )
    assert told(lineage_of(secretariat(), of_2003("A.MS.z"))) == (["1.1", "1.2"], {})


def test_the_page_names_the_predecessor_with_its_actions_and_what_followed(client, two):
    client.force_login(committee())
    page = text_of(client.get(PAGE))
    heading = (
        f'Actions of its predecessor <a href="/strategies/strategy-2003/objectives/A.MS.z/">{NAME}</a></h3>'
    )
    own, _heading, before = page.partition(heading)
    assert "7.1 Of now" in own and "1.1 Of old" not in own
    for words in ("Plan 1", "1.1 Of old", "1.2 In part", "Completed", "Agreed", "OLDEN", "1 result line"):
        assert words in before
    assert "Totals of validated results" not in page  # the totals are those of its own operations


def test_an_objective_with_no_action_of_its_own_says_so_beside_those_of_its_predecessor(client, two):
    goes_on("B.MS.a", "A.MS.z")
    client.force_login(committee())
    page = text_of(client.get("/strategy/objectives/B.MS.a/"))
    assert "No action serves this objective." in page
    assert "1.1 Of old" in page.partition("Actions of its predecessor")[2]
    rows = as_csv(client, "?objective=B.MS.a")[1:]
    assert [(row[5], row[-2]) for row in rows] == [
        ("No action that you see serves B.MS.a itself", ""), ("Action 1.1", NAME), ("Action 1.2", NAME)
    ]  # fmt: skip
    assert "No action that you see serves B.MS.a itself</span>" in text_of(
        client.get(TABLE, {"objective": "B.MS.a"})
    )


def test_only_an_objective_with_nothing_at_all_is_told_to_have_no_action(client, two):
    goes_on("B.MS.a", "A.MS.z")
    goes_on("C.MS.a", "A.MS.y")
    client.force_login(committee())
    for rows in (as_csv(client), as_xlsx(client)):
        assert [(row[0], row[5]) for row in rows if row[5].startswith("No action")] == [
            ("B.MS.a", "No action that you see serves B.MS.a itself"), ("C.MS.a", "No action that you see"),
        ]  # fmt: skip
    assert text_of(client.get(TABLE)).count("No action that you see</span>") == 1


def test_a_predecessor_without_an_action_is_named_all_the_same(client, two):
    goes_on("C.MS.a", "A.MS.y")
    client.force_login(committee())
    page = text_of(client.get("/strategy/objectives/C.MS.a/"))
    assert "A.MS.y (2003/C 247/01)</a></h3>" in page
    assert "No action that you see serves it." in page


def test_table_csv_and_xlsx_mark_what_comes_from_a_predecessor(client, two):
    client.force_login(committee())
    expected = [("A.MS.a", "Action 7.1", "A.MS.a", ""), *[
        ("A.MS.a", f"Action 1.{number}", "A.MS.z", NAME) for number in (1, 2)
    ], ("B.MS.a", "No action that you see", "", ""), ("C.MS.a", "No action that you see", "", "")]  # fmt: skip
    for rows in (as_csv(client), as_xlsx(client)):
        assert rows[0][-2] == "By way of its predecessor"
        assert [(row[0], row[5], row[6], row[-2]) for row in rows[1:]] == expected
    page = text_of(client.get(TABLE))
    url = "/strategies/strategy-2003/objectives/A.MS.z/"
    assert page.count(f'Serves its predecessor <a href="{url}">{NAME}</a>') == 2
    assert url in addresses(client, TABLE)


def test_an_action_that_serves_both_stands_under_both(client, two):
    both = Objective.objects.get(code="A.MS.a").serving.get().action
    both.served.create(objective=of_2003("A.MS.z"))
    client.force_login(committee())
    rows = [(row[5], row[-2]) for row in as_csv(client, "?objective=A.MS.a")[1:]]
    assert rows[:2] == [("Action 7.1", ""), ("Action 7.1", NAME)]
    assert text_of(client.get(TABLE)).count("7.1 Of now") == 2


def test_what_a_reader_may_not_see_of_a_predecessor_is_not_told(client, two):
    draft = plan(8, date(2027, 7, 1), status="draft")
    action(draft, 1, title="Of tomorrow", serves=["A.MS.z"], status="proposed", lead="FR")
    for person, sees in (
        (secretariat(), True),
        (delegate("FR"), True),
        (delegate("PT"), False),
        (committee(), False),
    ):
        client.force_login(person)
        assert [("Of tomorrow" in text_of(client.get(url))) for url in (PAGE, TABLE)] == [sees, sees]
    StrategyVersion.objects.filter(strategy__slug="strategy-2003").update(status="withdrawn")
    client.force_login(committee())
    assert ["2003/C 247/01" in text_of(client.get(url)) for url in (PAGE, TABLE)] == [False, False]


@pytest.mark.parametrize("person", [secretariat, committee, lambda: delegate("BE")])
def test_thirty_predecessors_and_their_actions_ask_as_much_as_one(client, two, person):
    client.force_login(person())
    urls = [PAGE, TABLE, "/progress/chain.csv"]
    before = [queries(client, url) for url in urls]
    first = of_2003("A.MS.z").serving.first().action.plan
    for number in range(30):
        Objective.objects.create(strategy=of_2003("A.MS.z").strategy, code=f"A.MS.{number}", order=number)
        Objective.objects.filter(code=f"A.MS.{number}").update(parent=of_2003("A.MS.y"))
        terms(action(first, 10 + number, serves=[f"A.MS.{number}"], status="completed"))
    goes_on("A.MS.a", "A.MS.y")
    goes_on("B.MS.a", "A.MS.y", "A.MS.z")
    assert [queries(client, url) for url in urls] == before
    assert max(before) <= 15
