"""`/healthz`: this process is alive. `/readyz`: what it needs is there, and what should have happened has."""

from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from deadlines.models import Heartbeat
from notifications.models import Notification
from strategy_portal.celery import app as queue

SWEEP_AT_MOST = timedelta(minutes=10)
NOTICE_AT_MOST = timedelta(minutes=15)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: asks nobody."""
    return JsonResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while requests can be served, 503 without database or with migrations open.

    A broker that is away, a late sweep and a notice that waits too long are *degraded*: named, and still 200,
    because people can work; a watch on the portal reads the words.
    """
    checks = {"database": database(), "migrations": "unknown", "broker": broker()}
    if checks["database"] == "ok":
        checks["migrations"] = migrations()
    if checks["migrations"] == "ok":
        checks |= {"last_sweep": last_sweep(), "oldest_notice": oldest_notice()}
    serving = checks["database"] == checks["migrations"] == "ok"
    degraded = any(value not in ("ok", "none yet") for value in checks.values())
    status = "unavailable" if not serving else "degraded" if degraded else "ready"
    answer = {"status": status, "version": settings.VERSION, "checks": checks}
    return JsonResponse(answer, status=200 if serving else 503, headers={"Cache-Control": "no-store"})


def database() -> str:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "does not answer"
    return "ok"


def migrations() -> str:
    """Whether the tables are those this code was written for."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "cannot be read"
    waiting = expected_migrations() - applied
    return f"{len(waiting)} not applied" if waiting else "ok"


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """What this code brings, read from disk once per process."""
    return frozenset(MigrationLoader(None).graph.nodes)


def broker() -> str:
    """Whether the queue can be reached; without it mail waits, and nothing else."""
    try:
        patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
        with queue.connection_for_write(connect_timeout=1, transport_options=patience) as link:
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    except Exception:  # each transport raises its own; any of them means the same here
        return "cannot be reached"
    return "ok"


def last_sweep() -> str:
    """Whether deadlines were looked at lately (real time: the demonstration's clock is no excuse)."""
    latest = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    if latest is None:
        return "none yet"
    return "ok" if datetime.now(UTC) - latest < SWEEP_AT_MOST else f"late: {latest.isoformat()}"


def oldest_notice() -> str:
    """Whether notices leave in time."""
    notices = Notification.objects.filter(status__in=["queued", "sending"])
    oldest = notices.order_by("queued_at").values_list("queued_at", flat=True).first()
    if oldest is None:
        return "ok"
    return "ok" if datetime.now(UTC) - oldest < NOTICE_AT_MOST else f"late: {oldest.isoformat()}"
