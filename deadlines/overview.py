"""What stands beside the duties on the first page: what one has sent, and where the work stands."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from actionplans.models import ActionPlan
from council.models import Meeting
from council.models.decisions import taken_on
from jcos.models import Submission
from publishing.words import day_words
from strategy_portal.dates import days_left, in_words

RECENT_DAYS = 90


def sent_by(user):
    """The newest submissions of the person's delegations, each with its receipt and state; none for others."""
    if not user.delegation_ids:
        return []
    handed_in = Submission.objects.filter(delegation__in=user.delegation_ids).exclude(status="draft")
    return handed_in.select_related("operation", "delegation").order_by("-submitted_at")[:5]


def holders(user, today: date) -> list[Membership]:
    """Contact points and deputies of the person's delegations who hold the duties in their stead."""
    found = Membership.objects.holding(today).filter(delegation__in=user.left_to_others)
    return list(
        found.select_related("user", "delegation").order_by("delegation__protocol_order", "-is_contact_point")
    )


def position(user, today: date) -> list[tuple[str, str]]:
    """For the Committee, which has no duties here: sentences on where the work stands, each with its page."""
    if not user.is_committee:
        return []
    sentences = []
    plan = ActionPlan.objects.seen_whole(user).current(today).first()
    if plan is not None:
        left = in_words(days_left(plan.ends_on, today))
        words = {"number": plan.number, "day": day_words(plan.ends_on), "words": left}
        sentences.append(
            (_("Plan %(number)d runs until %(day)s (%(words)s).") % words, plan.get_absolute_url())
        )
    else:
        sentences.append((_("No adopted plan runs today."), reverse("actionplans:actionplan_list")))
    noted = (
        Submission.objects.visible_to(user)
        .annotate(noted_on=taken_on("noting__"))
        .filter(noted_on__gt=today - timedelta(days=RECENT_DAYS))
    )
    count = noted.values("operation").distinct().count()
    text = ngettext(
        "New noted results of %(count)d operation in the last %(days)d days.",
        "New noted results of %(count)d operations in the last %(days)d days.",
        count,
    )
    if not count:
        text = _("No new results were noted in the last %(days)d days.")
    sentences.append((text % {"count": count, "days": RECENT_DAYS}, "/progress/"))
    coming = Meeting.objects.visible_to(user).filter(held_on__gte=today)
    meeting = coming.select_related("body").order_by("held_on").first()
    if meeting is not None:
        words = {"body": meeting.body, "day": day_words(meeting.held_on)}
        sentences.append((_("Next meeting: %(body)s, %(day)s.") % words, meeting.get_absolute_url()))
    return sentences
