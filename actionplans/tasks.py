"""What the worker does with files that were sent and never brought in: every hour."""

from celery import shared_task

from actionplans.models import PlanImport


@shared_task(name="actionplans.sweep_imports")
def sweep_imports() -> None:
    """Remove what has waited for more than a day. Safe to run twice, late, or on many workers."""
    PlanImport.objects.outdated().delete()
