"""The form by which it is kept who holds the duties of a delegation."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation, Membership
from editing.forms import PortalModelForm
from strategy_portal.dates import brussels_today


class HolderField(forms.ModelChoiceField):
    """One of the people who may submit for a delegation, or nobody."""

    def __init__(self, **options):
        super().__init__(
            Membership.objects.none(), required=False, empty_label=gettext_lazy("Nobody"), **options
        )

    def label_from_instance(self, membership):
        return f"{membership.user.name} ({membership.user.email})"


class PostsForm(PortalModelForm):
    """Contact point, deputy and functional mailbox of a delegation."""

    contact_point = HolderField(
        label=gettext_lazy("Contact point"),
        help_text=gettext_lazy("The duties of the delegation and its reminders are this person's."),
    )
    deputy = HolderField(
        label=gettext_lazy("Deputy"),
        help_text=gettext_lazy(
            "Has the same duties and gets the same reminders, also while the contact point is away."
        ),
    )
    field_order = ["contact_point", "deputy", "mailbox"]

    class Meta:
        model = Delegation
        fields = ["mailbox"]

    def __init__(self, *args, instance, initial=None, **kwargs):
        named = {name: pk for pk, name in holders_of(instance)}
        super().__init__(*args, instance=instance, initial={**named, **(initial or {})}, **kwargs)
        able = instance.memberships.able(brussels_today()).select_related("user").order_by("user__name", "pk")
        for name in ("contact_point", "deputy"):
            self.fields[name].queryset = able

    def clean(self):
        data = super().clean()
        contact_point, deputy = data.get("contact_point"), data.get("deputy")
        if deputy and not contact_point and "contact_point" not in self.errors:
            self.add_error("contact_point", _("Name the contact point whose deputy this is."))
        elif deputy and deputy.user_id == contact_point.user_id:
            self.add_error("deputy", _("Contact point and deputy are two people."))
        return data


def holders_of(delegation):
    """The memberships of the contact point and the deputy of today, each with the name of its field."""
    for membership in delegation.memberships.holding(brussels_today()):
        yield membership.pk, "contact_point" if membership.is_contact_point else "deputy"
