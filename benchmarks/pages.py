"""What each page of the demonstration costs: milliseconds on the server, queries, bytes. Run by `bin/bench`.

The pages are found as a reader would find them, by following links from the first page; of each kind of page two are
measured. The middleware, the database and the templates are those of the running portal; the network is left out.
"""

import logging
import os
import sys
from collections import defaultdict
from html.parser import HTMLParser
from statistics import median
from time import perf_counter
from typing import NamedTuple

from strategy_portal import keeper

READERS = ("secretariat", "be", "committee")
OF_EACH_KIND = 2  # pages with the same name in urls.py
TIMES = 9
MOST_MS, MOST_QUERIES, MOST_BYTES = 300, 15, 150 * 1024
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Cost(NamedTuple):
    """What one page costs one reader."""

    ms: float
    queries: int
    bytes: int
    reader: str
    address: str

    def over(self) -> bool:
        """Whether it costs more than a page may."""
        return self.ms > MOST_MS or self.queries > MOST_QUERIES or self.bytes > MOST_BYTES


class Links(HTMLParser):
    """The addresses of this portal that a page links to, without what follows `?` and `#`."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith("/"):
            self.found.append(href.partition("#")[0].partition("?")[0])


def pages(client):
    """The addresses that a reader reaches from the first page, at most so many of each kind."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - needs the settings

    waiting, seen, kinds = ["/"], {"/"}, defaultdict(int)
    while waiting:
        address = waiting.pop(0)
        try:
            kind = resolve(address).view_name
        except Resolver404:
            continue
        if kinds[kind] == OF_EACH_KIND:
            continue
        response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        kinds[kind] += 1
        yield address
        for link in Links(response.content.decode()).found:
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def cost(client, reader, address):
    """Open a page often and take the middle; the queries are counted apart, because counting takes time."""
    from django.db import connection  # noqa: PLC0415 - needs the settings
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    queries = sum(not query["sql"].startswith(NOT_COUNTED) for query in asked.captured_queries)
    times = []
    for _time in range(TIMES):
        begun = perf_counter()
        client.get(address)
        times.append((perf_counter() - begun) * 1000)
    return Cost(median(times), queries, len(response.content), reader, address)


def main(readers):
    """Print the table, the slowest first; 1 when a page is over its budget."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs the settings
    from django.test import Client  # noqa: PLC0415

    logging.disable(logging.WARNING)
    costs = []
    for reader in readers:
        client = Client(SERVER_NAME="localhost")
        client.force_login(get_user_model().objects.get(email=f"{reader}@portal.test"))
        costs += [cost(client, reader, address) for address in pages(client)]
    costs.sort(reverse=True)
    print("    ms  queries      bytes  reader       page")
    for one in costs:
        print(
            f"{one.ms:6.0f}  {one.queries:7}  {one.bytes:9}  {one.reader:11}  {one.address}"
            + ("   OVER THE BUDGET" if one.over() else "")
        )
    over = sum(one.over() for one in costs)
    print(
        f"{len(costs)} pages, half of them under {median(one.ms for one in costs):.0f} ms; over the budget"
        f" ({MOST_MS} ms, {MOST_QUERIES} queries, {MOST_BYTES // 1024} KB): {over}"
    )
    return int(bool(over))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")
    held = keeper.use()
    import django

    django.setup()
    sys.exit(main(sys.argv[1:] or READERS))
