"""Each cell of a plan's table is read by the rules of the forms, or named with its value and what to do."""

from datetime import date

import pytest

from accounts.tests.factories import DelegationFactory, secretariat
from actionplans.importing import Comparison
from actionplans.models import PlanImport
from actionplans.tests.factories import ActionFactory, ObjectiveFactory, PlanFactory, TermsFactory
from actionplans.tests.pages import errors_of, post_new
from actionplans.tests.tables import HEADER, csv_file, line, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return secretariat(name="Anna Secretary")


@pytest.fixture
def desk(client, user):
    """The secretariat's browser."""
    client.force_login(user)
    return client


@pytest.fixture
def plan():
    """Plan 8, with action 8.1 and the draft of its terms."""
    plan = PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    TermsFactory(action=ActionFactory(plan=plan, title="First"), expected_outcome="A guide")
    return plan


def table_of(plan, *rows):
    """The comparison of a plan with some rows."""
    return Comparison(plan, [HEADER, *rows])


def mistakes_of(plan, **cells):
    """What is wrong with one row, as column, value and message."""
    found = table_of(plan, line(**{"number": "9", "title": "New", "objectives": "A.MS.a", **cells})).lines[0]
    return [tuple(mistake) for mistake in found.mistakes]


# -- bad input ---------------------------------------------------------------------------------------------------------


def test_wrong_and_doubled_headings_are_named_with_what_is_expected(desk, plan):
    header = ["number", "Titel", "Lead", "lead", "Remarks on it", *HEADER[4:]]
    assert errors_of(send(desk, csv_file(header=header)))["file"] == [
        "The heading “Titel” in column B is not known. Did you mean “Title”?",
        "The heading “lead” stands twice, in columns C and D.",
        "The heading “Remarks on it” in column E is not known. Give it one that is missing, or delete that column.",
        "Headings are missing in the first row: Title, Objectives.",
        "Expected in the first row, in any order: Number, Title, Objectives, Lead, Co-leads, Participants, "
        "Expected outcome, Begins on, Ends on, State.",
    ]
    assert PlanImport.objects.count() == 0


