"""Amendments: the only way in which an adopted plan changes, for a reason and by a decision."""

from functools import cached_property

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import in_brief, notices
from actionplans.amendable import values_of, write
from actionplans.amendment_needs import (
    actions_not_held,
    added_actions_ready,
    changes_fit,
    changes_something,
    notes_before,
    plan_in_work,
    terms_tabled,
)
from actionplans.models.actions import Action
from actionplans.models.plans import ActionPlan
from actionplans.models.terms import TermsOfReference
from actionplans.querysets_amendments import AmendmentChangeQuerySet, AmendmentQuerySet
from actionplans.unchanging import amendments_never_change, changes_of_amendments_never_change
from council.record_card import why_held
from strategy_portal.dates import brussels_today, now
from strategy_portal.fields import clean_block
from strategy_portal.workflow import Step, Workflow, acting, keeps_history


@keeps_history()
class Amendment(Workflow):
    """What is to be changed in an adopted plan, and why; numbered within the plan.

    Every step holds the plan first, as the forms of its parts do: nobody changes what is tabled, and of several
    amendments that are decided at once each is looked at after the one before.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TABLED = "tabled", _("Tabled")
        DECIDED = "decided", _("Decided")
        APPLIED = "applied", _("Applied")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "table": Step(
            frozenset({Status.DRAFT}), Status.TABLED, _("Table the amendment"),
            (plan_in_work, changes_something, changes_fit, terms_tabled),
        ),
        "return_to_draft": Step(frozenset({Status.TABLED}), Status.DRAFT, _("Return to draft")),
        "adopt": Step(
            frozenset({Status.TABLED}), Status.DECIDED, _("Record the decision"),
            (plan_in_work, changes_something, changes_fit, terms_tabled),
            by_decision="decide", decision_field="decision", power="adopt",  # by whoever adopts plans
        ),
        "apply": Step(
            frozenset({Status.DECIDED}), Status.APPLIED, _("Apply the amendment"),
            (plan_in_work, changes_fit, terms_tabled, added_actions_ready, actions_not_held),
        ),
        "withdraw": Step(
            frozenset({Status.DRAFT, Status.TABLED, Status.DECIDED}), Status.WITHDRAWN, _("Withdraw"),
            reason_required=True,
        ),
    }  # fmt: skip

    plan = models.ForeignKey("actionplans.ActionPlan", on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.TextField(_("reason"), validators=[clean_block])
    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("drafted by"),
    )  # fmt: skip
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    decision = models.ForeignKey(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("decision"),
    )  # fmt: skip
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["plan", "number"]
        triggers = [amendments_never_change()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="amendment_number_once_a_plan"),
            models.CheckConstraint(
                name="amendment_decided_by_a_decision",
                condition=Q(
                    status__in=["decided", "applied"], decision__isnull=False, decided_on__isnull=False
                )
                | Q(status__in=["draft", "tabled"], decision=None, decided_on=None)
                | Q(status="withdrawn"),
            ),
            models.CheckConstraint(
                name="amendment_applied_at_a_moment",
                condition=Q(status="applied", applied_at__isnull=False)
                | ~Q(status="applied") & Q(applied_at=None),
            ),
        ]

    def __str__(self):
        return gettext("Amendment %(number)d of plan %(plan)d") % {
            "number": self.number, "plan": self.plan.number,
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse("actionplans:amendment_detail", args=[self.plan.number, self.number])

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("actionplans:amendment_step", args=[self.plan.number, self.number, verb])

    @cached_property
    def lines(self):
        """Its changes with all that is asked of them, in the order of the plan (a constant number of queries)."""
        lines = list(self.changes.with_actions())
        for line in lines:
            line.amendment = self
            line.action.plan = self.plan
        return lines

    def why_locked(self):
        """Why its reason and its changes cannot be changed now, or ""."""
        if self.status == self.Status.DRAFT:
            return ""
        if self.status == self.Status.TABLED:
            return why_held(self) or _("The amendment is tabled. Return it to draft to change it.")
        return _("The amendment is %(state)s; it no longer changes.") % {"state": self.state_words}

    def before_deciding(self, verb):
        """What whoever records the decision should know first; none of it hinders it."""
        return notes_before(self) if verb == "adopt" else []

    def move(self, verb, *, by, note="", **fields):
        """Take a step with the plan held."""
        with transaction.atomic():
            ActionPlan.objects.select_for_update().get(pk=self.plan_id)
            super().move(verb, by=by, note=note, **fields)

    def in_brief(self):
        """What it says, for a notice."""
        return in_brief.of_amendment(self)

    def table(self, *, by, note=""):
        """Put the amendment before the working party, and tell every delegation."""
        with transaction.atomic():
            self.move("table", by=by, note=note)
            notices.tabled(self)

    def adopt(self, *, by, decision, note=""):
        """Decide it; what nothing stands against is applied at once, in the same transaction."""
        with transaction.atomic():
            self.move("adopt", by=by, note=note, decision=decision, decided_on=decision.taken_on)
            fresh = type(self).objects.select_related("plan").get(pk=self.pk)
            if not fresh.reasons_against("apply"):
                fresh.apply(by=by)
        self.refresh_from_db()

    def withdraw(self, *, by, note=""):
        """Give it up; terms of reference that were tabled for it go back to draft: another one may take them up."""
        with transaction.atomic():
            self.move("withdraw", by=by, note=note)
            written = self.changes.filter(Q(new_terms=True) | Q(kind="add")).values("action")
            tabled = TermsOfReference.objects.filter(action__in=written, status="tabled")
            for terms in tabled.select_related("action__plan"):
                terms.return_to_draft(by=by, note=f"{self}: {note}")

    def apply(self, *, by, note=""):
        """Change the plan: all of it or nothing. What each action was and is then stays with its change."""
        with transaction.atomic():
            ActionPlan.objects.select_for_update().get(pk=self.plan_id)
            of_lines = self.changes.values("action")
            list(Action.objects.select_for_update(of=("self",)).filter(pk__in=of_lines).order_by("pk"))
            self.move("apply", by=by, note=note, applied_at=now())
            for line in type(self).objects.select_related("plan__strategy", "decision").get(pk=self.pk).lines:
                line.apply(by=by)
        self.refresh_from_db()


@keeps_history()
class AmendmentChange(models.Model):
    """What an amendment does to one action. An added action is a proposed one of the plan until it is applied.

    `drafted` are the values that it was drafted on, `proposed` those that it asks for; `before` and `after` are what
    the action was and is by the application, for ever.
    """

    class Kind(models.TextChoices):
        ADD = "add", _("add the action")
        CHANGE = "change", _("change the action")
        DISCONTINUE = "discontinue", _("discontinue the action")

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    action = models.ForeignKey("actionplans.Action", on_delete=models.PROTECT, related_name="changes")
    drafted = models.JSONField(_("drafted on"), default=dict, blank=True)
    proposed = models.JSONField(_("proposed"), default=dict, blank=True)
    new_terms = models.BooleanField(_("new terms of reference"), default=False)
    before = models.JSONField(_("before"), null=True, blank=True, editable=False)
    after = models.JSONField(_("after"), null=True, blank=True, editable=False)

    HISTORY_PARENT = "amendment"

    objects = AmendmentChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["amendment", "action__number"]
        triggers = [changes_of_amendments_never_change()]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "action"],
                name="action_once_an_amendment",
                violation_error_message=_("The amendment changes this action already."),
            ),
            models.UniqueConstraint(
                fields=["action"], condition=Q(kind="add"), name="action_added_by_one_amendment"
            ),
            models.CheckConstraint(
                name="amendment_change_knows_both_or_neither",
                condition=Q(before__isnull=True, after__isnull=True)
                | Q(before__isnull=False, after__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.action}: {self.get_kind_display()}"

    def address(self, name):
        """The address at which the line is drafted: `name` is "change", "discontinue" or "remove"."""
        return reverse(
            f"actionplans:amendmentchange_{name}",
            args=[self.amendment.plan.number, self.amendment.number, self.action.number],
        )

    def apply(self, *, by):
        """Do it, and keep what was and is. The amendment is applied already, and holds the action."""
        note = f"{self.amendment}: {self.amendment.reason}"
        with acting(by, "amend", note):
            self.before, self.after = getattr(self, f"_{self.kind}")(by, note)
            self.save(update_fields=["before", "after"])

    def _add(self, by, note):
        self._begin_when_added()
        self.action.move("plan", by=by, note=note)
        return {}, values_of(self.action)

    def _begin_when_added(self):
        """What joins a plan that runs begins on that day, where no day is set: it owes nothing of the time before."""
        action, plan, today = self.action, self.amendment.plan, brussels_today()
        if action.starts_on is None and plan.starts_on < today <= (action.ends_on or plan.ends_on):
            action.starts_on = today
            action.save(update_fields=["starts_on"])

    def _change(self, by, note):
        before = values_of(self.action)
        changed = [name for name, value in self.proposed.items() if value != before[name]]
        write(self.action, self.proposed)
        was, becomes = (
            {name: before[name] for name in changed},
            {name: self.proposed[name] for name in changed},
        )
        if self.new_terms:
            was["terms"] = max(
                (terms.version for terms in self.action.terms.all() if terms.agreement_id), default=0
            )
            terms = self.action.terms.get(status="tabled")
            terms.agree(by=by, agreement=self.amendment.decision, note=note)
            becomes["terms"] = terms.version
        return was, becomes

    def _discontinue(self, by, note):
        was = self.action.status
        self.action.move("discontinue", by=by, note=note, ending=self.amendment.decision)
        return {"status": was}, {"status": self.action.status}
