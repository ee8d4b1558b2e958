"""Load the demonstration: accounts, three plans, fictitious operations and the real ones as history."""

from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from actionplans.models import ActionPlan
from jcos.reference import load_historical_operations
from notifications.models import Notification
from strategy_portal.dates import brussels_today
from strategy_portal.demonstration.agenda import load_agenda
from strategy_portal.demonstration.amendments import load_amendments
from strategy_portal.demonstration.clock import moving_clock
from strategy_portal.demonstration.notes import load_notes
from strategy_portal.demonstration.operations import load_operations
from strategy_portal.demonstration.people import load_people
from strategy_portal.demonstration.plans import load_plans
from strategy_portal.workflow import acting

DATA = Path(settings.BASE_DIR) / "strategy_portal" / "data" / "demonstration.yaml"


class Command(BaseCommand):
    help = "Loads the demonstration. A second run changes nothing. Refused in production."

    @transaction.atomic
    def handle(self, **options):
        if settings.PRODUCTION or not settings.DEMONSTRATION:
            raise CommandError(
                "The demonstration has known passwords: it is loaded only with DEMONSTRATION=1, never in production."
            )
        rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))
        call_command("load_reference_data", verbosity=0)
        call_command("load_strategy", verbosity=0)
        with acting(None, "load demonstration"):
            secretariat = load_people()
            load_historical_operations()
        if ActionPlan.objects.exists():
            self.stdout.write("The demonstration is already there.")
            return
        today = brussels_today()
        with moving_clock() as be:
            load_plans(rows["plans"], today=today, secretariat=secretariat, be=be)
            load_amendments(rows["amendments"], today=today, secretariat=secretariat, be=be)
            load_notes(rows["plans"], today=today, secretariat=secretariat, be=be)
            load_operations(rows["operations"], today=today, secretariat=secretariat, be=be)
            load_agenda(today=today, secretariat=secretariat, be=be)
        # What these steps would have told people lies in the past: nobody is mailed about it now.
        Notification.objects.filter(status="queued").update(
            status="skipped", reason="Lies before the demonstration began."
        )
        self.stdout.write(
            "Demonstration loaded: three plans, three fictitious operations, forty real ones as history."
        )
