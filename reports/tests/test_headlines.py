"""The sentences over the figures never say more than their rows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import headlines

COUNTS = st.integers(0, 30)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=4), COUNTS, COUNTS)
def test_the_status_sentence_is_borne_out_by_its_rows(aims, others, undated):
    """Each aim has delayed and further actions; `others` of the plan are completed."""
    by_aim = [(f"aim {i}", late, late + more) for i, (late, more) in enumerate(aims)]
    delayed = sum(late for late, _more in aims)
    open_ = sum(more for _late, more in aims)
    total, undated = delayed + open_ + others, min(undated, open_)
    said = headlines.status_headline("Plan 7", total, others, undated, by_aim, delayed)
    assert said.startswith("Every ") == (total > 1 and others == total)
    assert (said == "Plan 7 has no action yet.") == (total == 0)
    assert said.startswith("No action") == (0 < total > others and delayed == 0 and undated == 0)
    assert said.startswith("No dated action") == (delayed == 0 and undated > 0)
    if "most of them under" in said:
        assert 2 * max(late for late, _more in aims) > delayed


def test_the_status_sentence_names_the_aim_that_is_furthest_behind():
    by_aim = [("aim A", 1, 6), ("aim B", 4, 12), ("no aim", 0, 2)]
    said = headlines.status_headline("Plan 12", 20, 3, 0, by_aim, 5)
    assert said == "5 of 20 actions of Plan 12 are delayed; most of them under aim B: 4 of 12."


def test_one_action_is_spoken_of_as_one():
    assert headlines.status_headline("Plan 12", 1, 0, 0, [("aim A", 1, 1)], 1) == (
        "The only action of Plan 12 is delayed."
    )
    said = headlines.status_headline("Plan 12", 3, 0, 0, [("aim A", 1, 2)], 1)
    assert said == "1 of 3 actions of Plan 12 is delayed, under aim A."


def test_two_aims_that_are_equally_behind_are_not_singled_out():
    said = headlines.status_headline("Plan 12", 20, 3, 0, [("aim A", 2, 6), ("aim B", 2, 12)], 4)
    assert said == "4 of 20 actions of Plan 12 are delayed."


def test_unfinished_actions_without_an_end_keep_the_sentence_from_saying_none():
    said = headlines.status_headline("Plan 12", 3, 1, 2, [("aim A", 0, 3)], 0)
    assert said == "No dated action of Plan 12 is delayed; 2 unfinished actions have no end date."


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (("none", None, None, None, 0), "No action plan has been adopted yet."),
        (("due", 13, 12, date(2026, 10, 31), 24), "Plan 13 must be adopted by 31 October 2026: 24 days left."),
        (("due", 13, 12, date(2026, 10, 31), 1), "Plan 13 must be adopted by 31 October 2026: 1 day left."),
        (("due", 13, 12, date(2026, 10, 31), 0), "Plan 13 must be adopted by 31 October 2026: today is the last day."),
        (
            ("due", None, 12, date(2026, 10, 31), -2),
            "The plan after Plan 12 was to be adopted by 31 October 2026: 2 days ago.",
        ),
        (("adopted", 13, 12, date(2026, 10, 31), 11), "Plan 13 was adopted 11 days early."),
        (("adopted", 13, 12, date(2026, 10, 31), 0), "Plan 13 was adopted on the last day."),
        (("adopted", 13, 12, date(2026, 10, 31), -1), "Plan 13 was adopted 1 day late."),
    ],
)  # fmt: skip
def test_the_clock_in_words(clock, said):
    assert headlines.clock_headline(*clock) == said


@given(st.lists(st.integers(-400, 400), max_size=8))
def test_the_record_of_adoptions_says_all_or_none_only_when_true(margins):
    said = headlines.timeline_headline("Clock.", margins)
    met = [days >= 0 for days in margins]
    assert ("All " in said) == (len(met) > 1 and all(met))
    assert ("None " in said) == (len(met) > 1 and not any(met))
    assert (said == "Clock.") == (not met)
    if 0 < sum(met) < len(met):
        assert said == f"Clock. {sum(met)} of {len(met)} plans adopted so far that had a deadline met it."


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            ("reported", "nil", "handed_in", "awaited", "missing", "invited", "not_taking_part"), COUNTS
        )
    )
)
def test_the_sentence_on_returns_says_all_or_none_only_when_true(counts):
    said = headlines.returns_headline(counts)
    handed_in = counts["reported"] + counts["nil"] + counts["handed_in"]
    owed = handed_in + counts["awaited"] + counts["missing"]
    assert said.startswith("All ") == (owed > 1 and handed_in == owed)
    assert said.startswith("None ") == (owed > 1 and handed_in == 0)
    assert (said == "No results have been asked for yet.") == (owed == 0)
    assert ("missing" in said) == (counts["missing"] > 0)
    assert ("found nothing" in said) == (counts["nil"] > 0)


def test_the_sentence_on_returns_tells_them_apart():
    counts = {"reported": 3, "nil": 1, "handed_in": 1, "awaited": 2, "missing": 1, "not_taking_part": 4}
    assert headlines.returns_headline(counts) == (
        "5 of 8 returns that were asked for are in (1 found nothing); 1 is missing; 2 still have time."
    )


@given(COUNTS, COUNTS, COUNTS)
def test_the_sentence_on_results_says_every_one_only_when_true(lines, totals, inexact):
    totals = min(totals, lines) or (1 if lines else 0)
    inexact = min(inexact, totals)
    said = headlines.results_headline(lines, totals, ["CAPSTAN"], inexact)
    assert (said == "No result counts yet for what you chose.") == (lines == 0)
    assert ("every one of them" in said) == (totals > 1 and inexact == totals)
    assert ("rounded" in said) == (inexact > 0)


def test_the_sentence_on_results_names_up_to_three_operations():
    assert headlines.results_headline(14, 6, ["A", "B", "C"], 2) == (
        "14 result lines from A, B and C in 6 totals, 2 of them rounded."
    )
    assert (
        headlines.results_headline(14, 6, list("ABCD"), 0) == "14 result lines from 4 operations in 6 totals."
    )


def test_published_figures_are_counted_and_never_added():
    assert headlines.published_headline(105, 40) == "105 published figures about 40 operations, as published."


@given(COUNTS.filter(bool), COUNTS, COUNTS, st.integers(1, 5))
def test_the_sentence_on_coverage_is_borne_out_by_its_rows(objectives, without, never, plans):
    without = min(without, objectives)
    never = without if plans == 1 else min(never, without)
    said = headlines.coverage_headline(objectives, "Plan 7", without, never, plans)
    assert said.startswith("All ") == (without == 0 and objectives > 1)
    assert said.startswith("None ") == (without == objectives > 1)
    assert ("nor in any other plan" in said) == (plans > 1 and 0 < never == without)
    assert ("in another plan" in said) == (plans > 1 and without > 0 == never)
    if said[0].isdigit():
        assert said.startswith(f"{without} of {objectives} ")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((27, "Plan 12", 0, 0, 3), "All 27 objectives have an action in Plan 12."),
        ((1, "Plan 12", 0, 0, 3), "The one objective has an action in Plan 12."),
        ((27, "Plan 12", 27, 27, 1), "None of the 27 objectives has an action in Plan 12."),
        ((27, "Plan 12", 9, 4, 3), "9 of 27 objectives have no action in Plan 12; 4 have none in any plan."),
        ((27, "Plan 12", 9, 9, 3), "9 of 27 objectives have no action in Plan 12, nor in any other plan."),
        (
            (27, "Plan 12", 1, 0, 3),
            "1 of 27 objectives has no action in Plan 12; it has one in another plan.",
        ),
    ],
)
def test_the_sentence_on_coverage(numbers, said):
    assert headlines.coverage_headline(*numbers) == said
