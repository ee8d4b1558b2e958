from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("deadlines")

    def ready(self):
        from deadlines import agenda, digest  # noqa: PLC0415 - models are ready only now
        from notifications.outbox import before_sending  # noqa: PLC0415 - the same
        from strategy_portal.panels import register  # noqa: PLC0415 - the same

        before_sending(digest.KIND, digest.latest_word)
        register("presidency:dates", agenda.until_handed_over, "deadlines/panels/presidency.html")
