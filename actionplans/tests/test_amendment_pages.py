"""The pages of amendments, drafted, tabled, decided and read by whoever may; what has changed since the adoption."""

import io
from datetime import timedelta

import pytest
from docx import Document as WordFile

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.models import Action, Amendment, AmendmentChange
from actionplans.tests.factories import (
    ActionFactory,
    AmendmentFactory,
    TermsFactory,
    addition_to,
    changes_of,
    part,
    plan_with,
    put,
)
from actionplans.tests.pages import errors_of, messages_of, post_edit, post_new, queries, shown, text_of
from actionplans.tests.test_amendments import applied, later, on_table
from council.tests.factories import DecisionFactory, presidency_holder
from publishing.words import day_words
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """Plan 7, adopted, with one action."""
    return plan_with("adopted", number=7)


def test_the_history_of_an_amendment_names_days_as_pages_do(desk, plan):
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, plan.actions.get(), ends_on="2027-03-31", summary="")
    page = text_of(desk.get(f"/history/amendment/{amendment.pk}/")).replace("\xa0", " ")
    assert "ends on: 31 March 2027; summary: none" in page
    assert "2027-03-31" not in page


def statuses(client, url, people):
    found = {}
    for name, person in people.items():
        client.force_login(person)
        found[name] = client.get(url).status_code
    return found


# -- from the draft to the decision ----------------------------------------------------------------------------------


def test_the_secretariat_drafts_tables_and_has_it_decided_step_by_step(desk, plan):
    action = plan.actions.get()
    begun = post_new(desk, "/plans/7/amendments/new/", reason="New *routes* are used.")
    assert begun["Location"] == "/plans/7/amendments/1/"
    page = text_of(desk.get("/plans/7/amendments/1/"))
    assert "It changes nothing yet" in page
    url = "/plans/7/amendments/1/actions/1/change/"
    data = shown(desk.get(url)) | {"ends_on": later(plan, 30), "idempotency_key": "k" * 20}
    assert desk.post(url, data)["Location"] == "/plans/7/amendments/1/"
    page = text_of(desk.get("/plans/7/amendments/1/"))
    assert "with the plan" in page
    assert day_words(plan.ends_on - timedelta(days=30)) in page
    assert desk.get(url)["Location"] == f"{url}edit/"
    assert post_new(desk, "/plans/7/amendments/1/steps/table/").status_code == 302
    record = desk.get("/plans/7/amendments/1/steps/adopt/")["Location"]
    assert "goes from tabled to decided" in text_of(desk.get(record))
    body = desk.get(record).context["form"].fields["body"].queryset.first()
    data = {"body": body.pk if body else "", "held_on": brussels_today().isoformat(), "text": "Agreed."}
    decided = post_new(desk, record, **data)
    assert decided.status_code == 302
    assert "The decision is recorded: Amendment 1 of plan 7 is now applied." in messages_of(decided)
    action.refresh_from_db()
    assert action.ends_on == plan.ends_on - timedelta(days=30)
    said = f'Changed by</dt><dd><a href="/plans/7/amendments/1/">Amendment 1 of {day_words(brussels_today())}</a>'
    assert said in text_of(desk.get("/plans/7/actions/1/"))
    assert f"Amendment 1 of {day_words(brussels_today())}" in text_of(desk.get("/plans/7/"))
    assert "New *routes* are used." in text_of(desk.get(f"/history/action/{action.pk}/"))


def test_a_change_of_nothing_and_a_day_outside_the_plan_are_refused_at_their_field(desk, plan):
    AmendmentFactory(plan=plan)
    url = "/plans/7/amendments/1/actions/1/change/"
    same = shown(desk.get(url))
    assert errors_of(post_new(desk, url, **same)) == {"__all__": ["This changes nothing of the action."]}
    outside = same | {"ends_on": (plan.ends_on + timedelta(days=1)).isoformat()}
    assert list(errors_of(post_new(desk, url, **outside))) == ["ends_on"]
    assert list(errors_of(post_new(desk, url, **{**same, "title": ""}))) == ["title"]
    assert not AmendmentChange.objects.exists()


def test_a_reason_is_required_and_is_kept_when_the_plan_is_not_adopted(desk, plan):
    assert list(errors_of(post_new(desk, "/plans/7/amendments/new/", reason=" "))) == ["reason"]
    plan_with("draft", number=8)
    refused = post_new(desk, "/plans/8/amendments/new/", reason="Too early")
    assert refused.status_code == 409
    assert "The plan is not adopted yet: it is changed as a draft." in text_of(refused)
    assert "Too early" in text_of(refused)


