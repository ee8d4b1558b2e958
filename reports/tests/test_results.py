"""What has been handed in, and what it adds up to, for each reader."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from jcos.models import ResultLine
from reports.results import (
    NOTHING,
    Returns,
    counted,
    lines_counted,
    lines_of,
    operations_seen,
    published,
    returns,
    totals,
)
from reports.tests.factories import noted, operation, participation, submission
from reports.tests.factories import published as publish

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def all_returns(user, operations, today=TODAY):
    return returns(user, operations, today, counted(user, operations))


def all_lines(user):
    return lines_counted(counted(user, operations_seen(user)))


def states(user, *operations, today=TODAY):
    seen = [o for o in operations_seen(user) if o.pk in {x.pk for x in operations}]
    return {r.participation.delegation.code: r.state for r in all_returns(user, seen, today)}


def quantities(user):
    found = totals(all_lines(user))
    return {(t.measure, t.commodity, t.unit, t.value_kind): t.quantity for t in found}


CIGARETTES = ("seized", "CIG", 100, "piece")


@pytest.fixture
def capstan():
    """Belgium with results, France with nothing found, Italy missing, Spain not taking part, Poland not answered."""
    made = operation(due_on=date(2026, 5, 1), status="results_noted")
    submission(made, "BE", lines=[CIGARETTES], noting=noted(made))
    submission(made, "FR", is_nil=True, noting=noted(made))
    participation(made, "IT")
    participation(made, "ES", "declined")
    participation(made, "PL", "invited")
    return made


def test_results_nil_missing_and_not_taking_part_are_four_things(capstan):
    expected = {"BE": "reported", "FR": "nil", "IT": "missing", "ES": "not_taking_part", "PL": "invited"}
    assert [states(user, capstan) for user in (secretariat(), committee(), delegate("PT"))] == [expected] * 3


def test_what_is_due_is_missing_from_the_day_after(capstan):
    type(capstan).objects.filter(pk=capstan.pk).update(results_due_on=TODAY)
    assert states(secretariat(), capstan)["IT"] == "awaited"
    assert states(secretariat(), capstan, today=TODAY + timedelta(days=1))["IT"] == "missing"


def test_a_draft_or_returned_version_is_no_answer(capstan):
    submission(capstan, "IT", status="returned")
    submission(capstan, "IT", status="draft", version=2)
    assert states(secretariat(), capstan)["IT"] == "missing"


def test_that_somebody_answered_is_told_but_not_what():
    made = operation(due_on=date(2026, 5, 1))
    submission(made, "BE", is_nil=True)
    submission(made, "FR", status="submitted", lines=[CIGARETTES])
    assert states(delegate("PT"), made) == {"BE": "handed_in", "FR": "handed_in"}
    assert states(secretariat(), made) == {"BE": "nil", "FR": "handed_in"}


def test_operations_that_have_not_asked_yet_and_historical_ones_owe_nothing():
    for name, fields in {
        "EARLY": {"status": "planning"},
        "OLD": {"status": "closed", "kind": "historical"},
    }.items():
        participation(operation(name, **fields), "BE")
    user = secretariat()
    assert all_returns(user, operations_seen(user)) == []


def test_each_count_is_the_length_of_its_rows(capstan):
    user = secretariat()
    found = Returns(all_returns(user, operations_seen(user)))
    for state in ("reported", "nil", "missing", "invited", "not_taking_part", "awaited"):
        assert found.count(states={state}) == len(found.lines(states={state}))
    assert found.count() == 5


def test_totals_stay_apart_by_measure_commodity_unit_and_kind_of_value(capstan):
    submission(capstan, "DE", noting=noted(capstan), lines=[
        CIGARETTES, ("detained", "CIG", 7, "piece"), ("seized", "CIG", 5, "kg"), ("seized", "TOB", 3, "kg"),
        ("cash_declared", None, 9, "EUR", {"value_kind": "face"}),
        ("cash_declared", None, 8, "EUR", {"value_kind": "market"}),
    ])  # fmt: skip
    assert quantities(committee()) == {
        ("seized", "CIG", "piece", ""): 200, ("detained", "CIG", "piece", ""): 7, ("seized", "CIG", "kg", ""): 5,
        ("seized", "TOB", "kg", ""): 3, ("cash_declared", "", "EUR", "face"): 9,
        ("cash_declared", "", "EUR", "market"): 8,
    }  # fmt: skip


def test_a_sum_with_one_rounded_part_is_rounded(capstan):
    submission(
        capstan, "DE", noting=noted(capstan), lines=[("seized", "CIG", 50, "piece", {"qualifier": "about"})]
    )
    (total,) = totals(all_lines(committee()))
    assert (total.quantity, total.lines, total.inexact, total.qualifier) == (Decimal(150), 2, 1, "about")


def test_the_lines_of_a_total_add_up_to_it(capstan):
    submission(
        capstan, "DE", noting=noted(capstan), lines=[CIGARETTES, ("seized", None, Decimal("2.5"), "kg")]
    )
    lines = all_lines(secretariat())
    for total in totals(lines):
        behind = list(lines_of(lines, **total.key))
        assert (sum(line.quantity for line in behind), len(behind)) == (total.quantity, total.lines)
    assert lines_of(lines, commodity=NOTHING).count() == 1


def test_the_committee_counts_only_what_was_noted_and_keeps_the_version_noted_before(capstan):
    submission(capstan, "BE", version=2, lines=[("seized", "CIG", 900, "piece")])
    submission(capstan, "DE", lines=[("seized", "CIG", 5, "piece")])
    other = operation("OTHER", starts_on=date(2026, 6, 1), due_on=date(2026, 8, 1))
    submission(other, "BE", lines=[("seized", "CIG", 1000, "piece")])
    assert [quantities(user) for user in (committee(), secretariat())] == [
        {("seized", "CIG", "piece", ""): 100}, {("seized", "CIG", "piece", ""): 1905},
    ]  # fmt: skip


def test_third_parties_count_only_operations_in_which_they_take_part(capstan):
    other = operation("OTHER", starts_on=date(2026, 6, 1), due_on=date(2026, 8, 1))
    participation(other, "NO")
    submission(other, "BE", lines=[("seized", "CIG", 11, "piece")])
    assert quantities(third_party("NO")) == {("seized", "CIG", "piece", ""): 11}
    assert quantities(third_party("CH")) == {}


def test_the_administrator_counts_nothing(capstan):
    user = administrator()
    assert (operations_seen(user), quantities(user)) == ([], {})


def test_published_figures_are_listed_and_never_added_to_results(capstan):
    old = operation("OLD", status="closed", kind="historical", starts_on=None, due_on=None, year=2010)
    publish(old, 135_000_000)
    publish(old, 5)
    user = committee()
    assert [f.quantity for f in published(user, operations_seen(user))] == [135_000_000, 5]
    assert quantities(user) == {("seized", "CIG", "piece", ""): 100}
    assert {o.name: o.in_year for o in operations_seen(user)} == {"OLD": 2010, "CAPSTAN": 2026}


def test_the_lines_are_those_that_count_for_the_reader(capstan):
    submission(capstan, "BE", version=2, lines=[("seized", "CIG", 900, "piece")])
    for user in (
        secretariat(),
        committee(),
        delegate("BE"),
        delegate("PT"),
        third_party("NO"),
        administrator(),
    ):
        expected = set(ResultLine.objects.counted_for(user).values_list("pk", flat=True))
        assert set(all_lines(user).values_list("pk", flat=True)) == expected
