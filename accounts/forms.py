"""The forms by which people, memberships and the lists of delegations and bodies are kept."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Body, Delegation, Membership, Role, User
from editing.forms import PortalForm, PortalModelForm
from strategy_portal.dates import brussels_today
from strategy_portal.fields import DayField, TextBlock, TextLine

ROLES_HELP = _(
    "A viewer reads, an editor also writes, a submitter also submits and confirms for the delegation."
)


def language_field():
    """The languages in which the portal speaks."""
    return forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)


class MembershipForm(PortalForm):
    """A person's place in a delegation or a body. `person` is None while the account is being made."""

    hide_optional = True  # a delegation or a body is needed, neither by itself
    delegation = forms.ModelChoiceField(
        Delegation.objects.all(), label=_("Delegation"), required=False, empty_label=_("None"),
        help_text=_("Choose either a delegation or a body."),
    )  # fmt: skip
    body = forms.ModelChoiceField(
        Body.objects.all(), label=_("Or body"), required=False, empty_label=_("None")
    )
    role = forms.ChoiceField(
        label=_("Role in the delegation"), choices=Role.choices, initial=Role.VIEWER, help_text=ROLES_HELP
    )
    from_on = DayField(label=_("From"), since=1950, initial=brussels_today)

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self):
        data = super().clean()
        delegation, body = data.get("delegation"), data.get("body")
        if "delegation" in data and "body" in data:
            if delegation and body:
                self.add_error("body", _("Choose either a delegation or a body, not both."))
            elif not delegation and not body and self.needs_membership():
                self.add_error("delegation", _("Choose a delegation or a body."))
        if self.person and data.get("from_on") and bool(delegation) != bool(body):
            held = Membership.objects.filter(user=self.person, delegation=delegation, body=body)
            if held.filter(Q(until_on=None) | Q(until_on__gte=data["from_on"])).exists():
                party = "delegation" if delegation else "body"
                self.add_error(
                    party, _("This person already belongs there. Change or end that membership instead.")
                )
        return data

    def needs_membership(self):
        """Whether the form is refused without a delegation or body."""
        return True

    def membership(self):
        """The membership as filled in, not saved; None when none was chosen."""
        data = self.cleaned_data
        if not data["delegation"] and not data["body"]:
            return None
        fields = {name: data[name] for name in ["delegation", "body", "role", "from_on"]}
        if data["body"]:
            fields["role"] = Role.VIEWER
        return Membership(user=self.person, **fields)


class InvitationForm(MembershipForm):
    """A new account and its first membership; an administrator may do without one.

    `known` is the person whose address was given, if there is one: the page links to them.
    """

    known = None

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The account's name; the invitation goes there."),
    )
    name = TextLine(label=_("Name"), max_length=150)
    language = language_field()
    is_administrator = forms.BooleanField(
        label=_("Administrator"), required=False, help_text=User._meta.get_field("is_administrator").help_text
    )
    field_order = ["email", "name", "language", "delegation", "body", "role", "from_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.user.has_perm("accounts.grant_administrator"):
            del self.fields["is_administrator"]

    def needs_membership(self):
        return not self.cleaned_data.get("is_administrator")

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        self.known = User.objects.filter(email__iexact=email).first()
        if self.known:
            raise ValidationError(
                _("This address already has an account: %(name)s."), params={"name": self.known.name}
            )
        return email


class UserForm(PortalModelForm):
    """What those who keep people change of an account; the address stays, it is the account."""

    language = language_field()

    class Meta:
        model = User
        fields = ["name", "language", "is_administrator"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.user.has_perm("accounts.grant_administrator") or self.user.pk == self.instance.pk:
            del self.fields["is_administrator"]


class ProfileForm(PortalModelForm):
    """What people change of their own account here; password, address and second factor have pages of their own."""

    language = language_field()

    class Meta:
        model = User
        fields = ["name", "language"]


class MembershipEditForm(PortalModelForm):
    """What changes while a membership in a delegation lasts."""

    class Meta:
        model = Membership
        fields = ["role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].help_text = ROLES_HELP

    def clean_role(self):
        role = self.cleaned_data["role"]
        if role != Role.SUBMITTER and self.instance.holds_post:
            raise ValidationError(
                _(
                    "This person is contact point or deputy of %(delegation)s, which only a submitter can be. Name"
                    " somebody else first, under Contact points."
                ),
                params={"delegation": self.instance.delegation},
            )
        return role


class MembershipEndForm(PortalForm):
    """The last day of a membership."""

    until_on = DayField(
        label=_("Last day"),
        since=1950,
        initial=brussels_today,
        help_text=_(
            "The person may do everything until the end of this day. Choose an earlier day to end it now."
        ),
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_until_on(self):
        day = self.cleaned_data["until_on"]
        if day < self.membership.from_on:
            raise ValidationError(_("A membership ends on or after the day it begins."))
        return day


class ReasonForm(PortalForm):
    """Why an account is closed or opened."""

    reason = TextBlock(
        label=_("Reason"), max_length=500, rows=3, help_text=_("It is kept in the person's history.")
    )


class DelegationForm(PortalModelForm):
    """What the secretariat keeps of a delegation."""

    class Meta:
        model = Delegation
        fields = ["name", "mailbox", "note"]


class BodyForm(PortalModelForm):
    """What the secretariat keeps of a body."""

    class Meta:
        model = Body
        fields = ["name", "mailbox"]
