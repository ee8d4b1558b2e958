"""The answer to a question: how many of each kind, and the best of them with the passage that fits."""

from functools import partial
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchHeadline
from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, TextField, Value, When, Window
from django.db.models.functions import Concat, Left, RowNumber
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from actionplans.models import StrategyVersion
from search import passages
from search.kinds import KINDS, SOURCES, sources_of
from search.models import SearchEntry
from search.naming import Naming, named
from search.querysets import NEAREST
from search.question import Question

FIRST = 3  # of each kind, where all kinds are shown
PAGE = 20
RANKED = 200  # of each kind, the nearest and newest: of these the words are compared; a number of whole pages
LONGEST_READ = 40_000  # characters of a text in which finds are marked
KIND = Case(
    *(
        When(source__in=sources, then=Value(kind))
        for kind in KINDS
        if (sources := sources_of(kind)) != [kind]
    ),
    default=F("source"),
    output_field=CharField(),
)
# The same as a number, by which a hundred thousand texts are sorted in half the time.
KIND_NUMBER = Case(
    *(When(source__in=sources_of(kind), then=Value(place)) for place, kind in enumerate(KINDS)),
    output_field=IntegerField(),
)


class Hit(NamedTuple):
    """One thing found: what it is called and where it is, with the finds marked."""

    name: str
    title: SafeString
    url: str
    where: str
    passage: SafeString
    state: str
    state_word: str
    model: str


class Group(NamedTuple):
    """The things of one kind: how many there are, and those shown."""

    kind: str
    label: str
    count: int
    hits: list[Hit]


class Results:
    """What a person finds. Each property asks the database once, when a page wants it.

    All go through `found_by`, which asks each model's `visible_to`: counts and passages, too, know only what the person
    may see.
    """

    def __init__(self, user: Any, question: Question, kind: str = "", earlier: bool = False, page: Any = 1):
        self._user, self._question, self.kind = user, question, kind
        found = SearchEntry.objects.found_by(user, question, earlier)
        self._found = found.annotate(kind=KIND).order_by()
        self._number = page

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of each kind are found, in the order of the kinds; only kinds of which there are any."""
        if not self.kind:
            counted = {kind: number for _pk, kind, number in self._nearest_of_each}
        else:
            counted = dict(
                self._found.values("kind").annotate(number=Count("pk")).values_list("kind", "number")
            )
        return {kind: counted[kind] for kind in KINDS if kind in counted}

    @property
    def by_kind(self) -> list[tuple[str, Any, int]]:
        """Each kind of which something is found: its code, its name, how many."""
        return [(kind, KINDS[kind], count) for kind, count in self.counts.items()]

    @property
    def total(self) -> int:
        """How many are found in all kinds together."""
        return sum(self.counts.values())

    @property
    def shown(self) -> int:
        """How many are found in the kind that is asked for, or in all."""
        return self.counts.get(self.kind, 0) if self.kind else self.total

    @cached_property
    def page(self) -> Page | None:
        """The page of the kind that is asked for; None where all kinds are shown."""
        if not self.kind:
            return None
        page = Paginator(range(self.shown), PAGE).get_page(self._number)
        places = page.object_list
        nearest = self._found.filter(kind=self.kind).placed(self._question).values_list("pk", flat=True)
        if places.start < RANKED:
            page.object_list = self._ranked(list(nearest[:RANKED]))[places.start : places.stop]
        else:
            page.object_list = list(nearest[places.start : places.stop])
        return page

    @cached_property
    def groups(self) -> list[Group]:
        """What is shown, by kind."""
        pks = self._best_of_each if self.page is None else self.page.object_list
        hits = self._hits(pks)
        of_kind = {kind: [hits[pk] for pk in pks if hits[pk][0] == kind] for kind in self.counts}
        return [
            Group(kind, KINDS[kind], count, [hit for _kind, hit in of_kind[kind]])
            for kind, count in self.counts.items()
            if of_kind[kind]
        ]

    @cached_property
    def _nearest_of_each(self) -> list[tuple[int, str, int]]:
        """The nearest `RANKED` of each kind, with the number of all of the kind."""
        within = partial(Window, partition_by=KIND_NUMBER)
        rows = self._found.placed(self._question).annotate(
            place=within(RowNumber(), order_by=NEAREST), number=within(Count("*"))
        )
        return list(rows.filter(place__lte=RANKED).order_by().values_list("pk", "kind", "number"))

    @property
    def _best_of_each(self) -> list[int]:
        """The best of each kind."""
        kinds = {pk: kind for pk, kind, _number in self._nearest_of_each}
        best: dict[str, list[int]] = {kind: [] for kind in kinds.values()}
        for pk in self._ranked(list(kinds)):
            best[kinds[pk]].append(pk)
        return [pk for pks in best.values() for pk in pks[:FIRST]]

    def _ranked(self, pks: list[int]) -> list[int]:
        """These entries, the best first."""
        return list(
            SearchEntry.objects.filter(pk__in=pks).ranked(self._question).values_list("pk", flat=True)
        )

    def _hits(self, pks: list[int]) -> dict[int, tuple[str, Hit]]:
        rows = list(SearchEntry.objects.filter(pk__in=pks).annotate(kind=KIND, **_marked(self._question)))
        naming = Naming(self._versions(rows))
        return {row.pk: (row.kind, _hit(row, naming)) for row in rows}

    def _versions(self, rows: list[SearchEntry]) -> list[StrategyVersion]:
        """The versions of the strategy's texts among the rows, and those in force."""
        owners = {row.owner_id for row in rows if SOURCES[row.source].model is StrategyVersion}
        if not owners:
            return []
        seen = StrategyVersion.objects.visible_to(self._user).select_related("strategy")
        return list(seen.filter(Q(pk__in=owners) | Q(status="in_force")))


def _marked(question: Question) -> dict[str, Any]:
    """The title and the text below it, with the finds marked: as words, and as beginnings of words."""
    text = Concat(F("title"), Value("\n"), Left("body", LONGEST_READ), output_field=TextField())
    # What marks a find must not stand in the text itself.
    bare = Func(
        text,
        Value(passages.BEGIN + passages.END),
        Value("  "),
        function="translate",
        output_field=TextField(),
    )
    folded = Func(bare, function="search_words", output_field=TextField())
    asked = {"words": (question.words, "english"), "beginnings": (question.beginning, "simple")}
    return {
        f"marked_{name}": SearchHeadline(
            folded, query, config=config, start_sel=passages.BEGIN, stop_sel=passages.END, highlight_all=True
        )
        for name, (query, config) in asked.items()
        if query is not None
    }


def _hit(row: SearchEntry, naming: Naming) -> Hit:
    title, body = row.title, row.body[:LONGEST_READ]
    length = len(title) + 1 + len(body)
    found = passages.joined(
        *(passages.spans(getattr(row, name, ""), length) for name in ("marked_words", "marked_beginnings"))
    )
    in_title = passages.within(found, 0, len(title))
    shown = passages.beginning(title)
    # What was found behind the beginning of a long title (an objective's text) is shown below it.
    below, begin = (body, len(title) + 1)
    if any(end > shown for _begin, end in in_title):
        below, begin = (f"{title}\n{body}".rstrip(), 0)
    name = named(row, naming)
    return Hit(
        name.name,
        passages.cut_text(title, in_title, 0, shown),
        name.url,
        name.where,
        passages.passage(below, passages.within(found, begin, length)) if below else SafeString(""),
        name.state,
        name.state_word,
        SOURCES[row.source].model._meta.model_name,
    )
