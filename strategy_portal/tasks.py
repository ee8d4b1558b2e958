"""What the house itself has to do regularly."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="strategy_portal.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that have expired: they open nothing any more, but they name who signed in."""
    call_command("clearsessions")
