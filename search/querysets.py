"""Which entries of the index a person may find, and which of them answer a question."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Exists, F, FloatField, IntegerField, OuterRef, Q, Value, When

from accounts.querysets import NOBODY, VisibleQuerySet
from search.kinds import SOURCES
from search.question import Question

NEAREST = ("distance", "-object_id", "pk")


class SearchEntryQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any, row: str = "pk", earlier: bool = True) -> Q:
        """An entry is found by those who see the row that owns it: each model's own answer is asked."""
        return reduce(
            or_, (_of_source(name, source, user, earlier) for name, source in SOURCES.items()), NOBODY
        )

    def in_force_for(self, user: Any) -> "SearchEntryQuerySet":
        """What a person may find, without texts that have been replaced or withdrawn."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self.seen_by(user, earlier=False))

    def answering(self, question: Question) -> "SearchEntryQuerySet":
        """Those with the reference or the words that are asked for."""
        found = Q(keys__overlap=question.keys) if question.keys else NOBODY
        return self.filter(found if question.words is None else found | Q(document=question.words))

    def placed(self, question: Question) -> "SearchEntryQuerySet":
        """Each with `distance` from what is asked for, the nearest first and of these the newest.

        0: its own reference is asked for, 1: another one of it, 2: all words stand in its title, 3: elsewhere.
        """
        near = [When(keys__0__in=question.keys, then=0), When(keys__overlap=question.keys, then=1)]
        if question.words is not None:
            near.append(When(heading=question.words, then=2))
        distance = Case(*near, default=3, output_field=IntegerField())
        return self.annotate(distance=distance).order_by(*NEAREST)

    def ranked(self, question: Question) -> "SearchEntryQuerySet":
        """Each with `distance` and `rank`, how well its words fit. That reads the words of each one: ask it of few."""
        rank = Value(0.0, FloatField())
        if question.words is not None:
            rank = SearchRank(F("document"), question.words, normalization=Value(1))
        return self.placed(question).annotate(rank=rank).order_by("distance", "-rank", *NEAREST[1:])


def _of_source(name: str, source: Any, user: Any, earlier: bool) -> Q:
    """The entries of one source whose owner the person sees.

    The source is looked at first. A range of one number asks for each entry that answers the question by itself; with
    `pk=…` the database would first gather every row that the person may see.
    """
    owners = source.owners(user).filter(pk__range=(OuterRef("owner_id"), OuterRef("owner_id"))).order_by()
    if not earlier and source.earlier:
        owners = owners.exclude(status__in=source.earlier)
    return Q(source=name) & Q(Exists(owners))
