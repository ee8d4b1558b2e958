"""Action plans of 18 months: proposed, warned about, never locked to that length (15198/09, II.2)."""

from datetime import timedelta

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import in_brief, notices
from actionplans.constraints import PeriodExclusion
from actionplans.consulted import asked_about, rival_adoptions
from actionplans.deadlines import adoption_due
from actionplans.querysets import ADOPTED, ActionPlanQuerySet
from council.record_card import why_held
from strategy_portal.dates import end_of_plan
from strategy_portal.fields import clean_line
from strategy_portal.workflow import NotAllowed, Reason, Step, Workflow, keeps_history


def actions_ready(plan):
    """Each action needs agreed terms of reference that state main goals and expected outcome (15198/09, II.2)."""
    if not plan.actions_to_adopt:
        mend = plan.get_step_url("return_to_draft")
        if not plan.why_locked():
            mend = reverse("actionplans:action_create", args=[plan.number])
        return [Reason(gettext("The plan has no action yet."), mend)]
    return [
        Reason(
            gettext(
                "Action %(number)s has no agreed terms of reference with main goals and expected outcome."
            )
            % {"number": action.reference},
            action.get_absolute_url() + "terms/",
        )
        for action in plan.actions_to_adopt
        if not action.has_agreed_terms
    ]


def nothing_asked(plan):
    """What delegations are still asked about one of its actions is not settled."""
    asked = plan.asked_about
    return [
        Reason(f"{action.reference}: {asked[action.pk]}", asked[action.pk].url)
        for action in plan.actions_to_adopt
        if action.pk in asked
    ]


def period_free(plan):
    """Adopted plans never overlap."""
    return [
        Reason(
            _("Its period overlaps plan %(number)d, %(begin)s to %(end)s.")
            % {
                "number": other.number,
                "begin": date_format(other.starts_on),
                "end": date_format(other.ends_on),
            },
            plan.get_absolute_url() + "edit/",
        )
        for other in plan.others
        if other.status in ADOPTED and other.starts_on <= plan.ends_on and plan.starts_on <= other.ends_on
    ]


