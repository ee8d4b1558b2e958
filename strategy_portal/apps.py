"""The composition root as an app: its tables, its grants, its queue."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class StrategyPortalConfig(AppConfig):
    name = "strategy_portal"

    def ready(self) -> None:
        """Register the queue with the tasks, and what follows every migration."""
        from strategy_portal import celery, grants  # noqa: PLC0415 - models must be loaded first

        assert celery.app
        # Once after every run of migrations: Django sends the signal only for apps with models, which this one is not.
        post_migrate.connect(grants.after_migrations, sender=apps.get_app_config("contenttypes"))
