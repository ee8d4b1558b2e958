from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("progress and reports")

    def ready(self):
        from reports import panels  # noqa: PLC0415 - they need the models
        from strategy_portal.panels import register  # noqa: PLC0415

        register("objective", panels.chain_of_an_objective, "reports/panels/objective.html")