@keeps_history()
class ActionPlan(Workflow):
    """A plan of actions with a begin and an end; upcoming, current and ended follow from its dates."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TABLED = "tabled", _("Tabled")
        ADOPTED = "adopted", _("Adopted")
        EVALUATED = "evaluated", _("Evaluated")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "table": Step(frozenset({Status.DRAFT}), Status.TABLED, _("Table the plan")),
        "return_to_draft": Step(frozenset({Status.TABLED}), Status.DRAFT, _("Return to draft")),
        "adopt": Step(
            frozenset({Status.TABLED}), Status.ADOPTED, _("Record the adoption"),
            (actions_ready, nothing_asked, period_free),
            by_decision="adopt", decision_field="adoption",
        ),
        "evaluate": Step(frozenset({Status.ADOPTED}), Status.EVALUATED, _("Mark as evaluated")),
        "close": Step(frozenset({Status.EVALUATED}), Status.CLOSED, _("Close")),
        "withdraw": Step(
            frozenset({Status.DRAFT, Status.TABLED}), Status.WITHDRAWN, _("Withdraw"), reason_required=True
        ),
    }  # fmt: skip

    number = models.PositiveSmallIntegerField(
        _("number"),
        unique=True,
        error_messages={"unique": _("A plan with this number already exists.")},
    )
    title = models.CharField(_("title"), max_length=200, blank=True, validators=[clean_line])
    strategy = models.ForeignKey("actionplans.Strategy", on_delete=models.PROTECT, related_name="plans")
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    note_months = models.PositiveSmallIntegerField(
        _("months of a progress note"), default=6, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    note_days = models.PositiveSmallIntegerField(
        _("days in which a progress note is due"), default=30, validators=[MaxValueValidator(366)]
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    adoption = models.ForeignKey(
        "council.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    # Numbers of actions. On the plan and not on each action: to arrange them is one change of one row.
    action_order = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("order of its actions"), default=list, blank=True,
        editable=False,
    )  # fmt: skip

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="plan_starts_before_it_ends",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("A plan ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                name="plan_reports_by_months",
                condition=Q(note_months__gte=1, note_months__lte=36, note_days__lte=366),
                violation_error_message=_(
                    "A progress note covers 1 to 36 months and is due within 366 days."
                ),
            ),
            models.CheckConstraint(
                name="plan_adopted_by_a_decision",
                condition=Q(status__in=ADOPTED, adoption__isnull=False, adopted_on__isnull=False)
                | ~Q(status__in=ADOPTED) & Q(adoption=None, adopted_on=None),
            ),
            PeriodExclusion(
                name="adopted_plans_never_overlap",
                expressions=[
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(status__in=ADOPTED),
                condition_fields=["status"],
                violation_error_message=_("The period overlaps that of an adopted plan."),
            ),
        ]

    def __str__(self):
        return _("Plan %(number)d") % {"number": self.number}

    def get_absolute_url(self):
        return reverse("actionplans:actionplan_detail", args=[self.number])

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("actionplans:actionplan_step", args=[self.number, verb])

    @property
    def successor_adopt_by(self):
        """The day by which the plan that follows this one is to be adopted (15198/09, II.2)."""
        return adoption_due(self.ends_on)

    @property
    def adopt_by(self):
        """The day by which this plan itself is to be adopted, or None for the first plan."""
        if not hasattr(self, "predecessor_ends_on"):  # lists take it from `with_predecessor()`
            before = self.predecessor
            self.predecessor_ends_on = before.ends_on if before else None
        return adoption_due(self.predecessor_ends_on) if self.predecessor_ends_on else None

    @property
    def gap_warning(self):
        """A sentence when no plan runs on the days before this one, or ""."""
        if not self.adopt_by or self.starts_on - self.predecessor_ends_on <= timedelta(days=1):
            return ""
        words = {
            "begin": date_format(self.predecessor_ends_on + timedelta(days=1)),
            "end": date_format(self.starts_on - timedelta(days=1)),
        }
        return _("From %(begin)s to %(end)s no plan runs: the plan before it has ended by then.") % words

    @property
    def period_warnings(self):
        """What is allowed and still odd about the period, in sentences."""
        return [warning for warning in (self.length_warning, self.gap_warning) if warning]

    @property
    def predecessor(self):
        """The plan that this one follows, adopted or still prepared, or None."""
        return next((other for other in self.others if other.starts_on < self.starts_on), None)

    @cached_property
    def others(self):
        """The other plans that are not withdrawn, the latest first: one in 18 months (one query)."""
        return list(ActionPlan.objects.alive().exclude(pk=self.pk).order_by("-starts_on"))

    @property
    def length_warning(self):
        """A sentence when the period is not the 18 months of the strategy, or ""."""
        if self.ends_on == end_of_plan(self.starts_on):
            return ""
        return _("The strategy plans by 18 months; this plan would then end on %(day)s.") % {
            "day": date_format(end_of_plan(self.starts_on))
        }

    @cached_property
    def actions_to_adopt(self):
        """Its actions, each with whether its terms of reference are agreed (one query)."""
        return list(self.actions.select_related("plan").with_readiness())

    @cached_property
    def asked_about_adoption(self):
        """Why nothing of what it holds changes while delegations are asked to adopt it, or ""."""
        return why_held(self) if self.status == self.Status.TABLED else ""

    @cached_property
    def asked_about(self):
        """Which of its actions delegations are asked about, by their identity, each with why it waits (one query)."""
        return asked_about(self.actions.all())

    def covers(self, day):
        """Whether a day lies within the plan's period."""
        return self.starts_on <= day <= self.ends_on

    def arranged(self, actions):
        """The actions in the order in which they were arranged; those added since come after, by their number."""
        places = {number: place for place, number in enumerate(self.action_order)}
        return sorted(actions, key=lambda action: (places.get(action.number, len(places)), action.number))

    def phase(self, today):
        """upcoming, current or ended for an adopted plan, "" otherwise."""
        if self.status not in ADOPTED:
            return ""
        if today < self.starts_on:
            return "upcoming"
        return "current" if today <= self.ends_on else "ended"

    def why_locked(self):
        """Why the plan's own fields cannot be changed now, or ""."""
        if self.status == self.Status.DRAFT:
            return ""
        if self.status == self.Status.TABLED:
            return why_held(self) or _("The plan is tabled. Return it to draft to change it.")
        return _("The plan is %(state)s; it no longer changes.") % {"state": self.state_words}

    def before_deciding(self, verb):
        """What whoever records the adoption should know first; none of it hinders it."""
        if verb != "adopt":
            return []
        return [
            *self.period_warnings,
            *rival_adoptions(self),
            *(
                gettext("Action %(number)s has no lead.") % {"number": action.reference}
                for action in self.actions_to_adopt
                if action.lead_id is None
            ),
        ]

    def in_brief(self):
        """What it says, for a notice."""
        return in_brief.of_plan(self)

    def table(self, *, by, note=""):
        """Put the plan before the working party, and tell every delegation."""
        with transaction.atomic():
            self.move("table", by=by, note=note)
            notices.tabled(self)

    def _take_back_what_was_not_agreed(self, by):
        """Versions tabled beside the agreed ones are drafts again: what is adopted changes by amendment only."""
        terms = apps.get_model("actionplans.TermsOfReference").objects
        for row in terms.filter(action__plan=self, status="tabled").select_related("action__plan"):
            row.return_to_draft(by=by, note=gettext("The plan is adopted with the version agreed before."))

    def adopt(self, *, by, adoption, note=""):
        """Adopt the plan by a decision; its proposed actions are planned from then on.

        All plans are locked, always in the same order: of two that overlap and are adopted at once, the second waits
        and then reads why not.
        """
        try:
            with transaction.atomic():
                list(ActionPlan.objects.select_for_update().order_by("pk"))
                self.move("adopt", by=by, note=note, adoption=adoption, adopted_on=adoption.taken_on)
                for action in self.actions.filter(status="proposed"):
                    action.move("plan", by=by)
                self._take_back_what_was_not_agreed(by)
        except IntegrityError as error:
            raise NotAllowed(_("The period overlaps that of a plan adopted meanwhile.")) from error
