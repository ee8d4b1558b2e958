"""The main journey, by hand as people take it, on a portal with web, worker and beat: from plan to Committee."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from strategy_portal.dates import add_months
from tests.browser.persons import people_of, today_of, wait_for
from tests.browser.portal import Portal

PEOPLE_AND_A_PLAN = """
from datetime import timedelta
from accounts.models import Body
from actionplans.models import ActionPlan, Strategy
from council.models import Decision, Meeting
from django.contrib.contenttypes.models import ContentType
from strategy_portal.dates import add_months, brussels_today, end_of_plan, now
from strategy_portal.demonstration.people import load_people
load_people()
begins = add_months(brussels_today().replace(day=1), -14)
plan = ActionPlan.objects.create(
    number=1, strategy=Strategy.objects.get(slug="strategy-2009"), starts_on=begins, ends_on=end_of_plan(begins))
meeting = Meeting.objects.create(body=Body.objects.get(code="ccwp-plenary"), held_on=add_months(begins, -3))
plan.adoption = Decision.objects.create(
    kind="adopt", verb="adopt", meeting=meeting, recorded_at=now(), object_id=plan.pk,
    content_type=ContentType.objects.get_for_model(plan))
plan.status, plan.adopted_on = "adopted", meeting.held_on
plan.save()
"""
RESULTS = "/jcos/{slug}/results/{code}/"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal with people and a running plan, and nothing else; it is ended in order."""
    portal = Portal(tmp_path_factory.mktemp("journey"))
    portal.start("--empty")
    portal.manage("shell", "-v", "0", "-c", PEOPLE_AND_A_PLAN)
    yield portal
    assert portal.stop() == 0


@pytest.fixture(scope="module")
def people(browser, portal):
    """`people("be")` is one person of that account, the same for the whole module."""
    with people_of(browser, portal) as person:
        yield person


@pytest.mark.long
def test_from_the_next_plan_to_a_figure_before_the_committee(portal, people):
    today = today_of(portal)
    secretariat, belgium, france, italy = people("secretariat"), people("be"), people("fr"), people("it")

    # The next plan: eighteen months from the day after the running one, with its deadline.
    secretariat.open("/plans/new/")
    secretariat.press("Create the plan")
    secretariat.sees(f"{add_months(add_months(today.replace(day=1), 4) - timedelta(days=1), -2):%-d %B %Y}")
    for number, (title, lead) in enumerate(
        [("Parcels by post", "Belgium"), ("Common training", "France")], start=1
    ):
        secretariat.open("/plans/2/actions/new/")
        secretariat.fill(title=title, lead=lead)
        secretariat.tick(re.compile(r"^C\.MS\.b\b"))
        secretariat.press("Add the action")
        secretariat.open(f"/plans/2/actions/{number}/terms/new/")
        secretariat.fill(
            main_goals="Find out what comes by post.", expected_outcome="One report, agreed by all."
        )
        secretariat.press("Save the draft")
        secretariat.step(f"/plans/2/actions/{number}/terms/1/steps/table/")
        secretariat.open(f"/plans/2/actions/{number}/terms/1/steps/agree/")
        secretariat.decide(secretariat.page.url.removeprefix(portal.url), on=today)
        secretariat.sees("Agreed")
    secretariat.step("/plans/2/steps/table/")
    secretariat.open("/plans/2/steps/adopt/")
    secretariat.decide(secretariat.page.url.removeprefix(portal.url), on=today, document="14743/1/11 REV 1")
    secretariat.sees("Adopted")

    # The operation: proposed, tabled, agreed; three delegations say that they take part.
    secretariat.open("/jcos/new/")
    begins, ends, due = today - timedelta(days=20), today - timedelta(days=10), today + timedelta(days=40)
    secretariat.fill(name="NORTH WIND", goods="parcels", starts_on=begins, ends_on=ends, results_due_on=due)
    secretariat.fill(lead="Belgium (BE)")
    secretariat.tick(re.compile(r"^2\.1 "))
    secretariat.press("Save the proposal")
    slug = secretariat.page.url.rstrip("/").rsplit("/", 1)[-1]
    secretariat.step(f"/jcos/{slug}/steps/table/")
    secretariat.open(f"/jcos/{slug}/steps/agree/")
    secretariat.decide(secretariat.page.url.removeprefix(portal.url), on=today)
    secretariat.open(f"/jcos/{slug}/participants/")
    secretariat.tick("France (FR)")
    secretariat.tick("Italy (IT)")
    secretariat.press("Invite")
    for code, person in (("BE", belgium), ("FR", france), ("IT", italy)):
        person.step(f"/jcos/{slug}/participants/{code}/steps/confirm/")
    for verb in ("plan", "start", "end_operational", "debrief"):
        belgium.step(f"/jcos/{slug}/steps/{verb}/")
    belgium.sees("Debriefed")

    # Results: three lines from Belgium, a nil return from France, nothing from Italy.
    belgium.open(RESULTS.format(slug=slug, code="BE"))
    belgium.press("Enter the results")
    for commodity, unit, quantity in (
        ("Cigarettes", "pieces", "12 000"), ("Cocaine", "kilograms", "3,5"), ("Cigarettes", "pieces", "800"),
    ):  # fmt: skip
        belgium.open(RESULTS.format(slug=slug, code="BE") + "findings/new/")
        option = belgium.page.locator("select[name=commodity] option", has_text=commodity).first.inner_text()
        belgium.fill(measure="Seized", commodity=option, quantity=quantity, unit=unit)
        belgium.fill(found_on=begins + timedelta(days=1), place="Liège")
        belgium.press("Save the line")
    submit(belgium, slug, "BE", "Belgium")
    france.open(RESULTS.format(slug=slug, code="FR"))
    france.press("Enter the results")
    france.open(RESULTS.format(slug=slug, code="FR") + "findings/")
    france.page.get_by_label("Nothing was found: this is a nil return").check()
    france.press("Save and continue")
    submit(france, slug, "FR", "France")
    for code in ("BE", "FR"):
        secretariat.open(RESULTS.format(slug=slug, code=code) + "review/")
        secretariat.press("Validate the results")
        secretariat.sees("Validated")

    italy_is_reminded_once_per_lead_time(portal, due)

    # The Committee sees nothing of it yet.
    committee = people("committee")
    committee.open("/progress/")
    expect(committee.page.get_by_role("main")).not_to_contain_text("NORTH WIND")
    committee.open("/progress/results/rows/")
    expect(committee.page.get_by_role("main")).not_to_contain_text("NORTH WIND")
    assert committee.page.goto(f"{portal.url}/jcos/{slug}/").status == 404

    # The CCWP notes the results; Italy is named as missing.
    noted_on = due + timedelta(days=7)  # the portal's day by now
    secretariat.open(f"/jcos/{slug}/steps/note_results/")
    secretariat.sees("Italy")
    secretariat.decide(secretariat.page.url.removeprefix(portal.url), on=noted_on)

    # The Committee follows a new figure down to the line it came from.
    committee.open("/progress/")
    total = committee.page.get_by_role("main").get_by_role("link", name=re.compile(r"12.800")).first
    total.click()
    committee.sees("NORTH WIND")
    committee.sees("12\u00a0000")
    committee.page.get_by_role("main").locator(f"a[href*='/jcos/{slug}/results/BE/']").first.click()
    committee.sees("Liège")


