"""A later strategy takes the place of an earlier one from its first day on; no address comes to mean another thing."""

import importlib
import io
import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from pypdf import PdfReader

from accounts.tests.factories import delegate, secretariat
from actionplans.before_decisions import notes_before
from actionplans.models import Strategy, StrategyVersion
from actionplans.standing import standing_of, texts_by
from actionplans.tests.drafts import WHY
from actionplans.tests.factories import write_text
from actionplans.tests.pages import queries, shown, text_of
from actionplans.tests.succession import (
    EARLIER,
    FIRST_DAY,
    LATER,
    objective,
    put_later_strategy_in_force,
    two_strategies,
)
from editing.models import Draft
from strategy_portal.dates import brussels_today, now

pytestmark = pytest.mark.django_db
PAGE, LATER_PAGE = f"/strategies/{EARLIER}/", f"/strategies/{LATER}/"
EDIT = f"{PAGE}versions/3/edit/"
BEFORE, FROM = {"on": "2026-05-31"}, {"on": "2026-06-01"}
SAID = "In the portal 2012/C 5/01 takes the place of its text from 1 June 2026."
NOTICE = "The portal works with <a href"


@pytest.fixture
def scene():
    return two_strategies()


def standings(response):
    """What the list says of each strategy: its standing and what took its place."""
    return {
        one.reference: (one.shown.word, one.shown.repealed_by.reference if one.shown.repealed_by else "")
        for one in response.context["strategies"]
    }


# -- what holds on a day ---------------------------------------------------------------------------------------------


def test_the_list_says_what_holds_on_the_day(desk, scene):
    in_force, later = ("In force", ""), ("In force", "")
    assert standings(desk.get("/strategies/", BEFORE)) == {
        "15198/09": in_force,
        "2012/C 5/01": ("Not known", ""),
    }
    replaced = {"15198/09": ("Replaced", "2012/C 5/01"), "2012/C 5/01": later}
    for query in ({}, FROM):
        page = desk.get("/strategies/", query)
        assert standings(page) == replaced
        assert SAID in text_of(page) and "no longer in force from 1 June 2026" in text_of(page)


def test_the_page_of_the_earlier_strategy_says_that_it_is_replaced(desk, scene):
    for query in ({}, FROM):
        page = text_of(desk.get(PAGE, query))
        assert SAID in page and "Replaced by" in page
        assert ">In force<" not in page and "In force on this day" not in page
    before = text_of(desk.get(PAGE, BEFORE))
    assert "In force on this day" in before and "Replaced" not in before
    versions = text_of(desk.get(f"{PAGE}versions/")).replace("\xa0", " ")
    assert "1 March – 31 May 2026" in versions and SAID in versions
    assert ">In force<" not in versions.partition("<tbody>")[2]
    of_objective = text_of(desk.get(objective("A.MS.a").get_absolute_url()))
    assert "Replaced by" in of_objective and '2 <span class="quiet">Replaced' in of_objective


def test_a_repealed_document_is_no_longer_said_to_stay_in_force(desk, scene):
    Strategy.objects.filter(slug=EARLIER).update(
        standing="repealed", ended_on=date(2011, 12, 12), repealed_by=scene.later
    )
    for query, told in ({}, False), (FROM, False), (BEFORE, True):
        for url in ("/strategies/", PAGE):
            page = text_of(desk.get(url, query))
            assert ("stays in force in the portal" in page, SAID in page) == (told, not told)


def test_the_short_address_reads_what_holds_on_the_day(desk, scene):
    told = [desk.get("/strategy/", query).context["strategy"].reference for query in (BEFORE, FROM, {})]
    assert told == ["15198/09", "2012/C 5/01", "2012/C 5/01"]


def test_a_third_strategy_replaces_the_second_and_not_the_first_again(scene):
    third = Strategy.objects.create(slug="third", reference="2023/C", title="Third", dated_on="2023-06-08")
    StrategyVersion.objects.create(
        strategy=third, number=1, status="in_force", in_force_from=date(2026, 9, 1)
    )
    texts = texts_by()
    told = {s.reference: standing_of(s, texts).replaced for s in Strategy.objects.all()}
    assert {name: text and text.strategy.reference for name, text in told.items()} == {
        "15198/09": "2012/C 5/01", "2012/C 5/01": "2023/C", "2023/C": None,
    }  # fmt: skip


def test_the_open_draft_of_the_earlier_strategy_is_kept_and_says_that_a_later_one_is_in_force(desk, scene):
    for url in (EDIT, f"{PAGE}versions/3/"):
        page = text_of(desk.get(url))
        assert (
            "A later strategy is in force" in page
            and f'href="{LATER_PAGE}">2012/C 5/01</a> from 1 June' in page
        )
    assert NOTICE not in text_of(desk.get(f"{PAGE}versions/2/"))
    assert NOTICE not in text_of(desk.get(LATER_PAGE))
    assert (
        "2012/C 5/01, a later strategy, is in force; this text of 15198/09 does not take its place."
        in notes_before(scene.draft)
    )


