"""Joint Customs Operations: what they are, the steps of their life, and the actions they serve."""

from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from actionplans.notices import tabled
from council.record_card import why_held
from jcos import noted, notices
from jcos.querysets import LEADS, OperationQuerySet
from strategy_portal.dates import brussels_day
from strategy_portal.fields import clean_block, clean_line, day_since_1950, day_since_2000
from strategy_portal.workflow import NotAllowed, Reason, Step, Workflow, acting, keeps_history

TEXT = {"blank": True, "validators": [clean_line]}
FURTHER = _("Record that the CCWP notes further results")
NO_LONGER_OPEN = {"rejected", "cancelled", "closed"}


def _edit_url(operation):
    return reverse("jcos:operation_edit", args=[operation.slug])


def _mend_url(operation):
    """Where the operation's own facts are changed; while it is tabled, the step that opens them again."""
    if operation.status == operation.Status.TABLED:
        return operation.get_step_url("return_to_proposer")
    return _edit_url(operation)


def serves_an_action(operation):
    """From *agreed* on an operation serves at least one action of a plan."""
    if operation.actions.exists():
        return []
    return [Reason(_("It does not serve an action of a plan yet."), _mend_url(operation))]


def has_a_lead(operation):
    """Somebody leads it before it is agreed."""
    if any(part.role == "lead" for part in operation.leading()):
        return []
    return [Reason(_("It has no lead yet."), _mend_url(operation))]


def lead_takes_part(operation):
    """No operation begins before its lead has said that it takes part."""
    if any(part.role == "lead" and part.status == "confirmed" for part in operation.leading()):
        return []
    return [Reason(_("The lead has not confirmed yet that it takes part."), operation.get_absolute_url())]


def dates_set(operation):
    """The operational phase is dated before it begins."""
    if operation.starts_on and operation.ends_on:
        return []
    return [Reason(_("The operational phase has no dates yet."), _edit_url(operation))]


def results_due_set(operation):
    """Delegations know by when they owe results before these can be entered."""
    if operation.results_due_on:
        return []
    return [Reason(_("The day on which results are due is not set yet."), _edit_url(operation))]


NOTHING_TO_NOTE = _("Nothing has been validated since the CCWP last noted the results.")


def something_to_note(operation):
    """A further noting covers what was validated since the last one."""
    return "" if operation.submissions.awaiting_noting().exists() else NOTHING_TO_NOTE


