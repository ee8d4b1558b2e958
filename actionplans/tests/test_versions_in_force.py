"""A version comes into force: from the first word to the last decision, and what the text then has no longer."""

from datetime import date

import pytest
from django.db import IntegrityError

from accounts.tests.factories import BodyFactory, committee, delegate, secretariat
from actionplans import amending
from actionplans.loading import stored_text
from actionplans.models import Objective, StrategyVersion
from actionplans.tests.drafts import put_in_force
from actionplans.tests.factories import ActionFactory, PlanFactory, StrategyFactory, VersionFactory
from actionplans.tests.pages import post_edit, post_new, text_of, the_strategy_of_2009
from actionplans.tests.versioned import LIST, NOTE, WHY, draft_of, strategy
from council.models import Meeting
from council.tests.factories import DocumentFactory
from strategy_portal.dates import brussels_today

__all__ = ["strategy"]  # the fixture
pytestmark = pytest.mark.django_db


def on_record(document):
    """What a form sends that means a document on record."""
    return {"document_number": str(document), "document_title": "", "document_meant": [str(document)]}


# -- objectives that the strategy has no longer ----------------------------------------------------------------------


def test_a_withdrawn_objective_says_so_since_when_and_why_and_what_serves_it(client, strategy):
    action = ActionFactory(
        plan=PlanFactory(status="adopted"), objectives=[Objective.objects.get(code="A.MS.b")]
    )
    version = draft_of(strategy)
    with amending.amending(version) as held:
        amending.withdraw(held, amending.find(held, "objective", "A.MS.b"), **WHY)
    client.force_login(delegate())
    assert "withdrawn" not in text_of(client.get("/strategy/objectives/A.MS.b/"))
    put_in_force(version)
    page = text_of(client.get("/strategy/objectives/A.MS.b/"))
    assert "it was withdrawn with version 2, in force from 1 March 2026." in page
    assert "Outcome achieved." in page
    assert "It has been reached." in page
    assert "To do A.MS.b" in page
    assert action.get_absolute_url() in page
    assert list(action.objectives.all()) == [Objective.objects.get(code="A.MS.b")]
    assert client.get("/strategies/strategy-2009/objectives/A.MS.b/").status_code == 200


def test_an_objective_that_only_a_draft_has_is_not_found(client, strategy):
    version = draft_of(strategy)
    client.force_login(secretariat())
    url = f"{LIST}2/edit/addressees/A.MS/objectives/new/"
    post_new(client, url, letter="c", text="Secret", after="first", **WHY)
    assert version.wordings.filter(objective__code="A.MS.c").count() == 1
    for person in (secretariat, delegate, committee):
        client.force_login(person())
        assert client.get("/strategy/objectives/A.MS.c/").status_code == 404


# -- the day on which a version comes into force ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "approved", "number", "told"),
    [
        ("2026-03-02", "2026-03-01", 3, ["agreed on 2 March 2026", "before, on 1 March 2026"]),
        (None, "2026-01-31", 3, ["in force from 1 February 2026", "a meeting on 31 January 2026"]),
        (None, "2026-02-01", 1, ["in force from 1 February 2026", "a meeting on 1 February 2026"]),
        ("2026-03-01", "2026-03-01", 3, []),
        ("2026-01-31", "2026-02-01", 3, []),
        (None, "2026-02-02", 1, []),
    ],
)
def test_a_version_comes_into_force_after_its_agreement_and_after_what_it_supersedes(
    desk, strategy, agreed, approved, number, told
):
    strategy.versions.update(number=2, in_force_from="2026-02-01")
    version = VersionFactory(
        strategy=strategy, number=number, status="agreed", agreed_on=agreed, in_force_from=None
    )
    before, meetings = versions_of(strategy), Meeting.objects.count()
    url = f"/decisions/record/actionplans.strategyversion/{version.pk}/approve/"
    response = post_new(
        desk, url, meeting="", body=BodyFactory(code="article-36").pk, held_on=approved,
        **on_record(DocumentFactory()), text="", is_early="on",
    )  # fmt: skip
    if told:
        page = text_of(response)
        assert (response.status_code, [words in page for words in told]) == (409, [True, True])
        assert (versions_of(strategy), Meeting.objects.count()) == (before, meetings)
    else:
        assert response.status_code == 302
        assert versions_of(strategy) == [
            (number, "in_force", date.fromisoformat(approved)), (2, "superseded", date(2026, 2, 1)),
        ]  # fmt: skip
        in_force = StrategyVersion.objects.in_force_on(date.fromisoformat(approved)).first()
        assert in_force.number == number


