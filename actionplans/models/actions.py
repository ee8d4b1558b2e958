"""Actions: what a plan does, who leads it, and which objectives it serves."""

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import in_brief
from actionplans.consulted import asked_about
from actionplans.querysets import ADOPTED, ActionQuerySet
from actionplans.unchanging import adopted_actions_change_by_amendment
from council.record_card import silence_on, why_held
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import Step, Workflow, keeps_history

NOT_CONTINUED = _("No action of a later plan continues it yet.")


def continued_later(action):
    """An action is carried over to one that continues it in a later plan."""
    return "" if action.continued_by.going_on().exists() else NOT_CONTINUED


@keeps_history()
class Action(Workflow):
    """One piece of work in an action plan, led by one delegation, numbered <plan>.<running number>."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETED = "completed", _("Completed")
        PARTLY_ACHIEVED = "partly_achieved", _("Partly achieved")
        DISCONTINUED = "discontinued", _("Discontinued")
        CARRIED_OVER = "carried_over", _("Carried over")

    STEPS = {
        "plan": Step(frozenset({Status.PROPOSED}), Status.PLANNED, _("Adopt the plan")),
        "start": Step(frozenset({Status.PLANNED}), Status.IN_PROGRESS, _("Start")),
        "complete": Step(frozenset({Status.IN_PROGRESS}), Status.COMPLETED, _("Complete")),
        "complete_partly": Step(
            frozenset({Status.IN_PROGRESS}), Status.PARTLY_ACHIEVED, _("Close as partly achieved"), reason_required=True
        ),
        "discontinue": Step(
            frozenset({Status.PLANNED, Status.IN_PROGRESS}), Status.DISCONTINUED, _("Discontinue"),
            reason_required=True, by_decision="decide", decision_field="ending",
        ),
        "carry_over": Step(
            frozenset({Status.PLANNED, Status.IN_PROGRESS}), Status.CARRIED_OVER, _("Carry over"), (continued_later,),
            by_decision="decide", decision_field="ending",
        ),
        "reopen": Step(frozenset({Status.COMPLETED}), Status.IN_PROGRESS, _("Reopen"), reason_required=True),
    }  # fmt: skip
    NOT_TO_DECIDE = {"carry_over": NOT_CONTINUED}

    plan = models.ForeignKey("actionplans.ActionPlan", on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200, validators=[clean_line])
    summary = models.TextField(_("summary"), blank=True, validators=[clean_block])
    lead = models.ForeignKey(
        "accounts.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="led_actions",
        verbose_name=_("lead"),
    )  # fmt: skip
    objectives = models.ManyToManyField(
        "actionplans.Objective", through="actionplans.ActionObjective", related_name="actions",
        verbose_name=_("objectives it serves"),
    )  # fmt: skip
    participants = models.ManyToManyField(
        "accounts.Delegation",
        through="actionplans.ActionParticipant",
        related_name="actions",
        blank=True,
    )
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=16, choices=Status.choices, default=Status.PROPOSED)
    ending = models.ForeignKey(
        "council.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    continues = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continued_by",
        verbose_name=_("continues"),
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["plan", "number"]
        triggers = [adopted_actions_change_by_amendment()]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="action_number_once_a_plan",
                violation_error_message=_("The plan already has an action with this number."),
            ),
            models.CheckConstraint(
                name="action_starts_before_it_ends",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("An action ends on or after the day it begins."),
            ),
        ]

    def __str__(self):
        return _("Action %(number)s") % {"number": self.reference}

    def get_absolute_url(self):
        return reverse("actionplans:action_detail", args=[self.plan.number, self.number])

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("actionplans:action_step", args=[self.plan.number, self.number, verb])

    @property
    def reference(self):
        """The number under which everybody knows it: plan 7's third action is 7.3."""
        return f"{self.plan.number}.{self.number}"

    def in_brief(self):
        """What it says, for a notice."""
        return in_brief.of_action(self)

    def lead_warning(self):
        """A sentence when the lead is no member on the first or the last day of the action, or ""; it is allowed."""
        if self.lead is None or self.lead.kind != self.lead.Kind.MEMBER_STATE:
            return ""
        for day in (self.starts_on or self.plan.starts_on, self.ends_on or self.plan.ends_on):
            if not self.lead.sits_on(day):
                return _("The lead, %(lead)s, is not a member of the working party on %(day)s.") % {
                    "lead": self.lead, "day": date_format(day),
                }  # fmt: skip
        return ""

    def parts_warning(self, parts):
        """A sentence that names who of these takes part without being a member while the action runs, or ""."""
        first, last = self.starts_on or self.plan.starts_on, self.ends_on or self.plan.ends_on
        gone = [
            str(part)
            for part in parts
            if part.delegation.kind == part.delegation.Kind.MEMBER_STATE
            and not (part.delegation.sits_on(first) and part.delegation.sits_on(last))
        ]
        if not gone:
            return ""
        words = {"who": "; ".join(gone), "begin": date_format(first), "end": date_format(last)}
        return gettext("Not members of the working party from %(begin)s to %(end)s: %(who)s.") % words

    def why_locked(self):
        """Why the action's own fields cannot be changed now, or ""."""
        if self.status != self.Status.PROPOSED:
            return _("The plan is adopted: the action changes only by amendment.")
        if self.plan.status in ADOPTED and (added := self.addition):
            return added.amendment.why_locked()
        return self.plan.why_locked() or self.asked_about

    @cached_property
    def asked_about(self):
        """Why it is not changed while delegations are asked about its terms of reference, or "" (one query)."""
        return asked_about([self]).get(self.pk, "")

    @property
    def asked_about_addition(self):
        """Why nothing of it changes while delegations are asked about the amendment that would add it, or ""."""
        added = self.addition if self.plan.status in ADOPTED else None
        return why_held(added.amendment) if added else ""

    def goes_on_only_in(self, action):
        """Whether it was carried over, and nothing continues it but this action: without that it would lead nowhere."""
        if self.status != self.Status.CARRIED_OVER:
            return False
        return not self.continued_by.going_on().exclude(pk=action.pk).exists()

    def take_out(self):
        """Delete a proposed action with the drafts of its terms, and the change of an amendment that would add it."""
        self.changes.filter(kind="add").delete()
        for terms in self.terms.all():
            terms.delete()
        self.delete()

    @cached_property
    def renewals(self):
        """The amendments under way that write its terms anew; a page may have brought them (`renewal_rows`)."""
        if hasattr(self, "renewal_rows"):
            amendment = apps.get_model("actionplans.Amendment")
            return [amendment(plan=self.plan, **row) for row in self.renewal_rows]
        changes = self.changes.filter(new_terms=True, after__isnull=True).select_related("amendment__plan")
        return [change.amendment for change in changes]

    @property
    def addition(self):
        """The change of an amendment that adds this action to its plan, or None; one query, with what is asked."""
        amendment = apps.get_model("actionplans.Amendment")
        asked = silence_on(amendment, OuterRef("amendment"))
        rows = self.changes.filter(kind="add").select_related("amendment__plan").annotate(silence_row=asked)
        if found := rows.first():
            found.amendment.record_row = {"silence": found.silence_row}
        return found


@keeps_history()
class ActionObjective(models.Model):
    """An action serves an objective."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="served")
    objective = models.ForeignKey("actionplans.Objective", on_delete=models.PROTECT, related_name="serving")

    HISTORY_PARENT = "action"

    class Meta:
        ordering = ["action", "objective"]
        constraints = [
            models.UniqueConstraint(fields=["action", "objective"], name="action_serves_an_objective_once")
        ]

    def __str__(self):
        return f"{self.action} → {self.objective}"


@keeps_history()
class ActionParticipant(models.Model):
    """A delegation takes part in an action, as co-lead or as participant."""

    class Role(models.TextChoices):
        CO_LEAD = "co_lead", _("co-lead")
        PARTICIPANT = "participant", _("participant")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="parts")
    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="action_parts"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)

    HISTORY_PARENT = "action"

    class Meta:
        ordering = ["action", "role", "delegation"]
        constraints = [
            models.UniqueConstraint(fields=["action", "delegation"], name="delegation_once_an_action")
        ]

    def __str__(self):
        return f"{self.delegation}, {self.get_role_display()}"
