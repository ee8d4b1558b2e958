"""A plan of twelve actions, as people take it: from a spreadsheet to adoption, amendment, notes and the next plan."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import xlsxwriter
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from strategy_portal.dates import add_months
from tests.browser.persons import people_of, today_of, wait_for
from tests.browser.portal import Portal
from tests.silence import working_day

PEOPLE = "from strategy_portal.demonstration.people import load_people; load_people()"
# In the order of the portal's own file, whose headings these are.
HEADINGS = [
    "Number", "Title", "Objectives", "Lead", "Co-leads", "Participants", "Expected outcome", "Begins on", "Ends on",
    "State",
]  # fmt: skip
TITLES = [
    "Parcels by post", "Cigarettes by sea", "Cash at airports", "Common training", "Small airports", "Precursors",
    "Rail freight", "Exchange of officers", "Ferry ports", "Controls of fairs", "Scanners", "Guide on containers",
]  # fmt: skip
LEADS = ["BE"] * 4 + ["FR"] * 4 + ["IT"] * 4
NAMES = {"BE": "Belgium", "FR": "France", "IT": "Italy"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "Action plan 1 as it stands in the document."
ACTION = "/plans/1/actions/"
# What the history of each record tells, the newest first.
HISTORIES = {
    "/plans/1/": [f"Reason: {TEXT}", "Returned to draft by", "Created by"],
    f"{ACTION}1/": ["Completed by Delegation of Belgium", "Started by", "Planned by", "Brought in from a spreadsheet"],
    f"{ACTION}5/": ["Completed by", "Reason: Amendment 1 of plan 1: The equipment arrives later.", "Small airports"],
    f"{ACTION}6/": ["Closed as partly achieved by", "Reason: One of two reports was written.", "Started by"],
    f"{ACTION}7/": ["Carried over by", "Started by Delegation of France", "Brought in from a spreadsheet"],
    f"{ACTION}1/terms/": ["Agreed by", "Tabled by Delegation of Belgium", "Milestone: The pilot has ended"],
    "/silence/1/": ["Stopped by an objection", "Reason: Small airports need", "Position: Belgium", "Opened by"],
    "/silence/2/": ["Concluded by The portal", "Position: Italy", "Opened by"],
    "/plans/1/amendments/1/": ["Applied by", "Reason: Agreed without discussion.", "Tabled by", "Created by"],
    "/plans/2/actions/1/": ["Rail freight and barges", "Rolled over from an", "Reason: Unfinished in"],
}  # fmt: skip


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal with people and the strategy, and no plan; it is ended in order."""
    portal = Portal(tmp_path_factory.mktemp("plan-journey"))
    portal.start("--empty")
    portal.manage("shell", "-v", "0", "-c", PEOPLE)
    yield portal
    assert portal.stop() == 0


@pytest.fixture(scope="module")
def people(browser, portal):
    """`people("be")` is one person of that account, the same for the whole module."""
    with people_of(browser, portal) as person:
        yield person


@pytest.mark.long
def test_a_plan_of_twelve_actions_from_a_spreadsheet_to_the_next_plan(portal, people):
    desk, today = people("secretariat"), today_of(portal)
    begins = add_months(today.replace(day=1), 1)
    ends = add_months(begins, 18) - timedelta(days=1)

    drafted_from_a_spreadsheet(desk, portal, begins, ends)
    terms_written_and_agreed(people, today, begins)
    desk.step("/plans/1/steps/table/")
    stopped_by_an_objection(people, portal, today)
    amended_before_it_is_adopted(desk, ends)
    adopted_with_a_reservation(people, portal, today)
    changed_by_an_amendment(people, today + timedelta(days=12), ends)
    note = half_finished(people, portal, begins)
    rolled_over(people, portal, ends)
    every_step_is_in_the_history(people("secretariat"), note)


# -- before the adoption -----------------------------------------------------------------------------------------------


