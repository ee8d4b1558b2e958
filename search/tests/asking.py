"""Questions as a person asks them, and the words of the answers."""

import re
from html import unescape

from search.question import read
from search.results import Results

ADDRESS = "/search/"


def found(user, typed, **narrowed):
    """The names and titles of what is found, in their order, by kind."""
    groups = Results(user, read(typed), **narrowed).groups
    return {group.kind: [plain(f"{hit.name} {hit.title}").strip() for hit in group.hits] for group in groups}


def plain(html):
    return unescape(re.sub(r"<[^>]+>", "", str(html)))


def page(client, user, query=""):
    client.force_login(user)
    return client.get(ADDRESS + query)


def words(answer):
    return " ".join(plain(answer.content.decode().partition("<main")[2]).split())
