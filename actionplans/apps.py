from django.apps import AppConfig


class ActionplansConfig(AppConfig):
    name = "actionplans"

    def ready(self):
        from actionplans import panels  # noqa: PLC0415 - they need the models
        from strategy_portal.panels import register  # noqa: PLC0415

        register("presidency:work", panels.plans_under_way, "actionplans/panels/presidency.html")
