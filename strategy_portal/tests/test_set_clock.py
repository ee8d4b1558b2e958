"""The demonstration's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from strategy_portal.dates import brussels_today, now

pytestmark = pytest.mark.django_db


def test_the_day_moves_for_all_and_comes_back(settings, capsys):
    settings.DEMONSTRATION = True
    call_command("set_clock", "2026-12-24")
    assert brussels_today() == date(2026, 12, 24)
    assert capsys.readouterr().out.startswith("It is 24 December 2026, ")
    call_command("set_clock", "--off")
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_the_time_of_day_stays_across_the_change_to_summer_time(settings):
    settings.DEMONSTRATION = True
    for day in ("2026-07-01", "2027-01-01"):
        call_command("set_clock", day)
        assert brussels_today() == date.fromisoformat(day)


@pytest.mark.parametrize("day", ["24/12/2026", "2026-02-30", "soon", "1999-12-31", "2101-01-01"])
def test_what_is_not_a_day_changes_nothing(settings, day):
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError):
        call_command("set_clock", day)
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_outside_a_demonstration_the_clock_stands_fast(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("set_clock", "2026-12-24")
