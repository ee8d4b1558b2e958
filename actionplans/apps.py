from django.apps import AppConfig


class ActionplansConfig(AppConfig):
    name = "actionplans"

    def ready(self):
        from actionplans import due_things, notices, panels  # noqa: PLC0415 - models are ready only now
        from notifications.outbox import before_sending  # noqa: PLC0415 - the same
        from strategy_portal.panels import register  # noqa: PLC0415

        before_sending(notices.SUBMITTED, notices.dealt_with_meanwhile)
        before_sending(notices.RETURNED, notices.corrected_meanwhile)
        before_sending(notices.ASKED, notices.answered_meanwhile)
        before_sending(notices.TABLED, notices.no_longer_tabled)
        due_things.register_all()
        register("presidency:work", panels.plans_under_way, "actionplans/panels/presidency.html")
