"""Move the demonstration's clock."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from strategy_portal.dates import BRUSSELS


class Command(BaseCommand):
    help = "Moves the portal's day, for web, worker and beat together; in a demonstration only. The time of day stays."

    def add_arguments(self, parser):
        parser.add_argument("day", nargs="?", help="the day it shall be in Brussels, as 2026-12-24")
        parser.add_argument("--off", action="store_true", help="back to the real day")

    def handle(self, *, day, off, **options):
        if not settings.DEMONSTRATION or settings.PRODUCTION:
            raise CommandError("The clock moves in a demonstration only.")
        if bool(day) == off:
            raise CommandError("Give a day, as 2026-12-24, or --off.")
        offset = timedelta(0) if off else self.offset_to(day)
        with connection.cursor() as cursor:
            cursor.execute("update portal_clock set offset_seconds = %s", [int(offset.total_seconds())])
        shown = (datetime.now(UTC) + offset).astimezone(BRUSSELS)
        self.stdout.write(f"It is {shown:%d %B %Y, %H:%M} in Brussels.")

    def offset_to(self, text):
        """How far the clock must run ahead for this moment's time of day to fall on that Brussels day."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise CommandError(f"“{text}” is not a day: write it as 2026-12-24.") from None
        if not 2000 <= day.year <= 2100:
            raise CommandError("The day must lie between 2000 and 2100.")
        real = datetime.now(UTC)
        local = real.astimezone(BRUSSELS)
        return datetime.combine(day, local.timetz().replace(tzinfo=None), tzinfo=BRUSSELS) - real
