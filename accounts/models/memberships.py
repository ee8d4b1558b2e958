"""Who belongs to which delegation or body, in which role, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import MembershipQuerySet
from strategy_portal.fields import day_since_1950
from strategy_portal.workflow import keeps_history


class Role(models.TextChoices):
    """Roles in a delegation, each of which may do what the one before may."""

    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    SUBMITTER = "submitter", _("submitter")


@keeps_history()
class Membership(models.Model):
    """A person in a delegation or in a body. It ends by a last day and is never deleted."""

    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="memberships",
        verbose_name=_("delegation"),
    )  # fmt: skip
    body = models.ForeignKey(
        "accounts.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="memberships",
        verbose_name=_("body"),
    )  # fmt: skip
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.VIEWER)
    is_contact_point = models.BooleanField(_("contact point"), default=False)
    is_deputy = models.BooleanField(_("deputy of the contact point"), default=False)
    from_on = models.DateField(_("from"), validators=[day_since_1950])
    until_on = models.DateField(
        _("until"),
        null=True,
        blank=True,
        validators=[day_since_1950],
        help_text=_("The last day; empty for no end."),
    )

    HISTORY_PARENT = "user"

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="membership_in_a_delegation_or_a_body",
                condition=Q(delegation__isnull=False, body=None) | Q(delegation=None, body__isnull=False),
                violation_error_message=_("Choose either a delegation or a body."),
            ),
            models.UniqueConstraint(
                name="one_open_membership_in_a_delegation",
                fields=["user", "delegation"],
                condition=Q(until_on=None),
                violation_error_message=_("This person already belongs to this delegation."),
            ),
            models.UniqueConstraint(
                name="one_open_membership_in_a_body",
                fields=["user", "body"],
                condition=Q(until_on=None),
                violation_error_message=_("This person already belongs to this body."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                violation_error_message=_("A membership ends on or after the day it begins."),
            ),
            models.UniqueConstraint(
                name="one_contact_point_of_a_delegation",
                fields=["delegation"],
                condition=Q(is_contact_point=True),
                violation_error_message=_("This delegation has a contact point already."),
            ),
            models.UniqueConstraint(
                name="one_deputy_of_a_delegation",
                fields=["delegation"],
                condition=Q(is_deputy=True),
                violation_error_message=_("This delegation has a deputy already."),
            ),
            models.CheckConstraint(
                name="contact_point_and_deputy_are_two",
                condition=Q(is_contact_point=False) | Q(is_deputy=False),
                violation_error_message=_("Contact point and deputy are two people."),
            ),
            models.CheckConstraint(
                name="contact_point_and_deputy_may_submit",
                condition=Q(is_contact_point=False, is_deputy=False)
                | Q(delegation__isnull=False, role=Role.SUBMITTER),
                violation_error_message=_(
                    "Only a submitter of the delegation is its contact point or deputy."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.delegation or self.body}"

    def get_absolute_url(self):
        return self.user.get_absolute_url()

    @property
    def party(self):
        """The delegation or body that the person belongs to."""
        return self.delegation or self.body

    @property
    def holds_post(self):
        """Contact point or deputy: the duties of the delegation are theirs."""
        return self.is_contact_point or self.is_deputy

    @property
    def may_edit(self):
        """Editor or submitter."""
        return self.role in {Role.EDITOR, Role.SUBMITTER}

    @property
    def may_submit(self):
        """Submitter."""
        return self.role == Role.SUBMITTER
