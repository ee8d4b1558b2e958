"""The reviews of a strategy on its page."""

from django import template

from actionplans.models import StrategyReview

register = template.Library()


@register.inclusion_tag("actionplans/_reviews.html", takes_context=True)
def reviews(context, strategy):
    """The reviews of a strategy that the reader sees, and the way to all; nothing on the page of a day."""
    if context.get("on"):
        return {}
    user = context["request"].user
    may_add = user.has_perm("actionplans.add_strategyreview")
    return {
        "reviews": list(StrategyReview.objects.visible_to(user).of(strategy)),
        "may_add": may_add,
        "strategy": strategy,
    }
