"""The dashboard as pages: every number leads to as many rows, for each reader only what it may see."""

import csv
import io
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import administrator, committee, delegate, member, secretariat, third_party
from actionplans.models import ActionPlan
from publishing.spreadsheets import plain_number
from publishing.words import number_words
from reports.figures import FIGURES
from reports.tests.factories import (
    CIGARETTES,
    a_world,
    action,
    noted,
    operation,
    participation,
    published,
    submission,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    return a_world()


def get(client, user, url, **query):
    client.force_login(user)
    return client.get(url, query)


class Page(HTMLParser):
    """The links of a page with the words of each, and what the policy forbids."""

    def __init__(self, response):
        super().__init__()
        self.links, self.forbidden, self._open, self.ids = [], [], None, []
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.forbidden += [name for name in attrs if name == "style" or name.startswith("on")]
        self.forbidden += [tag] * (tag == "style" or (tag == "script" and "src" not in attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self._open = [attrs.get("href", ""), attrs.get("aria-label", "")]

    def handle_data(self, data):
        if self._open is not None:
            self._open.append(data)

    def handle_endtag(self, tag):
        if tag == "a" and self._open is not None:
            self.links.append((self._open[0], " ".join(self._open[1:]).strip()))
            self._open = None


READERS = {
    "secretariat": secretariat,
    "committee": committee,
    "delegate": lambda: delegate("BE"),
    "other": lambda: delegate("PT"),
}
FIRST, *FURTHER = READERS  # of what takes seconds, the further readers wait for the long run
FURTHER = [pytest.param(name, marks=pytest.mark.long) for name in FURTHER]


@pytest.mark.parametrize("reader", [FIRST, *FURTHER])
def test_every_number_leads_to_as_many_rows(client, world, reader):
    user = READERS[reader]()
    page = Page(get(client, user, reverse("reports:progress")))
    followed = 0
    for url, words in page.links:
        number = re.match(r"\s*([\d\u202f\xa0]+)(?![\d.])", words)
        if "/rows/" not in url or not number or "/results/rows/" in url or "days" in words or "day " in words:
            continue
        rows = client.get(url)
        assert rows.context["form"].is_valid(), url
        assert rows.context["page_obj"].paginator.count == int(plain_number(number[1].strip())), (
            url,
            words,
        )
        followed += 1
    assert followed >= 20


@pytest.mark.parametrize("reader", READERS)
def test_every_total_is_the_sum_of_its_rows(client, world, reader):
    user = READERS[reader]()
    response = get(client, user, reverse("reports:figure", args=["results"]))
    for row in response.context["figure"].rows:
        rows = client.get(row[2].url)
        behind = [line for page in rows.context["page_obj"].paginator for line in page]
        assert {c.url for c in row if c.url} == {row[2].url}
        assert sum(line.quantity for line in behind) == int(plain_number(row[2].text))
        assert len(behind) == int(row[6].text)


def test_a_line_leads_to_its_operation_and_to_what_was_handed_in(client, world):
    page = Page(
        get(client, committee(), reverse("reports:figure_rows", args=["results"]), measure="cash_declared")
    )
    assert reverse("jcos:operation_detail", args=[world.slug]) in [url for url, _words in page.links]
    assert reverse("jcos:submission_detail", args=[world.slug, "BE"]) in [url for url, _words in page.links]


def table(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def in_csv(cell):
    """What a cell of the page is in the file."""
    if cell.day:
        return cell.day.isoformat()
    return plain_number(cell.text) if cell.is_number else cell.text


@pytest.mark.parametrize("slug", FIGURES)
def test_the_csv_holds_the_same_rows_as_the_page(client, world, slug):
    user = secretariat()
    shown = get(client, user, reverse("reports:figure", args=[slug])).context["figure"]
    response = get(client, user, reverse("reports:figure_csv", args=[slug]))
    plain = [[in_csv(cell) for cell in row] for row in shown.rows]
    assert table(response) == [[column.label for column in shown.columns], *plain]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="progress-{slug}-')
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("slug", FIGURES)
def test_the_drawing_shows_the_numbers_of_the_table(client, world, slug):
    figure = get(client, secretariat(), reverse("reports:figure", args=[slug])).context["figure"]
    if not figure.svg:
        assert slug == "published"
        return
    root = ElementTree.fromstring(f"<all>{figure.svg}</all>")  # noqa: S314 - our own text
    for drawing in root:
        assert {"title", "desc"} <= {element.tag.split("}")[1] for element in drawing}
    if slug == "results":
        drawn = " ".join(root.itertext())
        assert [row[2].text for row in figure.rows if row[2].text not in drawn] == []
    if slug == "status":
        totals = [row[8].text for row in figure.rows[:-1]]
        assert totals == ["1", "2", "1", "1"]


def test_the_totals_of_each_reader(client, world):
    def totals(user):
        rows = table(get(client, user, reverse("reports:figure_csv", args=["results"])))[1:]
        return {(row[0], row[3]): row[2] for row in rows}

    cash = {("Cash_declared", "EUR"): "9", ("Seized", "kg"): "20"}
    assert totals(secretariat()) == {**cash, ("Seized", "piece"): str(1500 + 7777 + 8888)}
    assert totals(committee()) == {**cash, ("Seized", "piece"): "1500"}
    assert totals(delegate("PT")) == {**cash, ("Seized", "piece"): "1500"}
    assert totals(delegate("DE")) == {**cash, ("Seized", "piece"): str(1500 + 7777)}
    assert totals(third_party("NO")) == {}


@pytest.mark.parametrize(
    "page", ["reports:progress", "reports:figure", "reports:figure_rows", "reports:figure_csv"]
)
@pytest.mark.parametrize("slug", FIGURES)
def test_nothing_of_an_operation_that_is_not_noted_reaches_the_committee(client, world, page, slug):
    url = reverse(page, args=[] if page == "reports:progress" else [slug])
    said = get(client, committee(), url).content.decode()
    assert [
        word
        for word in ("SECRET", "8888", "7777", number_words(8888), number_words(7777), "Plan 8")
        if word in said
    ] == []
    assert "SECRET" in get(client, secretariat(), reverse("reports:progress")).content.decode()


@pytest.mark.parametrize("slug", FIGURES)
def test_the_administrator_and_people_without_membership_get_an_explanation_and_no_numbers(
    client, world, slug
):
    for user in (administrator(), member(body="ccwp-experts")):
        response = get(client, user, reverse("reports:progress"))
        assert (response.status_code, "figures" in response.context) == (200, False)
        assert (
            get(client, user, reverse("reports:figure_rows", args=[slug])).context["page_obj"].paginator.count
            == 0
        )


def test_third_parties_see_no_plan(client, world):
    response = get(client, third_party("NO"), reverse("reports:progress"))
    assert [figure.slug for figure in response.context["figures"]] == ["results", "delegations"]
    assert "Plan" not in [key.label.split()[0] for key in response.context["key_figures"]]


def test_the_key_figures(client, world):
    response = get(client, secretariat(), reverse("reports:progress"), operation=world.slug)
    strip = re.compile(r'<span class="visually-hidden">.*?</span>|<[^>]*>')
    found = {key.label: strip.sub("", str(key.value)) for key in response.context["key_figures"]}
    assert (found["Actions completed"], found["Actions delayed"], found["Delegations reporting"]) == (
        "1 of 4",
        "1",
        "3 of 4",
    )
    notes = {key.label: strip.sub("", str(key.note)) for key in response.context["key_figures"]}
    assert notes["Delegations reporting"] == "CAPSTAN; missing: Italy"
    assert "1 unfinished action has no end date" in notes["Actions delayed"]
    read = {key.label: re.sub("<[^>]*>", "", str(key.value)) for key in response.context["key_figures"]}
    assert read["Actions completed"] == "1 action completed of 4 actions"
    assert read["Actions delayed"] == "1 action delayed"


BAD = ["abc", "-1", "99999999999999999999", "７", "1e999", "' or 1=1", "<script>", "\u202e", "0" * 5000]
PARAMETERS = {
    "plan": ["status", "coverage"], "year": ["delegations", "results", "published"], "operation": ["results"],
    "aim": ["status", "coverage"], "addressees": ["coverage"],
    "state": ["status", "delegations"], "undated": ["status"], "number": ["timeline"],
    "measure": ["results"], "commodity": ["results"], "unit": ["results"], "kind": ["results"],
    "objective": ["results", "coverage"],
}  # fmt: skip


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_bad_parameter_is_said_and_never_crashes(client, world, name):
    client.force_login(secretariat())
    for slug in PARAMETERS[name]:
        for bad in BAD:
            rows = client.get(reverse("reports:figure_rows", args=[slug]), {name: bad})
            assert (rows.status_code, list(rows.context["form"].errors)) == (200, [name])
            assert rows.context["page_obj"].paginator.count == 0
            if bad not in BAD[:2]:
                continue  # the file and the figure read it by the same form
            is_scope = name in FIGURES[slug].scope
            table = client.get(reverse("reports:figure_csv", args=[slug]), {name: bad})
            assert table.status_code == (302 if is_scope else 200)
            figure = client.get(reverse("reports:figure", args=[slug]), {name: bad})
            assert (figure.status_code, figure.context["figure"] is None) == (200, is_scope)


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_page_number_shows_a_page(client, world, bad):
    assert len(get(client, secretariat(), "/progress/status/rows/", page=bad).context["page_obj"]) == 4


def test_a_bad_choice_shows_no_number_at_all(client, world):
    response = get(client, secretariat(), reverse("reports:progress"), plan="99")
    assert ("figures" in response.context, response.context["form"].errors.keys()) == (False, {"plan"})


def test_an_unknown_figure_is_not_found(client, world):
    client.force_login(secretariat())
    for page in ("figure", "figure_rows", "figure_csv"):
        assert client.get(reverse(f"reports:{page}", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("page", ["progress", "figure", "rows"])
def test_pages_hold_nothing_that_the_policy_forbids_and_each_id_once(client, world, page):
    for slug in FIGURES:
        url = {"progress": "/progress/", "figure": f"/progress/{slug}/", "rows": f"/progress/{slug}/rows/"}[
            page
        ]
        found = Page(get(client, secretariat(), url))
        assert (found.forbidden, sorted(found.ids)) == ([], sorted(set(found.ids)))


def test_texts_of_people_are_shown_literally_and_are_no_formula(client, world):
    said = get(client, secretariat(), reverse("reports:figure_rows", args=["status"])).content.decode()
    assert ("=1+1 &lt;b&gt;bold&lt;/b&gt;" in said, "<b>bold" in said) == (True, False)


def test_a_cell_that_looks_like_a_formula_is_neutralised(client, world):
    made = operation("FORMULA", status="closed", kind="historical", starts_on=date(2011, 1, 1), due_on=None)
    type(world).objects.filter(pk=made.pk).update(name="=HYPERLINK(1)")
    published(made, 1)
    rows = table(get(client, secretariat(), reverse("reports:figure_csv", args=["published"])))
    assert [row[0] for row in rows if "HYPERLINK" in row[0]] == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize("reader", [FIRST, *FURTHER[:2]])
def test_the_number_of_queries_does_not_grow(client, world, reader):
    endings = ("/", "/rows/", ".csv", ".xlsx")
    urls = ["/progress/", *(f"/progress/{slug}{ending}" for slug in FIGURES for ending in endings)]
    client.force_login(READERS[reader]())
    before = {url: queries(client, url) for url in urls}
    grow(world)
    assert {url: queries(client, url) for url in urls} == before
    assert {url: count for url, count in before.items() if count > 15} == {}


def queries(client, url):
    """How many queries a page asks. The savepoints are those of the test; only a demonstration asks for the clock."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len([q for q in asked if "SAVEPOINT" not in q["sql"] and "portal_clock" not in q["sql"]])


def grow(world):
    """Thirty more of everything."""
    seven = ActionPlan.objects.get(number=7)
    for number in range(10, 40):
        action(seven, number, status="planned", serves=["A.MS.a"])
        made = operation(
            f"OP{number}", status="results_noted", starts_on=date(2025, 1, 1) + timedelta(days=number)
        )
        submission(made, "BE", noting=noted(made), lines=[CIGARETTES])
        participation(made, "FR")
        published(made, 3)


def test_who_hears_the_table_of_results_hears_the_lines_called_lines(client, world):
    page = re.sub(r"\s+", " ", get(client, secretariat(), "/progress/").content.decode())
    assert re.search(r'>\d+<span class="visually-hidden"> result lines?, Seized', page)
