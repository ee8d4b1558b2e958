"""Strategy, plans and actions as they stood on a day, by the portal's clock and for who may see that state today."""

import re
from datetime import UTC, date, datetime, timedelta

import pghistory
import pytest

from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat, third_party
from actionplans import asof
from actionplans.models import Action, ActionObjective, ActionPlan, StrategyVersion, Wording
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    VersionFactory,
    part,
    write_text,
)
from actionplans.tests.pages import errors_of, queries, text_of
from council.tests.factories import DecisionFactory
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def at(day, hour=12, minute=0):
    """What is done inside happened on a day, at an hour in UTC, by the portal's clock."""
    return pghistory.context(at=datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).isoformat())


@pytest.fixture
def reader(client):
    client.force_login(delegate())
    return client


@pytest.fixture
def plan():
    """A plan drafted on 1 May, tabled on 1 June and adopted on 1 July; its action was renamed in June."""
    StrategyFactory()
    with at(MAY):
        plan = PlanFactory(number=7, title="First title")
        action = ActionFactory(plan=plan, title="Pilot", objectives=[ObjectiveFactory(code="A.MS.a")])
    with at(JUNE):
        ActionPlan.objects.filter(pk=plan.pk).update(status="tabled", title="Second title")
        Action.objects.filter(pk=action.pk).update(title="Two pilots", lead=DelegationFactory(code="FR"))
        ActionObjective.objects.filter(action=action).delete()
        ActionObjective.objects.create(action=action, objective=ObjectiveFactory(code="C.CCWP.e"))
    with at(JULY):
        decision = DecisionFactory(subject=plan, kind="adopt", verb="adopt")
        ActionPlan.objects.filter(pk=plan.pk).update(
            status="adopted", adoption=decision, adopted_on=decision.taken_on
        )
        Action.objects.filter(pk=action.pk).update(status="planned")
    return plan


@pytest.fixture
def amended():
    """The strategy in version 1 from 4 November 2009, in version 2 from 1 June 2026."""
    strategy = StrategyFactory()
    second = VersionFactory(strategy=strategy, number=2, status="draft", in_force_from=JUNE)
    write_text(second, {"A.MS.a": "", "C.CCWP.e": ""})
    Wording.objects.filter(version=second, objective__code="A.MS.a").update(text="To do it better")
    StrategyVersion.objects.filter(strategy=strategy, number=1).update(status="superseded")
    StrategyVersion.objects.filter(pk=second.pk).update(status="in_force")
    return strategy


def banner(day):
    return f"as it stood at the end of <strong>{day}</strong>"


# -- the strategy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["/strategy/", "/strategies/strategy-2009/"])
def test_the_text_in_force_on_the_day_is_read(reader, amended, root):
    for on, words, other in (
        ("2026-05-31", "To do A.MS.a", "To do it better"),
        ("2026-06-01", "To do it better", "To do A.MS.a"),
        ("31/05/2026", "To do A.MS.a", "To do it better"),
    ):
        page = text_of(reader.get(root, {"on": on}))
        assert words in page
        assert other not in page
        assert ("In force on this day" in page, "Superseded" in page) == (True, False)
    assert banner("1 June 2026") in text_of(reader.get(root, {"on": "2026-06-01"}))
    assert "day-banner" not in text_of(reader.get(root))


def test_an_objective_is_worded_as_on_the_day(reader, amended):
    url = "/strategy/objectives/A.MS.a/"
    assert "To do A.MS.a" in text_of(reader.get(url, {"on": "2026-05-31"}))
    assert "To do it better" in text_of(reader.get(url, {"on": "2026-06-01"}))


def test_an_objective_that_the_text_of_the_day_has_not_is_said_to_be_none(reader, amended):
    assert reader.get("/strategy/objectives/B.MS.a/", {"on": "2026-05-31"}).status_code == 200
    for code in ("B.MS.a", "X.MS.a"):
        response = reader.get(f"/strategy/objectives/{code}/", {"on": "2026-06-01"})
        assert response.status_code == 404
        assert "on 1 June 2026, version 2, has no objective with this code." in text_of(response)


