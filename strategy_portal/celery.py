"""Worker and beat. What is due is data; here stands only how often somebody looks."""

import contextlib
import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")

app = Celery("strategy_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Every run finds for itself what is due and not yet done: it may come twice, late, or from several beats. One that
# nobody took before the next one comes is dropped, so that an outage of the worker leaves no pile.
LOOKS = ("notifications.deliver_notifications", "council.conclude_silence", "deadlines.sweep_deadlines")
app.conf.beat_schedule = {
    task: {"task": task, "schedule": settings.LOOK_EVERY, "options": {"expires": settings.LOOK_EVERY}}
    for task in LOOKS
} | {
    "strategy_portal.clear_sessions": {
        "task": "strategy_portal.clear_sessions",
        "schedule": crontab(hour=3, minute=30),
    },
    "editing.sweep_drafts": {"task": "editing.sweep_drafts", "schedule": crontab(hour=3, minute=40)},
    "actionplans.sweep_imports": {
        "task": "actionplans.sweep_imports",
        "schedule": crontab(minute=50),
    },
}


@beat_init.connect
def look_at_once(**_options: Any) -> None:
    """After every start, look at once: an outage may just have ended."""
    for task in LOOKS:
        with contextlib.suppress(OSError, app.connection_for_write().recoverable_connection_errors):
            app.send_task(task, expires=settings.LOOK_EVERY, retry=False)
