"""Once a later strategy is in force the chain of the earlier one stays, and one rule says what serves nothing now."""

import pytest

from accounts.tests.factories import committee, secretariat
from actionplans.held_objectives import lack_of
from actionplans.models import Action
from actionplans.tests.pages import queries, text_of
from actionplans.tests.succession import EARLIER, LATER, objective, serving, two_strategies
from jcos.models import OperationAction
from reports.gaps import gap_groups
from reports.tests.factories import CIGARETTES, noted, operation, submission
from reports.tests.test_chain_pages import addresses, as_csv, as_xlsx
from reports.tests.test_coverage import shown, table
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
TABLE = "/progress/chain/"
OF_EARLIER = f"?objective={EARLIER}%3AA.MS.a"


@pytest.fixture
def scene():
    return two_strategies()


@pytest.fixture
def desk(client):
    """The secretariat's browser."""
    client.force_login(secretariat())
    return client


def told(rows):
    """Of the rows of a file: objective, action, what continues the objective."""
    return [(row[0], row[5], row[-1]) for row in rows[1:]]


# -- the chain -------------------------------------------------------------------------------------------------------


def test_each_page_of_an_objective_leads_to_its_own_rows_as_table_csv_and_xlsx(desk, scene):
    expected = {EARLIER: ["Action 1.1", "Action 2.2"], LATER: ["Action 2.1"]}
    for slug, own in expected.items():
        links = [
            url for url in addresses(desk, objective("A.MS.a", slug).get_absolute_url()) if "chain" in url
        ]
        query = f"?objective={slug}%3AA.MS.a"
        assert links == [f"{TABLE}{query}", f"/progress/chain.csv{query}", f"/progress/chain.xlsx{query}"]
        page = desk.get(links[0])
        assert page.context["form"].errors == {}
        for rows in (as_csv(desk, query), as_xlsx(desk, query)):
            named = [row[5] for row in rows[1:] if not row[-2]]
            assert sorted(named) == own


def test_a_code_alone_means_the_objective_in_force_else_the_one_that_had_it(desk, scene):
    assert told(as_csv(desk, "?objective=A.MS.b")) == [
        ("A.MS.b (withdrawn with version 2)", f"Action 1.{n}", "A.MS.a (2012/C 5/01)") for n in (2, 3, 4)
    ]
    assert told(as_csv(desk, "?objective=B.MS.a")) == [("B.MS.a", "Action 1.4", "")]
    assert [row[5] for row in as_csv(desk, "?objective=A.MS.a")[1:]] == [
        "Action 2.1", "Action 1.2", "Action 1.3", "Action 1.4"
    ]  # fmt: skip
    page = desk.get(TABLE, {"objective": "nothing"})
    assert list(page.context["form"].errors) == ["objective"]
    chosen = desk.get(TABLE, {"objective": "B.MS.a"}).content.decode()
    assert f'<option value="{EARLIER}:B.MS.a" selected>' in chosen
    assert "Objective: B.MS.a To do B.MS.a" in text_of(desk.get(TABLE, {"objective": f"{EARLIER}:B.MS.a"}))


def test_the_row_of_a_withdrawn_objective_names_what_goes_on_from_it(desk, scene):
    page = text_of(desk.get(TABLE, {"objective": f"{EARLIER}:A.MS.b"}))
    assert (
        f'<span class="quiet">(withdrawn with version 2)</span> <span class="quiet">Continued by</span> '
        f'<a href="/strategies/{LATER}/objectives/A.MS.a/">A.MS.a</a> <span class="quiet">2012/C 5/01</span>'
    ) in page


def test_the_totals_of_an_objective_of_the_earlier_strategy_lead_to_their_lines(client, scene):
    done = operation("CAPSTAN", status="results_noted")
    submission(done, "BE", noting=noted(done), lines=[CIGARETTES])
    OperationAction.objects.create(operation=done, action=Action.objects.get(plan__number=1, number=1))
    client.force_login(committee())
    page = addresses(client, objective("A.MS.a").get_absolute_url())
    lines = [url for url in page if "/rows/" in url and "objective=" in url]
    assert [client.get(url).context["page_obj"].paginator.count for url in lines] == [1]
    assert lines[0].startswith(f"/progress/results/rows/?objective={EARLIER}%3AA.MS.a&")
    other = lines[0].replace(EARLIER, LATER)
    assert client.get(other).context["page_obj"].paginator.count == 0


# -- without an objective in force -----------------------------------------------------------------------------------