@pytest.mark.parametrize("url", ["/strategy/", "/strategies/strategy-2009/", "/strategy/objectives/A.MS.a/"])
def test_a_day_before_the_first_version_names_the_first_day(reader, amended, url):
    response = reader.get(url, {"on": "2009-11-03"})
    assert response.status_code == 404
    assert (
        "No text was in force on 3 November 2009. The first in the portal, 15198/09, is in force from 4 November 2009."
    ) in text_of(response)
    assert reader.get(url, {"on": "2009-11-04"}).status_code == 200


def test_without_any_text_the_page_of_a_day_says_so(reader):
    assert "has been in force yet" in text_of(reader.get("/strategy/", {"on": "2026-05-01"}))


# -- plans and actions -------------------------------------------------------------------------------------------------


def test_a_plan_is_read_as_it_stood(client, plan):
    client.force_login(secretariat())
    shown = []
    for on in (MAY, JUNE, JULY):
        context = client.get("/plans/7/", {"on": on.isoformat()}).context
        found, action = context["plan"], context["actions"][0]
        shown.append((found.title, found.status, action.title, str(action.lead), action.status))
        assert (found.adopted_on is None) == (on < JULY)
    assert shown == [
        ("First title", "draft", "Pilot", "Belgium", "proposed"),
        ("Second title", "tabled", "Two pilots", "France", "proposed"),
        ("Second title", "adopted", "Two pilots", "France", "planned"),
    ]


def test_an_action_is_read_with_what_it_served_and_who_took_part_then(client, plan):
    action = plan.actions.get()
    with at(JUNE):
        part(action, "EE", "co_lead")
        TermsFactory(action=action, main_goals="Fewer missed")
    client.force_login(secretariat())
    before = client.get("/plans/7/actions/1/", {"on": "2026-05-31"})
    after = client.get("/plans/7/actions/1/", {"on": "2026-06-01"})
    assert [[o.code for o, *_words in r.context["objectives"]] for r in (before, after)] == [
        ["A.MS.a"],
        ["C.CCWP.e"],
    ]
    assert [[str(d) for d in r.context["action"].shown_co_leads] for r in (before, after)] == [
        [],
        ["Estonia"],
    ]
    assert "Fewer missed" in text_of(after)
    assert "No terms of reference then" in text_of(before)


def test_a_day_ends_at_midnight_in_brussels(client):
    with at(MAY, 21, 59):
        PlanFactory(number=7, title="Late")
    with at(MAY, 22, 1):
        ActionPlan.objects.update(title="The day after")
    client.force_login(secretariat())
    assert client.get("/plans/7/", {"on": "2026-05-01"}).context["plan"].title == "Late"
    assert client.get("/plans/7/", {"on": "2026-05-02"}).context["plan"].title == "The day after"


def test_the_state_of_the_day_decides_who_sees_it(client, plan):
    expected = [
        (secretariat, [200, 200, 200]),
        (lambda: delegate("FR"), [404, 200, 200]),
        (committee, [404, 404, 200]),
        (third_party, [404, 404, 404]),
    ]
    for person, statuses in expected:
        client.force_login(person())
        for url in ("/plans/7/", "/plans/7/actions/1/"):
            days = [d.isoformat() for d in (MAY, JUNE, JULY)]
            assert [client.get(url, {"on": day}).status_code for day in days] == statuses
        listed = [len(client.get("/plans/", {"on": day}).context["plans"]) for day in days]
        assert listed == [status == 200 for status in statuses]


def test_a_lead_reads_of_a_draft_its_number_its_period_and_its_own_action(client, plan):
    client.force_login(delegate("BE"))
    response = client.get("/plans/7/", {"on": "2026-05-01"})
    page = text_of(response)
    assert [action.title for action in response.context["actions"]] == ["Pilot"]
    assert "First title" not in page
    assert "Of this plan you see the actions in which you take part." in page
    assert "Only your actions are shown to you." in text_of(client.get("/plans/", {"on": "2026-05-01"}))


