"""Who takes part in an operation, and in which role."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actionplans.models import Extendable
from jcos.querysets import ParticipationQuerySet
from strategy_portal.workflow import Step, Workflow, keeps_history


def operation_is_open(participation):
    """Nobody joins or leaves an operation that has ended."""
    return participation.operation.why_not_invite() and _("%(operation)s is %(state)s.") % {
        "operation": participation.operation,
        "state": participation.operation.state_words,
    }


@keeps_history()
class Participation(Extendable, Workflow):
    """A delegation in an operation. Being a participant does not depend on being a member on that day."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        CO_LEAD = "co_lead", _("Co-lead")
        SUPPORT = "support", _("Support")
        PARTICIPANT = "participant", _("Participant")

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "confirm": Step(
            frozenset({Status.INVITED}), Status.CONFIRMED, _("Confirm that we take part"), (operation_is_open,)
        ),
        "decline": Step(frozenset({Status.INVITED}), Status.DECLINED, _("Decline"), (operation_is_open,)),
        "withdraw": Step(
            frozenset({Status.CONFIRMED, Status.DECLINED}), Status.WITHDRAWN, _("Withdraw"), (operation_is_open,),
            reason_required=True,
        ),
    }  # fmt: skip

    operation = models.ForeignKey("jcos.Operation", on_delete=models.PROTECT, related_name="participations")
    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.INVITED)

    HISTORY_PARENT = "operation"

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["operation", "delegation__protocol_order", "delegation__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "delegation"],
                name="delegation_once_an_operation",
                violation_error_message=_("This delegation is already invited."),
            )
        ]

    def __str__(self):
        return _("%(delegation)s in %(operation)s") % {
            "delegation": self.delegation,
            "operation": self.operation,
        }

    def get_absolute_url(self):
        return self.operation.get_absolute_url()

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("jcos:participation_step", args=[self.operation.slug, self.delegation.code, verb])

    @property
    def takes_part(self):
        """Confirmed: results are owed."""
        return self.status == self.Status.CONFIRMED

    @property
    def does_not_take_part(self):
        """Declined or withdrawn: nothing is owed."""
        return self.status in {self.Status.DECLINED, self.Status.WITHDRAWN}

    # -- its results as something that may be put off --

    @property
    def original_due_on(self):
        """The day on which the results of the operation are due."""
        return self.operation.results_due_on

    @property
    def owed_by(self):
        """The delegation itself."""
        return self.delegation

    @property
    def due_name(self):
        """Its results, for a sentence."""
        return _("results of %(delegation)s for %(operation)s") % {
            "delegation": self.delegation, "operation": self.operation,
        }  # fmt: skip

    def get_dates_url(self):
        """The page where the day stands for whoever sees the operation."""
        return self.operation.get_absolute_url()

    def why_nothing_is_due(self):
        """Why the delegation owes no results, or ""."""
        if not self.takes_part:
            return _("%(delegation)s does not take part in %(operation)s.") % {
                "delegation": self.delegation, "operation": self.operation,
            }  # fmt: skip
        if self.operation.status not in {*self.operation.RUNNING, *self.operation.TAKES_RESULTS}:
            return _("%(operation)s is %(state)s.") % {
                "operation": self.operation, "state": self.operation.state_words,
            }  # fmt: skip
        handed_in = self.operation.submissions.filter(
            delegation=self.delegation_id, status__in=["submitted", "validated"]
        )
        return _("The results are handed in.") if handed_in.exists() else ""
