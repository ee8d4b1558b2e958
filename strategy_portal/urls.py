"""Every address of the portal."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from strategy_portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path(
        "accessibility/",
        login_not_required(TemplateView.as_view(template_name="accessibility.html")),
        name="accessibility",
    ),
    path("", include("deadlines.urls")),
    path("", include("editing.urls")),
    path("", include("actionplans.urls")),
    path("", include("council.urls")),
    path("", include("jcos.urls")),
    path("", include("reports.urls")),
    path("", include("notifications.urls")),
    path("", include("audit.urls")),
    path("", include("search.urls")),
    path("", include("accounts.urls")),
]

handler400 = "strategy_portal.errors.bad_request"
handler403 = "strategy_portal.errors.permission_denied"
handler404 = "strategy_portal.errors.page_not_found"
handler500 = "strategy_portal.errors.server_error"
