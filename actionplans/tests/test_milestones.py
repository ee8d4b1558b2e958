"""Milestones and indicators: typed in lines, kept within the plan, copied, and never changed once agreed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from actionplans.models import Indicator, Milestone, TermsOfReference
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, put
from actionplans.tests.pages import lines, post_edit, post_new, queries, shown, text_of

pytestmark = pytest.mark.django_db
URL = "/plans/8/actions/1/terms/"
GUIDE = {"title": "Guide printed", "due_on": "2026-11-30"}
SEIZED = {"title": "Guides read", "unit": "guides"}
NO_LINES = lines("indicators") | lines("milestones")
PERIOD = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 6, 30)}


@pytest.fixture
def action():
    return ActionFactory(plan=PlanFactory(number=8, **PERIOD))


def milestone(terms, order=1, title="Guide printed", due_on=date(2026, 11, 30), **fields):
    return Milestone.objects.create(terms=terms, order=order, title=title, due_on=due_on, **fields)


def indicator(terms, order=1, title="Guides read", unit="guides", **fields):
    return Indicator.objects.create(terms=terms, order=order, title=title, unit=unit, **fields)


def new(desk, milestones=(), indicators=(), **data):
    """Post the form of a new version with these lines."""
    sent = lines("milestones", *milestones) | lines("indicators", *indicators)
    return post_new(desk, f"{URL}new/", **{**sent, **data})


def wrong_lines(response, name):
    """The errors of each line of a formset; the status must be 422."""
    assert response.status_code == 422
    return [
        {field: list(said) for field, said in found.items()}
        for found in response.context["formsets"][name].errors
    ]


def test_lines_are_saved_in_the_order_of_their_places(desk, action):
    first = {"title": "Experts met", "due_on": "2026-03-01", "place": "1", "text": "In Brussels"}
    assert new(desk, [{**GUIDE, "place": "2"}, first], [SEIZED]).url == URL
    terms = TermsOfReference.objects.get()
    assert list(terms.milestones.values_list("order", "title", "due_on", "text")) == [
        (1, "Experts met", date(2026, 3, 1), "In Brussels"),
        (2, "Guide printed", date(2026, 11, 30), ""),
    ]


def test_an_empty_value_is_not_zero(desk, action):
    stated = {**SEIZED, "baseline": "0", "target": "12,5", "target_words": "at least"}
    new(desk, [], [stated, {**SEIZED, "title": "Trained", "baseline_words": "not measured yet"}])
    rows = Indicator.objects.values_list("baseline", "baseline_words", "target", "target_words")
    assert list(rows) == [
        (Decimal(0), "", Decimal("12.5"), "at least"),
        (None, "not measured yet", None, ""),
    ]
    page = text_of(desk.get(URL))
    assert ("at least 12.5" in page, "not measured yet" in page, "not stated" in page) == (True, True, True)


@pytest.mark.parametrize("day", ["2025-12-31", "2027-07-01"])
def test_a_milestone_outside_the_plan_is_asked_back(desk, action, day):
    response = new(desk, [{**GUIDE, "due_on": day}], main_goals="Typed and kept")
    said = ["A milestone is due within the plan, 1 January 2026 to 30 June 2027."]
    assert wrong_lines(response, "milestones") == [{"due_on": said}]
    assert "Typed and kept" in text_of(response)
    assert TermsOfReference.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-01-01", "2027-06-30"])
def test_the_first_and_the_last_day_of_the_plan_are_within_it(desk, action, day):
    assert new(desk, [{**GUIDE, "due_on": day}]).status_code == 302


def test_an_indicator_without_a_unit_is_asked_back(desk, action):
    response = new(desk, [], [{**SEIZED, "unit": ""}])
    said = ["Say in what unit it is measured: pieces, per cent, days."]
    assert wrong_lines(response, "indicators") == [{"unit": said}]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("baseline", "many"),
        ("target", "1.234"),
        ("baseline", "-1"),
        ("title", "a\u202eb"),
        ("measured", "a\0b"),
    ],
)
def test_wrong_input_in_a_line_is_asked_back(desk, action, field, typed):
    response = new(desk, [], [{**SEIZED, field: typed}])
    assert list(wrong_lines(response, "indicators")[0]) == [field]
    assert TermsOfReference.objects.count() == 0


def test_more_lines_than_are_taken_are_refused_and_kept(desk, action):
    response = new(desk, [GUIDE] * 51)
    assert response.status_code == 422
    assert "at most 50 can be saved at once" in text_of(response)
    assert text_of(response).count('value="Guide printed"') == 51


@pytest.mark.parametrize("page", ["new/", "edit/"])
def test_a_line_is_added_without_scripts_and_nothing_is_saved(desk, action, page):
    if page == "edit/":
        TermsFactory(action=action)
    opened = desk.get(f"{URL}{page}")
    before = opened.context["formsets"]["milestones"].total_form_count()
    response = desk.post(
        f"{URL}{page}",
        {**shown(opened), "more_lines": "milestones", "main_goals": "Typed", "milestones-0-title": "Half"},
    )
    assert response.status_code == 200
    assert response.context["formsets"]["milestones"].total_form_count() == before + 1
    assert ("Typed" in text_of(response), 'value="Half"' in text_of(response)) == (True, True)
    assert 'class="markdown-text"' not in text_of(response)
    assert Milestone.objects.count() == 0


@pytest.mark.parametrize("asked", ["", "nothing", "milestones", "\u0663", "x" * 500])
@pytest.mark.parametrize("count", ["", "-1", "9999999", "\u0663"])
def test_a_wrong_wish_for_a_line_breaks_nothing(desk, action, asked, count):
    sent = NO_LINES | {"more_lines": asked, "milestones-TOTAL_FORMS": count}
    assert post_new(desk, f"{URL}new/", **sent).status_code == 200


def test_a_line_is_changed_removed_and_put_before_another(desk, action):
    terms = TermsFactory(action=action)
    rows = [milestone(terms, n, f"Step {n}") for n in (1, 2, 3)]
    changes = {"milestones-0-DELETE": "on", "milestones-2-place": "1", "milestones-1-title": "Second"}
    assert post_edit(desk, f"{URL}edit/", **changes).url == URL
    kept = list(terms.milestones.values_list("order", "pk", "title"))
    assert kept == [(1, rows[2].pk, "Step 3"), (2, rows[1].pk, "Second")]


def test_a_line_that_another_has_changed_meanwhile_is_a_conflict(desk, action):
    row = milestone(TermsFactory(action=action))
    opened = shown(desk.get(f"{URL}edit/"))
    Milestone.objects.update(title="Guide sent out")
    response = desk.post(f"{URL}edit/", {**opened, "milestones-0-title": "Guide translated"})
    page = text_of(response)
    assert (response.status_code, "Guide sent out" in page, "Guide translated" in page) == (409, True, True)
    row.refresh_from_db()
    assert row.title == "Guide sent out"


def test_a_new_version_begins_with_the_lines_of_the_agreed_one(desk, action):
    terms = TermsFactory(action=action)
    milestone(terms, 1, "Experts met", date(2026, 3, 1))
    milestone(terms, 2)
    indicator(terms, baseline=0, target=Decimal("1.5"))
    put(terms, "agreed")
    opened = desk.get(f"{URL}new/")
    assert post_new(desk, f"{URL}new/", **without_key(shown(opened))).url == URL
    second = TermsOfReference.objects.get(version=2)
    assert list(second.milestones.values_list("order", "title")) == [(1, "Experts met"), (2, "Guide printed")]
    assert list(second.indicators.values_list("title", "baseline", "target")) == [
        ("Guides read", Decimal(0), Decimal("1.5"))
    ]
    assert terms.milestones.count() == 2


def without_key(data):
    return {name: value for name, value in data.items() if name != "idempotency_key"}


@pytest.mark.parametrize(("status", "is_refused"), [("draft", True), ("agreed", True), ("superseded", False)])
def test_the_plans_period_does_not_leave_a_milestone_outside(desk, action, status, is_refused):
    terms = TermsFactory(action=action)
    milestone(terms, due_on=date(2027, 6, 30))
    put(terms, status)
    response = post_edit(desk, "/plans/8/edit/", ends_on="2027-05-31")
    said = "These milestones would lie outside the plan: 8.1 Guide printed (30 June 2027)."
    assert (response.status_code == 422 and said in text_of(response)) is is_refused
    action.plan.refresh_from_db()
    assert action.plan.ends_on == (date(2027, 6, 30) if is_refused else date(2027, 5, 31))


@pytest.mark.parametrize("status", ["agreed", "superseded"])
def test_the_database_itself_keeps_agreed_terms_as_they_are(action, status):
    terms = TermsFactory(action=action)
    row = milestone(terms)
    indicator(terms)
    put(terms, status)
    for change in (
        lambda: TermsOfReference.objects.update(tasks="Others"),
        lambda: TermsOfReference.objects.filter(pk=terms.pk).delete(),
        lambda: Milestone.objects.update(due_on=date(2027, 1, 1)),
        lambda: Indicator.objects.all().delete(),
        lambda: milestone(terms, 2),
        lambda: Milestone.objects.filter(pk=row.pk).update(terms=TermsFactory(action=action)),
    ):
        with (
            pytest.raises(IntegrityError, match="agreed terms of reference never change"),
            transaction.atomic(),
        ):
            change()


def test_the_history_of_the_terms_tells_of_their_lines(desk, action):
    terms = TermsFactory(action=action)
    milestone(terms)
    page = text_of(desk.get(f"/history/termsofreference/{terms.pk}/"))
    assert "Guide printed" in page


@pytest.mark.parametrize("page", [URL, f"{URL}edit/", "/plans/8/actions/1/"])
def test_the_queries_do_not_grow_with_the_lines(desk, action, page):
    terms = TermsFactory(action=action)
    milestone(terms)
    indicator(terms)
    queries(desk, page)
    first = queries(desk, page)
    for order in (2, 3):
        milestone(terms, order)
        indicator(terms, order)
    assert queries(desk, page) == first
