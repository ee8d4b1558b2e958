"""An address that names a version, objective, plan or action that is not there says so and leads to what there is."""

import pytest

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.tests.drafts import EDIT
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    VersionFactory,
    write_text,
)
from actionplans.tests.pages import text_of

pytestmark = pytest.mark.django_db
FILES = [f"/strategy/compare/1/{{}}{ending}" for ending in ("/", ".pdf", ".docx")]


@pytest.fixture
def reader(client):
    StrategyFactory()
    client.force_login(delegate())
    return client


def missing(client, url):
    response = client.get(url)
    assert response.status_code == 404
    return text_of(response)


@pytest.mark.parametrize("root", ["/strategy/", "/strategies/strategy-2009/"])
@pytest.mark.parametrize(
    "number", ["0", "99", "32768", "99999999999999999999", "-1", "-99999999999999999999"]
)
def test_a_version_that_is_not_there_is_named_beside_the_list_of_those_that_are(reader, root, number):
    for page in (f"versions/{number}/", f"compare/1/{number}/", f"compare/{number}/1/"):
        text = missing(reader, f"{root}{page}")
        assert f"15198/09 has no version {number} that is shown to you." in text
        assert '<a href="/strategies/strategy-2009/versions/">All versions</a>' in text
        assert "There is nothing at this address" not in text


def test_a_draft_version_cannot_be_told_from_one_that_is_not_there(client):
    strategy = StrategyFactory()
    write_text(VersionFactory(strategy=strategy, number=2, status="draft", in_force_from=None))
    for person in (delegate, committee):
        client.force_login(person())
        for url in ["/strategy/versions/{}/", "/strategies/strategy-2009/versions/{}/", *FILES]:
            texts = [
                told(client, url.format(number)).replace(f"version {number} ", "") for number in ("2", "3")
            ]
            assert texts[0] == texts[1]
    client.force_login(secretariat())
    assert client.get("/strategy/versions/2/").status_code == 200


def told(client, url):
    """What the page of an address says, without the number of the request and the words of the frame."""
    return missing(client, url).split("form-sheet", 1)[1].split("each-time", 1)[0]


@pytest.mark.parametrize("root", ["/strategy/", "/strategies/strategy-2009/"])
def test_an_objective_that_is_not_there_is_named_with_the_way_to_the_text(reader, root):
    text = missing(reader, f"{root}objectives/Z.XX.q/")
    assert "15198/09 has no objective Z.XX.q that is shown to you." in text
    assert '<a href="/strategies/strategy-2009/">Read the strategy</a>' in text
    assert 'value="Z.XX.q"' in text


def test_an_objective_that_only_a_draft_has_cannot_be_told_from_one_that_is_not_there(reader):
    draft = VersionFactory(number=2, status="draft", in_force_from=None)
    write_text(draft, {"A.MS.a": "", "A.MS.q": ""})
    texts = [
        told(reader, f"/strategy/objectives/{code}/").replace(code, "N") for code in ("A.MS.q", "A.MS.z")
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "page", ["", "versions/", "reviews/", "objectives/A.MS.a/", "compare/", "?on=2026-05-31"]
)
def test_a_strategy_that_is_not_there_is_named_beside_the_list_of_those_that_are(reader, page):
    text = missing(reader, f"/strategies/none/{page}")
    assert "There is no strategy with the short name “none” that is shown to you." in text
    assert '">All strategies</a>' in text
    assert "There is nothing at this address" not in text


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("sections/IX.9/", "section IX.9"),
        ("aims/Q/", "aim Q"),
        ("aims/Q/addressees/new/", "aim Q"),
        ("addressees/Q.MS/", "addressees Q.MS"),
        ("addressees/Q.MS/objectives/new/", "addressees Q.MS"),
        ("objectives/Q.MS.a/", "objective Q.MS.a"),
        ("objectives/Q.MS.a/sub-points/new/", "objective Q.MS.a"),
        ("objectives/Q.MS.a/move/", "objective Q.MS.a"),
        ("up-or-down/objective/Q.MS.a/up/", "objective Q.MS.a"),
        ("withdraw/objective/Q.MS.a/", "objective Q.MS.a"),
    ],
)
def test_a_part_that_a_draft_has_not_is_named_with_the_way_back_to_the_draft(desk, draft, page, said):
    text = missing(desk, f"{EDIT}{page}")
    assert f"Version 2 of 15198/09 has no {said}." in text
    assert f'<a href="{EDIT}">Amend the text</a>' in text


