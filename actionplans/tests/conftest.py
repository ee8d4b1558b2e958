"""The strategy as published, and a draft that amends it."""

import io

import pytest
from django.core.management import call_command

from actionplans.models import StrategyVersion
from actionplans.tests.amended import a_draft_of


@pytest.fixture
def first():
    """The text of 2009, in force."""
    call_command("load_strategy", stdout=io.StringIO())
    return StrategyVersion.objects.get()


@pytest.fixture
def second(first):
    """A draft amended in every way, with reasons."""
    return a_draft_of(first)
