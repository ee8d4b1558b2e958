"""What a file says of the agreement of its text goes round byte for byte, and makes no agreement of a draft."""

from datetime import date

import pytest

from accounts.tests.factories import secretariat
from actionplans import amending
from actionplans.copying import begin_version
from actionplans.models import StrategyVersion
from actionplans.tests.files import NAMED, REWORDED, empty_the_portal, export, run
from actionplans.tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_a_changed_file_goes_round_with_the_day_that_it_names_and_is_a_draft_all_the_same(edited):
    path = edited(REWORDED)
    kept = (
        "agreed_by_ccwp_on 2009-10-21 is kept as what the file says, and an export names it until the text is changed. "
        "It records no agreement: the version is a draft.\n"
    )
    assert kept in run("load_strategy", path, "--preview")
    assert kept in run("load_strategy", path)
    draft = StrategyVersion.objects.get(number=2)
    assert (draft.status, draft.agreed_on, draft.stated_agreed_on) == ("draft", None, date(2009, 10, 21))
    file = path.read_text(encoding="utf-8")
    assert export(version=2) == file
    assert "Not taken over" not in run("load_strategy", path)
    StrategyVersion.objects.filter(number=2).update(status="agreed", agreed_on=date(2026, 3, 1))
    assert export(version=2) == file.replace(
        "agreed_by_ccwp_on: '2009-10-21'", "agreed_by_ccwp_on: '2026-03-01'"
    )


def test_what_a_file_says_of_an_agreement_is_dropped_when_its_text_is_changed(edited):
    run("load_strategy", edited(REWORDED))
    with amending.amending(StrategyVersion.objects.get(number=2)) as draft:
        why = {"cause": "outcome", "reason": "It has been reached."}
        amending.withdraw(draft, amending.find(draft, "objective", "A.MS.b"), **why)
    assert StrategyVersion.objects.get(number=2).stated_agreed_on is None
    assert "agreed_by_ccwp_on" not in export(version=2)


STATES = {
    "agreed": {"agreed_on": date(2026, 3, 1)},
    "in_force": {"agreed_on": date(2026, 3, 1), "in_force_from": date(2026, 4, 1)},
    "superseded": {"agreed_on": date(2026, 3, 1), "in_force_from": date(2026, 4, 1)},
    "tabled": {},
    "draft": {},
    "withdrawn": {},
}


# What an agreement adds to a file, and what a draft lacks, are in every run; the other states wait for the long one.
@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("in_force", False),
        ("withdrawn", True),
        *(
            pytest.param(state, says, marks=pytest.mark.long)
            for state in STATES
            for says in (True, False)
            if (state, says) not in {("in_force", False), ("withdrawn", True)}
        ),
    ],
)
def test_a_version_in_any_state_goes_round_through_any_portal(edited, tmp_path, state, says):
    run("load_strategy", edited(REWORDED, *([] if says else [(NAMED, "")])))
    if state == "in_force":
        StrategyVersion.objects.filter(number=1).update(status="superseded")
    StrategyVersion.objects.filter(number=2).update(status=state, **STATES[state])
    file, published = export(version=2), export(version=1)
    path = tmp_path / "version.yaml"
    path.write_text(file, encoding="utf-8")
    if state != "withdrawn":
        assert "is loaded already (version 2, " in run("load_strategy", path)
        assert export(version=2) == file
    empty_the_portal()  # a portal that has only the published text
    run("load_strategy")
    run("load_strategy", path)
    assert StrategyVersion.objects.get(number=2).status == "draft"
    assert (export(version=2), export(version=1)) == (file, published)
    empty_the_portal()  # a portal that has no text
    run("load_strategy", path)
    assert StrategyVersion.objects.get().status == ("in_force" if "agreed_by_ccwp_on" in file else "draft")
    assert export() == file


def test_of_versions_that_read_the_same_a_file_is_the_one_whose_day_it_names(loaded, tmp_path):
    published = tmp_path / "published.yaml"
    published.write_text(export(), encoding="utf-8")
    begin_version(loaded, by=secretariat(), note="New routes.")
    said = run("load_strategy", published)
    assert "is loaded already (version 1, in force)" in said
    assert "Not taken over" not in said


def test_a_file_of_a_draft_goes_round_byte_for_byte_and_says_nothing_of_agreement(edited):
    path = edited(REWORDED, (NAMED, ""))
    assert "Not taken over" not in run("load_strategy", path)
    assert export(version=2) == path.read_text(encoding="utf-8")


def test_another_day_of_agreement_for_a_text_that_is_there_is_told(edited):
    said = run(
        "load_strategy", edited(("agreed_by_ccwp_on: '2009-10-21'", "agreed_by_ccwp_on: '2009-10-22'"))
    )
    assert "is loaded already (version 1, in force)" in said
    silent = run("load_strategy", edited((NAMED, "")))
    assert silent.endswith("The file names no agreed_by_ccwp_on; an export names 2009-10-21.\n")
    assert (
        "Not taken over: agreed_by_ccwp_on 2009-10-22. The day of an agreement is that of its decision in the portal; "
        "an export names 2009-10-21."
    ) in said


def test_the_page_of_a_draft_says_what_its_file_says_of_an_agreement(client, edited):
    run("load_strategy", edited(REWORDED))
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/versions/2/")).replace("\xa0", " ")
    assert "says that the working party agreed it on 21 October 2009. That is no agreement here" in page
    StrategyVersion.objects.filter(number=2).update(status="agreed", agreed_on=date(2026, 3, 1))
    assert "That is no agreement here" not in text_of(client.get("/strategy/versions/2/"))
