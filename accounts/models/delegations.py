"""Those who take part (delegations) and those who meet (bodies): data, never code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.querysets import BodyQuerySet, DelegationQuerySet
from strategy_portal.fields import clean_line
from strategy_portal.workflow import keeps_history


@keeps_history()
class Delegation(models.Model):
    """A Member State, Commission service, agency, organisation or third country that takes part."""

    class Kind(models.TextChoices):
        MEMBER_STATE = "MS", _("Member State")
        COMMISSION = "COM", _("Commission service")
        AGENCY = "AGENCY", _("agency")
        INTERNATIONAL = "INT", _("international organisation")
        THIRD = "THIRD", _("third country")

    code = models.CharField(
        _("EU code"),
        max_length=10,
        unique=True,
        help_text=_("EL and UK, not GR and GB."),
    )
    iso_code = models.CharField(_("ISO 3166 code"), max_length=2, blank=True)
    name = models.CharField(_("name"), max_length=150, validators=[clean_line])
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    member_from = models.DateField(_("member from"), null=True, blank=True)
    member_until = models.DateField(_("member until"), null=True, blank=True)
    mailbox = models.EmailField(_("functional mailbox"), blank=True)
    protocol_order = models.PositiveSmallIntegerField(_("protocol order"), default=999)
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[clean_line])

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["protocol_order", "code"]
        constraints = [
            models.CheckConstraint(
                name="delegation_membership_ends_after_it_begins",
                condition=Q(member_until=None) | Q(member_until__gte=F("member_from")),
            ),
            models.CheckConstraint(
                name="delegation_member_state_has_a_first_day",
                condition=~Q(kind="MS") | Q(member_from__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("accounts:delegation_list") + f"#delegation-{self.code}"

    def sits_on(self, day):
        """Whether this is a delegation of the working party on that day: a Member State then, or the Commission."""
        if self.kind == self.Kind.COMMISSION:
            return True
        return (
            self.kind == self.Kind.MEMBER_STATE
            and self.member_from <= day
            and (self.member_until is None or day <= self.member_until)
        )


@keeps_history()
class Body(models.Model):
    """A group that meets and decides; its powers are the kinds of decision it may take."""

    class Role(models.TextChoices):
        WORKING_PARTY = "working_party", _("working party")
        SECRETARIAT = "secretariat", _("secretariat")
        ADDRESSEE = "addressee", _("receives reports")
        OTHER = "other", _("other")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=150, validators=[clean_line])
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    powers = ArrayField(models.CharField(max_length=20), verbose_name=_("may"), default=list, blank=True)
    mailbox = models.EmailField(_("functional mailbox"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=99)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("council:meeting_list") + f"?body={self.code}"
