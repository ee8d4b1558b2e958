"""Who sees which amendment and which of its changes (DESIGN 7), and the rows that its pages and steps ask for."""

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q
from django.db.models.functions import JSONObject

from accounts.querysets import EVERYBODY, NOBODY, VisibleQuerySet
from actionplans.querysets import _prepares, _takes_part

SHOWN = ["tabled", "decided", "applied"]
SETTLED = ["decided", "applied"]


class AmendmentQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft, withdrawn: secretariat, Presidency, who drafts it, leads of its actions. Tabled: and delegations.

        Decided and later: as the plan. Third parties see those of actions in which they take part.
        """
        if _prepares(user):
            return EVERYBODY
        changes = apps.get_model("actionplans.AmendmentChange").objects
        led = changes.filter(action__lead__in=user.delegation_ids).values("amendment")
        seen = Q(delegation__in=user.delegation_ids) | Q(**{f"{row}__in": led})
        if user.is_delegate:
            return seen | Q(status__in=SHOWN)
        if user.is_committee:
            return Q(status__in=SETTLED)
        if user.is_third_party:
            taken = changes.filter(_takes_part(user, "action")).values("amendment")
            return seen | Q(status__in=SETTLED) & Q(**{f"{row}__in": taken})
        return NOBODY

    def of(self, plan):
        """Those of one plan, the newest first."""
        return self.filter(plan=plan).order_by("-number")

    def with_change_count(self, user):
        """Each with the number of its changes that a person sees."""
        changes = apps.get_model("actionplans.AmendmentChange").objects.visible_to(user)
        return self.annotate(change_count=Count("changes", filter=Q(changes__in=changes)))


class AmendmentChangeQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Those of a draft: secretariat, Presidency, who drafts it, the lead of the action. Later: as the amendment.

        An event of the history holds no state of the amendment: those of the time before the application stay with
        who prepares it or leads the action.
        """
        if _prepares(user):
            return EVERYBODY
        amendments = apps.get_model("actionplans.Amendment").objects
        seen = Q(action__lead__in=user.delegation_ids) | Q(
            amendment__in=amendments.filter(delegation__in=user.delegation_ids).values("pk")
        )
        shown = Q(amendment__in=amendments.filter(status__in=SHOWN).values("pk"))
        settled = Q(amendment__in=amendments.filter(status__in=SETTLED).values("pk"))
        if row != "pk":
            shown = settled = Q(after__isnull=False)
        if user.is_delegate:
            return seen | shown
        if user.is_committee:
            return settled
        return seen | settled & _takes_part(user, "action") if user.is_third_party else NOBODY

    def applied(self):
        """Those that have changed their plan, in the order in which they did."""
        return self.filter(after__isnull=False).order_by("amendment__applied_at", "amendment__number", "pk")

    def with_actions(self):
        """Each with its action and all that its values and terms of reference are read from."""
        rows = self.select_related("action__lead").prefetch_related(*value_links("action__"), "action__terms")
        return rows.order_by("action__number")


def value_links(prefix=""):
    """What the values of an action are read from, to be fetched with it: what it serves, and who takes part."""
    served = apps.get_model("actionplans.ActionObjective").objects.select_related("objective")
    parts = apps.get_model("actionplans.ActionParticipant").objects.select_related("delegation")
    return Prefetch(f"{prefix}served", served), Prefetch(f"{prefix}parts", parts)


def changes_shown(user):
    """The expression for rows of actions: what of amendments a person sees of each, as JSON, in order."""
    rows = apps.get_model("actionplans.AmendmentChange").objects.visible_to(user)
    rows = (
        rows.filter(action=OuterRef("pk"))
        .exclude(amendment__status="withdrawn")
        .order_by("amendment__number")
    )
    return ArraySubquery(
        rows.values(
            row=JSONObject(
                number="amendment__number", status="amendment__status", kind="kind",
                decided_on="amendment__decided_on",
            )
        )
    )  # fmt: skip


def renewals_of_actions():
    """The expression for rows of actions: the amendments under way that write their terms anew, as JSON."""
    rows = apps.get_model("actionplans.AmendmentChange").objects.filter(
        action=OuterRef("pk"), new_terms=True, after__isnull=True
    )
    row = JSONObject(number="amendment__number", status="amendment__status")
    return ArraySubquery(rows.order_by("amendment__number").values(row=row))


def amendments_shown(user):
    """The expression for rows of plans: the amendments of each that a person sees, as JSON, in order."""
    rows = apps.get_model("actionplans.Amendment").objects.visible_to(user).filter(plan=OuterRef("pk"))
    rows = rows.exclude(status="withdrawn").order_by("number")
    return ArraySubquery(
        rows.values(row=JSONObject(number="number", status="status", decided_on="decided_on"))
    )