@keeps_history()
class Operation(Workflow):
    """A Joint Customs Operation from its proposal to its follow-up (15198/09, I.5)."""

    class Kind(models.TextChoices):
        JCO = "jco", _("Joint Customs Operation")
        HISTORICAL = "historical", _("Historical operation")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        TABLED = "tabled", _("Tabled")
        AGREED = "agreed", _("Agreed")
        PLANNING = "planning", _("Planning")
        OPERATIONAL = "operational", _("Operational")
        POST_OPERATIONAL = "post_operational", _("Post-operational")
        DEBRIEFED = "debriefed", _("Debriefed")
        RESULTS_NOTED = "results_noted", _("Results noted by the CCWP")
        REPORTED = "reported", _("Reported to the Committee")
        FOLLOW_UP = "follow_up", _("Follow-up")
        CLOSED = "closed", _("Closed")
        REJECTED = "rejected", _("Rejected")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    AFTER_IS = {
        Status.PLANNING: _("in planning"),
        Status.RESULTS_NOTED: _("past the noting of its results"),
        Status.FOLLOW_UP: _("in follow-up"),
    }
    RUNNING = frozenset({Status.AGREED, Status.PLANNING, Status.OPERATIONAL, Status.POST_OPERATIONAL})
    # Results can be entered from *operational* on, late ones also after *debriefed*.
    TAKES_RESULTS = frozenset(
        {Status.OPERATIONAL, Status.POST_OPERATIONAL, Status.DEBRIEFED, Status.RESULTS_NOTED, Status.REPORTED,
         Status.FOLLOW_UP}
    )  # fmt: skip
    NOTED = frozenset({Status.RESULTS_NOTED, Status.REPORTED, Status.FOLLOW_UP, Status.CLOSED})

    STEPS = {
        "table": Step(frozenset({Status.PROPOSED}), Status.TABLED, _("Table the proposal")),
        "return_to_proposer": Step(frozenset({Status.TABLED}), Status.PROPOSED, _("Return to the proposer")),
        "agree": Step(
            frozenset({Status.TABLED}), Status.AGREED, _("Record the agreement"), (has_a_lead, serves_an_action),
            by_decision="agree", decision_field="agreement",
        ),
        "reject": Step(
            frozenset({Status.TABLED}), Status.REJECTED, _("Record the rejection"),
            by_decision="reject", decision_field="agreement",
        ),
        "plan": Step(frozenset({Status.AGREED}), Status.PLANNING, _("Begin planning")),
        "start": Step(
            frozenset({Status.PLANNING}), Status.OPERATIONAL, _("Begin the operational phase"),
            (lead_takes_part, dates_set, results_due_set),
        ),
        "end_operational": Step(
            frozenset({Status.OPERATIONAL}), Status.POST_OPERATIONAL, _("End the operational phase")
        ),
        "debrief": Step(frozenset({Status.POST_OPERATIONAL}), Status.DEBRIEFED, _("Record the debriefing")),
        "note_results": Step(
            frozenset({Status.DEBRIEFED}), Status.RESULTS_NOTED, _("Record that the CCWP notes the results"),
            by_decision="note", decision_field="noting", power="note_results",
        ),
        # A further noting leaves the operation in the state in which it is.
        "note_further_results": Step(
            frozenset({Status.RESULTS_NOTED}), Status.RESULTS_NOTED, FURTHER, (something_to_note,),
            by_decision="note", decision_field="noting", power="note_results",
        ),
        "note_after_the_report": Step(
            frozenset({Status.REPORTED}), Status.REPORTED, FURTHER, (something_to_note,),
            by_decision="note", decision_field="noting", power="note_results",
        ),
        "note_during_follow_up": Step(
            frozenset({Status.FOLLOW_UP}), Status.FOLLOW_UP, FURTHER, (something_to_note,),
            by_decision="note", decision_field="noting", power="note_results",
        ),
        "report": Step(frozenset({Status.RESULTS_NOTED}), Status.REPORTED, _("Record the report to the Committee")),
        "follow_up": Step(frozenset({Status.REPORTED}), Status.FOLLOW_UP, _("Begin the follow-up")),
        "close": Step(frozenset({Status.REPORTED, Status.FOLLOW_UP}), Status.CLOSED, _("Close the operation")),
        "postpone": Step(
            frozenset({Status.AGREED, Status.PLANNING}), Status.POSTPONED, _("Postpone"), reason_required=True
        ),
        "resume": Step(frozenset({Status.POSTPONED}), Status.PLANNING, _("Resume planning")),
        "cancel": Step(
            frozenset({Status.PROPOSED, Status.TABLED, Status.AGREED, Status.PLANNING, Status.POSTPONED}),
            Status.CANCELLED, _("Cancel the operation"), reason_required=True,
        ),
    }  # fmt: skip

    NOT_TO_DECIDE = dict.fromkeys(
        ("note_further_results", "note_after_the_report", "note_during_follow_up"), NOTHING_TO_NOTE
    )

    name = models.CharField(_("code name"), max_length=80, validators=[clean_line])
    slug = models.SlugField(_("address"), max_length=100, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.JCO, editable=False)
    is_fictitious = models.BooleanField(_("fictitious"), default=False, editable=False)
    status = models.CharField(_("state"), max_length=20, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(
        "accounts.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="proposed_operations",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    goods = models.CharField(_("goods"), max_length=250, **TEXT)
    modes = models.CharField(_("modes of transport"), max_length=120, **TEXT)
    purpose = models.TextField(_("purpose"), blank=True, validators=[clean_block])
    starts_on = models.DateField(
        _("operational phase begins on"), null=True, blank=True, validators=[day_since_1950]
    )
    ends_on = models.DateField(
        _("operational phase ends on"), null=True, blank=True, validators=[day_since_1950]
    )
    results_due_on = models.DateField(_("results due on"), null=True, blank=True, validators=[day_since_2000])
    embargo_until = models.DateField(
        _("embargo until"), null=True, blank=True, validators=[day_since_2000],
        help_text=_("Until then only the leads see the validated results of others."),
    )  # fmt: skip
    actions = models.ManyToManyField(
        "actionplans.Action", through="jcos.OperationAction", related_name="operations", blank=True,
        verbose_name=_("actions it serves"),
    )  # fmt: skip
    agreement = models.ForeignKey(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("decision on the proposal"),
    )  # fmt: skip
    noting = models.ForeignKey(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("results noted by"),
    )  # fmt: skip
    # What was published about operations of kind *historical*, as precisely as it was published.
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    published_kind = models.CharField(_("kind as published"), max_length=60, **TEXT)
    published_from = models.CharField(_("began"), max_length=10, **TEXT)
    published_until = models.CharField(_("ended"), max_length=10, **TEXT)
    published_lead = models.CharField(_("lead as published"), max_length=60, **TEXT)
    published_support = models.CharField(_("co-leads and support as published"), max_length=250, **TEXT)
    published_participants = models.CharField(_("participants as published"), max_length=250, **TEXT)
    participants_count = models.PositiveSmallIntegerField(_("number of participants"), null=True, blank=True)
    published_results = models.TextField(_("results as published"), blank=True, validators=[clean_block])
    published_on = models.CharField(_("published"), max_length=60, **TEXT)
    source = models.TextField(_("source"), blank=True, validators=[clean_block])

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = [F("starts_on").desc(nulls_last=True), F("year").desc(nulls_last=True), "name"]
        constraints = [
            models.CheckConstraint(
                name="operation_starts_before_it_ends",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The operational phase ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                name="operation_results_due_after_it_ends",
                condition=Q(results_due_on=None) | Q(ends_on=None) | Q(results_due_on__gte=F("ends_on")),
                violation_error_message=_("Results are due on or after the day the operational phase ends."),
            ),
            models.CheckConstraint(
                name="operation_noted_by_a_decision",
                condition=Q(kind="historical")
                | ~Q(status__in=["results_noted", "reported", "follow_up", "closed"])
                | Q(noting__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("jcos:operation_detail", args=[self.slug])

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("jcos:operation_step", args=[self.slug, verb])

    @property
    def is_historical(self):
        """Closed before the portal began, and known only from what was published."""
        return self.kind == self.Kind.HISTORICAL

    @property
    def takes_results(self):
        """Whether results can be entered now."""
        return self.status in self.TAKES_RESULTS

    def why_locked(self):
        """Why the operation's own fields cannot be changed now, or ""."""
        if self.is_historical:
            return _("A historical operation is kept as it was published.")
        if held := why_held(self):
            return held
        if self.status in {self.Status.PROPOSED, self.Status.POSTPONED, *self.RUNNING, self.Status.DEBRIEFED}:
            return ""
        if self.status == self.Status.TABLED:
            return _("The operation is tabled. Return it to the proposer to change it.")
        return _("The operation is %(state)s; it no longer changes.") % {"state": self.state_words}

    def in_brief(self):
        """What it is about, for a notice."""
        return [part for part in (self.goods, self.modes, self.purpose) if part]

    def why_not_invite(self):
        """Why no delegation can be invited now, or ""."""
        if self.is_historical or self.status in NO_LONGER_OPEN | self.NOTED:
            return _("The operation is %(state)s: nobody can join it.") % {"state": self.state_words}
        return ""

    @classmethod
    def free_slug(cls, name, year):
        """An address nobody has yet: name and year, and a number where these are taken."""
        words = slugify(name)[:80].strip("-") or "operation"
        if year and not words.endswith(str(year)):
            words = f"{words}-{year}"
        taken = set(cls.objects.filter(slug__startswith=words).values_list("slug", flat=True))
        number, slug = 1, words
        while slug in taken:
            number += 1
            slug = f"{words}-{number}"
        return slug

    def invite(self, delegations, role, *, by):
        """Invite delegations in a role. Once the operation is agreed their contact points are told at once."""
        with transaction.atomic(), acting(by, "invite"):
            row = Operation._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if why := row.why_not_invite():
                raise NotAllowed(why)
            invited = [self.participations.create(delegation=each, role=role) for each in delegations]
            if row.status != self.Status.PROPOSED and row.status != self.Status.TABLED:
                for participation in invited:
                    notices.invited(participation)
        return invited

    def table(self, *, by, note=""):
        """Put the proposal before the working party, and tell every delegation."""
        with transaction.atomic():
            self.move("table", by=by, note=note)
            tabled(self)

    def agree(self, *, by, agreement, note=""):
        """The CCWP agrees: whoever is invited is told now, for only now it is certain to take place."""
        with transaction.atomic():
            self.move("agree", by=by, note=note, agreement=agreement)
            for participation in self.participations.filter(status="invited").select_related("delegation"):
                notices.invited(participation)

    def decidable_since(self, verb):
        """The day on which the newest results that a noting covers were submitted; None for other decisions."""
        if self.STEPS[verb].by_decision != "note":
            return None
        newest = self.submissions.awaiting_noting().aggregate(at=Max("submitted_at"))["at"]
        return brussels_day(newest) if newest else None

    def before_deciding(self, verb):
        """What whoever records the decision should know first: which results a noting covers, and which not."""
        return noted.in_sentences(self) if self.STEPS[verb].by_decision == "note" else []

    def note_results(self, *, by, noting, note=""):
        """The CCWP notes the results: the versions validated at this moment, though others may be missing."""
        self._note("note_results", by, noting, note)

    def note_further_results(self, *, by, noting, note=""):
        """A further noting covers what was validated since; the operation keeps its state."""
        self._note("note_further_results", by, noting, note)

    def note_after_the_report(self, *, by, noting, note=""):
        """The same, once the results have been reported to the Committee."""
        self._note("note_after_the_report", by, noting, note)

    def note_during_follow_up(self, *, by, noting, note=""):
        """The same, while the follow-up runs."""
        self._note("note_during_follow_up", by, noting, note)

    def _note(self, verb, by, noting, note):
        with transaction.atomic():
            # Validating locks the operation, too: what is validated is either covered or comes later.
            Operation._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            note = "\n\n".join(filter(None, (note, *noted.kept(self))))
            with acting(by, verb, note):
                self.move(verb, by=by, note=note, noting=noting)
                self.submissions.note(noting)

    def leading(self):
        """Participations of those who lead or co-lead, the lead first; no query where they are prefetched.

        Who has declined or withdrawn leads no longer.
        """
        found = [p for p in self.participations.all() if p.role in LEADS and not p.does_not_take_part]
        return sorted(found, key=lambda p: p.role != "lead")


@keeps_history()
class OperationAction(models.Model):
    """An operation serves an action of a plan."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="serves")
    action = models.ForeignKey("actionplans.Action", on_delete=models.PROTECT, related_name="served_by")

    HISTORY_PARENT = "operation"

    class Meta:
        ordering = ["operation", "action"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "action"], name="operation_serves_an_action_once")
        ]

    def __str__(self):
        return f"{self.operation} → {self.action}"
