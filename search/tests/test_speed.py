"""A search over a hundred thousand texts; the budget is 150 ms at the median on a quiet machine, measured by hand."""

from statistics import median

import pytest

from accounts.reference import load_bodies, load_delegations
from actionplans.tests.factories import PlanFactory
from benchmarks.search import TEXTS, run

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MOST_MS = 1500  # stops only what is slow everywhere


def test_a_search_over_a_hundred_thousand_texts_is_answered_at_once():
    load_delegations()
    load_bodies()
    PlanFactory()
    took, indexed = run(TEXTS, 1)
    assert indexed > TEXTS
    assert median(ms for ms, _who, _typed in took) < MOST_MS
