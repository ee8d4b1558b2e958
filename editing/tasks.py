"""What the worker does with drafts: once a day."""

from celery import shared_task

from editing.drafts import sweep


@shared_task(name="editing.sweep_drafts")
def sweep_drafts() -> None:
    """Remove drafts that nobody has touched for long. Safe to run twice, late, or on many workers."""
    sweep()
