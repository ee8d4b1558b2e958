"""What this app adds to the pages of lower apps."""

from django.db.models import Count, Q

from actionplans.models import ActionPlan, TermsOfReference


def plans_under_way(user, handover):
    """For the hand-over of the Presidency: plans that are prepared or run, with how far their terms are; one query."""
    seen = TermsOfReference.objects.visible_to(user).values("pk")
    counted = {
        status: Count(
            "actions__terms", filter=Q(actions__terms__status=status, actions__terms__in=seen), distinct=True
        )
        for status in ("draft", "tabled", "agreed")
    }
    plans = ActionPlan.objects.seen_whole(user).filter(
        Q(status__in=["draft", "tabled"]) | Q(status="adopted", ends_on__gte=handover.today)
    )
    plans = plans.annotate(number_of_actions=Count("actions", distinct=True), **counted)
    return {"plans": plans.order_by("starts_on", "number")}
