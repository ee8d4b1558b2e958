"""Terms of reference: versions, forms, steps."""

import pytest

from accounts.tests.factories import committee, delegate, secretariat, third_party
from actionplans.models import TermsOfReference
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part
from actionplans.tests.pages import errors_of, lines, post_edit, queries, text_of
from actionplans.tests.pages import post_new as post_form

pytestmark = pytest.mark.django_db
URL = "/plans/8/actions/1/terms/"
NO_LINES = lines("indicators") | lines("milestones")


def post_new(client, url, **data):
    """Post the form of a new version, with the lines that are given."""
    return post_form(client, url, **{**NO_LINES, **data})


@pytest.fixture
def action():
    return ActionFactory(plan=PlanFactory(number=8))


def test_without_terms_the_page_offers_to_write_them(desk, action):
    page = text_of(desk.get(URL))
    assert "No terms of reference yet. An action enters a plan only with them." in page
    assert f'href="{URL}new/"' in page
    assert desk.get(f"{URL}edit/").status_code == 404


def test_an_unfinished_draft_is_saved(desk, action):
    assert post_new(desk, f"{URL}new/", background="Why we do it").url == URL
    terms = TermsOfReference.objects.get()
    assert (terms.version, terms.status, terms.background, terms.main_goals) == (
        1,
        "draft",
        "Why we do it",
        "",
    )


def test_a_new_version_begins_as_a_copy_of_the_agreed_one(desk, action):
    TermsFactory(action=action, status="agreed", main_goals="As agreed")
    form = desk.get(f"{URL}new/").context["form"]
    assert form["main_goals"].value() == "As agreed"
    post_new(desk, f"{URL}new/", main_goals="As amended", expected_outcome="A guide")
    versions = action.terms.order_by("version").values_list("version", "status", "main_goals")
    assert list(versions) == [(1, "agreed", "As agreed"), (2, "draft", "As amended")]


@pytest.mark.parametrize("status", ["draft", "tabled"])
def test_no_second_version_is_begun_while_one_is_open(desk, action, status):
    TermsFactory(action=action, status=status)
    response = desk.get(f"{URL}new/")
    assert (
        response.status_code,
        "There is already a version that is being written or tabled." in text_of(response),
    ) == (409, True)
    response = post_new(desk, f"{URL}new/", main_goals="Typed and kept")
    assert (
        response.status_code,
        "There is already a version that is being written or tabled." in text_of(response),
    ) == (409, True)
    assert "Typed and kept" in text_of(response)
    assert action.terms.count() == 1


@pytest.mark.parametrize(
    ("plan_status", "why"), [("adopted", "only by amendment"), ("withdrawn", "The plan is withdrawn.")]
)
def test_no_version_is_begun_once_the_plan_is_adopted_or_given_up(desk, plan_status, why):
    ActionFactory(plan=PlanFactory(number=8, status=plan_status))
    response = desk.get(f"{URL}new/")
    assert (response.status_code, why in text_of(response)) == (409, True)


def test_the_draft_is_edited(desk, action):
    TermsFactory(action=action)
    assert post_edit(desk, f"{URL}edit/", tasks="Belgium:\r\nfirst\r\n\r\nthen").url == URL
    assert TermsOfReference.objects.get().tasks == "Belgium:\nfirst\n\nthen"


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("tabled", "Return them to draft to change them."),
        ("agreed", "Agreed terms of reference never change."),
    ],
)
def test_locked_terms_say_why(desk, action, status, why):
    TermsFactory(action=action, status=status)
    response = desk.get(f"{URL}edit/")
    assert (response.status_code, why in text_of(response)) == (409, True)


@pytest.mark.parametrize("typed", ["a\u202eb", "a\0b", "\u200b\u200b", "a" * 20_001])
def test_a_wrong_text_is_asked_back(desk, action, typed):
    assert list(errors_of(post_new(desk, f"{URL}new/", main_goals=typed))) == ["main_goals"]
    assert TermsOfReference.objects.count() == 0


def test_a_text_is_shown_literally(desk, action):
    TermsFactory(action=action, main_goals="<b>bold</b> {{7*7}}")
    assert "&lt;b&gt;bold&lt;/b&gt; {{7*7}}" in text_of(desk.get(URL))


@pytest.mark.parametrize(
    ("person", "new", "edit", "table"),
    [
        (secretariat, 409, 200, 302),
        (lambda: delegate("BE", role="submitter"), 409, 200, 302),
        (lambda: delegate("BE", role="editor"), 409, 200, 403),
        (lambda: delegate("BE", role="viewer"), 403, 403, 403),
        (lambda: delegate("EE", role="submitter"), 403, 403, 403),
        (lambda: delegate("DE", role="submitter"), 404, 404, 404),
        (committee, 404, 404, 404),
    ],
)
def test_who_writes_edits_and_tables_a_draft(client, action, person, new, edit, table):
    TermsFactory(action=action)
    part(action, "EE", "co_lead")
    client.force_login(person())
    statuses = (
        client.get(f"{URL}new/").status_code,
        client.get(f"{URL}edit/").status_code,
        client.post(f"{URL}1/steps/table/").status_code,
    )
    assert statuses == (new, edit, table)


def test_who_does_not_see_the_newest_version_reads_the_one_before(client, action):
    TermsFactory(action=action, status="agreed", main_goals="As agreed")
    TermsFactory(action=action, status="draft", main_goals="As dreamt")
    client.force_login(delegate("DE"))
    page = text_of(client.get(URL))
    assert ("As agreed" in page, "As dreamt" in page, "Version 2" in page) == (True, False, False)
    assert client.get(f"{URL}1/").status_code == 200
    assert client.get(f"{URL}2/").status_code == 404
    client.force_login(secretariat())
    assert "As dreamt" in text_of(client.get(URL))
    older = text_of(client.get(f"{URL}1/"))
    assert ("As agreed" in older, "There is a newer version 2." in older) == (True, True)


def test_a_third_party_reads_the_terms_of_an_action_in_which_it_takes_part(client, action):
    part(action, "NO")
    TermsFactory(action=action, status="agreed")
    client.force_login(third_party("NO"))
    page = text_of(client.get(URL))
    assert "/decisions/" not in page
    assert "Next step" not in page


def test_the_agreement_leads_to_the_form_of_the_decision(desk, action):
    terms = TermsFactory(action=action, status="tabled")
    expected = f"/decisions/record/actionplans.termsofreference/{terms.pk}/agree/"
    assert desk.get(f"{URL}1/steps/agree/").url == expected


def test_tabling_without_goals_is_refused_with_the_way_to_mend_it(desk, action):
    TermsFactory(action=action, main_goals="")
    response = desk.post(f"{URL}1/steps/table/")
    assert response.status_code == 409
    assert f'<a href="{URL}edit/">The main goals are missing.</a>' in text_of(response)


@pytest.mark.parametrize("version", ["0", "7", "99999999999999999999"])
def test_a_version_that_is_not_there_is_not_found(desk, action, version):
    TermsFactory(action=action)
    assert desk.get(f"{URL}{version}/").status_code == 404
    assert desk.get(f"{URL}{version}/steps/table/").status_code == 404


def test_the_queries_do_not_grow_with_the_versions(desk, action):
    TermsFactory(action=action, status="agreed")
    queries(desk, URL)
    first = queries(desk, URL)
    for _n in range(29):
        TermsFactory(action=action, status="superseded")
    assert queries(desk, URL) == first
    assert first <= 15
