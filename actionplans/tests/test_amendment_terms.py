"""Terms of reference and amendments: new ones compared with those before, those of added actions, milestones."""

import io
from datetime import timedelta

import pytest
from docx import Document as WordFile

from accounts.tests.factories import BodyFactory, committee, delegate, secretariat
from actionplans.amendment_needs import oddities
from actionplans.models import (
    ActionPlan,
    Amendment,
    AmendmentChange,
    Extension,
    Milestone,
    MilestoneReached,
    TermsOfReference,
)
from actionplans.tests.factories import (
    ActionFactory,
    AmendmentFactory,
    TermsFactory,
    addition_to,
    changes_of,
    plan_with,
    put,
)
from actionplans.tests.pages import errors_of, post_new, queries, text_of
from actionplans.tests.test_amendments import applied, decide, on_table
from council.models import Decision, SilenceProcedure
from council.tests.factories import MeetingFactory
from strategy_portal.workflow import NotAllowed
from tests.silence import in_days

pytestmark = pytest.mark.django_db
COMPARED = "/plans/7/actions/1/terms/compare/1/2/"


@pytest.fixture
def plan():
    """Plan 7, adopted, with one action."""
    return plan_with("adopted", number=7)


def with_new_terms(amendment, action, status="tabled", **fields):
    """A change that writes an action's terms anew, with their second version."""
    change = changes_of(amendment, action)
    AmendmentChange.objects.filter(pk=change.pk).update(new_terms=True)
    return TermsFactory(action=action, version=2, status=status, **fields)


# -- before and after ------------------------------------------------------------------------------------------------


def test_an_amendment_leads_to_its_new_terms_compared_with_those_before(desk, plan):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    AmendmentChange.objects.filter(pk=changes_of(amendment, action).pk).update(new_terms=True)
    assert COMPARED not in text_of(desk.get(amendment.get_absolute_url()))  # not begun yet
    TermsFactory(action=action, version=2, status="tabled")
    assert COMPARED in text_of(desk.get(amendment.get_absolute_url()))
    assert desk.get(COMPARED).status_code == 200
    assert COMPARED not in text_of(desk.get("/plans/7/changes/"))


def test_nobody_is_led_to_terms_that_are_not_shown_to_them(client, plan):
    amendment = AmendmentFactory(plan=plan)
    with_new_terms(amendment, plan.actions.get())
    addition_to(amendment, terms="tabled")
    decide(on_table(amendment))
    assert Amendment.objects.get().status == "decided"  # it waits for the terms of the added action
    for person, is_led in ((committee(), False), (delegate("FR"), True)):
        client.force_login(person)
        assert (COMPARED in text_of(client.get(amendment.get_absolute_url()))) == is_led
        assert (client.get(COMPARED).status_code == 200) == is_led