def versions_of(strategy):
    """Each with its state and first day, the newest day first."""
    rows = strategy.versions.order_by("-in_force_from", "-number")
    return list(rows.values_list("number", "status", "in_force_from"))


def test_the_database_refuses_a_version_in_force_before_it_was_agreed(strategy):
    with pytest.raises(IntegrityError, match="strategy_version_in_force_once_agreed"):
        strategy.versions.update(agreed_on="2026-03-02", in_force_from="2026-03-01")


# -- from the first word to the last decision ------------------------------------------------------------------------


def decide(desk, version, verb, body):
    """Record a decision of today through the council's form."""
    document = DocumentFactory()
    url = f"/decisions/record/actionplans.strategyversion/{version.pk}/{verb}/"
    assert desk.get(f"{LIST}{version.number}/steps/{verb}/").url == url
    return post_new(
        desk, url, meeting="", body=BodyFactory(code=body).pk, held_on=brussels_today().isoformat(),
        **on_record(document), text="",
    )  # fmt: skip


def test_the_strategy_is_amended_agreed_and_put_in_force(desk):
    strategy = the_strategy_of_2009()
    first = strategy.versions.get()
    before = stored_text(first)
    action = ActionFactory(
        plan=PlanFactory(status="adopted", strategy=strategy),
        objectives=[Objective.objects.get(code="B.MS.b")],
    )
    post_new(desk, f"{LIST}new/", source=first.pk, **NOTE)
    reasons = {
        "B.MS.b": {"cause": "outcome", "reason": "The first half is done."},
        "B.MS.c": {"cause": "external", "reason": "A new regulation."},
        "C.CCWP.e": {"cause": "correction", "reason": "A word was missing."},
    }
    for code, why in reasons.items():
        post_edit(desk, f"{LIST}2/edit/objectives/{code}/", text=f"Amended {code}", **why)
    desk.post(f"{LIST}2/steps/table/", {"reason": ""})
    second = strategy.versions.get(number=2)
    assert decide(desk, second, "agree", "ccwp-plenary").url == f"{LIST}2/"
    assert "Amended B.MS.b" not in text_of(desk.get("/strategy/"))
    assert decide(desk, second, "approve", "article-36").url == f"{LIST}2/"
    page = text_of(desk.get("/strategy/"))
    assert [f"Amended {code}" in page for code in reasons] == [True] * 3
    assert [why["reason"] in page for why in reasons.values()] == [True] * 3
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "in_force")
    assert (second.agreed_on, second.in_force_from) == (brussels_today(), brussels_today())
    assert stored_text(first) == before
    assert "Amended" not in text_of(desk.get(f"{LIST}1/"))
    assert "Amended B.MS.b" in text_of(desk.get("/strategy/objectives/B.MS.b/"))
    assert action.get_absolute_url() in text_of(desk.get("/strategy/objectives/B.MS.b/"))
    assert list(second.changes.values_list("code", "reason")) == [
        (code, why["cause"]) for code, why in reasons.items()
    ]
    assert desk.get(f"{LIST}2/edit/").status_code == 409


@pytest.mark.parametrize(
    ("second", "period"), [("2026-06-01", "4 November 2009 – 31 May 2026"), ("2009-11-04", "4 November 2009")]
)
def test_the_period_of_a_version_ends_on_the_eve_of_the_next(client, second, period):
    strategy = StrategyFactory()
    strategy.versions.update(status="superseded")
    VersionFactory(strategy=strategy, number=2, in_force_from=second)
    VersionFactory(strategy=strategy, number=3, status="draft", in_force_from=None)
    client.force_login(delegate())
    page = text_of(client.get("/strategy/versions/")).replace("\u00a0", " ")
    assert f'data-label="In force">{period}<' in page