@pytest.mark.parametrize(
    "page", ["withdraw/whatever/", "withdraw/objective/", "aim/A/", "objectives/A.MS.a/x/y/"]
)
def test_an_address_below_a_draft_that_is_none_leads_back_to_the_draft(desk, draft, page):
    text = missing(desk, f"{EDIT}{page}")
    assert "There is nothing to amend at this address." in text
    assert f'<a href="{EDIT}">Amend the text</a>' in text
    desk.force_login(delegate())
    assert "There is nothing to amend" not in missing(desk, f"{EDIT}{page}")


def test_what_is_no_part_and_no_direction_is_said(desk, draft):
    said = "“whatever” is no part of a text. The parts are section, aim, addressees, objective."
    for page in ("withdraw/whatever/A/", "take-back/whatever/A/", "up-or-down/whatever/A/up/"):
        assert said in missing(desk, f"{EDIT}{page}")
    assert "A part moves up or down." in missing(desk, f"{EDIT}up-or-down/aim/B/left/")


def test_what_is_done_to_no_sub_point_and_what_nobody_withdrew_is_said(desk, draft):
    for page in ("objectives/B.MS.a.ii/sub-points/new/", "objectives/B.MS.a.ii/move/"):
        assert "B.MS.a.ii is a sub-point" in missing(desk, f"{EDIT}{page}")
    said = "Nothing was withdrawn that version 2 could take back as aim Q."
    assert said in missing(desk, f"{EDIT}take-back/aim/Q/")


def test_the_predecessors_of_an_objective_that_is_not_there_are_those_of_no_objective(reader):
    reader.force_login(secretariat())
    text = missing(reader, "/strategies/strategy-2009/objectives/Z.XX.q/predecessors/")
    assert "15198/09 has no objective Z.XX.q that is shown to you." in text


def test_a_code_is_shown_literally(reader):
    assert "<b>x</b>" not in missing(reader, "/strategy/objectives/<b>x</b>/".replace("</", "<%2F"))


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999"])
def test_a_plan_that_is_not_there_is_named_beside_the_list_of_plans(reader, number):
    for url in (f"/plans/{number}/", f"/plans/{number}/actions/1/", f"/plans/{number}/actions/1/terms/"):
        text = missing(reader, url)
        assert f"There is no plan {number} that is shown to you." in text
        assert '<a href="/plans/">All plans</a>' in text


def test_a_draft_plan_or_action_cannot_be_told_from_one_that_is_not_there(reader):
    ActionFactory(plan=PlanFactory(number=8), lead=None)
    assert told(reader, "/plans/8/").replace("8", "N") == told(reader, "/plans/9/").replace("9", "N")
    plan = PlanFactory(number=7, status="adopted")
    ActionFactory(plan=plan, number=1)
    ActionFactory(plan=plan, number=5, status="proposed", lead=None, objectives=[ObjectiveFactory()])
    reader.force_login(committee())
    texts = [told(reader, f"/plans/7/actions/{number}/").replace(number, "N") for number in ("5", "6")]
    assert texts[0] == texts[1]
    assert "Plan 7 has no action 7.N that is shown to you." in texts[0]
    assert '<a href="/plans/N/">' not in texts[0]


def test_the_way_to_what_there_is_keeps_the_day(reader):
    text = missing(reader, "/strategy/versions/99/?on=2026-05-31")
    assert '<a href="/strategies/strategy-2009/?on=2026-05-31">Read the strategy</a>' in text


@pytest.mark.parametrize("number", ["abc", "7", "0", "-1", "x" * 300, "9" * 5000, "1.5", "%3Cscript%3E"])
def test_below_a_version_that_is_not_there_the_others_are_offered(desk, draft, number):
    for rest in ("edit", "edit/sections/I.1", "steps/table"):
        text = missing(desk, f"/strategies/strategy-2009/versions/{number}/{rest}/")
        assert "15198/09 has no version" in text and ">All versions</a>" in text


def test_below_a_version_a_page_that_is_none_leads_back_to_the_version(desk, draft, client):
    url = "/strategies/strategy-2009/versions/1/pages/"
    assert "15198/09, version 1 has no page at this address." in missing(desk, url)
    client.force_login(delegate())
    for number in (2, 3):
        assert f"15198/09 has no version “{number}”" in missing(client, url.replace("/1/", f"/{number}/"))