def test_an_action_is_added_edited_and_taken_out_again_while_it_is_a_draft(desk, plan):
    AmendmentFactory(plan=plan)
    url = "/plans/7/amendments/1/actions/new/"
    data = shown(desk.get(url)) | {
        "title": "Look at parcels",
        "objectives": [plan.actions.get().objectives.get().pk],
    }
    assert post_new(desk, url, **data)["Location"] == "/plans/7/amendments/1/"
    added = Action.objects.get(title="Look at parcels")
    assert (added.status, added.number, added.why_locked()) == ("proposed", 2, "")
    assert "Look at parcels" not in text_of(desk.get("/plans/7/"))
    assert "Look at parcels" not in desk.get("/plans/7/plan.csv").content.decode()
    assert "Look at parcels" in text_of(desk.get("/plans/7/amendments/1/"))
    assert "It is planned when the amendment that adds it is applied." not in text_of(
        desk.get("/plans/7/actions/2/")
    )
    assert "Have the terms" in text_of(desk.get("/plans/7/actions/2/")) or "Write the terms" in text_of(
        desk.get("/plans/7/actions/2/")
    )
    assert post_edit(desk, "/plans/7/actions/2/edit/", title="Look at small parcels").status_code == 302
    assert "Look at small parcels" in text_of(desk.get("/plans/7/amendments/1/"))
    key = {"idempotency_key": "r" * 20}
    for _press in range(2):
        assert (
            desk.post("/plans/7/amendments/1/actions/2/remove/", key)["Location"] == "/plans/7/amendments/1/"
        )
    assert not Action.objects.filter(pk=added.pk).exists()
    assert not AmendmentChange.objects.exists()


def test_what_is_tabled_is_locked_and_nothing_typed_is_lost(desk, plan):
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, plan.actions.get(), title="New")
    added = addition_to(amendment, terms="draft")
    other = ActionFactory(plan=plan)
    urls = [
        "edit/", "actions/new/", "actions/1/change/edit/", "actions/1/remove/", f"actions/{added.number}/remove/",
        f"actions/{other.number}/change/", f"actions/{other.number}/discontinue/",
    ]  # fmt: skip
    forms = {url: shown(desk.get(f"/plans/7/amendments/1/{url}")) for url in urls}
    put(added.terms.get(), "tabled")
    on_table(amendment)
    for url in urls:
        assert desk.get(f"/plans/7/amendments/1/{url}").status_code == 409
        response = post_new(
            desk, f"/plans/7/amendments/1/{url}", **forms[url] | {"title": "Typed", "reason": "Typed"}
        )
        assert response.status_code == 409
        assert "The amendment is tabled. Return it to draft to change it." in text_of(response)
    assert desk.get(f"/plans/7/actions/{added.number}/edit/").status_code == 409


def test_an_added_action_whose_terms_are_agreed_is_not_taken_out(desk, plan):
    added = addition_to(AmendmentFactory(plan=plan))
    url = f"/plans/7/amendments/1/actions/{added.number}/remove/"
    assert desk.get(url).status_code == 409
    assert "what is agreed is not deleted" in text_of(post_new(desk, url))
    assert Action.objects.filter(pk=added.pk).exists()


def test_a_change_that_is_contradicted_is_told_and_drafted_anew_by_saving_it(desk, plan):
    action = plan.actions.get()
    first, second = AmendmentFactory(plan=plan), AmendmentFactory(plan=plan)
    changes_of(first, action, title="First")
    changes_of(second, action, title="Second")
    assert "Amendment 1 of plan 7 changes Action 7.1, too." in text_of(desk.get("/plans/7/amendments/2/"))
    applied(first)
    page = text_of(desk.get("/plans/7/amendments/2/"))
    assert "It cannot be applied as it is" in page
    assert "title has changed since this was drafted" in page.lower()
    assert post_edit(desk, "/plans/7/amendments/2/actions/1/change/edit/").status_code == 302
    assert "It cannot be applied as it is" not in text_of(desk.get("/plans/7/amendments/2/"))
    assert applied(second).changes.get().before == {"title": "First"}


def test_an_action_is_discontinued_by_amendment_after_a_press(desk, plan):
    AmendmentFactory(plan=plan)
    url = "/plans/7/amendments/1/actions/1/discontinue/"
    assert "ends without being completed" in text_of(desk.get(url))
    assert post_new(desk, url).status_code == 302
    assert Amendment.objects.get().changes.get().kind == "discontinue"
    assert "Planned" in text_of(desk.get("/plans/7/amendments/1/"))
    again = post_new(desk, url)
    assert again.status_code == 422
    assert "The amendment changes this action already." in text_of(again)


