"""What somebody types, as references and as words: quotes keep words together, a minus leaves out, "or" chooses."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from council.documents import DocumentNumberError, parse
from strategy_portal.fields import parse_day

# As `search_fold` and `search_words` in the database do; each character gives one.
FOLDED = str.maketrans("øØłŁđĐßæÆœŒıðÐþÞħĦς", "oOlLdDsaAoOidDtThHσ")
BLANKS = str.maketrans("<>&/+_-", "       ")
QUOTES = str.maketrans("“”„‟«»", '""""""')
# The words that PostgreSQL's English dictionary leaves out, for they stand in every text.
_COMMON = (
    "a about above after again against all am an and any are as at be because been before being below between "
    "both but by can did do does doing don down during each few for from further had has have having he her here "
    "hers herself him himself his how i if in into is it its itself just me more most my myself no nor not now of "
    "off on once only or other our ours ourselves out over own s same she should so some such t than that the "
    "their theirs them themselves then there these they this those through to too under until up very was we were "
    "what when where which while who whom why will with you your yours yourself yourselves"
)
TOO_COMMON = frozenset(_COMMON.split())
MOST_WORDS = 20
SHORTEST_BEGINNING = 3  # letters; a shorter one begins half of all words

_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_PIECES = re.compile(r"[^\W_]+")
_NOUN = re.compile(
    r"(?:actions?|objectives?|operations?|documents?|terms(?: of reference)?|(?:progress )?notes?|meetings?|decisions?"
    r"|sections?|strategy)"
    r" (?:of |on |number |no\.? )?(?P<rest>.+)"
)
_DAY_IN_WORDS = re.compile(r"(?P<day>[0-9]{1,2}) (?P<month>[a-z]+) (?P<year>[0-9]{4})")


class Question(NamedTuple):
    """`keys`: references it may be, as the index holds them. `words`: the query, or None; `beginning`: its last word as
    the beginning of a longer one, or None. `why_nothing`: why no words are looked for, or "". `is_one_word`: whether
    nothing but one word is looked for.
    """

    keys: list[str]
    words: Any
    beginning: Any
    why_nothing: str
    is_one_word: bool


class _Token(NamedTuple):
    text: str
    is_phrase: bool
    is_excluded: bool

    @property
    def pieces(self) -> list[str]:
        return _PIECES.findall(self.text)

    @property
    def is_reference(self) -> bool:
        """Whether it reads like 7.3, A.MS.a or 14743/1/11: its parts stand together, as they are."""
        return len(self.pieces) > 1 and re.search(r"[0-9./]", self.text) is not None

    def query(self) -> Any:
        """What the database is asked for it."""
        text = self.text.translate(BLANKS)
        if self.is_reference:
            return SearchQuery(text, config="simple", search_type="phrase")
        return SearchQuery(text, config="english", search_type="phrase" if self.is_phrase else "plain")


def fold(text: str) -> str:
    """The text without accents, as the index holds it; upper and lower case stay."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    return bare.translate(FOLDED)


def read(typed: str) -> Question:
    """What is looked for. Whatever is typed, nothing of it is an operator of the database."""
    groups = _groups(typed)
    told = [token for group in groups for token in group]
    wanted = [token for token in told if not token.is_excluded]
    last = wanted[-1] if wanted and told[-1] is wanted[-1] else None
    beginning = _beginning(last) if last else None
    queries = [_all_of(group, last, beginning) for group in groups if any(not t.is_excluded for t in group)]
    return Question(
        list(_keys(typed)),
        reduce(or_, queries) if queries else None,
        beginning,
        _why_nothing(typed, told, wanted),
        len(told) == 1 and not told[0].is_phrase and not told[0].is_reference,
    )


def count_words(typed: str) -> int:
    """How many words and phrases are looked for or excluded."""
    return sum(len(group) for group in _groups(typed))


def _groups(typed: str) -> list[list[_Token]]:
    """The words and phrases that count, in groups between which OR stands."""
    groups: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(fold(typed.translate(QUOTES))):
        phrase = found["phrase"]
        token = _Token(found["word"] if phrase is None else phrase, phrase is not None, bool(found["minus"]))
        if token.text == "OR" or (token.text.lower() == "or" and not token.is_phrase):
            groups.append([])
        elif any(piece.lower() not in TOO_COMMON for piece in token.pieces):
            groups[-1].append(token)
    return [group for group in groups if group]


def _all_of(group: list[_Token], last: _Token | None, beginning: Any) -> Any:
    queries = []
    for token in group:
        query = token.query()
        if token is last and beginning is not None:
            query = query | beginning
        queries.append(~query if token.is_excluded else query)
    return reduce(and_, queries)


def _beginning(token: _Token) -> Any:
    """The last word as the beginning of a longer one; not what stands in quotes, and no reference."""
    pieces = token.pieces
    if token.is_phrase or token.is_reference or len(pieces[-1]) < SHORTEST_BEGINNING:
        return None
    lexemes = [f"'{piece}'" for piece in pieces[:-1]] + [f"'{pieces[-1]}':*"]
    return SearchQuery(" & ".join(lexemes), config="simple", search_type="raw")


def _why_nothing(typed: str, told: list[_Token], wanted: list[_Token]) -> str:
    if wanted or not typed.strip():
        return ""
    if told:
        return _("This only says what to leave out. Write at least one word to look for.")
    if _PIECES.search(typed):
        return _("Such common words stand in every text. Write a word that says what you look for.")
    return _("This holds no word and no number. Write a word or a number to look for.")


def _keys(typed: str) -> Iterator[str]:
    """The references that the whole of it may be, as the index holds them (all in small letters)."""
    text = " ".join(fold(typed.translate(QUOTES)).lower().split()).strip('" ')
    noun = _NOUN.fullmatch(text)
    for reading in dict.fromkeys([text, noun["rest"] if noun else text]):
        if not reading:
            continue
        yield reading
        with suppress(DocumentNumberError):
            yield str(parse(reading)).lower()
        if day := _day(reading):
            yield day


def _day(text: str) -> str:
    """A day as the index holds it, 2026-11-27, or ""."""
    if found := _DAY_IN_WORDS.fullmatch(text):
        numbers = {str(name).lower(): number for number, name in MONTHS.items()}
        text = f"{found['day']}/{numbers.get(found['month'], 0)}/{found['year']}"
    try:
        return parse_day(text, since=1950).isoformat()
    except ValidationError:
        return ""
