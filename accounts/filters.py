"""What the list of people can be narrowed by; every value goes through a form."""

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Body, Delegation, Membership
from strategy_portal.fields import TextLine


class PeopleFilter(forms.Form):
    """Name or address, delegation or body of today, open or closed accounts."""

    q = TextLine(label=_("Name or e-mail address"), max_length=150, required=False)
    delegation = forms.ModelChoiceField(
        Delegation.objects.all(),
        label=_("Delegation"),
        to_field_name="code",
        required=False,
        empty_label=_("All"),
    )
    body = forms.ModelChoiceField(
        Body.objects.all(), label=_("Body"), to_field_name="code", required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[
            ("", _("All")),
            ("active", _("Active")),
            ("invited", _("Invited")),
            ("closed", _("Deactivated")),
        ],
    )

    def narrow(self, people, on):
        """The people that fit, with their memberships of a day; nobody when a value cannot be read."""
        if not self.is_valid():
            return people.none()
        wanted = self.cleaned_data
        if wanted["q"]:
            people = people.filter(Q(name__icontains=wanted["q"]) | Q(email__icontains=wanted["q"]))
        for party in ("delegation", "body"):
            if wanted[party]:
                members = Membership.objects.current(on).filter(**{party: wanted[party]})
                people = people.filter(pk__in=members.values("user"))
        if wanted["state"]:
            people = people.filter(self.STATES[wanted["state"]])
        return people

    STATES = {
        "active": Q(is_active=True),
        "invited": Q(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX),
        "closed": Q(is_active=False),
    }
