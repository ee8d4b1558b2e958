"""How lists of notices are narrowed; the choice is in the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from notifications.models import Notification


class NotificationFilter(django_filters.FilterSet):
    """By state; for the secretariat, which sees everybody's, also by delegation."""

    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Notification.Status.choices, empty_label=_("All")
    )
    delegation = django_filters.ModelChoiceFilter(
        field_name="post__delegation",
        label=_("Delegation"),
        queryset=Delegation.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )

    class Meta:
        model = Notification
        fields = ["status", "delegation"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not user.is_secretariat:
            del self.filters["delegation"]
