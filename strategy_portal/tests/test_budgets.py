"""What a page may cost, on the demonstration: at most 15 queries, 150 KB of HTML, and no noticeable time."""

import sys
from statistics import median
from time import perf_counter
from types import SimpleNamespace

import pytest
from django.db import connection, reset_queries
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from strategy_portal.tests.scene import IDENTITIES, MORE_PAGES, account, clients, demonstration_scene
from strategy_portal.tests.test_access import TABLE

MOST_QUERIES = 15
MOST_BYTES = 150 * 1024
MOST_SECONDS = 1  # the budget is 0.3 on a quiet machine (bin/bench); this only stops what is slow everywhere
pytestmark = [pytest.mark.django_db, pytest.mark.long]  # each list has its own count of queries in every run


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """What each page cost each identity that may open it: (address, identity, queries, bytes, seconds)."""
    with django_db_blocker.unblock(), demonstration_scene() as found:
        people = found.pop("people")
        scene = SimpleNamespace(people=SimpleNamespace(**people), **found)
        pages = [
            (identity, name, arguments)
            for method, name, arguments, statuses in TABLE
            if method == "get"
            for identity, status in zip(IDENTITIES, statuses.split(), strict=True)
            if status == "200"
        ] + MORE_PAGES
        readers = clients(people | {who: account(people, who) for who, *_page in MORE_PAGES})
        yield [
            visit(readers[who], reverse(name, args=arguments(scene)), who) for who, name, arguments in pages
        ]


def visit(client, address, identity):
    """Open the page; again where it asked too much: what a process asks once in its life is not the page's cost."""
    for _attempt in range(2):
        reset_queries()  # the log holds nine thousand
        with override_settings(DEMONSTRATION=True), CaptureQueriesContext(connection) as queries:
            begun = perf_counter()
            response = client.get(address)
            seconds = perf_counter() - begun
        assert response.status_code == 200
        if asked(queries) <= MOST_QUERIES:
            break
    return address, identity, asked(queries), len(response.content), seconds


def asked(queries):
    """The number of questions to the database; the savepoints are this test's, not the page's."""
    return sum("SAVEPOINT" not in query["sql"] for query in queries.captured_queries)


def test_every_page_needs_at_most_15_queries(visits):
    over = [f"{queries:3} {address} ({identity})" for address, identity, queries, _size, _seconds in visits
            if queries > MOST_QUERIES]  # fmt: skip
    assert over == [], "\n".join(over)


def test_every_page_is_at_most_150_kilobytes_of_html(visits):
    over = [f"{size:7} {address} ({identity})" for address, identity, _queries, size, _seconds in visits
            if size > MOST_BYTES]  # fmt: skip
    assert over == [], "\n".join(over)


def test_every_page_is_answered_without_noticeable_delay(visits):
    pages = {}
    for address, _identity, _queries, _size, seconds in visits:
        pages.setdefault(address, []).append(seconds)
    medians = {address: median(times) for address, times in pages.items()}
    slowest = sorted(medians, key=medians.get, reverse=True)[:10]
    sys.stdout.writelines(f"{medians[address] * 1000:6.0f} ms  {address}\n" for address in slowest)  # with -s
    assert [address for address, seconds in medians.items() if seconds >= MOST_SECONDS] == []
