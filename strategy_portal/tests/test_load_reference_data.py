import time

import pytest
from django.apps import apps
from django.core.management import call_command

from accounts.models import Body, Delegation
from council.models import Presidency

pytestmark = pytest.mark.django_db


def events():
    """How many events of history there are, by model."""
    tracked = [m for m in apps.get_models() if "pgh_event_models" in vars(m)]
    return {m._meta.label: m.pgh_event_models["insert"].objects.count() for m in tracked}


def test_everything_is_there_after_one_run_in_seconds_under_its_own_verb():
    began = time.monotonic()
    call_command("load_reference_data", verbosity=0)
    assert time.monotonic() - began < 20
    assert (Delegation.objects.count(), Body.objects.count(), Presidency.objects.count()) == (66, 6, 48)
    context = apps.get_model("accounts.DelegationEvent").objects.first().pgh_context
    assert (context["verb"], context.get("user")) == ("load reference data", None)


def test_a_second_run_leaves_no_event():
    call_command("load_reference_data", verbosity=0)
    before = events()
    call_command("load_reference_data", verbosity=0)
    assert events() == before
