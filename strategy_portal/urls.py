"""Every address of the portal."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from strategy_portal import health

APPS = [
    "editing",
    "notifications",
    "council",
    "actionplans",
    "jcos",
    "reports",
    "deadlines",
    "audit",
    "accounts",
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path(
        "accessibility/",
        login_not_required(TemplateView.as_view(template_name="accessibility.html")),
        name="accessibility",
    ),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
]

handler400 = "strategy_portal.errors.bad_request"
handler403 = "strategy_portal.errors.permission_denied"
handler404 = "strategy_portal.errors.page_not_found"
handler500 = "strategy_portal.errors.server_error"
