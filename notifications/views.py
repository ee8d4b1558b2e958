"""What the portal told whom, and whether it arrived."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView
from django_filters.views import FilterView

from editing.lists import AnyPage
from editing.views import ActView
from notifications.filters import NotificationFilter
from notifications.forms import ResendForm
from notifications.models import Notification
from notifications.outbox import hint

WITH_RECIPIENT = ["post__delegation", "post__body", "user"]


class NotificationListView(AnyPage, FilterView):
    """What the portal told me; for the secretariat, everybody."""

    filterset_class = NotificationFilter
    template_name = "notifications/notification_list.html"
    paginate_by = 50

    def get_queryset(self):
        return (
            Notification.objects.visible_to(self.request.user).select_related(*WITH_RECIPIENT).defer("body")
        )

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "user": self.request.user}


class NotificationDetailView(DetailView):
    """One notice as it was sent, and each address with what became of it."""

    template_name = "notifications/notification_detail.html"

    def get_queryset(self):
        rows = Notification.objects.visible_to(self.request.user)
        return rows.select_related(*WITH_RECIPIENT, "resent_by").prefetch_related("deliveries")

    def get_context_data(self, **kwargs):
        notification = self.object
        may_resend = self.request.user.has_perm("notifications.resend_notification", notification)
        may_resend = may_resend and notification.status in notification.STEPS["resend"].sources
        why_not = notification.why_not("resend") if may_resend else ""
        return super().get_context_data(may_resend=may_resend, why_not=why_not, **kwargs)


class NotificationResendView(ActView):
    """Send a notice again: a person decides it, never the portal by itself."""

    form_class = ResendForm
    verb = "resend"
    submit_label = gettext_lazy("Send again")

    def get_queryset(self):
        return Notification.objects.visible_to(self.request.user).select_related(*WITH_RECIPIENT)

    def get_title(self):
        return _("Send again: %(subject)s") % {"subject": self.object.subject}

    def get_lead(self):
        missed = [delivery.address for delivery in self.object.deliveries.all() if delivery.status != "sent"]
        if missed:
            return _("It goes to those whom it did not certainly reach: %(addresses)s.") % {
                "addresses": ", ".join(missed)
            }
        if self.object.status == "sent":
            return _("It reached every address; it goes to all of them once more.")
        return _("It goes to those who hold the post today.")

    def act(self, form):
        self.object.resend(by=self.request.user)
        hint()
