"""Objectives as they are worded in force; those that the strategy has withdrawn, as they last were."""

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from actionplans.models import Action, ActionObjective, StrategyVersion, Wording


def last_words(objectives, texts: QuerySet[StrategyVersion] | None = None) -> QuerySet[Wording]:
    """The newest wording of each objective, those in force first (one query); none of what only a draft has.

    `withdrawn_with` is the number of the version that no longer has the objective. `texts` are the versions to look
    into: all that are or were in force, unless a day is asked about.
    """
    texts = StrategyVersion.objects.ever_in_force() if texts is None else texts
    newer = Wording.objects.filter(
        objective=OuterRef("objective"), version__in=texts, version__number__gt=OuterRef("version__number")
    )
    without = texts.filter(strategy=OuterRef("version__strategy"), number__gt=OuterRef("version__number"))
    found = Wording.objects.filter(~Exists(newer), objective__in=objectives, version__in=texts)
    return (
        found.select_related("objective__strategy", "block__aim")
        .annotate(withdrawn_with=Subquery(without.order_by("number").values("number")[:1]))
        .order_by(F("withdrawn_with").asc(nulls_first=True), "order")
    )


def words_served(action: Action) -> QuerySet[Wording]:
    """What an action serves, in the last words of each objective (one query)."""
    return last_words(ActionObjective.objects.filter(action=action).values("objective"))


def named_withdrawn(words: Wording) -> str:
    """ "withdrawn with version 2", or "" for an objective that the text still has."""
    if words.withdrawn_with is None:
        return ""
    return _("withdrawn with version %(number)d") % {"number": words.withdrawn_with}
