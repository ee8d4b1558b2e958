from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JcosConfig(AppConfig):
    name = "jcos"
    verbose_name = _("Joint Customs Operations")

    def ready(self):
        from actionplans import extending  # noqa: PLC0415 - models are ready only now
        from jcos import notices, panels  # noqa: PLC0415 - they need the models
        from notifications.outbox import before_sending  # noqa: PLC0415
        from strategy_portal.panels import register  # noqa: PLC0415

        before_sending(notices.INVITED, notices.answered_meanwhile)
        before_sending(notices.ARRIVED, notices.dealt_with_meanwhile)
        extending.register("jcos.participation", panels.days_seen)
        register("action", panels.operations_of_an_action, "jcos/panels/action.html")
        register("terms", panels.operations_of_an_action, "jcos/panels/action.html")
        register("plan", panels.operations_of_a_plan, "jcos/panels/plan.html")
        register("presidency:work", panels.operations_by_state, "jcos/panels/presidency.html")
