"""Reviews of a strategy: opened by a meeting of the heads of customs, concluded with an outcome, seen by state."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from accounts.tests.factories import (
    BodyFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import Strategy, StrategyReview
from actionplans.tests.factories import StrategyFactory, VersionFactory
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of
from council.tests.factories import DocumentFactory, MeetingFactory
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
URL = "/strategies/strategy-2009/reviews/"


@pytest.fixture
def clerk(client):
    person = secretariat()
    client.force_login(person)
    return person


def meeting(**fields):
    return MeetingFactory(body=BodyFactory(code="heads-of-customs", name="Heads of customs"), **fields)


def review(**fields):
    given = {"question": "Is it to be amended?", "strategy": StrategyFactory(), **fields}
    return StrategyReview.objects.create(**{"meeting": fields.get("meeting") or meeting(), **given})


def concluded(**fields):
    return review(outcome="keep", conclusion="It serves.", status="concluded", **fields)


def test_the_secretariat_opens_a_review_and_it_is_listed_on_the_strategy(client, clerk):
    StrategyFactory()
    report, met = DocumentFactory(), meeting(held_on=date(2026, 5, 4))
    draft = VersionFactory(strategy=Strategy.objects.get(), number=2, status="draft", in_force_from=None)
    typed = {"meeting": met.pk, "question": "Is it to be amended?", "reports": [report.pk], "outcome": "amend",
             "conclusion": "New routes", "version": draft.pk}  # fmt: skip
    response = post_new(client, f"{URL}new/", **typed)
    made = StrategyReview.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{URL}{made.pk}/")
    assert (made.status, made.outcome, made.version, list(made.reports.all())) == (
        "open",
        "amend",
        draft,
        [report],
    )
    page = text_of(client.get(response["Location"]))
    for words in (
        "Review of 15198/09 at the meeting of Heads of customs, 4 May 2026",
        "New routes",
        str(report),
    ):
        assert words in page
    assert '<a href="/strategies/strategy-2009/versions/2/">Version 2</a>' in page
    for url in ("/strategy/", URL):
        assert f'href="{URL}{made.pk}/">Heads of customs, 4 May 2026</a>' in text_of(client.get(url))


def test_without_such_a_meeting_the_form_leads_to_the_one_that_records_it(client, clerk):
    StrategyFactory()
    page = text_of(client.get(f"{URL}new/"))
    assert (
        'No meeting of the heads of customs is recorded yet. <a href="/meetings/new/">Record the meeting first</a>'
    ) in page
    meeting()
    assert "Record the meeting first" not in text_of(client.get(f"{URL}new/"))


def test_only_meetings_of_the_heads_of_customs_are_offered(client, clerk):
    StrategyFactory()
    page = client.get(f"{URL}new/")
    assert "No meeting of the heads of customs is recorded yet" in text_of(page)
    other, ours = MeetingFactory(), meeting()
    assert list(client.get(f"{URL}new/").context["form"].fields["meeting"].queryset) == [ours]
    wrong = post_new(client, f"{URL}new/", meeting=other.pk, question="Why?", outcome="open")
    assert list(errors_of(wrong)) == ["meeting"]


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({"question": ""}, "question", "required"),
        ({"question": "\u200b\u2060"}, "question", "shows nothing"),
        ({"outcome": "maybe"}, "outcome", "not in the list"),
        ({"reports": ["x"]}, "reports", "x"),
        ({"version": "999"}, "version", "not in the list"),
        ({"meeting": ""}, "meeting", "required"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(client, clerk, typed, field, why):
    StrategyFactory()
    good = {"meeting": meeting().pk, "question": "Why?", "outcome": "open"}
    errors = errors_of(post_new(client, f"{URL}new/", **{**good, **typed}))
    assert list(errors) == [field]
    assert not StrategyReview.objects.exists()


def test_a_version_belongs_to_an_amending_review_and_a_meeting_has_one_of_a_strategy(client, clerk):
    row = review()
    draft = VersionFactory(strategy=row.strategy, number=2, status="draft", in_force_from=None)
    typed = {"meeting": row.meeting_id, "question": "Again?", "outcome": "keep", "version": draft.pk}
    assert errors_of(post_new(client, f"{URL}new/", **typed)) == {
        "version": ["Only a review that amends the strategy names a version."],
        "meeting": ["This meeting has a review of the strategy already."],
    }


def test_only_a_version_that_came_later_amends_what_was_reviewed(client, clerk):
    strategy, met = StrategyFactory(), meeting(held_on=date(2026, 5, 4))
    first = strategy.versions.get()
    later = {"strategy": strategy, "agreed_on": None}
    before = VersionFactory(number=2, status="superseded", in_force_from=date(2026, 5, 4), **later)
    after = VersionFactory(number=3, status="superseded", in_force_from=date(2026, 5, 5), **later)
    draft = VersionFactory(number=4, status="draft", in_force_from=None, **later)
    typed = {"meeting": met.pk, "question": "Why?", "outcome": "amend"}
    for version, said in (
        (first, "Version 1 is the first text of this strategy: it amends none."),
        (before, "Version 2 is in force from 4 May 2026, not after the meeting: it is what was reviewed."),
    ):
        response = post_new(client, f"{URL}new/", **typed, version=version.pk)
        assert errors_of(response) == {"version": [said]}
    assert offered(client.get(f"{URL}new/")) == [draft.pk, after.pk, before.pk]  # no meeting is chosen yet
    response = post_new(client, f"{URL}new/", **typed, version=after.pk)
    assert response.status_code == 302
    assert offered(client.get(f"{response.url}edit/")) == [draft.pk, after.pk]


def offered(page):
    """The versions among which the form lets choose."""
    return [pk for pk, _label in page.context["form"].fields["version"].choices if pk]


def test_a_meeting_to_come_has_no_outcome_yet(client, clerk):
    StrategyFactory()
    later = meeting(held_on=brussels_today() + timedelta(days=9))
    typed = {"meeting": later.pk, "question": "Why?"}
    assert list(errors_of(post_new(client, f"{URL}new/", outcome="keep", **typed))) == ["outcome"]
    assert post_new(client, f"{URL}new/", outcome="open", **typed).status_code == 302


def test_a_review_is_concluded_with_an_outcome_in_words_and_reopened_with_a_reason(clerk):
    row = review()
    with pytest.raises(NotAllowed) as refused:
        row.take("conclude", by=clerk)
    assert [str(reason.text) for reason in refused.value.reasons] == [
        "Its outcome is open: keep or amend.",
        "It has no conclusion in words yet.",
    ]
    StrategyReview.objects.update(outcome="keep", conclusion="It serves.")
    row.refresh_from_db()
    row.take("conclude", by=clerk)
    assert row.status == "concluded"
    with pytest.raises(NotAllowed, match="Give a reason"):
        row.take("reopen", by=clerk)
    row.take("reopen", by=clerk, note="A report was missing")
    assert row.status == "open"


@pytest.mark.parametrize("verb", list(StrategyReview.STEPS))
@pytest.mark.parametrize("state", StrategyReview.Status.values)
def test_each_step_is_taken_from_its_states_only(clerk, state, verb):
    row = review(outcome="keep", conclusion="It serves.", status=state)
    step = StrategyReview.STEPS[verb]
    if state in step.sources:
        row.take(verb, by=clerk, note="Why")
        assert row.status == step.target
    else:
        with pytest.raises(NotAllowed):
            row.take(verb, by=clerk, note="Why")


def test_the_database_keeps_a_concluded_review_whole():
    with pytest.raises(IntegrityError, match="review_concluded_with_an_outcome"):
        review(status="concluded")


def test_a_concluded_review_does_not_change(client, clerk):
    row = concluded()
    response = client.get(f"{row.get_absolute_url()}edit/")
    assert response.status_code == 409
    assert "The review is concluded. Reopen it to change it." in text_of(response)


def test_an_edit_is_saved_and_kept_in_history(client, clerk):
    row = review()
    assert post_edit(client, row.get_edit_url(), conclusion="It serves.", outcome="keep").status_code == 302
    row.refresh_from_db()
    assert (row.conclusion, row.outcome) == ("It serves.", "keep")
    assert "It serves." in text_of(client.get(f"/history/strategyreview/{row.pk}/"))


def test_delegations_see_reviews_and_the_committee_once_the_outcome_stands(client):
    seen = {secretariat: 2, delegate: 2, committee: 1, third_party: 0, administrator: 0}
    rows = [review(), concluded()]
    for person, number in seen.items():
        client.force_login(person())
        assert [client.get(row.get_absolute_url()).status_code for row in rows].count(200) == number
        assert len(client.get(URL).context["reviews"]) == number
        assert text_of(client.get("/strategy/")).count(f'<a href="{URL}') == number + bool(number)
    client.force_login(committee())
    assert client.get(rows[1].get_absolute_url()).status_code == 200
    assert client.get(rows[0].get_absolute_url()).status_code == 404
    assert "/meetings/" not in text_of(client.get(rows[1].get_absolute_url())).split("<main")[1]


def test_a_review_of_another_strategy_is_not_found_here(client, clerk):
    Strategy.objects.create(
        slug="strategy-2003", reference="2003/C 247/01", title="Older", dated_on="2003-10-02"
    )
    row = review()
    assert client.get(f"/strategies/strategy-2003/reviews/{row.pk}/").status_code == 404
    assert client.get("/strategies/none/reviews/").status_code == 404
    assert "No review of this strategy yet." in text_of(client.get("/strategies/strategy-2003/reviews/"))


@pytest.mark.parametrize("url", [URL, "/strategy/"])
def test_the_queries_do_not_grow_with_the_reviews(client, url):
    client.force_login(delegate())
    review()
    queries(client, url)
    first = queries(client, url)
    for _n in range(29):
        concluded()
    assert queries(client, url) == first
    assert first <= 15


def test_question_and_conclusion_are_shown_formatted(client, clerk):
    shown = review(outcome="keep", status="concluded", question="Does it **hold**?", conclusion="It *does*.")
    page = text_of(client.get(shown.get_absolute_url()))
    assert "Does it <strong>hold</strong>?" in page
    assert "It <em>does</em>." in page