def test_what_has_changed_since_the_adoption_has_the_terms_as_they_were_and_are(desk, plan):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    old = action.terms.get()
    with_new_terms(amendment, action, main_goals=f"{old.main_goals} Parcels, too.")
    applied(amendment)
    assert COMPARED in text_of(desk.get("/plans/7/changes/"))
    word = WordFile(io.BytesIO(desk.get("/plans/7/changes.docx").content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    at = lines.index("Terms of reference, main goals (reworded)")
    assert old.main_goals in lines[at + 1]
    assert "Parcels, too." in lines[at + 1]
    assert not any("expected outcome" in line for line in lines)  # it reads the same
    assert desk.get("/plans/7/changes.pdf").content.startswith(b"%PDF")


def test_the_queries_do_not_grow_with_new_terms(desk, plan):
    def amend():
        amendment = AmendmentFactory(plan=plan)
        for action in plan.actions.filter(terms__version=1).exclude(terms__version=2):
            with_new_terms(amendment, action, main_goals="Others.")
        page = queries(desk, amendment.get_absolute_url())
        applied(amendment)
        return page, queries(desk, "/plans/7/changes/"), queries(desk, "/plans/7/changes.docx")

    few = amend()
    for _n in range(4):
        TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    assert amend() == few


# -- an action that is added -----------------------------------------------------------------------------------------


def test_while_delegations_are_asked_about_an_amendment_the_terms_of_what_it_adds_stay(plan):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment, terms="tabled")
    on_table(amendment)
    terms = TermsOfReference.objects.get(action=added)
    assert terms.why_not("return_to_draft") == ""
    SilenceProcedure.objects.ask(
        Amendment.objects.get(), "adopt", body=BodyFactory(code="ccwp-plenary"), closes_at=in_days(7),
        text="Do you agree to the amendment?", by=secretariat(),
    )  # fmt: skip
    terms = TermsOfReference.objects.get(action=added)
    assert "No step is taken on it until then" in str(terms.why_locked())
    with pytest.raises(NotAllowed, match="No step is taken on it until then"):
        terms.take("return_to_draft", by=secretariat())


# -- milestones ------------------------------------------------------------------------------------------------------


def a_milestone(terms, days_before_the_end, status):
    """A milestone of drafted terms of reference, which are then agreed or tabled."""
    day = terms.action.plan.ends_on - timedelta(days=days_before_the_end)
    made = Milestone.objects.create(terms=terms, order=1, title=f"Guide {terms.version}", due_on=day)
    put(terms, status)
    return made


@pytest.fixture
def milestone():
    """Due ten days before the end of its plan, which is adopted."""
    plan = plan_with("adopted", terms="")
    return a_milestone(TermsFactory(action=plan.actions.get(), status="draft"), 10, "agreed")


def odd_when_it_ends(amendment, day):
    """What is odd about an amendment by which the action would end on a day."""
    AmendmentChange.objects.update(proposed={"ends_on": day.isoformat()}, drafted={"ends_on": ""})
    return oddities(Amendment.objects.get(pk=amendment.pk))


def test_an_end_before_a_milestone_is_told_and_allowed(milestone):
    action = milestone.terms.action
    amendment = AmendmentFactory(plan=action.plan)
    changes_of(amendment, action)
    assert odd_when_it_ends(amendment, milestone.due_on) == []
    (said,) = odd_when_it_ends(amendment, milestone.due_on - timedelta(days=1))
    assert "before its milestone “Guide 1”" in said
    MilestoneReached.objects.create(milestone=milestone, reached_on=action.plan.starts_on)
    assert odd_when_it_ends(amendment, milestone.due_on - timedelta(days=1)) == []
    assert applied(amendment).status == "applied"


def test_of_new_terms_it_is_their_milestones_that_count(milestone):
    action = milestone.terms.action
    amendment, end = AmendmentFactory(plan=action.plan), action.plan.ends_on
    a_milestone(with_new_terms(amendment, action, status="draft"), 30, "tabled")
    assert odd_when_it_ends(amendment, end - timedelta(days=20)) == []
    (said,) = odd_when_it_ends(amendment, end - timedelta(days=40))
    assert "“Guide 2”" in said


def renewed(milestone, title, due_on=None):
    """New terms of reference in draft, written for an amendment, with one milestone."""
    action = milestone.terms.action
    amendment = AmendmentFactory(plan=action.plan)
    terms = with_new_terms(amendment, action, status="draft")
    Milestone.objects.create(terms=terms, order=1, title=title, due_on=due_on or milestone.due_on)
    return amendment, terms


def put_off(milestone):
    """A later day for a milestone, agreed."""
    day = milestone.due_on + timedelta(days=5)
    Extension.objects.ask(milestone, day, "Late", by=delegate("BE")).take(
        "agree", by=secretariat(), note="Yes"
    )


def test_that_a_milestone_was_reached_or_put_off_is_not_lost_by_other_words_without_a_question(
    desk, milestone
):
    for known, words in ((put_off, "a later day is agreed"), (reach, "was reached on")):
        known(milestone)
        amendment, terms = renewed(milestone, "Guide 1, in print")
        for said in (desk.get(terms.get_step_url("table")), desk.get(amendment.get_absolute_url())):
            assert words in text_of(said)
        response = post_new(desk, terms.get_step_url("table"), reason="")
        assert set(errors_of(response)) == {"is_meant"}
        amendment.take("withdraw", by=secretariat(), note="Not so")
        terms.delete()


def reach(milestone):
    MilestoneReached.objects.create(milestone=milestone, reached_on=milestone.terms.action.plan.starts_on)


def test_a_milestone_that_stays_as_it_is_raises_no_question(desk, milestone):
    put_off(milestone)
    amendment, terms = renewed(milestone, milestone.title)
    assert oddities(Amendment.objects.get(pk=amendment.pk)) == []
    assert post_new(desk, terms.get_step_url("table"), reason="").status_code == 302


# -- what is not agreed ----------------------------------------------------------------------------------------------


def test_with_an_amendment_that_is_withdrawn_its_new_terms_go_back_to_draft_and_the_next_takes_them_up(
    desk, plan
):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    new = with_new_terms(amendment, action)
    on_table(amendment)
    amendment.take("withdraw", by=secretariat(), note="Not now")
    new = TermsOfReference.objects.get(pk=new.pk)
    assert (new.status, "only by amendment" in new.why_locked()) == ("draft", True)
    second = AmendmentFactory(plan=plan)
    AmendmentChange.objects.filter(pk=changes_of(second, action).pk).update(new_terms=True)
    new = TermsOfReference.objects.get(pk=new.pk)
    assert new.why_locked() == ""
    new.take("table", by=secretariat())
    assert applied(Amendment.objects.get(pk=second.pk)).status == "applied"
    assert action.terms.get(status="agreed").version == 2


def test_with_the_adoption_a_version_tabled_beside_the_agreed_one_goes_back_to_draft():
    plan = plan_with("tabled")
    new = TermsFactory(action=plan.actions.get(), version=2, status="tabled")
    meeting = MeetingFactory(body=BodyFactory(code="ccwp-plenary"))
    Decision.objects.record(ActionPlan.objects.get(pk=plan.pk), "adopt", meeting=meeting, by=secretariat())
    assert ActionPlan.objects.get(pk=plan.pk).status == "adopted"
    assert TermsOfReference.objects.get(pk=new.pk).status == "draft"


def test_of_an_adopted_action_the_agreed_terms_are_shown_and_the_new_ones_beside_them(desk, plan):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    with_new_terms(amendment, action, main_goals="Other goals")
    page = text_of(desk.get(action.get_absolute_url()))
    assert (action.terms.get(version=1).main_goals in page, "Other goals" in page) == (True, False)
    assert 'href="/plans/7/actions/1/terms/1/">Read version 1 whole</a>' in page
    assert 'href="/plans/7/actions/1/terms/">Version 2 is tabled</a>' in page
    assert [one.status for one in seen_in(desk, plan)] == ["agreed"]


def seen_in(desk, plan):
    """The version of each action that the page of its plan shows."""
    groups = desk.get(plan.get_absolute_url()).context["groups"]
    return [action.seen_terms[0] for group in groups for action in group[-1]]
