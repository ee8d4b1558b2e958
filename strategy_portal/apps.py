"""The composition root as an app: its tables, its grants, its queue."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StrategyPortalConfig(AppConfig):
    name = "strategy_portal"

    def ready(self) -> None:
        """Register the queue with the tasks, and what follows every migration."""
        from strategy_portal import celery, grants  # noqa: PLC0415 - models must be loaded first

        assert celery.app
        post_migrate.connect(grants.after_migrations, sender=self)
