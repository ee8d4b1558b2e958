"""What the portal needs before anybody works with it: who takes part, who presides, what is counted."""

import time

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.reference import load_bodies, load_delegations
from actionplans.reference import load_strategies
from council.reference import load_presidencies
from deadlines.reference import load_lead_times
from jcos.reference import load_code_lists
from strategy_portal.workflow import acting


class Command(BaseCommand):
    help = "Load delegations, bodies, presidencies, code lists and lead times. Safe to repeat: what is kept here stays."

    def handle(self, **options):
        began = time.monotonic()
        with transaction.atomic(), acting(None, "load reference data"):
            for load in (
                load_delegations, load_bodies, load_presidencies, load_code_lists, load_lead_times, load_strategies,
            ):  # fmt: skip
                load()
        self.stdout.write(
            "Delegations, bodies, presidencies, code lists, lead times and strategies are there"
            f" ({time.monotonic() - began:.1f} s)."
        )
