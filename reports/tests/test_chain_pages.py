"""The chain as page, CSV and xlsx: the same rows, each link one click from the next, only what a reader may see."""

import csv
import io
import re

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.tests.factories import administrator, committee, delegate, secretariat
from actionplans.models import Action, Objective
from actionplans.tests.factories import withdraw
from jcos.models import Operation
from publishing.spreadsheets import plain_number
from reports.tests.test_chain import many, queries, world
from reports.tests.test_views import BAD, Page

__all__ = ["world"]  # the fixture
pytestmark = pytest.mark.django_db
URL = "/progress/chain/"
READERS = {"secretariat": secretariat, "committee": committee, "delegate": lambda: delegate("PT")}


def as_csv(client, query=""):
    content = client.get(f"/progress/chain.csv{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def as_xlsx(client, query=""):
    content = client.get(f"/progress/chain.xlsx{query}").content
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("query", ["", "?aim=A", "?plan=7", "?objective=B.MS.a.i", "?addressees=MS"])
def test_page_csv_and_xlsx_hold_the_same_rows(client, world, reader, query):
    client.force_login(READERS[reader]())
    page = client.get(URL + query).context["page_obj"]
    told = [
        (
            str(row.found.action) if row.found else "No action that you see",
            row.outcome.operation.name if row.outcome else "",
            float(row.total.quantity) if row.total else "",
        )
        for row in page.paginator.object_list
    ]
    assert [(row[5], row[13], float(row[18]) if row[18] else "") for row in as_csv(client, query)[1:]] == told
    assert [(row[5], row[13], row[18]) for row in as_xlsx(client, query)[1:]] == told
    assert len(told) >= 1


def test_a_title_that_looks_like_a_formula_stays_a_text(client, world):
    client.force_login(secretariat())
    assert [row[7] for row in as_xlsx(client) if "1+1" in str(row[7])] == ["=1+1"]
    assert [row[7] for row in as_csv(client) if "1+1" in row[7]] == ["'=1+1"]
    assert [row[5] for row in as_csv(client) if "1+1" in row[7]] == ["Action 7.10"]


@pytest.mark.parametrize("reader", READERS)
def test_every_total_is_the_sum_of_the_lines_behind_its_link(client, world, reader):
    client.force_login(READERS[reader]())
    followed = 0
    for address in (URL, reverse("actionplans:objective_detail", args=["A.MS.a"])):
        for url, words in Page(client.get(address)).links:
            number = re.match(r"\s*([\d\u202f\xa0.]+)", words)
            if "/results/rows/" not in url or not number or "result line" in words:
                continue
            rows = client.get(url)
            assert rows.context["form"].is_valid(), url
            behind = [line for page in rows.context["page_obj"].paginator for line in page]
            assert float(sum(line.quantity for line in behind)) == float(
                plain_number(number[1].strip("\xa0 "))
            )
            followed += 1
    assert followed >= 4


def test_the_lines_of_an_operation_are_as_many_as_its_link_says(client, world):
    client.force_login(committee())
    page = Page(client.get(reverse("actionplans:objective_detail", args=["A.MS.a"])))
    said = {url: words for url, words in page.links if "result line" in words}
    assert list(said.values()) == ["3 result lines  of NOTED"]
    for url in said:
        assert client.get(url).context["page_obj"].paginator.count == 3


def addresses(client, url):
    return [address for address, _words in Page(client.get(url)).links]


def test_from_every_link_of_the_chain_it_is_one_click_up(client, world):
    client.force_login(secretariat())
    first = Action.objects.get(plan=world, number=1)
    operation = Operation.objects.get(name="NOTED")
    objective = Objective.objects.get(code="A.MS.a").get_absolute_url()
    terms = reverse("actionplans:terms_detail", args=[7, 1])
    lines = f"/progress/results/rows/?operation={operation.slug}"
    results = reverse("jcos:submission_detail", args=[operation.slug, "BE"])
    assert objective in addresses(client, first.get_absolute_url())
    assert first.get_absolute_url() in addresses(client, terms)
    assert {first.get_absolute_url(), objective} <= set(addresses(client, operation.get_absolute_url()))
    assert operation.get_absolute_url() in addresses(client, lines)
    assert operation.get_absolute_url() in addresses(client, results)
    down = addresses(client, objective)
    version = reverse("actionplans:terms_version", args=[7, 1, 2])
    assert {first.get_absolute_url(), version, operation.get_absolute_url(), lines} <= set(down)


@pytest.mark.parametrize(
    "url", [URL, "/progress/chain.csv", reverse("actionplans:objective_detail", args=["A.MS.a"])]
)
def test_nothing_that_the_committee_may_not_see_is_told(client, world, url):
    client.force_login(committee())
    said = client.get(url).content.decode()
    assert [word for word in ("SECRET", "8888", "8\xa0888", "Plan 8", "8.1") if word in said] == []


def test_the_administrator_gets_an_explanation_and_no_row(client, world):
    client.force_login(administrator())
    assert "page_obj" not in client.get(URL).context
    assert len(as_csv(client)) == 1


def test_where_nothing_is_the_secretariat_which_sees_everything_is_told_so(client, world):
    client.force_login(secretariat())
    assert "None that you see" not in client.get("/progress/chain/").content.decode()
    client.force_login(delegate())
    assert "None that you see" in client.get("/progress/chain/").content.decode()


@pytest.mark.parametrize("name", ["aim", "addressees", "plan", "objective"])
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_choice_is_said_and_shows_nothing(client, world, name, bad):
    client.force_login(secretariat())
    page = client.get(URL, {name: bad})
    assert (page.status_code, list(page.context["form"].errors)) == (200, [name])
    assert page.context["page_obj"].paginator.count == 0
    assert client.get("/progress/chain.csv", {name: bad}).status_code == 302


def test_another_kind_of_file_is_not_found(client, world):
    client.force_login(secretariat())
    assert client.get("/progress/chain.ods").status_code == 404


def test_the_chain_asks_as_much_for_thirty_actions_as_for_one(client, world):
    readers = {name: reader() for name, reader in READERS.items()}

    def asked():
        for name, reader in readers.items():
            client.force_login(reader)
            for url in (URL, "/progress/chain.csv", "/progress/chain.xlsx"):
                yield name, url, queries(client, url)

    before = list(asked())
    many(30)
    assert list(asked()) == before
    assert [row for row in before if row[2] > 15] == []


def test_a_withdrawn_objective_that_actions_serve_is_named_in_page_and_files(client, world):
    withdraw("A.MS.a", "C.MS.a")
    client.force_login(committee())
    page = client.get(URL)
    assert "/strategies/2009/objectives/A.MS.a/" in addresses(client, URL)
    assert "(withdrawn with version 2)" in page.content.decode()
    assert "/strategies/2009/objectives/C.MS.a/" not in addresses(client, URL)
    named = "A.MS.a (withdrawn with version 2)"
    for file in (as_csv(client), as_xlsx(client)):
        gone = [(row[1], row[5], row[6]) for row in file if row[0] == named]
        assert set(gone) == {("A", "Action 7.1", "A.MS.a")}
        assert [row[5] for row in file if row[0].startswith("Serves no")] == ["Action 7.10"]
    assert [row[0] for row in as_csv(client, "?aim=B") if "withdrawn" in row[0]] == []


def test_a_withdrawn_objective_is_left_out_where_the_reader_sees_no_action_that_serves_it(client, world):
    Action.objects.get(plan=world, number=1).served.filter(objective__code="A.MS.a").delete()
    withdraw("A.MS.a")
    client.force_login(committee())
    assert [row[0] for row in as_csv(client) if "withdrawn" in row[0]] == []
    client.force_login(secretariat())
    assert {row[5] for row in as_csv(client) if "withdrawn" in row[0]} == {"Action 8.1"}


def test_an_action_of_a_withdrawn_objective_alone_stands_under_it_alone(client, world):
    withdraw("B.MS.a", "B.MS.a.i")
    client.force_login(committee())
    found = [row[0] for row in as_csv(client) if row[5] == "Action 7.2"]
    assert found == ["B.MS.a.i (withdrawn with version 2)"]


@pytest.mark.parametrize("page", ["/progress/chain/", "/progress/results/rows/"])
def test_a_withdrawn_objective_can_be_asked_for(client, world, page):
    withdraw("B.MS.a", "B.MS.a.i", "C.MS.a")
    client.force_login(secretariat())
    for code, has_results in (("B.MS.a", True), ("B.MS.a.i", False), ("C.MS.a", False)):
        answer = client.get(page, {"objective": code})
        assert answer.context["form"].is_valid()
        assert bool(answer.context["page_obj"].paginator.count) is (has_results or "chain" in page)
        assert f"{code} (withdrawn with version 2)" in answer.content.decode()


def test_of_a_withdrawn_objective_the_table_holds_its_withdrawn_sub_points(client, world):
    withdraw("B.MS.a", "B.MS.a.i", "C.MS.a")
    client.force_login(committee())

    def told(code):
        return sorted(
            {(row[0].partition(" ")[0], row[5]) for row in as_csv(client, f"?objective={code}")[1:]}
        )

    assert told("B.MS.a") == [("B.MS.a", "Action 7.1"), ("B.MS.a.i", "Action 7.2")]
    assert told("B.MS.a.i") == [("B.MS.a.i", "Action 7.2")]
    assert told("C.MS.a") == [("C.MS.a", "No action that you see")]


def test_every_link_of_a_withdrawn_objective_opens(client, world):
    withdraw("A.MS.a")
    client.force_login(committee())
    links = {url for url in addresses(client, "/strategy/objectives/A.MS.a/") if url.startswith("/progress/")}
    assert len(links) >= 4
    for url in links:
        answer = client.get(url)
        assert answer.status_code == 200
        assert not answer.context or not answer.context["form"].errors


def test_withdrawn_objectives_cost_one_number_of_queries(client, world):
    client.force_login(secretariat())
    withdraw("A.MS.a")
    first = queries(client, URL)
    withdraw("B.MS.a", "B.MS.a.i")
    assert queries(client, URL) == first