def test_one_rule_says_what_each_action_lacks(scene):
    found = Action.objects.with_held_objectives().order_by("plan__number", "number")
    assert {action.reference: lack_of(action) for action in found} == {
        "1.1": "earlier", "1.2": "withdrawn", "1.3": "withdrawn", "1.4": "earlier", "1.5": "none",
        "2.1": "", "2.2": "earlier",
    }  # fmt: skip


def test_coverage_gaps_and_the_pages_of_plans_tell_the_same_actions(desk, scene):
    groups = {group.key: group for group in gap_groups(secretariat(), brussels_today())}
    gaps = {
        key: ([gap.label for gap in groups[key].gaps], [action.reference for action in groups[key].ended])
        for key in ("unlinked", "withdrawn", "earlier")
    }
    assert gaps == {
        "unlinked": (["Action 1.5"], []),
        "withdrawn": (["Action 1.2"], ["1.3"]),
        "earlier": (["Action 1.1", "Action 1.4", "Action 2.2"], []),
    }
    figure = shown(desk, secretariat())
    assert table(figure) == {
        "A.MS.a": ["0", "1", "1"], "D.CCWP.a": ["0", "0", "0"],
        "Only objectives of an earlier strategy": ["2", "1", "3"], "Only withdrawn objectives": ["2", "0", "2"],
        "No objective in force": ["1", "0", "1"], "All actions, each once": ["5", "2", "7"],
    }  # fmt: skip
    counted = {row[0].text: int(row[-1].text) for row in figure.rows}
    assert [sum(map(len, pair)) for pair in gaps.values()] == [
        counted[name]
        for name in (
            "No objective in force",
            "Only withdrawn objectives",
            "Only objectives of an earlier strategy",
        )
    ]
    earlier = [desk.get(f"/plans/{number}/").context["earlier"] for number in (1, 2)]
    assert [str(action) for found in earlier for action in found] == gaps["earlier"][0]


def test_the_rows_behind_the_coverage_name_what_is_served_with_its_strategy(desk, scene):
    page = desk.get("/progress/coverage/rows/", {"objective": "earlier"})
    assert [action.reference for action, _served, _gone in page.context["page_obj"]] == ["2.2", "1.1", "1.4"]
    said = text_of(page)
    assert (
        f'/strategies/{EARLIER}/objectives/A.MS.a/">A.MS.a</a> <span class="quiet">(15198/09)</span>' in said
    )
    assert (
        f'/strategies/{EARLIER}/objectives/A.MS.b/">A.MS.b</a> <span class="quiet">(withdrawn)</span>' in said
    )


def test_each_gap_of_an_earlier_strategy_leads_to_a_form_that_opens(desk, scene):
    page = text_of(desk.get("/progress/gaps/"))
    assert 'Over, and left as they are: <a href="/plans/1/actions/3/">1.3</a> (completed)' in page
    groups = {group.key: group for group in gap_groups(secretariat(), brussels_today())}
    mends = {gap.label: gap.mend_url for gap in groups["earlier"].gaps}
    assert mends == {
        "Action 1.1": "/plans/1/roll-over/", "Action 1.4": "/plans/1/roll-over/",
        "Action 2.2": "/plans/2/actions/2/edit/",
    }  # fmt: skip
    assert {desk.get(url).status_code for url in mends.values()} == {200}
    type(scene.next).objects.filter(pk=scene.next.pk).update(strategy=scene.earlier)
    groups = {group.key: group for group in gap_groups(secretariat(), brussels_today())}
    mends = {gap.label: gap.mend_url for gap in groups["earlier"].gaps}
    assert mends["Action 2.2"] == "/plans/2/edit/"
    assert "/plans/2/edit/" in [gap.mend_url for gap in groups["objectives"].gaps]
    assert desk.get("/plans/2/edit/").context["form"].fields["strategy"].queryset.count() == 2


def test_thirty_actions_of_an_earlier_strategy_ask_as_much_as_one(desk, scene):
    urls = [
        TABLE, f"{TABLE}{OF_EARLIER}", "/progress/chain.csv", "/progress/gaps/", "/progress/coverage/",
        "/progress/coverage/rows/?objective=earlier", "/plans/1/", f"/strategies/{EARLIER}/objectives/A.MS.a/",
    ]  # fmt: skip
    for url in urls:
        queries(desk, url)
    before = [queries(desk, url) for url in urls]
    for number in range(10, 40):
        serving(scene.running, number, "A.MS.a", status="completed" if number % 2 else "planned")
    assert [queries(desk, url) for url in urls] == before
    assert max(before) <= 15, dict(zip(urls, before, strict=True))