def test_delegations_read_an_action_from_the_day_on_which_its_terms_were_tabled(client):
    with at(MAY):
        action = ActionFactory(plan=PlanFactory(number=7))
        terms = TermsFactory(action=action)
    with at(JUNE):
        type(terms).objects.filter(pk=terms.pk).update(status="tabled")
    client.force_login(delegate("FR"))
    days = ["2026-05-31", "2026-06-01"]
    assert [client.get("/plans/7/actions/1/", {"on": day}).status_code for day in days] == [404, 200]
    assert "First title" not in text_of(client.get("/plans/7/", {"on": "2026-06-01"}))
    client.force_login(committee())
    assert [client.get("/plans/7/actions/1/", {"on": day}).status_code for day in days] == [404, 404]


def test_what_was_removed_by_then_is_not_read_and_before_it_is(client, plan):
    with at(JUNE):
        gone = ActionFactory(plan=plan, title="Given up")
    with at(JULY):
        gone.delete()
    client.force_login(secretariat())
    titles = [
        [action.title for action in client.get("/plans/7/", {"on": day.isoformat()}).context["actions"]]
        for day in (JULY - timedelta(days=1), JULY)
    ]
    assert titles == [["Two pilots", "Given up"], ["Two pilots"]]


def test_the_strategy_shows_the_actions_that_served_it_then(client, plan):
    client.force_login(secretariat())
    url = "/strategy/objectives/A.MS.a/"
    served = [client.get(url, {"on": on}).context["by_plan"] for on in ("2026-05-31", "2026-06-01")]
    assert [[action.title for _plan, rows in found for action in rows] for found in served] == [["Pilot"], []]
    assert "7.1 Pilot" in text_of(client.get("/strategy/", {"on": "2026-05-31"}))


@pytest.mark.parametrize("url", ["/plans/7/", "/plans/7/actions/1/"])
def test_a_day_before_the_plan_says_so_and_tells_nothing_else(client, plan, url):
    client.force_login(secretariat())
    missing = client.get(url, {"on": "2026-04-30"})
    unknown = client.get("/plans/99/", {"on": "2026-04-30"})
    assert (missing.status_code, unknown.status_code) == (404, 404)
    assert "There was no plan 7 on 30 April 2026 that is shown to you." in text_of(missing)
    assert "There was no plan 99 on 30 April 2026 that is shown to you." in text_of(unknown)
    assert "The first stands in the portal from 1 May 2026." in text_of(
        client.get("/plans/", {"on": "2026-04-30"})
    )


# -- every page --------------------------------------------------------------------------------------------------------

PAGES = ["/strategy/", "/strategy/objectives/C.CCWP.e/", "/plans/", "/plans/7/", "/plans/7/actions/1/"]
OTHERS = ["/strategies/", "/strategies/strategy-2009/", "/strategies/strategy-2009/objectives/C.CCWP.e/"]


def links_of(response):
    """The links to the strategy, plans and actions, or to a history, from the menu on."""
    page = text_of(response)
    assert '<a href="/strategy/?on=2026-07-01"' in page
    assert '<a href="/plans/?on=2026-07-01"' in page
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', page.split("<main", 1)[1])]
    files = (".pdf", ".docx")
    return [
        link
        for link in links
        if re.match(r"/(strategy|strategies|plans|history)/", link)
        and not link.partition("?")[0].endswith(files)
    ]


@pytest.mark.parametrize("url", [*PAGES, *OTHERS])
def test_every_link_of_the_page_of_a_day_keeps_it(client, plan, url):
    client.force_login(secretariat())
    response = client.get(url, {"on": "2026-07-01"})
    assert [link for link in links_of(response) if "?on=2026-07-01" not in link and link != url] == []
    page = text_of(response)
    assert f'<a href="{url}">Read it as of today</a>' in page
    assert banner("1 July 2026") in page


@pytest.mark.parametrize(
    "url",
    [
        "/strategy/versions/",
        "/strategy/versions/1/",
        "/strategies/strategy-2009/versions/1/",
        "/strategy/compare/",
        "/strategy/compare/1/2/",
    ],
)
def test_a_page_that_shows_today_says_so_and_leads_back_to_the_day(reader, amended, url):
    response = reader.get(url, {"on": "2026-07-01"})
    kept = [link for link in links_of(response) if link != url]
    assert len(kept) > 0
    assert [link for link in kept if "on=2026-07-01" not in link] == []
    page = text_of(response)
    assert "This page shows today. Its links to the strategy, plans and actions lead back" in page
    assert f'<a href="{url}">Leave that day</a>' in page
    assert "as it stood at the end of" not in page
    assert "day-banner" not in text_of(reader.get(url))


