"""What the worker does with deadlines: every minute."""

from datetime import date

from celery import shared_task

from deadlines.ledger import sweep


@shared_task(name="deadlines.sweep_deadlines")
def sweep_deadlines(on: str | None = None) -> None:
    """Tell what a day (today) has reached and nobody was told. Safe to run twice, late, or on many workers."""
    sweep(date.fromisoformat(on) if on else None)