# -- who sees what, who may what -------------------------------------------------------------------------------------


def test_each_reader_sees_it_in_the_states_of_the_table(client, plan):
    action = plan.actions.get()
    part(action, "NO")
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, action, title="New")
    people = {
        "secretariat": secretariat(), "lead": delegate("BE", "viewer"), "presidency": presidency_holder("LU"),
        "other": delegate("RO"), "committee": committee(), "takes part": third_party("NO"),
        "third": third_party("CH"), "administrator": administrator(),
    }  # fmt: skip
    url = amendment.get_absolute_url()
    assert statuses(client, url, people) == {
        "secretariat": 200, "lead": 200, "presidency": 200, "other": 404, "committee": 404, "takes part": 404,
        "third": 404, "administrator": 404,
    }  # fmt: skip
    on_table(amendment)
    assert statuses(client, url, people) == {
        "secretariat": 200, "lead": 200, "presidency": 200, "other": 200, "committee": 404, "takes part": 404,
        "third": 404, "administrator": 404,
    }  # fmt: skip
    amendment.take("return_to_draft", by=secretariat())
    applied(amendment)
    settled = {
        "secretariat": 200, "lead": 200, "presidency": 200, "other": 200, "committee": 200, "takes part": 200,
        "third": 404, "administrator": 404,
    }  # fmt: skip
    assert statuses(client, url, people) == settled
    assert statuses(client, "/plans/7/changes/", people) == settled


def test_who_sees_some_actions_of_a_plan_only_is_told_of_these_only(client, plan):
    part(ActionFactory(plan=plan, status="planned"), "NO")
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, plan.actions.first(), title="New")
    applied(amendment)
    client.force_login(third_party("NO"))
    page = text_of(client.get("/plans/7/changes/"))
    assert "Of the actions open to you none has changed since the plan was adopted" in page
    assert "Nothing has changed" not in page
    client.force_login(delegate("RO"))
    assert "1 action has changed since" in text_of(client.get("/plans/7/changes/"))


def test_a_lead_sees_of_a_draft_its_own_lines_only(client, plan):
    own, foreign = plan.actions.get(), ActionFactory(plan=plan, lead=None, title="Foreign")
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, own, summary="My words")
    changes_of(amendment, foreign, summary="Their words")
    client.force_login(delegate("BE"))
    page = text_of(client.get(amendment.get_absolute_url()))
    history = text_of(client.get(f"/history/amendment/{amendment.pk}/"))
    assert "My words" in page
    assert "Their words" not in page + history
    client.force_login(delegate("RO"))
    on_table(amendment)
    assert "Their words" in text_of(client.get(amendment.get_absolute_url()))
    assert "Their words" not in text_of(client.get(f"/history/amendment/{amendment.pk}/"))


def test_an_editor_of_a_lead_drafts_for_its_own_actions_and_nothing_more(client, plan):
    other = ActionFactory(plan=plan, lead=None)
    client.force_login(delegate("BE", "editor"))
    assert post_new(client, "/plans/7/amendments/new/", reason="We need more time.").status_code == 302
    amendment = Amendment.objects.get()
    assert str(amendment.delegation) == "Belgium"
    url = amendment.get_absolute_url()
    page = text_of(client.get(url))
    assert f"{url}actions/1/change/" in page
    assert f"{url}actions/{other.number}/" not in page
    form = client.get(f"{url}actions/1/change/").context["form"]
    assert "lead" not in form.fields
    data = shown(client.get(f"{url}actions/1/change/")) | {"summary": "More"}
    assert post_new(client, f"{url}actions/1/change/", **data).status_code == 302
    assert AmendmentChange.objects.get().proposed == {"summary": "More"}
    for name in ("change", "discontinue"):
        assert client.get(f"{url}actions/{other.number}/{name}/").status_code == 403
    for verb in Amendment.STEPS:
        assert client.get(f"{url}steps/{verb}/").status_code == 403
    added = shown(client.get(f"{url}actions/new/")) | {
        "title": "Ours", "objectives": [other.objectives.get().pk],
    }  # fmt: skip
    assert post_new(client, f"{url}actions/new/", **added).status_code == 302
    assert str(Action.objects.get(title="Ours").lead) == "Belgium"
    client.force_login(delegate("FR", "editor"))
    assert client.get("/plans/7/amendments/new/").status_code == 403
    assert client.get(url).status_code == 404