def drafted_from_a_spreadsheet(desk, portal, begins, ends):
    """Wrong codes are named and nothing is written; the right file is; the same file twice changes nothing."""
    desk.open("/plans/new/")
    desk.fill(number=1, starts_on=begins)
    desk.press("Create the plan")
    desk.sees("It has no action yet")

    rows = [
        [
            number,
            title,
            "A.MS.a, C.MS.b",
            lead,
            "",
            "EE, PL",
            f"One report on {title.lower()}.",
            begins,
            ends,
            "",
        ]
        for number, (title, lead) in enumerate(zip(TITLES, LEADS, strict=True), start=1)
    ]
    wrong = [[*row] for row in rows]
    wrong[4][2] = "C.MSS.b"
    bring_in(desk, wrong)
    desk.sees("11 new, 0 changed, 0 unchanged, 1 with errors")
    desk.sees("Did you mean C.MS.b?")
    desk.open("/plans/1/")
    desk.sees("No actions yet.")

    bring_in(desk, rows)
    desk.sees("12 new, 0 changed, 0 unchanged, 0 with errors. Nothing is written yet.")
    desk.press("Bring in 12 changes")
    desk.sees("12 of 12 actions lack agreed terms of reference")
    bring_in(desk, rows)
    desk.sees("The file and the plan say the same; nothing to write.")
    send(desk, exported(desk))
    desk.sees("The file and the plan say the same; nothing to write.")


def bring_in(desk, rows):
    """Send a file with these rows, as far as the preview."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(line, 0, row)
    send(desk, file.getvalue())


def send(desk, content):
    desk.open("/plans/1/import/")
    desk.page.get_by_label("Spreadsheet").set_input_files(
        {"name": "plan.xlsx", "mimeType": XLSX, "buffer": content}
    )
    desk.press("Show what would change")


def exported(desk):
    """The plan's own file."""
    answer = desk.page.request.get(f"{desk.portal.url}/plans/1/plan.xlsx")
    assert answer.ok
    return answer.body()


def terms_written_and_agreed(people, today, begins):
    """The lead writes and tables the first, with a milestone and an indicator; the secretariat the others."""
    desk, belgium = people("secretariat"), people("be")
    belgium.open("/plans/1/actions/1/terms/edit/")
    belgium.fill(
        main_goals="Find out what comes by post.", **{
            "indicators-0-title": "Parcels looked at", "indicators-0-unit": "parcels", "indicators-0-target": "500",
            "milestones-0-title": "The pilot has ended", "milestones-0-due_on": add_months(begins, 4),
        },
    )  # fmt: skip
    belgium.press("Save the draft")
    belgium.step("/plans/1/actions/1/terms/1/steps/table/")
    for number, title in enumerate(TITLES[1:], start=2):
        desk.open(f"/plans/1/actions/{number}/terms/edit/")
        desk.fill(main_goals=f"Know more about {title.lower()}.")
        desk.press("Save the draft")
        desk.step(f"/plans/1/actions/{number}/terms/1/steps/table/")
    desk.open("/plans/1/adopt/")
    desk.sees("Parcels by post: tabled, to be agreed")
    for number in range(1, 13):
        desk.decide(f"/plans/1/actions/{number}/terms/1/steps/agree/", on=today)
    desk.open("/plans/1/")
    desk.sees("All its actions have agreed terms of reference; it is still to be tabled.")


def ask(desk, until):
    """Ask all delegations to adopt the plan by silence; the address of the procedure."""
    desk.open("/plans/1/steps/adopt/")
    desk.follow("Ask by silence procedure instead")
    known = desk.page.get_by_role("link", name="10001/26").count()
    desk.fill(
        body="CCWP Plenary", text=TEXT, document_number="10001/26", closes_on=until, closes_time="12:00"
    )
    if not known:
        desk.fill(document_title="Draft action plan 1")
    desk.press("Open the procedure")
    desk.sees("Open until")
    return desk.page.url.removeprefix(desk.portal.url)


def answer(person, procedure, code, stance, text=""):
    """Give the position of a delegation."""
    person.open(f"{procedure}positions/{code}/")
    person.page.get_by_label(stance, exact=True).check()
    if text:
        person.fill(text=text)
    person.press("Save the position")


def stopped_by_an_objection(people, portal, today):
    """The first time France objects: the procedure stops at once, and nobody's answer counts any more."""
    desk, france, belgium = people("secretariat"), people("fr"), people("be")
    procedure = ask(desk, working_day(9, today))
    wait_for(
        lambda: any("Silence procedure" in mail["Subject"] for mail in portal.mails("ee@portal.test")),
        "the question reaches every delegation",
    )
    answer(belgium, procedure, "BE", "Agrees")
    answer(france, procedure, "FR", "Objects", "Small airports need more than eighteen months.")
    france.sees("It has stopped the procedure.")
    belgium.open(f"{procedure}positions/BE/")
    belgium.sees("An objection stopped it on")
    desk.open(procedure)
    desk.sees("nothing is decided")
    desk.sees("Small airports need more than eighteen months.")
    desk.open("/plans/1/")
    desk.sees("Tabled. All its actions have agreed terms of reference")


