"""Lets the loader take each step on the day it would have been taken."""

from contextlib import contextmanager
from datetime import UTC, datetime, time

from django.db import connection

from strategy_portal.dates import BRUSSELS


def _set(offset_seconds):
    with connection.cursor() as cursor:
        cursor.execute("update portal_clock set offset_seconds = %s", [int(offset_seconds)])


@contextmanager
def moving_clock():
    """A function `be(day)` that moves the portal's clock; the clock is put back at the end.

    Used inside one transaction: other processes never see the clock move.
    """
    with connection.cursor() as cursor:
        cursor.execute("select offset_seconds from portal_clock for update")
        (before,) = cursor.fetchone()

    def be(day):
        moment = datetime.combine(day, time(10, 12), tzinfo=BRUSSELS)
        _set((moment - datetime.now(UTC)).total_seconds())

    try:
        yield be
    finally:
        _set(before)