def test_a_delegation_sees_an_added_action_when_the_amendment_is_tabled(client, plan):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment, terms="draft")
    client.force_login(delegate("RO"))
    assert client.get(added.get_absolute_url()).status_code == 404
    put(added.terms.get(), "tabled")
    on_table(amendment)
    assert client.get(added.get_absolute_url()).status_code == 200
    assert added.title not in text_of(client.get("/plans/7/"))
    amendment.take("withdraw", by=secretariat(), note="No.")
    assert client.get(added.get_absolute_url()).status_code == 404


# -- changed since adoption ------------------------------------------------------------------------------------------


def test_each_changed_action_is_shown_as_adopted_and_now_with_every_cause(desk, plan):
    action = plan.actions.get()
    title = action.title
    TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    for number, (words, days) in enumerate((("First", 20), ("Second", 10)), start=1):
        amendment = AmendmentFactory(plan=plan, reason=f"Reason {number}")
        changes_of(amendment, action, title=words, ends_on=later(plan, days))
        applied(amendment)
        action = Action.objects.get(pk=action.pk)
    amendment = AmendmentFactory(plan=plan)
    addition_to(amendment, title="Added later")
    AmendmentChange.objects.create(amendment=amendment, kind="discontinue", action=plan.actions.get(number=2))
    applied(amendment)
    response = desk.get("/plans/7/changes/")
    changes = response.context["changes"]
    assert [one.what for one in changes.actions] == ["changed", "discontinued", "added"]
    first, ended, _added = changes.actions
    assert (first.before, first.after) == (
        {"title": title, "ends_on": ""},
        {"title": "Second", "ends_on": later(plan, 10)},
    )
    assert [cause.reason for cause in first.causes] == ["Reason 1", "Reason 2"]
    assert ended.before == {"status": "planned"}
    page = text_of(response)
    for words in ("3 actions have changed", "As adopted", "Reason 1", "Amendment 2 of plan 7", "Added later"):
        assert words in page
    file = desk.get("/plans/7/changes.docx")
    word = WordFile(io.BytesIO(file.content))
    text = "\n".join(
        [p.text for p in word.paragraphs] + [c.text for t in word.tables for r in t.rows for c in r.cells]
    )
    for words in ("Reason 2", "As adopted", "Added later", "Second"):
        assert words in text
    assert desk.get("/plans/7/changes.pdf").content.startswith(b"%PDF")
    assert desk.get("/plans/7/changes.txt").status_code == 404


def test_terms_agreed_anew_and_endings_by_other_decisions_count_as_changes(desk, plan):
    action = plan.actions.get()
    TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    AmendmentFactory(plan=plan)
    assert "Nothing has changed since the plan was adopted" in text_of(desk.get("/plans/7/changes/"))
    ending = DecisionFactory(
        subject=action, verb="discontinue", text="No money", meeting__held_on=brussels_today()
    )
    action.take("discontinue", by=secretariat(), note="No money", ending=ending)
    page = text_of(desk.get("/plans/7/changes/"))
    assert "1 action has changed" in page
    assert "No money" in page


def test_a_plan_that_is_not_adopted_has_no_changes_page(desk):
    plan_with("draft", number=8)
    assert desk.get("/plans/8/changes/").status_code == 404
    assert desk.get("/plans/9/changes/").status_code == 404
    assert desk.get("/plans/9/amendments/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/plans/7/",
        "/plans/7/actions/1/",
        "/plans/7/actions/2/",
        "/plans/7/amendments/",
        "/plans/7/amendments/1/",
        "/plans/7/changes/",
    ],
)
@pytest.mark.parametrize("reader", [secretariat, pytest.param(delegate, marks=pytest.mark.long)])
def test_the_queries_do_not_grow_with_changes_and_amendments(client, plan, url, reader):
    client.force_login(reader())
    first, one = AmendmentFactory(plan=plan), AmendmentFactory(plan=plan)
    changes_of(first, plan.actions.get(), title="One")
    addition_to(first)
    changes_of(one, plan.actions.get(number=1), summary="Again")
    applied(one)
    on_table(first)
    queries(client, url)
    before = queries(client, url)
    first.take("return_to_draft", by=secretariat())
    for number in range(3):
        action = ActionFactory(plan=plan)
        changes_of(first, action, title=f"More {number}")
        addition_to(first)
        more = AmendmentFactory(plan=plan)
        changes_of(more, action, summary="Again")
        applied(more)
    on_table(first)
    assert queries(client, url) == before
    assert before <= 15
