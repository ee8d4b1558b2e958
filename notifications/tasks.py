"""What the worker does with the outbox: every minute, and when it is hinted at."""

from celery import shared_task

from notifications.delivery import deliver_due


@shared_task(name="notifications.deliver_notifications")
def deliver_notifications() -> None:
    """Deliver what waits. Safe to run twice, late, or on many workers."""
    deliver_due()