def amended_before_it_is_adopted(desk, ends):
    """Returned to draft, changed in the plan's own file, and tabled again."""
    desk.step("/plans/1/steps/return_to_draft/")
    headings, *rows = (
        CalamineWorkbook.from_filelike(BytesIO(exported(desk))).get_sheet_by_index(0).to_python()
    )
    assert headings == HEADINGS
    fifth = next(row for row in rows if row[0] == 5)
    fifth[1], fifth[8] = "Airports without scheduled flights", add_months(ends, -2)
    bring_in(desk, rows)
    desk.sees("0 new, 1 changed, 11 unchanged, 0 with errors")
    desk.press("Bring in 1 change")
    desk.sees("Airports without scheduled flights")
    desk.step("/plans/1/steps/table/")


def adopted_with_a_reservation(people, portal, today):
    """The second time Italy has a reservation, nobody objects, and the plan is adopted at the end of the silence."""
    desk, italy, estonia = people("secretariat"), people("it"), people("ee")
    procedure = ask(desk, working_day(9, today))
    answer(italy, procedure, "IT", "Reservation", "As long as the costs are shared.")
    estonia.open(procedure)
    expect(estonia.page.get_by_role("main")).not_to_contain_text("costs are shared")
    portal.manage("set_clock", (today + timedelta(days=12)).isoformat())

    wait_for(lambda: "Decision" in text_at(estonia, procedure), "the end of the silence is recorded")
    estonia.sees("As long as the costs are shared.")
    desk.open(procedure)
    desk.sees("agree 0, reservations 1, object 0")
    expect(desk.page.get_by_role("row", name=re.compile("Estonia"))).to_contain_text("Silent")
    committee = people("committee")
    committee.open("/plans/1/")
    committee.sees("Adopted")
    committee.sees("Airports without scheduled flights")


def text_at(person, path):
    person.open(path)
    return person.page.inner_text("main")


# -- after the adoption ------------------------------------------------------------------------------------------------


def changed_by_an_amendment(people, today, ends):
    """An adopted action changes by amendment alone; what it was and is then stands on a page and in Word."""
    desk, before, after = people("secretariat"), add_months(ends, -2), add_months(ends, -1)
    desk.open("/plans/1/actions/5/edit/")
    desk.sees("amendment")
    desk.open("/plans/1/amendments/new/")
    desk.fill(reason="The equipment arrives later.")
    desk.press("Begin the amendment")
    desk.follow(re.compile(r"^Change it.*1\.5$"))
    desk.fill(ends_on=after)
    desk.press("Save the change")
    desk.sees("A proposal: the plan is as it was.")
    desk.step("/plans/1/amendments/1/steps/table/")
    desk.decide("/plans/1/amendments/1/steps/adopt/", on=today, text="Agreed without discussion.")
    desk.open("/plans/1/amendments/1/")
    desk.sees("the plan has changed")
    committee = people("committee")
    for person in (desk, committee):
        person.open("/plans/1/changes/")
        for said in ("The equipment arrives later.", f"{before:%-d %B %Y}", f"{after:%-d %B %Y}"):
            person.sees(said)
        assert person.page.request.get(f"{person.portal.url}/plans/1/changes.docx").ok


