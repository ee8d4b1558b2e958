"""The strategy as it is read, and each objective with what serves it."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.copying import begin_version
from actionplans.models import Objective, Strategy, StrategyVersion, VersionChange
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    VersionFactory,
    write_text,
)
from actionplans.tests.pages import queries, text_of
from publishing.words import day_words
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
OBJECTIVES = "/strategies/strategy-2009/objectives/"


@pytest.fixture
def strategy():
    call_command("load_strategy", stdout=io.StringIO())
    return Strategy.objects.get()


@pytest.fixture
def reader(client):
    client.force_login(delegate())
    return client


def test_without_a_strategy_the_page_says_so(reader):
    assert "No strategy has been published here yet." in text_of(reader.get("/strategy/"))
    assert reader.get("/strategy/versions/1/").status_code == 404
    assert reader.get("/strategy/objectives/A.MS.a/").status_code == 404


def test_without_a_strategy_in_force_its_short_address_says_so(reader):
    for page in ("versions/", "objectives/A.MS.a/", "compare/"):
        response = reader.get(f"/strategy/{page}")
        assert (response.status_code, "No strategy is in force in the portal." in text_of(response)) == (
            404,
            True,
        )


@pytest.mark.parametrize("person", [administrator, committee, secretariat, third_party])
def test_everyone_signed_in_reads_the_strategy(client, strategy, person):
    client.force_login(person())
    assert client.get("/strategy/").status_code == 200
    assert client.get("/strategy/objectives/C.CCWP.e/").status_code == 200


def test_the_head_of_each_version_bears_the_day_of_that_version(client, strategy):
    client.force_login(secretariat())

    def head(number):
        page = text_of(client.get(f"/strategy/versions/{number}/")).replace("\xa0", " ")
        return page.split("document-number", 1)[1].split("</div>")[0]

    second = begin_version(strategy, by=secretariat(), note="New routes.")
    assert "<p>Brussels, 4 November 2009</p>" in head(1)
    assert f"<p>Brussels, {day_words(brussels_today())}</p>".replace("\xa0", " ") in head(2)
    made_at = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)  # in Brussels the first of June
    VersionChange.objects.create(
        version=second, part="aim", code="A", change="reworded", reason="outcome", text="x", made_at=made_at
    )
    assert "<p>Brussels, 1 June 2026</p>" in head(2)
    StrategyVersion.objects.filter(number=2).update(status="agreed", agreed_on=date(2026, 7, 2))
    assert "<p>Brussels, 2 July 2026</p>" in head(2)
    assert "<p>Brussels, 4 November 2009</p>" in head(1)


def test_the_page_holds_every_word_of_the_document(reader, strategy):
    page = text_of(reader.get("/strategy/"))
    version = strategy.versions.get()
    texts = [words.text for words in version.wordings.all()]
    texts += [block.text for section in version.sections.all() for block in section.blocks.all()]
    texts += [
        *strategy.previous_documents,
        *strategy.subject_codes,
        strategy.requested,
        "OJ C 260, 30.10.2009, p. 1.",
    ]
    plain = page.replace("&#x27;", "'")
    assert [text for text in texts if text.split("¹")[0].strip() not in plain] == []
    assert (
        "Delegations find in the Annex the draft revised strategy for customs cooperation in the third pillar "
        "as agreed by the Customs Cooperation Working Party at its meeting on 21 October 2009."
    ) in page


def test_the_footnote_is_reached_from_its_mark_and_back(reader, strategy):
    page = text_of(reader.get("/strategy/"))
    assert 'id="mark-1" href="#footnote-1"' in page
    assert 'id="footnote-1"><a href="#mark-1"' in page
    assert page.count('href="#footnote-1"') == 1


def test_a_text_that_looks_like_html_is_shown_literally(reader):
    versions = StrategyFactory().versions
    versions.update(status="draft")
    versions.get().wordings.update(text="<script>alert(1)</script> {{7*7}}")
    versions.update(status="in_force")
    page = text_of(reader.get("/strategy/"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page


@pytest.mark.parametrize("code", ["B.MS.a", "B.MS.a.ii", "B.MS+COM.a", "B.CCWP+COM.0", "C.CCWP.e"])
def test_each_objective_is_reached_by_its_code(reader, strategy, code):
    response = reader.get(Objective.objects.get(code=code).get_absolute_url())
    assert response.status_code == 200
    assert f"Objective {code}" in text_of(response)
    assert f'id="{code}"' in text_of(reader.get("/strategy/"))


@pytest.mark.parametrize("code", ["B a)", "b.ms.a", "X.MS.a", "A.MS.a.i", "%2e%2e"])
def test_what_is_no_code_is_not_found(reader, strategy, code):
    assert reader.get(f"/strategy/objectives/{code}/").status_code == 404


def test_a_sub_point_leads_to_its_parent_and_its_neighbours(reader, strategy):
    context = reader.get("/strategy/objectives/B.MS.a.ii/").context
    assert context["links"] == {
        "parent": f"{OBJECTIVES}B.MS.a/",
        "before": f"{OBJECTIVES}B.MS.a.i/",
        "after": f"{OBJECTIVES}B.MS.a.iii/",
    }
    parent = reader.get("/strategy/objectives/B.MS.a/").context
    assert [url for _words, url in parent["sub_points"]] == [
        f"{OBJECTIVES}B.MS.a.{numeral}/" for numeral in ("i", "ii", "iii")
    ]


def test_an_objective_shows_the_actions_that_the_reader_sees_by_plan(client):
    objective = ObjectiveFactory(code="B.MS.a.ii")
    adopted = ActionFactory(plan=PlanFactory(status="adopted", number=7), objectives=[objective])
    draft = ActionFactory(plan=PlanFactory(number=8), objectives=[objective])
    url = "/strategy/objectives/B.MS.a.ii/"
    for person, seen in ((secretariat, [draft, adopted]), (committee, [adopted]), (administrator, [])):
        client.force_login(person())
        rows = [row for _plan, rows in client.get(url).context["by_plan"] for row in rows]
        assert rows == seen
    assert "No action serves this objective." in text_of(client.get(url))


def test_the_parent_names_what_serves_only_its_sub_point(reader):
    action = ActionFactory(
        plan=PlanFactory(status="adopted"), objectives=[ObjectiveFactory(code="B.MS.a.ii")]
    )
    response = reader.get("/strategy/objectives/B.MS.a/")
    assert [rows for _plan, rows in response.context["by_plan"]] == [[action]]
    assert "serves a sub-point" in text_of(response)


def test_the_reader_finds_under_each_objective_what_serves_it(client):
    action = ActionFactory(plan=PlanFactory(number=8), title="A secret draft")
    client.force_login(secretariat())
    assert "A secret draft" in text_of(client.get("/strategy/"))
    assert action.get_absolute_url() in text_of(client.get("/strategy/"))
    client.force_login(committee())
    assert "A secret draft" not in text_of(client.get("/strategy/"))


def test_a_draft_version_is_read_by_the_secretariat_only(client):
    strategy = StrategyFactory()
    write_text(
        VersionFactory(strategy=strategy, number=2, status="draft", in_force_from=None), {"A.MS.a": ""}
    )
    expected = [(secretariat, 200), (delegate, 404), (committee, 404), (administrator, 404)]
    for person, status in expected:
        client.force_login(person())
        assert client.get("/strategy/versions/2/").status_code == status
        assert client.get("/strategy/versions/1/").status_code == 200


def test_the_published_note_speaks_of_the_text_that_was_agreed_then(reader):
    strategy = StrategyFactory()
    strategy.versions.update(status="superseded")
    VersionFactory(strategy=strategy, number=2, agreed_on="2026-02-03", in_force_from="2026-03-01")
    pages = [("/strategy/versions/1/", {}), ("/strategy/", {"on": "2026-02-01"})]
    for url, on in pages:
        assert "at its meeting on 21 October 2009." in text_of(reader.get(url, on))
    for url, on in [("/strategy/versions/2/", {}), ("/strategy/", {}), ("/strategy/", {"on": "2026-03-01"})]:
        assert "at its meeting on" not in text_of(reader.get(url, on))


def test_another_strategy_is_read_under_its_own_name(reader):
    StrategyFactory()
    older = StrategyFactory(
        slug="strategy-2003",
        reference="11167/5/03 REV 5",
        title="The strategy of 2003",
        dated_on=date(2003, 10, 2),
    )
    older.versions.update(agreed_on=None, in_force_from="2003-11-04")
    assert "The strategy of 2003" not in text_of(reader.get("/strategy/"))
    page = text_of(reader.get("/strategies/strategy-2003/"))
    assert "The strategy of 2003" in page
    assert 'href="/strategies/strategy-2003/objectives/A.MS.a/"' in page
    assert reader.get("/strategies/strategy-2003/objectives/A.MS.a/").status_code == 200
    assert reader.get("/strategies/strategy-2003/versions/1/").status_code == 200
    assert reader.get("/strategies/none/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "1" * 5000])
def test_a_version_that_is_not_there_is_not_found(reader, number):
    StrategyFactory()
    assert reader.get(f"/strategy/versions/{number}/").status_code == 404


@pytest.mark.parametrize("url", ["/strategy/", "/strategy/objectives/A.MS.a/", "/strategy/versions/1/"])
def test_the_queries_of_a_page_do_not_grow_with_the_actions(client, strategy, url):
    client.force_login(secretariat())
    objective = Objective.objects.get(code="A.MS.a")
    plan = PlanFactory(strategy=strategy, status="adopted")
    TermsFactory(action=ActionFactory(plan=plan, objectives=[objective]))
    queries(client, url)
    first = queries(client, url)
    for _n in range(29):
        ActionFactory(plan=plan, objectives=[objective])
    assert queries(client, url) == first
    assert first <= 15
