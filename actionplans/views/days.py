"""The pages that read the strategy, plans and actions as they stood on the day of `?on=`."""

from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from actionplans.asof import action_at, actions_at, first_day_of_plans, plan_at, plans_at, serving_at
from actionplans.last_words import last_words, named_withdrawn
from actionplans.models import Objective, StrategyVersion
from actionplans.reading import (
    around,
    document_dated_on,
    has_its_note,
    objective_page,
    read,
    versions_beside,
    wordings_of,
)
from actionplans.standing import standing_of, texts_by
from actionplans.views.missing import strategy_of_the_address
from actionplans.views.on_a_day import nothing
from actionplans.views.phases import with_phase
from actionplans.views.records import related_objectives, strategy_record_on
from publishing.words import day_words

# -- the strategy -----------------------------------------------------------------------------------------------------


def _version(texts, slug):
    """Of the texts of a day the one then in force, or None: of the strategy named, else of the latest of all."""
    return next((text for text in texts if slug in ("", text.strategy.slug)), None)


def _versions(request, slug):
    versions = StrategyVersion.objects.visible_to(request.user).select_related("strategy__repealed_by")
    return versions.filter(strategy__slug=slug) if slug else versions


def _before_the_first(request, on, slug):
    """Why there is no text on a day, with the first day on which there is one."""
    if slug:
        strategy_of_the_address(request.user, slug)
    first = _versions(request, slug).ever_in_force().order_by("in_force_from", "number").first()
    if first is None:
        return nothing(request, on, _("No text that is in the portal has been in force yet."))
    why = _(
        "No text was in force on %(day)s. The first in the portal, %(strategy)s, is in force from %(first)s."
    )
    return nothing(
        request,
        on,
        why
        % {
            "day": day_words(on),
            "strategy": first.strategy.reference,
            "first": day_words(first.in_force_from),
        },
    )


def strategy_on(request, on, slug=""):
    """The text that was in force on a day, with the actions that then served its objectives."""
    texts = texts_by(on)
    version = _version(texts, slug)
    if version is None and slug and not _versions(request, slug).exists():
        return strategy_record_on(request, on, slug)
    if version is None:
        return _before_the_first(request, on, slug)
    versions = versions_beside(version, request.user)
    context = {
        "on": on,
        "version": version,
        "has_its_note": has_its_note(version, versions),
        "dated_on": document_dated_on(version, versions),
        "strategy": version.strategy,
        "standing": standing_of(version.strategy, texts, on),
        "reading": read(version, request.user, served=lambda ids, user: serving_at(ids, on, user)),
        "versions": versions,
    }
    return render(request, "actionplans/strategy_detail.html", context)


def objective_on(request, on, code, slug=""):
    """An objective as the text in force on a day worded it, with the actions that served it then."""
    texts = texts_by(on)
    version = _version(texts, slug)
    if version is None:
        return _before_the_first(request, on, slug)
    objectives = Objective.objects.visible_to(request.user).filter(strategy=version.strategy_id, code=code)
    objective = objectives.select_related("strategy").first()
    head = around(objective, wordings_of(version)) if objective else None
    if head is None:
        why = _("The text in force on %(day)s, version %(number)d, has no objective with this code.")
        return nothing(request, on, why % {"day": day_words(on), "number": version.number})
    served = serving_at([objective.pk, *(words.objective_id for words in head.sub_points)], on, request.user)
    context = {
        "on": on,
        **objective_page(objective, version, head, served),
        "standing": standing_of(objective.strategy, texts, on),
        **related_objectives(objective, request.user),
        "may_relate": False,
    }
    return render(request, "actionplans/objective_detail.html", context)


# -- plans and actions ------------------------------------------------------------------------------------------------


def actionplan_list_on(request, on):
    """The plans as they stood."""
    plans = [with_phase(plan, on) for plan in plans_at(on, request.user)]
    context = {"on": on, "plans": plans}
    if not plans:
        first = first_day_of_plans(request.user)
        context["nothing"] = _("There was no plan then that is shown to you.")
        if first is not None and on < first:
            context["nothing"] += " " + _("The first stands in the portal from %(day)s.") % {
                "day": day_words(first)
            }
    return render(request, "actionplans/actionplan_list_on.html", context)


def actionplan_on(request, on, number):
    """One plan and its actions as they stood."""
    plan = plan_at(number, on, request.user)
    if plan is None:
        return nothing(request, on, _no_plan(on, number))
    context = {"on": on, "plan": with_phase(plan, on), "actions": actions_at(plan, on, request.user)}
    return render(request, "actionplans/actionplan_on.html", context)


def action_on(request, on, number, action):
    """One action as it stood, with the objectives that it served, as they were worded then."""
    plan = plan_at(number, on, request.user)
    if plan is None:
        return nothing(request, on, _no_plan(on, number))
    row = action_at(plan, action, on, request.user)
    if row is None:
        why = _("There was no action %(number)s on %(day)s that is shown to you.")
        return nothing(request, on, why % {"number": f"{number}.{action}", "day": day_words(on)})
    texts = StrategyVersion.objects.filter(strategy=plan.strategy_id).in_force_on(on)
    worded = last_words([objective.pk for objective in row.shown_objectives], texts)
    words = {found.objective_id: (found.text, named_withdrawn(found)) for found in worded}
    context = {
        "on": on,
        "plan": plan,
        "action": row,
        "objectives": [(objective, *words.get(objective.pk, ("", ""))) for objective in row.shown_objectives],
        "terms": row.shown_terms,
        "terms_texts": _texts(row.shown_terms) if row.shown_terms else [],
    }
    return render(request, "actionplans/action_on.html", context)


def _no_plan(on, number):
    return _("There was no plan %(number)d on %(day)s that is shown to you.") % {
        "number": number,
        "day": day_words(on),
    }


def _texts(terms):
    """What is written of the terms of reference, section by section."""
    fields = [terms._meta.get_field(name) for name in terms.SECTIONS]
    return [(capfirst(field.verbose_name), text) for field in fields if (text := getattr(terms, field.name))]
