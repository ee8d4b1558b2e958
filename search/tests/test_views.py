"""The page of the search: what it says without a question, for any question, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplans.models import Wording
from actionplans.tests.factories import (
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    texts_open,
)
from council.tests.factories import DocumentFactory, MeetingFactory
from jcos.tests.factories import OperationFactory
from search.results import FIRST, PAGE
from search.tests.asking import page, words

pytestmark = pytest.mark.django_db
FRAME = ("SAVEPOINT", "django_session", "portal_clock", "accounts_")  # who is asking: as on every page


def test_without_a_question_the_page_says_what_can_be_asked(reader, client):
    for query in ("", "?q=", "?q=+++", "?kind=action"):
        answer = page(client, reader, query)
        assert answer.status_code == 200
        assert "What can be found" in words(answer)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?q=nosuchword", "Nothing that is open to you has all of these words."),
        ("?q=%21%3F%21", "This holds no word and no number."),
        ("?q=%26%7C%21%28%29%3A*", "This holds no word and no number."),
        ("?q=-%22", "This holds no word and no number."),
        ("?q=the+of", "Such common words stand in every text."),
        ("?q=-customs", "This only says what to leave out."),
        ("?q=%E2%80%8B", "This holds only characters that cannot be seen."),
        ("?q=%E2%80%AEabc", "turns the reading order round"),
        ("?q=" + "x" * 201, "Write at most 200 characters; this has 201."),
        ("?q=" + "x+" * 21, "Write at most 20 words."),
        ("?q=a%0Ab", "Write this on one line, without line breaks."),
        ("?q=tobacco&kind=nonsense", "“nonsense” is no kind of thing here. Choose one of the list."),
        ("?q=%27%3B+drop+table+search_searchentry", "Nothing that is open to you"),
        ("?q=%27%27%27%3A*+%26+%5C", "This holds no word and no number."),
        ("?q=to_tsquery(%27a%27):*+%7C+b%5C%27", "Nothing that is open to you"),
        ("?q=%3Cscript%3Ealert(1)%3C/script%3E", "Nothing was found for “<script>alert(1)</script>”"),
        ("?q=%7B%7B7*7%7D%7D", "Nothing was found for “{{7*7}}”"),
        ("?q=x%27y:*%3Cc%3E!%26(", "Nothing was found"),
        ("?q=31/02/2026", "Nothing was found"),
        ("?q=99999999999999999999/99999999", "Nothing was found"),
        ("?q=%F0%9F%9A%A2", "This holds no word and no number."),
        ("?q=__", "This holds no word and no number."),
    ],
)  # fmt: skip
def test_whatever_is_typed_gets_an_answer_in_plain_words(query, sentence, reader, client):
    answer = page(client, reader, query)
    assert answer.status_code == 200
    assert sentence in words(answer)
    assert "<script>alert" not in answer.content.decode()


def test_a_nul_is_refused_as_on_every_page(reader, client):
    assert page(client, reader, "?q=a%00b").status_code == 400


@pytest.mark.parametrize("number", ["abc", "-1", "0", "999999999999999999999999", "1.5", "%C2%B2"])
def test_a_page_that_is_not_there_shows_another(number, reader, client):
    for _number in range(PAGE + 1):
        MeetingFactory()
    answer = page(client, reader, f"?q=plenary&kind=meeting&page={number}")
    assert answer.status_code == 200
    assert f"{PAGE + 1} results for “plenary”" in words(answer)


def test_results_of_a_kind_come_in_pages_that_keep_the_question(reader, client):
    for _number in range(PAGE + 1):
        MeetingFactory()
    first, second = (
        page(client, reader, f"?q=plenary&kind=meeting&page={n}").content.decode() for n in (1, 2)
    )
    assert [html.count('<li class="hit">') for html in (first, second)] == [PAGE, 1]
    assert 'href="?q=plenary&amp;kind=meeting&amp;page=2"' in first
    both = re.findall(r'href="(/meetings/\d+/)"', first + second)
    assert len(both) == len(set(both)) == PAGE + 1


def test_of_each_kind_the_best_are_shown_and_all_are_one_click_away(reader, client):
    for _number in range(FIRST + 1):
        MeetingFactory()
        DocumentFactory(title="From the plenary")
    html = page(client, reader, "?q=plenary").content.decode()
    assert html.count('<li class="hit">') == 2 * FIRST
    assert 'href="?q=plenary&amp;kind=meeting"' in html
    assert f"See all {FIRST + 1}" in html


def test_nothing_of_one_kind_says_that_there_is_of_others(reader, client):
    MeetingFactory()
    assert "There is 1 result of another kind. See everything that was found" in words(
        page(client, reader, "?q=plenary&kind=document")
    )


def test_a_page_costs_the_same_for_one_result_as_for_thirty(reader, client):
    def asked(query):
        with CaptureQueriesContext(connection) as queries:
            assert page(client, reader, query).status_code == 200
        return [q["sql"] for q in queries if not any(word in q["sql"] for word in FRAME)]

    def fill():
        plan = PlanFactory()
        action = ActionFactory(plan=plan, title="Harbour")
        TermsFactory(action=action, tasks="harbour")
        DocumentFactory(title="Harbour note")
        OperationFactory(name="HARBOUR")
        MeetingFactory(place="Harbour House")
        with texts_open():
            Wording.objects.update(text="Every harbour")

    queries = ("?q=harbour", "?q=harbour&kind=action", "?q=harbour&kind=objective", "?q=nothing")
    fill()
    page(client, reader, "?q=harbour")
    few = {query: len(asked(query)) for query in queries}
    for _number in range(29):
        fill()
    assert {query: len(asked(query)) for query in queries} == few
    assert max(few.values()) <= 5, few


def test_answers_are_kept_in_no_cache(reader, client):
    assert page(client, reader, "?q=x")["Cache-Control"] == "no-store, private"


def test_every_page_has_the_box_and_the_page_of_the_search_has_one(reader, client):
    client.force_login(reader)
    addresses = ("/", "/search/", "/accounts/profile/")
    boxes = [client.get(address).content.decode().count('role="search"') for address in addresses]
    assert boxes == [1, 1, 1]
    client.logout()
    assert 'role="search"' not in client.get(reverse("account_login")).content.decode()


def test_an_objective_that_is_not_there_can_be_searched_for(reader, client):
    StrategyFactory()
    client.force_login(reader)
    answer = client.get("/strategy/objectives/X.Y.z/")
    assert answer.status_code == 404
    assert 'id="search-lost" value="X.Y.z"' in answer.content.decode()
    assert 'id="search-lost" value=""' in client.get("/no/such/page/").content.decode()
