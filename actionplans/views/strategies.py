"""The strategy as a document to read, and each objective with what serves it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplans.models import Objective
from actionplans.reading import (
    around,
    document_dated_on,
    has_its_note,
    newest_version,
    objective_page,
    read,
    serving,
    versions_beside,
    wordings_of,
)
from actionplans.standing import in_force_among, standing_of, texts_by
from actionplans.views.days import objective_on, strategy_on
from actionplans.views.missing import no_objective, strategy_of_the_address
from actionplans.views.on_a_day import or_on_a_day
from actionplans.views.records import related_objectives, strategy_record
from actionplans.views.versions import strategy_of, version_and_texts, version_panel
from actionplans.views.withdrawn import withdrawn_objective


@require_safe
@or_on_a_day(strategy_on)
def strategy_current(request):
    """The strategy in force."""
    texts = texts_by()
    version = in_force_among(texts)
    if version is None:
        return render(request, "actionplans/strategy_none.html")
    return _reader(request, version, texts)


@require_safe
@or_on_a_day(strategy_on)
def strategy_detail(request, slug):
    """Any strategy, in the version that is in force or was last."""
    texts = texts_by()
    version = in_force_among(texts, slug) or newest_version(slug, request.user)
    if version is not None:
        return _reader(request, version, texts)
    return strategy_record(request, strategy_of_the_address(request.user, slug))


@require_safe
def strategyversion_detail(request, number, slug=""):
    """One version's text; without a slug, of the strategy in force."""
    return _reader(request, *version_and_texts(request.user, number, slug))


@require_safe
@or_on_a_day(objective_on)
def objective_detail(request, code, slug=""):
    """One objective: its words, where it stands, and the actions that serve it."""
    user, texts = request.user, texts_by()
    version = in_force_among(texts, slug) or (newest_version(slug, user) if slug else None)
    strategy = version.strategy if version else strategy_of(user, slug)
    objectives = Objective.objects.visible_to(user).select_related("strategy")
    objective = objectives.filter(strategy=strategy, code=code).first()
    if version is None or objective is None:
        raise no_objective(user, strategy, code)
    head = around(objective, wordings_of(version))
    if head is None:
        return withdrawn_objective(request, objective, version)
    served = serving([objective.pk, *(words.objective_id for words in head.sub_points)], user)
    context = objective_page(objective, version, head, served) | related_objectives(objective, user)
    context["standing"] = standing_of(objective.strategy, texts)
    return render(request, "actionplans/objective_detail.html", context)


def _reader(request, version, texts):
    versions = versions_beside(version, request.user)
    return render(
        request,
        "actionplans/strategy_detail.html",
        {
            "version": version,
            "has_its_note": has_its_note(version, versions),
            "dated_on": document_dated_on(version, versions),
            "strategy": version.strategy,
            "standing": standing_of(version.strategy, texts),
            "reading": read(version, request.user),
            "versions": versions,
            "compare_url": _compare_url(version, versions),
            "panel": version_panel(request.user, version),
            "may_correct": request.user.has_perm("actionplans.change_strategy", version.strategy),
        },
    )


def _compare_url(version, versions):
    """Where a version stands beside the text that was in force before it; "" where the reader sees none."""
    earlier = [
        other.number
        for other in versions
        if other.number < version.number and other.in_force_from is not None
    ]
    return version.strategy.address("strategy_compare", max(earlier), version.number) if earlier else ""