def test_an_amendment_of_the_earlier_strategy_does_not_take_the_place_back(desk, scene):
    StrategyVersion.objects.filter(strategy=scene.earlier, number=2).update(status="superseded")
    StrategyVersion.objects.filter(pk=scene.draft.pk).update(
        status="in_force", agreed_on=date(2026, 7, 1), in_force_from=date(2026, 7, 1)
    )
    assert desk.get("/strategy/").context["strategy"] == scene.later
    assert standings(desk.get("/strategies/"))["15198/09"] == ("Replaced", "2012/C 5/01")


def test_ten_later_texts_ask_as_much_as_one(desk, scene):
    urls = ["/strategies/", PAGE, f"{PAGE}versions/", EDIT, objective("A.MS.a").get_absolute_url()]
    for url in urls:
        queries(desk, url)
    before = [queries(desk, url) for url in urls]
    for number in range(10):
        one = Strategy.objects.create(
            slug=f"s-{number}", reference=f"{number}/26", title="Later", dated_on=date(2026, 1, 1 + number)
        )
        StrategyVersion.objects.create(strategy=one, number=1, status="in_force", in_force_from=FIRST_DAY)
    assert [queries(desk, url) for url in urls] == before


# -- addresses that mean the same for ever ---------------------------------------------------------------------------


def test_a_form_and_its_draft_mean_the_same_strategy_when_a_later_one_comes_into_force(desk):
    two_strategies(later=False)
    url = f"{EDIT}objectives/A.MS.a/"
    page = desk.get(url)
    typed = shown(page) | {"form_page": page.context["form_page"], "text": "To do it at sea", **WHY}
    assert desk.post("/editing/drafts/save/", typed).status_code == 200
    put_later_strategy_in_force()
    kept = Draft.objects.get()
    assert kept.address == url
    offered = desk.get(kept.continue_url)
    assert (offered.status_code, offered.context["object"].objective) == (200, objective("A.MS.a"))
    assert "To do it at sea" in text_of(offered)
    assert desk.post(url, typed).status_code == 302
    saved = objective("A.MS.a").wordings.get(version__number=3)
    assert saved.text == "To do it at sea"


def test_no_page_leads_to_a_form_that_does_not_name_its_strategy(desk, scene):
    pages = [
        "/strategy/", PAGE, f"{PAGE}versions/", f"{PAGE}versions/3/", EDIT, "/strategies/", "/plans/1/actions/1/",
        objective("A.MS.a").get_absolute_url(), objective("A.MS.a", LATER).get_absolute_url(),
    ]  # fmt: skip
    for url in pages:
        links = re.findall(r'(?:href|action)="(/strategy/[^"]+)"', desk.get(url).content.decode())
        assert links == [], url
    assert desk.get("/strategy/versions/1/edit/").status_code == 404
    assert desk.get("/strategy/versions/1/").context["version"].strategy == scene.later


def test_an_objectives_address_leads_to_it_whichever_strategy_is_in_force(client, scene):
    client.force_login(delegate())
    for code, slug in (("A.MS.a", EARLIER), ("A.MS.a", LATER), ("A.MS.b", EARLIER)):
        one = objective(code, slug)
        assert client.get(one.get_absolute_url()).context["objective"] == one
    gone = client.get("/strategy/objectives/C.CCWP.e/")
    assert gone.status_code == 404
    assert f'href="{PAGE}objectives/C.CCWP.e/">C.CCWP.e of 15198/09</a>' in text_of(gone)


def test_drafts_of_before_are_kept_under_the_strategy_that_their_address_meant(desk):
    two_strategies(later=False)
    user = secretariat()
    kept = [
        Draft.objects.create(user=user, address=address, page=str(number), saved_at=now())
        for number, address in enumerate(
            ["/strategy/versions/3/edit/aims/A/", "/strategy/versions/new/", "/strategy/", "/plans/new/"]
        )
    ]
    migration = importlib.import_module("actionplans.migrations.0014_drafts_name_their_strategy")
    migration.name_the_strategy(apps, None)
    for draft in kept:
        draft.refresh_from_db()
    assert [draft.address for draft in kept] == [
        f"{EDIT}aims/A/", f"{PAGE}versions/new/", "/strategy/", "/plans/new/"
    ]  # fmt: skip
    assert desk.get(kept[0].address).status_code == 200


def test_a_withdrawn_objective_names_what_goes_on_from_it(desk, scene):
    page = text_of(desk.get(objective("A.MS.b").get_absolute_url()))
    assert "Continued by" in page
    assert (
        f'<a href="{LATER_PAGE}objectives/A.MS.a/">A.MS.a</a> <span class="quiet">2012/C 5/01</span>' in page
    )


