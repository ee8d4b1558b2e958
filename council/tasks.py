"""What the worker does with silence procedures: every minute."""

from celery import shared_task

from council.models import SilenceProcedure


@shared_task(name="council.conclude_silence")
def conclude_silence() -> None:
    """Record the outcome of procedures that have run out. Safe to run twice, late, or on many workers."""
    SilenceProcedure.objects.conclude()