def test_the_choice_of_versions_to_compare_and_what_is_shown_of_them_keep_the_day(reader, amended):
    chosen = {"old": "1", "new": "2", "show": "whole", "on": "2026-07-01"}
    assert reader.get("/strategy/compare/", chosen)["Location"] == (
        "/strategies/strategy-2009/compare/1/2/?show=whole&on=2026-07-01"
    )
    page = text_of(reader.get("/strategy/compare/1/2/", {"show": "whole", "on": "2026-07-01"}))
    assert '<input type="hidden" name="on" value="2026-07-01">' in page
    assert '<a href="/strategy/compare/1/2/?show=whole">Leave that day</a>' in page


@pytest.mark.parametrize("typed", ["soon", "2999-01-01", "2026-02-30", "\u200b1"])
def test_what_is_no_day_is_asked_again_and_not_taken_along(reader, amended, typed):
    for url in ("/strategy/versions/", "/strategy/compare/", "/strategy/compare/1/2/"):
        response = reader.get(url, {"on": typed})
        assert list(errors_of(response)) == ["on"]
        assert re.findall(r'href="[^"]*[?&]on=', text_of(response)) == []


def test_the_history_leads_back_to_the_day(client, plan):
    client.force_login(secretariat())
    response = client.get(f"/history/actionplan/{plan.pk}/", {"on": "2026-07-01"})
    assert "/plans/7/?on=2026-07-01" in links_of(response)


@pytest.mark.parametrize("url", PAGES)
def test_nothing_can_be_changed_on_the_page_of_a_day(client, plan, url):
    client.force_login(secretariat())
    page = text_of(client.get(url, {"on": "2026-07-01"})).split("<main", 1)[1]
    assert re.findall(r'(/edit/|/steps/|/new/|/delete/|method="post")', page) == []


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-02-30", "There is no 30 February 2026"),
        ("soon", "Write the day as 27/11/2026 or 2026-11-27."),
        ("01/02/26", "four digits"),
        ("2026-13-01", "There is no month 13"),
        ("0000-00-00", "There is no month 0"),
        ("1949-12-31", "The year lies between 1950 and 2100."),
        ("\u200b1", "Write the day"),
        ("9" * 5000, "Write the day"),
    ],
)
def test_what_is_no_day_is_asked_again_with_what_was_typed(reader, url, typed, why):
    response = reader.get(url, {"on": typed})
    assert why in errors_of(response)["on"][0]
    assert f'action="{url}"' in text_of(response)


@pytest.mark.parametrize("url", PAGES)
def test_a_day_to_come_is_said_to_be_one(reader, url):
    tomorrow = brussels_today() + timedelta(days=1)
    assert "is yet to come" in errors_of(reader.get(url, {"on": tomorrow.isoformat()}))["on"][0]


def test_an_empty_day_is_today(reader, plan):
    assert "day-banner" not in text_of(reader.get("/plans/7/?on="))


@pytest.mark.parametrize("url", PAGES)
def test_each_page_of_today_asks_for_a_day(reader, plan, url):
    assert 'name="on"' in text_of(reader.get(url))


@pytest.mark.parametrize("url", [*PAGES, *OTHERS])
@pytest.mark.parametrize("person", [secretariat, delegate])
def test_the_queries_of_a_day_do_not_grow(client, plan, url, person):
    client.force_login(person())
    url = f"{url}?on={brussels_today().isoformat()}"
    queries(client, url)
    first = queries(client, url)
    for _n in range(29):
        ActionFactory(plan=plan, objectives=[ObjectiveFactory(code="C.CCWP.e")], status="planned")
    assert queries(client, url) == first
    assert first <= 15


def test_the_rows_of_a_day_are_found_for_who_is_signed_in_only(plan):
    person = secretariat()
    person.is_active = False
    assert asof.plans_at(JULY, person) == []
