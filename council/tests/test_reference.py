from datetime import date
from itertools import pairwise

import pytest
from django.apps import apps

from accounts.reference import load_delegations
from council.models import Presidency
from council.reference import load_presidencies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delegations():
    load_delegations()


@pytest.mark.parametrize(
    ("day", "code", "trio"),
    [
        (date(2009, 11, 4), "SE", "FR-CZ-SE"),
        (date(2010, 1, 1), "ES", "ES-BE-HU"),
        (date(2014, 6, 30), "EL", "IE-LT-EL"),
        (date(2027, 12, 31), "EL", "IE-LT-EL"),
    ],
)
def test_the_presidency_of_a_day_is_the_one_of_the_rotation(day, code, trio):
    load_presidencies()
    found = Presidency.objects.on(day)
    assert (found.delegation.code, found.trio) == (code, trio)


def test_half_years_follow_each_other_without_gap_from_2007_to_2030():
    load_presidencies()
    rows = list(Presidency.objects.values_list("starts_on", "ends_on"))
    assert (len(rows), rows[0][0], rows[-1][1]) == (48, date(2007, 1, 1), date(2030, 12, 31))
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(rows))


def test_a_second_load_leaves_no_event_and_a_changed_rotation_alone():
    load_presidencies()
    Presidency.objects.filter(starts_on=date(2030, 7, 1)).update(trio="changed")
    events = apps.get_model("council.PresidencyEvent").objects
    before = events.count()
    load_presidencies()
    assert (events.count(), Presidency.objects.last().trio) == (before, "changed")


def test_nobody_presides_outside_the_list():
    load_presidencies()
    assert Presidency.objects.on(date(2006, 12, 31)) is None
