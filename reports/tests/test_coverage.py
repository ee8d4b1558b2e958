"""The coverage: drawing, table, CSV, xlsx and the rows behind each cell tell the same, and gaps are real gaps."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.models import Action, ActionPlan
from actionplans.tests.factories import withdraw
from reports.tests.factories import a_world, action, plan
from reports.tests.test_chain import queries, sub_point
from reports.tests.test_views import Page
from strategy_portal.dates import add_months

pytestmark = pytest.mark.django_db
URL = "/progress/coverage/"
READERS = {
    "secretariat": secretariat,
    "committee": committee,
    "delegate": lambda: delegate("BE"),
    "other": lambda: delegate("PT"),
}


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    """Plan 6 without an action, plan 7 with four (7.4 serves nothing), plan 8 in draft with one."""
    a_world()
    eight = ActionPlan.objects.get(number=8)
    action(eight, 1, serves=["A.MS.a", "C.MS.a"], status="proposed", lead="FR")


def table(figure):
    """Objective → its numbers as the table shows them."""
    return {row[0].text: [cell.text for cell in row[2:]] for row in figure.rows}


def shown(client, user, query=""):
    client.force_login(user)
    return client.get(URL + query).context["figure"]


def test_the_numbers_of_the_secretariat(client, world):
    assert table(shown(client, secretariat())) == {
        "A.MS.a": ["0", "1", "1", "2"], "B.MS.a": ["0", "2", "0", "2"], "C.MS.a": ["0", "1", "1", "2"],
        "No objective in force": ["0", "1", "0", "1"], "All actions, each once": ["0", "4", "1", "5"],
    }  # fmt: skip


@pytest.mark.parametrize("reader", [committee, lambda: delegate("PT"), lambda: delegate("FR")])
def test_a_plan_that_is_not_seen_whole_has_no_column(client, world, reader):
    figure = shown(client, reader())
    assert [column.label for column in figure.columns][2:] == ["Plan 6", "Plan 7", "All plans"]
    assert table(figure)["A.MS.a"] == ["0", "1", "1"]


@pytest.mark.parametrize("reader", [lambda: third_party("NO"), administrator])
def test_who_sees_no_plan_whole_is_told_so_and_reads_of_no_gap(client, world, reader):
    figure = shown(client, reader())
    assert (figure.svg, list(figure.rows), figure.empty) == ("", [], "No action plan is shown to you whole.")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("query", ["", "?aim=B", "?addressees=MS", "?aim=A&addressees=MS"])
def test_drawing_table_csv_xlsx_and_rows_tell_the_same(client, world, reader, query):
    figure = shown(client, READERS[reader](), query)
    plans = [column.label for column in figure.columns[2:-1]]
    in_table = {
        (row[0].text, label): int(cell.text)
        for row in figure.rows[: -1 if query else -2]
        for label, cell in zip(plans, row[2:-1], strict=True)
    }
    drawn = {}
    for link in ElementTree.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}a"):  # noqa: S314 - our own
        if name := re.match(r"(\d+) actions?: (.+), (Plan \d+)", link.get("aria-label", "")):
            drawn[name[2], name[3]] = int(name[1])
            rows = client.get(link.get("href")).context
            assert (rows["form"].errors, rows["page_obj"].paginator.count) == ({}, int(name[1]))
    drawn.pop(("no objective in force", "Plan 7"), None)
    assert drawn == {key: number for key, number in in_table.items() if number}
    for row in figure.rows:
        for cell in row[2:]:
            if cell.url:
                assert client.get(cell.url).context["page_obj"].paginator.count == int(cell.text)
            else:
                assert cell.text == "0"
    plain = [
        [cell.text if at < 2 else float(cell.text) for at, cell in enumerate(row)] for row in figure.rows
    ]
    text = client.get(f"/progress/coverage.csv{query}").content.decode("utf-8-sig")
    from_csv = list(csv.reader(io.StringIO(text)))[1:]
    assert [[*row[:2], *map(float, row[2:])] for row in from_csv] == plain
    content = client.get(f"/progress/coverage.xlsx{query}").content
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:] == plain


def test_a_narrowed_map_counts_only_what_serves_it(client, world):
    assert table(shown(client, secretariat(), "?aim=B")) == {
        "B.MS.a": ["0", "2", "0", "2"],
        "All actions, each once": ["0", "2", "0", "2"],
    }


def test_an_action_that_serves_a_sub_point_and_its_objective_counts_once(client, world):
    sub_point("B.MS.a.i")
    one = Action.objects.get(plan__number=7, number=2)
    one.served.create(objective=sub_point("B.MS.a.ii"))
    action(one.plan, 5, serves=["B.MS.a.i"])
    assert table(shown(client, secretariat()))["B.MS.a"] == ["0", "3", "0", "3"]


def test_actions_that_serve_only_withdrawn_objectives_have_a_row_that_names_these(client, world):
    withdraw("B.MS.a")
    figure = shown(client, secretariat())
    assert table(figure) == {
        "A.MS.a": ["0", "1", "1", "2"], "C.MS.a": ["0", "1", "1", "2"],
        "Only withdrawn objectives": ["0", "1", "0", "1"], "No objective in force": ["0", "1", "0", "1"],
        "All actions, each once": ["0", "4", "1", "5"],
    }  # fmt: skip
    row = next(row for row in figure.rows if row[0].text == "Only withdrawn objectives")
    assert row[1].text == "B.MS.a"
    assert "Actions that serve only withdrawn objectives: B.MS.a" in re.sub(
        r"</text><text[^>]*>", " ", figure.svg
    )
    page = client.get(row[3].url)
    assert [action.reference for action, _served, _gone in page.context["page_obj"]] == ["7.2"]
    said = " ".join(page.content.decode().split())
    assert '/strategies/2009/objectives/B.MS.a/">B.MS.a</a> <span class="quiet">(withdrawn)</span>' in said


def test_gaps_are_marked_by_more_than_colour(client, world):
    figure = shown(client, secretariat())
    zeros = sum(cell.text == "0" for row in figure.rows[:-2] for cell in row[2:-1])
    # One more is the sample of the legend. In the row of actions that serve none, a 0 is no gap.
    assert figure.svg.count('stroke-dasharray="4 3"') == zeros + 1


def test_each_cell_of_the_page_is_named_and_its_links_open(client, world):
    client.force_login(secretariat())
    page = Page(client.get(URL))
    rows = {url for url, _words in page.links if "/coverage/rows/" in url}
    assert {client.get(url).status_code for url in rows} == {200}
    assert (page.forbidden, sorted(page.ids)) == ([], sorted(set(page.ids)))


def test_a_withdrawn_plan_is_no_plan(client, world):
    newest = plan(9, add_months(Action.objects.first().plan.starts_on, 40), status="withdrawn")
    action(newest, 1, serves=["B.MS.a"], status="proposed")
    assert table(shown(client, secretariat()))["B.MS.a"] == ["0", "2", "0", "2"]


def test_it_asks_as_much_for_thirty_actions_and_plans_as_for_one(client, world):
    readers = {name: reader() for name, reader in READERS.items()}
    urls = [URL, f"{URL}rows/", "/progress/coverage.csv", "/progress/coverage.xlsx"]

    def asked():
        for name, reader in readers.items():
            client.force_login(reader)
            yield from ((name, url, queries(client, url)) for url in urls)

    before = list(asked())
    first = Action.objects.filter(plan__number=7).first().plan
    for number in range(10, 40):
        action(first, number, serves=["A.MS.a"])
        plan(number, add_months(first.starts_on, 18 * number), adopted_on=first.adopted_on)
    assert list(asked()) == before
    assert [row for row in before if row[2] > 15] == []