@pytest.mark.parametrize("heading", ["Nr", "No.", "#"])
def test_a_short_form_of_a_heading_is_asked_back_for_the_whole(desk, plan, heading):
    said = errors_of(send(desk, csv_file(header=[heading, *HEADER[1:]])))["file"][0]
    assert said == f"The heading “{heading}” in column A is not known. Did you mean “Number”?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x01\x02\x03 binary, whatever\n\x04,1", "This is no spreadsheet. Send an xlsx or CSV file."),
        (b"", "The file is empty: it has no cell with anything in it."),
        (b" \r\n ,,", "The file is empty: it has no cell with anything in it."),
        (csv_file(), "The file has headings and no action under them."),
        (b'%PDF-1.4\n1 0 obj <</Title "never closed', "This is no spreadsheet. Send an xlsx or CSV file."),
        (b"%PDF-1.7\0\0\1\2 and more\0", "This is no spreadsheet. Send an xlsx or CSV file."),
        (csv_file(*[line(number=str(n)) for n in range(1001)]),
         "The file has more than 1000 rows under its headings. Send it in parts."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_a_plan_is_asked_back(desk, plan, content, said):
    assert errors_of(send(desk, content)) == {"file": [said]}


def test_no_file_is_asked_back(desk, plan):
    assert errors_of(post_new(desk, "/plans/8/import/")) == {"file": ["Choose the file."]}


@pytest.mark.parametrize(
    ("cells", "mistakes"),
    [
        ({"number": ""}, [("Number", "", "Give each action its running number within the plan: 1, 2, 3 …")]),
        ({"number": "8.9"}, [("Number", "8.9", "Write the running number within the plan: 9.")]),
        ({"number": "0"}, [("Number", "0", "This must be at least 1.")]),
        ({"number": "x"}, [("Number", "x", "Write a whole number such as 1 234, with spaces between thousands.")]),
        ({"title": ""}, [("Title", "", "This field is required.")]),
        ({"title": "a\nb"}, [("Title", "a\nb", "Write this on one line, without line breaks.")]),
        ({"objectives": ""},
         [("Objectives", "", "Name at least one objective that the action serves, as in B.MS.a.")]),
        ({"objectives": "a.ms.a"},
         [("Objectives", "a.ms.a", "The strategy has no objective a.ms.a. Did you mean A.MS.a?")]),
        ({"objectives": "A.MS.a, A.MS.bb"},
         [("Objectives", "A.MS.a, A.MS.bb", "The strategy has no objective A.MS.bb. Did you mean A.MS.b?")]),
        ({"objectives": "A.MS.zz; A.MS.bb"},
         [("Objectives", "A.MS.zz; A.MS.bb", "The strategy has no objective A.MS.zz. Did you mean A.MS.b?"),
          ("Objectives", "A.MS.zz; A.MS.bb", "The strategy has no objective A.MS.bb. Did you mean A.MS.b?")]),
        ({"objectives": "B a)"},
         [("Objectives", "B a)", "The strategy has no objective B a). Did you mean one of these: B.MS.a?")]),
        ({"objectives": "no such thing"},
         [("Objectives", "no such thing", "The strategy has no objective no such thing.")]),
        ({"lead": "GR"}, [("Lead", "GR", "There is no delegation GR. Did you mean EL?")]),
        ({"lead": "Belgium"}, [("Lead", "Belgium", "There is no delegation Belgium. Did you mean BE?")]),
        ({"lead": "BE, EL"}, [("Lead", "BE, EL", "An action has one lead. The others are co-leads.")]),
        ({"lead": "NO"}, [("Lead", "NO", "Not among those who can be chosen here today: Norway.")]),
        ({"lead": "BE", "co_leads": "BE"}, [("Co-leads", "BE", "Belgium is the lead already.")]),
        ({"co_leads": "EL", "participants": "EL"},
         [("Participants", "EL", "Co-lead and participant at once: Greece.")]),
        ({"starts_on": "31/02/2027"},
         [("Begins on", "31/02/2027", "There is no 31 February 2027: that month has 28 days.")]),
        ({"starts_on": "2/13/2027"},
         [("Begins on", "2/13/2027", "There is no month 13. The day comes first: 27/11/2026.")]),
        ({"ends_on": "2028-07-01"},
         [("Ends on", "2028-07-01", "The plan runs from 1 January 2027 to 30 June 2028.")]),
        ({"starts_on": "2027-03-01", "ends_on": "2027-02-01"},
         [("Ends on", "2027-02-01", "An action ends on or after the day it begins.")]),
        ({"status": "Planned"},
         [("State", "Planned", "The state does not change by a file. Write “Proposed”, or leave the cell empty.")]),
        ({"status": "ready"},
         [("State", "ready", "This is no state. Write “Proposed”, or leave the cell empty.")]),
        ({"expected_outcome": "a\u202eb"},
         [("Expected outcome", "a\u202eb",
           "This holds a hidden character (U+202E) that turns the reading order round. Delete it.")]),
        ({"expected_outcome": "a" * 20_001},
         [("Expected outcome", "a" * 119 + "…", "Write at most 20000 characters; this has 20001.")]),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_value_and_what_to_do(plan, cells, mistakes):
    for code in ("A.MS.a", "A.MS.b"):
        ObjectiveFactory(code=code)
    for code in ("BE", "EL", "NO", "UK"):
        DelegationFactory(code=code)
    assert mistakes_of(plan, **cells) == mistakes


def test_a_number_used_twice_and_cells_under_no_heading_are_named(plan):
    found = table_of(
        plan,
        line(number="2", title="New", objectives="A.MS.a"),
        line(),
        line(number="2", title="Again", objectives="A.MS.a"),
        [*line(number="3", title="New", objectives="A.MS.a"), "", "stray"],
    )
    assert [(one.row, [tuple(mistake) for mistake in one.mistakes]) for one in found.lines] == [
        (2, []),
        (4, [("Number", "2", "Row 2 has this number already.")]),
        (
            5,
            [("L", "stray", "This stands under no heading. Delete it, or give the column its heading.")],
        ),
    ]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("tabled", "The terms of reference are tabled. Return them to draft to change them."),
        ("agreed", "Agreed terms of reference never change. Begin a new version."),
    ],
)
def test_an_outcome_that_was_tabled_or_agreed_does_not_change_by_a_file(plan, status, said):
    action = ActionFactory(plan=plan, number=2, title="Second")
    TermsFactory(action=action, status=status)
    same = {"number": "2", "title": "Renamed", "objectives": "A.MS.a", "lead": "BE"}
    assert mistakes_of(plan, **same, expected_outcome="A guide of good practice") == []
    assert mistakes_of(plan, **same, expected_outcome="Another") == [("Expected outcome", "Another", said)]


def test_who_takes_part_already_may_stay_although_nobody_would_choose_them_today(plan):
    action = ActionFactory(plan=plan, number=2, title="Second", lead=DelegationFactory(code="UK"))
    same = {"number": "2", "title": "Renamed", "objectives": "A.MS.a", "lead": "UK"}
    assert mistakes_of(plan, **same) == []
    assert action.lead.code == "UK"


def test_what_is_in_a_file_is_shown_and_never_run(desk, plan):
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    page = desk.get(
        send(desk, csv_file(line(number="2", title=hostile, objectives=hostile)), f"{hostile}.csv").url
    )
    assert b"<script>alert(1)" not in page.content
    assert "{{ 7*7 }}" in page.content.decode()
