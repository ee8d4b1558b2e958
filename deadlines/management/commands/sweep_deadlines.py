"""Look at the deadlines of a day, and tell who is to be told; or only show it."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from deadlines import digest
from deadlines.ledger import FutureDay, checked, owed, sweep


class Command(BaseCommand):
    help = "Reminds every post of what is due. With --on it only shows what would be sent on that day, unless --record."

    def add_arguments(self, parser):
        parser.add_argument(
            "--on", metavar="DAY", help="the day to look at, as 2026-12-24 (default: today, recorded)"
        )
        parser.add_argument(
            "--record", action="store_true", help="with --on: write the notices and the ledger too"
        )

    def handle(self, *, on, record, **options):
        if record and not on:
            raise CommandError("--record belongs to --on; without a day, today is recorded anyway.")
        try:
            day = checked(self.day(on) if on else None)
        except FutureDay:
            raise CommandError("This is production: a day that has not come is not looked at.") from None
        if on and not record:
            self.show(day)
            return
        swept = sweep(day)
        self.stdout.write(
            f"{day:%d %B %Y}: {swept.mails} notices written, {swept.overtaken} lead times overtaken, "
            f"{swept.failures} deadlines could not be read."
        )
        if swept.failures:
            raise CommandError("Some deadlines could not be read; the log says why.")

    def day(self, text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise CommandError(f"“{text}” is not a day: write it as 2026-12-24.") from None
        if not 2000 <= day.year <= 2100:
            raise CommandError("The day must lie between 2000 and 2100.")
        return day

    def show(self, day):
        """What would be sent: each post with its one mail, and the lead times that are overtaken."""
        found, failures = owed(day)
        self.stdout.write(f"What would be sent on {day:%d %B %Y} (nothing is recorded):")
        for owner, deadlines in found.items():
            told = [deadline for deadline in deadlines if deadline.tell]
            overtaken = sum(len(deadline.overtaken) for deadline in deadlines)
            who = f"{owner.delegation or 'Secretariat'} ({owner.holder})"
            self.stdout.write(f"\n{who}: {len(told)} told, {overtaken} overtaken")
            if told:
                text = digest.write([deadline.line for deadline in told], day)
                self.stdout.write(f"  {text.subject}")
                for deadline in told:
                    self.stdout.write(
                        f"  · {deadline.line.text}, {deadline.line.due_on:%d %B %Y} [{deadline.tell}]"
                    )
        if not found:
            self.stdout.write("Nothing.")
        if failures:
            raise CommandError("Some deadlines could not be read; the log says why.")
