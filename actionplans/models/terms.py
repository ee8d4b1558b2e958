"""Terms of reference: nothing enters a plan without them (15198/09, II.2)."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import in_brief, notices
from actionplans.querysets import TermsQuerySet
from actionplans.unchanging import agreed_terms_never_change
from council.models import Position
from council.record_card import procedure_on, why_held
from strategy_portal.dates import now
from strategy_portal.fields import clean_block
from strategy_portal.workflow import Reason, Step, Workflow, acting, keeps_history, within_sentence


def goals_and_outcome_written(terms):
    """What is not written is written on the form of the text."""
    return [Reason(why, terms.get_absolute_url() + "edit/") for why in terms.unwritten]


def baseline_open(terms):
    """The adoption of the plan freezes its baseline, its terms too, unless a draft of an amendment writes them anew."""
    return why_frozen(terms.action, "draft")


def nothing_waits_for_it(terms):
    """A tabled text is taken back, unless an amendment under way or the adoption of the plan is to agree with it."""
    action = terms.action
    if action.status == "proposed":
        return baseline_open(terms)
    under_way = [one for one in action.renewals if one.status in ("draft", "tabled", "decided")]
    return why_frozen(action, "draft") if under_way else ""


def agreed_with_the_amendment(terms):
    """Of an adopted action they are agreed by the decision on the amendment, when that is applied."""
    return why_frozen(terms.action, "applied")


def why_frozen(action, state):
    """Why the terms of an action do not change while an amendment that renews them is in a state, or ""."""
    if action.status == "proposed":
        return action.plan.asked_about_adoption or action.asked_about_addition
    amendments = {amendment.status: amendment for amendment in action.renewals}
    if state in amendments:
        return ""
    if under_way := [amendments[name] for name in ("draft", "tabled", "decided") if name in amendments]:
        said = gettext("They are agreed with %(amendment)s.") % {"amendment": within_sentence(under_way[0])}
        return Reason(said, under_way[0].get_absolute_url())
    return gettext("The plan is adopted: the terms of reference change only by amendment.")


@keeps_history()
class TermsOfReference(Workflow):
    """One version of an action's terms of reference; an agreed version never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TABLED = "tabled", _("Tabled")
        AGREED = "agreed", _("Agreed")
        SUPERSEDED = "superseded", _("Superseded")

    AFTER_IS = {Status.DRAFT: _("in draft")}
    NAMED_WITH = ("action__plan",)
    VERB_NUMBER = 2
    STEPS = {
        "table": Step(
            frozenset({Status.DRAFT}), Status.TABLED, _("Table the terms of reference"),
            (goals_and_outcome_written, baseline_open),
        ),
        "return_to_draft": Step(
            frozenset({Status.TABLED}), Status.DRAFT, _("Return to draft"), (nothing_waits_for_it,)
        ),
        "agree": Step(
            frozenset({Status.TABLED}), Status.AGREED, _("Record the agreement"),
            (goals_and_outcome_written, agreed_with_the_amendment),
            by_decision="agree", decision_field="agreement",
        ),
        "supersede": Step(frozenset({Status.AGREED}), Status.SUPERSEDED, _("Supersede")),
    }  # fmt: skip

    action = models.ForeignKey("actionplans.Action", on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    background = models.TextField(_("background"), blank=True, validators=[clean_block])
    main_goals = models.TextField(_("main goals"), blank=True, validators=[clean_block])
    expected_outcome = models.TextField(_("expected outcome"), blank=True, validators=[clean_block])
    tasks = models.TextField(_("tasks"), blank=True, validators=[clean_block])
    scope = models.TextField(_("scope"), blank=True, validators=[clean_block])
    timetable = models.TextField(_("timetable"), blank=True, validators=[clean_block])
    reporting = models.TextField(_("reporting duty"), blank=True, validators=[clean_block])
    resources = models.TextField(_("resources and funding"), blank=True, validators=[clean_block])
    legal_instruments = models.TextField(
        _("legal instruments"), blank=True, validators=[clean_block], help_text=_("One on each line.")
    )
    positions = GenericRelation("council.Position")
    agreement = models.ForeignKey(
        "council.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    SECTIONS = [
        "background",
        "main_goals",
        "expected_outcome",
        "tasks",
        "scope",
        "timetable",
        "reporting",
        "resources",
        "legal_instruments",
    ]

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of reference")
        verbose_name_plural = _("terms of reference")
        ordering = ["action", "-version"]
        triggers = [agreed_terms_never_change()]
        constraints = [
            models.UniqueConstraint(fields=["action", "version"], name="terms_version_once_an_action"),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(status__in=["draft", "tabled"]),
                name="one_open_terms_an_action",
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(status="agreed"),
                name="one_agreed_terms_an_action",
            ),
            models.CheckConstraint(
                name="terms_tabled_with_goals_and_outcome",
                condition=Q(status="draft") | ~Q(main_goals="") & ~Q(expected_outcome=""),
            ),
            models.CheckConstraint(
                name="terms_agreed_by_a_decision",
                condition=Q(status__in=["agreed", "superseded"], agreement__isnull=False)
                | ~Q(status__in=["agreed", "superseded"]) & Q(agreement=None),
            ),
        ]

    def __str__(self):
        return _("Terms of reference of %(action)s, version %(version)d") % {
            "action": self.action.reference, "version": self.version,
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse(
            "actionplans:terms_detail",
            args=[self.action.plan.number, self.action.number],
        )

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse(
            "actionplans:terms_step",
            args=[self.action.plan.number, self.action.number, self.version, verb],
        )

    @property
    def unwritten(self):
        """What is missing, in sentences: "the main goals and expected outcome of the actions" (15198/09, II.2)."""
        said = {
            "main_goals": gettext("The main goals are missing."),
            "expected_outcome": gettext("The expected outcome is missing."),
        }
        return [why for name, why in said.items() if not getattr(self, name).strip()]

    @property
    def number(self):
        """The number of this version, under the name that a strategy's version gives it."""
        return self.version

    def why_locked(self):
        """Why the text cannot be changed now, or ""."""
        if frozen := baseline_open(self):
            return frozen
        if self.status == self.Status.DRAFT:
            return ""
        if self.status == self.Status.TABLED:
            return why_held(self) or _(
                "The terms of reference are tabled. Return them to draft to change them."
            )
        return _("Agreed terms of reference never change. Begin a new version.")

    def in_brief(self):
        """What it says, for a notice."""
        return in_brief.of_terms(self)

    def table(self, *, by, note=""):
        """Put the text before the working party, and tell every delegation."""
        with transaction.atomic():
            self.move("table", by=by, note=note)
            notices.tabled(self)

    def agree(self, *, by, agreement, note=""):
        """Agree this version by a decision; the version agreed before is superseded.

        The action is locked first: its plan is not adopted between the look and the step.
        """
        with transaction.atomic():
            type(self.action).objects.select_for_update().get(pk=self.action_id)
            versions = TermsOfReference.objects.filter(action=self.action).exclude(pk=self.pk)
            for before in versions.filter(status=self.Status.AGREED):
                before.move("supersede", by=by)
            self.move("agree", by=by, note=note, agreement=agreement)
            Position.objects.end(self, at=agreement.recorded_at)

    def return_to_draft(self, *, by, note=""):
        """Take the text back to change it: what delegations said of it ends with it."""
        with transaction.atomic(), acting(by, "return_to_draft", note):
            self.move("return_to_draft", by=by, note=note)
            Position.objects.end(self, at=now())

    def why_no_position(self):
        """Why no delegation can say what it holds of the text now, or ""."""
        if self.status != self.Status.TABLED:
            return gettext("%(terms)s is %(state)s: positions are given while it is tabled.") % {
                "terms": self, "state": self.state_words,
            }  # fmt: skip
        if self.action.plan.status == self.action.plan.Status.WITHDRAWN:
            return gettext("The plan is withdrawn.")
        if procedure := procedure_on(self):
            return procedure.why_answered_there()
        return baseline_open(self)

    def before_deciding(self, verb):
        """Who objects and who has a reservation, before the agreement is recorded; it hinders nothing."""
        given = Position.objects.open_on(self).exclude(stance=Position.Stance.AGREES)
        by_stance = {stance: [] for stance in (Position.Stance.OBJECTS, Position.Stance.RESERVATION)}
        for position in given.select_related("delegation"):
            by_stance[position.stance].append(position.delegation.name)
        said = {
            Position.Stance.OBJECTS: gettext("These delegations object: %(names)s."),
            Position.Stance.RESERVATION: gettext("These delegations have a reservation: %(names)s."),
        }
        return [said[stance] % {"names": ", ".join(names)} for stance, names in by_stance.items() if names]
