"""What the addresses of strategies and plans say when they name something that is not there, or not for this reader.

Both are said alike, and nothing is asked of the thing itself, so that nobody learns that a draft exists.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import ActionPlan, Objective, Strategy
from publishing.words import day_words
from strategy_portal.missing import Missing


def strategy_of_the_address(user, slug):
    """The strategy with a short name as far as a person sees it; raises what says that there is none."""
    strategy = Strategy.objects.visible_to(user).filter(slug=slug).first()
    if strategy is None:
        why = _("There is no strategy with the short name “%(slug)s” that is shown to you.")
        raise Missing(why % {"slug": slug}, _all_strategies())
    return strategy


def no_strategy_in_force():
    """No strategy is in force in the portal, so its short address leads nowhere."""
    return Missing(_("No strategy is in force in the portal."), _all_strategies())


def _all_strategies():
    return _("All strategies"), reverse("actionplans:strategy_list")


def no_version(strategy, number):
    """The strategy has no version with this number."""
    why = _("%(strategy)s has no version %(number)s that is shown to you.")
    return Missing(
        why % {"strategy": strategy.reference, "number": number},
        (_("All versions"), strategy.address("strategyversion_list")),
        (_("Read the strategy"), strategy.get_absolute_url()),
    )


def nothing_of_the_version(version):
    """A version has no page with this address."""
    return Missing(
        _("%(version)s has no page at this address.") % {"version": version},
        (_("Read this version"), version.get_absolute_url()),
        (_("All versions"), version.strategy.address("strategyversion_list")),
    )


def no_objective(user, strategy, code):
    """The strategy has no objective with this code; those of other strategies that have it are named."""
    why = _("%(strategy)s has no objective %(code)s that is shown to you.")
    others = Objective.objects.visible_to(user).filter(code=code).exclude(strategy=strategy)
    return Missing(
        why % {"strategy": strategy.reference, "code": code},
        *(
            (
                _("%(code)s of %(strategy)s") % {"code": code, "strategy": other.strategy.reference},
                other.get_absolute_url(),
            )
            for other in others.select_related("strategy").order_by("-strategy__dated_on")
        ),
        (_("Read the strategy"), strategy.get_absolute_url()),
    )


def plan_of_the_address(user, number):
    """The plan with a number as far as a person sees it; raises what says that there is none."""
    plan = ActionPlan.objects.visible_to(user).filter(number=number).first()
    if plan is None:
        why = _("There is no plan %(number)d that is shown to you.") % {"number": number}
        raise Missing(why, (_("All plans"), reverse("actionplans:actionplan_list")))
    return plan


def action_of_the_address(user, actions, number, action):
    """The action with a number among those of a plan that a person sees; raises what says that there is none."""
    row = actions.filter(number=action).first()
    if row is None:
        plan = plan_of_the_address(user, number)
        why = _("%(plan)s has no action %(number)s that is shown to you.")
        raise Missing(
            why % {"plan": plan, "number": f"{number}.{action}"},
            (_("The actions of this plan"), plan.get_absolute_url()),
            (_("All plans"), reverse("actionplans:actionplan_list")),
        )
    return row


def no_period(action, ends_on):
    """The action has no note on the period that ends on a day."""
    why = _("%(action)s has no progress note on a period that ends on %(day)s and is shown to you.")
    notes = reverse("actionplans:progressnote_list", args=[action.plan.number, action.number])
    return Missing(
        why % {"action": action, "day": day_words(ends_on)},
        (_("All progress notes of the action"), notes),
        (str(action), action.get_absolute_url()),
    )