def test_the_page_of_a_plan_names_the_actions_of_an_earlier_strategy(desk, scene):
    running, later = desk.get("/plans/1/"), desk.get("/plans/2/")
    told = [[action.reference for action in page.context["earlier"]] for page in (running, later)]
    assert told == [["1.1", "1.4"], ["2.2"]]
    groups = [(text, [a.number for a in found]) for _letter, text, found in running.context["groups"]]
    assert groups == [
        ("Aim A", [1]), ("Aim B", [4]), ("Serving only withdrawn objectives: A.MS.b (15198/09)", [2, 3]),
        ("Without an objective of the strategy in force", [5]),
    ]  # fmt: skip
    groups = [(text, [a.number for a in found]) for _letter, text, found in later.context["groups"]]
    assert groups == [
        ("Aim A", [1]), ("Serving only objectives of an earlier strategy: A.MS.a (15198/09)", [2]),
    ]  # fmt: skip


# -- wherever the state of a version is told ---------------------------------------------------------------------------


def test_a_comparison_says_of_the_text_in_force_that_it_is_replaced(desk, scene):
    for url in (f"{PAGE}compare/", f"{PAGE}compare/1/2/"):
        choices = dict(desk.get(url).context["form"].fields["new"].choices)
        assert choices[2] == "Version 2 (Replaced)"
    told = "Version 2 (in force from 1 March 2026, replaced from 1 June 2026 by 2012/C 5/01)"
    assert told in text_of(desk.get(f"{PAGE}compare/1/2/")).replace("\xa0", " ")
    pdf = PdfReader(io.BytesIO(desk.get(f"{PAGE}compare/1/2.pdf").content))
    words = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    assert "replaced from 1 June 2026 by 2012" in words


def test_a_new_version_of_the_earlier_strategy_is_offered_for_what_it_is(desk, scene):
    StrategyVersion.objects.filter(pk=scene.draft.pk).update(status="withdrawn")
    page = desk.get(f"{PAGE}versions/new/")
    assert f"{SAID} A new version of it is kept and can be amended" in text_of(page)
    assert "the text in force stays" not in text_of(page)
    labels = [label for _pk, label in page.context["form"].fields["source"].choices]
    assert labels == ["Version 2 (replaced)", "Version 1 (superseded)"]
    assert "no step brings it into that place again" in text_of(desk.get(f"{PAGE}versions/"))


def test_the_page_of_an_objective_says_first_that_its_strategy_is_replaced(desk, scene):
    url = objective("A.MS.a").get_absolute_url()
    told = f'in whose place the portal works with <a href="{LATER_PAGE}">2012/C 5/01</a> from 1 June 2026'
    assert told in text_of(desk.get(url)).replace("\xa0", " ")
    assert "in whose place" not in text_of(desk.get(url, BEFORE))
    assert "in whose place" not in text_of(desk.get(objective("A.MS.a", LATER).get_absolute_url()))


def test_a_strategy_that_is_repealed_from_a_day_to_come_is_in_force_until_then():
    tomorrow = brussels_today() + timedelta(days=1)
    strategy = Strategy(reference="1/26", dated_on=date(2026, 1, 1), standing="repealed", ended_on=tomorrow)
    told = [standing_of(strategy, [], on).state for on in (None, brussels_today(), tomorrow)]
    assert told == ["in_force", "in_force", "repealed"]
    strategy.ended_on = brussels_today()
    assert standing_of(strategy, []).state == "repealed"


def approve(desk, version):
    """The form that records the approval of an agreed version, and its answer."""
    StrategyVersion.objects.filter(pk=version.pk).update(status="agreed", agreed_on=date(2026, 3, 1))
    return f"/decisions/record/actionplans.strategyversion/{version.pk}/approve/"


def test_the_approval_of_an_amendment_to_the_earlier_strategy_is_told_for_what_it_is(desk, scene):
    page = text_of(desk.get(approve(desk, scene.draft)))
    said = "15198/09, version 3 is approved. 2012/C 5/01, a later strategy, is in force; this text of 15198/09 does not"
    assert said in page and "to in force" not in page


def test_before_a_later_strategy_comes_into_force_it_is_said_what_it_replaces(desk):
    scene = two_strategies(later=False)
    later = Strategy.objects.create(
        slug=LATER, reference="2012/C 5/01", title="Later", dated_on=date(2011, 12, 13)
    )
    text = StrategyVersion.objects.create(strategy=later, number=1, status="draft")
    write_text(text, {"A.MS.a": ""})
    page = text_of(desk.get(approve(desk, text)))
    assert "It takes the place of 15198/09, whose objectives are then in force no more." in page
    assert re.search(r"[1-9] running actions? serves? them", page)
    assert "takes the place" not in text_of(desk.get(approve(desk, scene.draft)))