def half_finished(people, portal, begins):
    """Of twelve actions six come to their end; Belgium tells of the first, is asked again, and is confirmed."""
    desk, belgium = people("secretariat"), people("be")
    portal.manage("set_clock", add_months(begins, 3).isoformat())
    for number, lead in enumerate(LEADS[:8], start=1):
        people(lead.lower()).step(f"/plans/1/actions/{number}/steps/start/")
    a_later_day_for_the_milestone(people, begins)

    period = add_months(begins, 6) - timedelta(days=1)
    note = f"/plans/1/actions/1/notes/{period.isoformat()}/"
    belgium.open("/plans/1/actions/1/notes/")
    belgium.sees("No note")
    belgium.open(f"{note}new/")
    belgium.page.get_by_label("At risk").check()
    belgium.fill(achieved="The pilot runs in two ports.", difficulties="Few officers.", way_forward="More.")
    belgium.page.get_by_label("Parcels looked at (parcels)").fill("120")
    belgium.press("Save the draft")
    belgium.step(f"{note}steps/submit/", doubt="The period ends on")
    desk.open(f"{note}steps/return_to_lead/")
    desk.fill(reason="Say what comes next.")
    desk.press("Return with a reason")
    committee = people("committee")
    committee.open("/plans/1/actions/1/notes/")
    expect(committee.page.get_by_role("main")).not_to_contain_text("The pilot runs in two ports.")
    belgium.open(f"{note}edit/")
    belgium.sees("Say what comes next.")
    belgium.fill(way_forward="Two more officers from May on.")
    belgium.press("Save the draft")
    belgium.step(f"{note}steps/submit/", doubt="The period ends on")
    desk.step(f"{note}steps/confirm/")
    committee.open(note)
    committee.sees("Two more officers from May on.")
    committee.sees("120")

    for number, lead in enumerate(LEADS[:6], start=1):
        person = people(lead.lower())
        if number == 1:
            person.step(
                f"/plans/1/actions/{number}/steps/complete/",
                doubt="Milestones not reached: The pilot has ended.",
            )
        elif number < 6:
            person.step(f"/plans/1/actions/{number}/steps/complete/")
        else:
            person.open(f"/plans/1/actions/{number}/steps/complete_partly/")
            person.fill(reason="One of two reports was written.")
            person.press("Close as partly achieved")
    committee.open("/plans/1/?by=status")
    committee.sees("Partly achieved")
    return note


def a_later_day_for_the_milestone(people, begins):
    """Belgium asks for a later day, the secretariat agrees; original and agreed day stand beside each other."""
    desk, belgium = people("secretariat"), people("be")
    due, later = add_months(begins, 4), add_months(begins, 5)
    belgium.open("/plans/1/actions/1/dates/")
    belgium.follow("Ask for a later day (The pilot has ended)")
    belgium.fill(new_day=later, reason="The port was closed.")
    belgium.press("Ask for this day")
    asked = belgium.page.url.removeprefix(belgium.portal.url)
    desk.step(f"{asked}steps/agree/")
    row = belgium.page.get_by_role("row", name=re.compile("The pilot has ended"))
    belgium.open("/plans/1/actions/1/dates/")
    for day in (due, later):
        expect(row).to_contain_text(f"{day:%-d %B %Y}")


def rolled_over(people, portal, ends):
    """Near the end the next plan takes up the six that are unfinished; the old plan keeps its own."""
    desk = people("secretariat")
    on = add_months(ends.replace(day=1), -3)
    portal.manage("set_clock", on.isoformat())
    desk.open("/plans/new/")
    desk.press("Create the plan")
    desk.sees(f"{add_months(ends, -2):%-d %B %Y}")
    desk.open("/plans/1/roll-over/?to=2")
    for box in desk.page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    desk.press("Show what would be copied")
    desk.sees("What would be added to plan 2")
    desk.press("Copy 6 actions")
    desk.sees("6 actions are copied into plan 2")
    desk.follow("Record the decision for several")
    meeting = desk.page.url.removeprefix(portal.url)
    desk.decide(meeting, on=on)
    desk.open("/plans/1/actions/7/")
    desk.sees("Carried over")
    desk.follow("Action 2.1")
    desk.sees("Proposed")
    desk.sees("Action 1.7")
    desk.open("/plans/2/actions/1/edit/")
    desk.fill(title="Rail freight and barges")
    desk.press("Save the action")
    desk.open("/plans/1/actions/7/")
    expect(desk.page.locator("h1")).to_contain_text("Rail freight")
    expect(desk.page.locator("h1")).not_to_contain_text("barges")
    desk.open("/plans/2/actions/1/terms/")
    desk.sees("Know more about rail freight.")


def every_step_is_in_the_history(desk, note):
    """Each record tells its own steps, the newest first, with the reasons that were given."""
    of_the_note = ["Confirmed by", "Returned to the lead by", "Reason: Say what comes next."]
    for path, told in {**HISTORIES, note: of_the_note}.items():
        said = history_at(desk, path)
        places = [said.find(words) for words in told]
        assert -1 not in places, f"{path}: {dict(zip(told, places, strict=True))} in {said}"
        assert places == sorted(places), f"{path}: {told} in {said}"


def history_at(person, path):
    """The history that the page of a record leads to."""
    person.open(path)
    person.page.get_by_role("main").get_by_role("link", name=re.compile("^History")).first.click()
    expect(person.page.locator("h1")).to_contain_text("History")
    return person.page.inner_text("main")
