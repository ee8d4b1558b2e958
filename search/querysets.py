"""Which entries of the index a person may find, and which of them answer a question."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from accounts.querysets import NOBODY, VisibleQuerySet
from actionplans.models import StrategyVersion
from search.kinds import SOURCES, TEXTS_FIRST, WORDED, Source
from search.question import Question

NEAREST = ("distance", "-object_id", "pk")
MANY = 5000  # texts that fit; of more, who sees what is gathered once instead of being asked of each


class SearchEntryQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any, row: str = "pk") -> Q:
        """An entry is found by those who see the row that owns it: each model's own answer is asked."""
        return _any_source(user, earlier=True)

    def found_by(self, user: Any, question: Question, earlier: bool = False) -> "SearchEntryQuerySet":
        """What a person finds: what answers the question and is theirs to see, one text of each thing.

        Texts that have been replaced or withdrawn are among them only if they are asked for.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        fitting = self.answering(question)
        # Of one word the index tells at once whether many texts have it; of several that costs more than it spares.
        is_many = Exists(fitting.order_by()[MANY : MANY + 1]) if question.is_one_word else None
        seen = _any_source(user, earlier, is_many)
        texts = fitting.filter(source__in=WORDED)
        texts = texts.filter(owner_id__in=_owners(SOURCES[WORDED[0]], user, earlier).values("pk"))
        return fitting.filter(
            seen, ~(Q(source__in=WORDED) & Q(pk__in=texts.second_to_another().values("pk")))
        )

    def answering(self, question: Question) -> "SearchEntryQuerySet":
        """Those with the reference or the words that are asked for."""
        found = Q(keys__overlap=question.keys) if question.keys else NOBODY
        return self.filter(found if question.words is None else found | Q(_fits("document", question.words)))

    def second_to_another(self) -> "SearchEntryQuerySet":
        """Texts of the strategy's versions that stand behind another one of the same thing, all among these."""
        state = StrategyVersion.objects.filter(pk=OuterRef("owner_id")).values("status")[:1]
        order = [When(state_of_text=name, then=place) for place, name in enumerate(TEXTS_FIRST)]
        place = Window(
            RowNumber(),
            partition_by=[F("source"), F("args__0"), F("args__2")],
            order_by=[Case(*order, output_field=IntegerField()), F("owner_id").desc()],
        )
        return (
            self.order_by().annotate(state_of_text=Subquery(state)).annotate(place=place).filter(place__gt=1)
        )

    def placed(self, question: Question) -> "SearchEntryQuerySet":
        """Each with `distance` from what is asked for, the nearest first and of these the newest.

        0: its own reference is asked for, 1: another one of it, 2: all words stand in its title, 3: elsewhere.
        """
        near = [When(keys__0__in=question.keys, then=0), When(keys__overlap=question.keys, then=1)]
        if question.words is not None:
            near.append(When(Q(_fits("heading", question.words)), then=2))
        distance = Case(*near, default=3, output_field=IntegerField())
        return self.annotate(distance=distance).order_by(*NEAREST)

    def ranked(self, question: Question) -> "SearchEntryQuerySet":
        """Each with `distance` and `rank`, how well its words fit. That reads the words of each one: ask it of few."""
        rank = Value(0.0, FloatField())
        if question.words is not None:
            rank = SearchRank(F("document"), question.words, normalization=Value(1))
        return self.placed(question).annotate(rank=rank).order_by("distance", "-rank", *NEAREST[1:])


def _fits(column: str, words: Any) -> Func:
    """Whether words stand in a column. They are a subquery, so that the database always goes by the index of the words:
    where it knows that most texts fit, it would read every text instead, which takes several times as long.
    """
    asked = Func(words, template="(select %(expressions)s)", output_field=SearchQueryField())
    return Func(
        F(column), asked, template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
    )


def _any_source(user: Any, earlier: bool, is_many: Exists | None = None) -> Q:
    """The entries whose owner the person sees; the source is looked at first."""
    owners = {name: _owners(source, user, earlier) for name, source in SOURCES.items()}
    few = (name for name, source in SOURCES.items() if not source.is_numerous)
    seen = reduce(or_, (Q(source=name) & _all_at_once(owners[name]) for name in few), NOBODY)
    numerous = [name for name, source in SOURCES.items() if source.is_numerous]
    one_by_one = reduce(or_, (Q(source=name) & _one_by_one(owners[name]) for name in numerous), NOBODY)
    if is_many is None:
        return seen | one_by_one
    # The database cannot foresee how many texts fit. Gathered first, all that somebody may see costs more than all else
    # where a few fit; asked of each, it does where most fit. So the database looks, and then takes one of both.
    all_at_once = reduce(or_, (Q(source=name) & _all_at_once(owners[name]) for name in numerous), NOBODY)
    chosen = Case(
        When(is_many, then=ExpressionWrapper(all_at_once, output_field=BooleanField())),
        default=ExpressionWrapper(one_by_one, output_field=BooleanField()),
        output_field=BooleanField(),
    )
    return seen | Q(Q(source__in=numerous), Q(chosen))


def _owners(source: Source, user: Any, earlier: bool) -> QuerySet:
    owners = source.owners(user).order_by()
    return owners if earlier or not source.earlier else owners.exclude(status__in=source.earlier)


def _one_by_one(owners: QuerySet) -> Q:
    """Asked of each entry by itself: a range of one number, for with `pk=…` the database may gather all first."""
    return Q(Exists(owners.filter(pk__range=(OuterRef("owner_id"), OuterRef("owner_id")))))


def _all_at_once(owners: QuerySet) -> Q:
    return Q(owner_id__in=owners.values("pk"))