def submit(person, slug, code, name):
    """Check and submit; the receipt has a reference and the time in Brussels."""
    person.open(RESULTS.format(slug=slug, code=code) + "details/")
    person.page.get_by_label("Final", exact=True).check()
    person.fill(contact="Duty officer")
    person.press("Save and continue")
    person.open(RESULTS.format(slug=slug, code=code) + "check/")
    person.press(f"Submit the results of {name}")
    person.sees("R-2")
    person.sees("Brussels time")


def italy_is_reminded_once_per_lead_time(portal, due):
    """Thirty days before; then a jump over fourteen and seven to one; the day itself; and a week late."""

    def reminders():
        return [mail for mail in portal.mails("it@portal.test") if "Submit the results" in mail["Subject"]]

    wait_for(lambda: len(portal.mails("be@portal.test")) > 0, "the invitation reaches Belgium by mail")
    assert reminders() == []
    for count, days in enumerate([-30, -1, 0, 7], start=1):
        portal.manage("set_clock", (due + timedelta(days=days)).isoformat())
        wait_for(
            lambda expected=count: len(reminders()) >= expected, f"reminder {count}, {days} days from due"
        )
        time.sleep(5)  # two more looks of the beat
        assert len(reminders()) == count
    told = portal.manage(
        "shell", "-v", "0", "-c",
        "from deadlines.models import Reminder\n"
        "rows = Reminder.objects.filter(rule='result-due', post__delegation__code='IT').order_by('-pk')\n"
        "print(sorted((row.lead_code, row.status) for row in rows))",
    )  # fmt: skip
    assert eval(told.strip().splitlines()[-1]) == sorted(  # noqa: S307 - our own words
        [("30", "told"), ("14", "skipped"), ("7", "skipped"), ("1", "told"), ("0", "told"), ("+7", "told")]
    )
    # France and Belgium have handed in: nobody reminds them of it.
    assert [mail for mail in portal.mails("fr@portal.test") if "Submit the results" in mail["Subject"]] == []
