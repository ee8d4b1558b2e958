"""People. What somebody may do follows from the memberships that are current today."""

from functools import cached_property

import rules
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserQuerySet
from strategy_portal.dates import brussels_today, now
from strategy_portal.fields import clean_line
from strategy_portal.workflow import keeps_history


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Finds people by e-mail address without regard to case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, name, password=None, **fields):
        """A person who can sign in; without a password only an invitation leads in.

        There is no sign-up: whoever makes the account vouches for the address, so it counts as verified. Without
        such a row allauth lets nobody set up a second factor.
        """
        fields.setdefault("created_at", now())
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            apps.get_model("account.EmailAddress").objects.create(
                user=user, email=user.email, verified=True, primary=True
            )
        return user


@keeps_history(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person. The e-mail address is the account; there is no sign-up."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("This address already has an account.")},
    )
    name = models.CharField(_("name"), max_length=150, validators=[clean_line])
    language = models.CharField(_("language"), max_length=7, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    is_administrator = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("Keeps people and code lists; sees no drafts."),
    )
    created_at = models.DateTimeField(editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="one_account_per_address",
                violation_error_message=_("This address already has an account."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("accounts:user_detail", args=[self.pk])

    def has_perm(self, perm, obj=None):
        """Whether the one table of permissions (`rules.py` of each app) allows this, today."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label):
        """No module is closed as a whole: rows and verbs decide."""
        return self.is_active

    # -- memberships of today ------------------------------------------------

    @cached_property
    def current_memberships(self):
        """Today's memberships, each with its delegation or body; one query per request.

        `is_held` tells whether the delegation has a contact point or deputy, whoever it is.
        """
        if not self.is_active:
            return []
        today = brussels_today()
        holding = apps.get_model("accounts.Membership").objects.holding(today)
        return list(
            self.memberships.current(today)
            .select_related("delegation", "body")
            .annotate(is_held=Exists(holding.filter(delegation=OuterRef("delegation"))))
        )

    @cached_property
    def delegation_ids(self):
        """Identities of the delegations that the person belongs to today, in any role."""
        return {m.delegation_id for m in self.current_memberships if m.delegation_id}

    @cached_property
    def editor_of(self):
        """Delegations for which the person may edit: as editor or submitter."""
        return {m.delegation_id for m in self.current_memberships if m.delegation_id and m.may_edit}

    @cached_property
    def submitter_of(self):
        """Delegations for which the person may submit."""
        return {m.delegation_id for m in self.current_memberships if m.delegation_id and m.may_submit}

    @cached_property
    def owes_for(self):
        """Delegations whose duties are the person's: as contact point or deputy; where none is there, as submitter."""
        return self.submitter_of - self.left_to_others

    @cached_property
    def left_to_others(self):
        """Delegations of the person whose duties a contact point or deputy holds who is somebody else."""
        return {
            m.delegation_id
            for m in self.current_memberships
            if m.delegation_id and m.is_held and not m.holds_post
        }

    @cached_property
    def body_ids(self):
        """Bodies that the person belongs to today."""
        return {m.body_id for m in self.current_memberships if m.body_id}

    @cached_property
    def is_secretariat(self):
        """A member of the General Secretariat body."""
        return any(m.body and m.body.role == m.body.Role.SECRETARIAT for m in self.current_memberships)

    @cached_property
    def is_committee(self):
        """A member of a body to which the working party reports."""
        return any(m.body and m.body.role == m.body.Role.ADDRESSEE for m in self.current_memberships)

    @cached_property
    def is_delegate(self):
        """A member of a delegation of the working party: a Member State of today or a Commission service."""
        today = brussels_today()
        return any(m.delegation and m.delegation.sits_on(today) for m in self.current_memberships)

    @cached_property
    def is_third_party(self):
        """A member of third countries, agencies or international organisations only."""
        return bool(self.delegation_ids) and not (
            self.is_delegate or self.is_secretariat or self.is_committee
        )
