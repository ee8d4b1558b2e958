"""Worker and beat. What is due is data; here stands only how often somebody looks."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")

app = Celery("strategy_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Every run finds for itself what is due and not yet done: it may come twice, late, or from several beats.
app.conf.beat_schedule = {
    "deliver notifications": {
        "task": "notifications.deliver_notifications",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "sweep deadlines": {
        "task": "deadlines.sweep_deadlines",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "clear expired sessions": {
        "task": "strategy_portal.clear_sessions",
        "schedule": crontab(hour=3, minute=30),
    },
}
