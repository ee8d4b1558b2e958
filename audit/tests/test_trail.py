"""An event is shown to those to whom the record is shown in the state that the event holds, and to nobody else."""

from datetime import date

import pghistory
import pytest

from accounts.models import Membership
from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import (
    Action,
    ActionParticipant,
    Objective,
    StrategyVersion,
    TermsOfReference,
    Wording,
)
from actionplans.tests.factories import StrategyFactory
from audit.records import event_model, parts_of, tracked
from audit.trail import Entry, load, seen_events, trail
from council.tests.factories import DecisionFactory, DocumentFactory, presidency_holder
from jcos.models import Operation, ResultLine
from reports.tests.factories import line, operation, participation, plan, strategy, submission
from strategy_portal.workflow import acting

pytestmark = pytest.mark.django_db


def through(row, *states, by=None, field="status", **fields):
    """The row goes through states, each recorded as an act of its own; `fields` are set with the state they name."""
    for state in states:
        with acting(by, str(state)):
            type(row).objects.filter(pk=row.pk).update(**{field: state}, **fields.get(str(state), {}))
    row.refresh_from_db()
    return row


def shown(user, row, field="status", model=None):
    """The states that a reader sees of a record's own events, oldest first; None where the page is not found."""
    model = model or type(row)
    found = [Entry(*entry[:3]) for entry in trail(model, row.pk, user)]
    events = load(found)
    own = [events[e.kind, e.event_id] for e in found if e.kind == model._meta.model_name]
    return [str(getattr(event, field)) for event in reversed(own)]


@pytest.fixture
def readers():
    """Somebody of each kind; Norway and Belgium take part, Switzerland and Portugal do not; Spain presides."""
    return {
        "secretariat": secretariat(), "presidency": presidency_holder("ES", "viewer"), "lead": delegate("BE", "viewer"),
        "co_lead": delegate("FR", "viewer"), "delegate": delegate("PT"), "committee": committee(),
        "third_in": third_party("NO"), "third_out": third_party("CH"), "administrator": administrator(),
    }  # fmt: skip


def table(readers, row, field="status", model=None):
    return {name: " ".join(shown(user, row, field, model)) for name, user in readers.items()}


def test_a_plan(readers):
    made = plan(9, date(2030, 1, 1), status="draft")
    decision = DecisionFactory(subject=made)
    through(
        made,
        "tabled",
        "draft",
        "tabled",
        "adopted",
        adopted={"adoption": decision, "adopted_on": date(2029, 9, 1)},
    )
    everything = "draft tabled draft tabled adopted"
    assert table(readers, made) == {
        "secretariat": everything, "presidency": everything, "lead": "tabled tabled adopted",
        "co_lead": "tabled tabled adopted", "delegate": "tabled tabled adopted", "committee": "adopted",
        "third_in": "", "third_out": "", "administrator": "",
    }  # fmt: skip


@pytest.fixture
def led():
    """An action led by Belgium with France as co-lead and Norway taking part."""
    made = Action.objects.create(plan=plan(), number=1, title="Work", lead=DelegationFactory(code="BE"))
    ActionParticipant.objects.create(action=made, delegation=DelegationFactory(code="FR"), role="co_lead")
    ActionParticipant.objects.create(action=made, delegation=DelegationFactory(code="NO"), role="participant")
    return made


def test_an_action(readers, led):
    through(led, "planned", "in_progress")
    everything = "proposed planned in_progress"
    assert table(readers, led) == {
        "secretariat": everything, "presidency": everything, "lead": everything, "co_lead": everything,
        "delegate": "planned in_progress", "committee": "planned in_progress", "third_in": "planned in_progress",
        "third_out": "", "administrator": "",
    }  # fmt: skip


def test_terms_of_reference(readers, led):
    made = TermsOfReference.objects.create(action=led, main_goals="Goals", expected_outcome="Outcome")
    through(led, "planned")
    through(made, "tabled", "agreed", agreed={"agreement": DecisionFactory(subject=made)})
    everything = "draft tabled agreed"
    assert table(readers, made) == {
        "secretariat": everything, "presidency": everything, "lead": everything, "co_lead": everything,
        "delegate": "tabled agreed", "committee": "agreed", "third_in": "tabled agreed", "third_out": "",
        "administrator": "",
    }  # fmt: skip


def test_a_strategy_version_and_the_paragraphs_that_are_its_parts(readers):
    version = StrategyVersion.objects.create(strategy=strategy(), number=2)
    aim = version.aims.create(order=1, letter="A", text="Old words")
    through(version, "tabled")
    version.aims.filter(pk=aim.pk).update(text="New words")
    assert table(readers, version) == {
        "secretariat": "draft tabled", "presidency": "tabled", "lead": "tabled", "co_lead": "tabled",
        "delegate": "tabled", "committee": "", "third_in": "", "third_out": "", "administrator": "",
    }  # fmt: skip
    assert table(readers, aim, "text") == {
        "secretariat": "Old words New words", "presidency": "New words", "lead": "New words", "co_lead": "New words",
        "delegate": "New words", "committee": "", "third_in": "", "third_out": "", "administrator": "",
    }  # fmt: skip


def test_an_operation(readers):
    made = operation(status="proposed", proposed_by=DelegationFactory(code="BE"))
    participation(made, "NO", "invited")
    decision = DecisionFactory(subject=made)
    through(made, "tabled", "proposed", "tabled", "agreed", "operational", "results_noted",
            agreed={"agreement": decision}, results_noted={"noting": decision})  # fmt: skip
    everything = "proposed tabled proposed tabled agreed operational results_noted"
    everyone = "tabled tabled agreed operational results_noted"
    assert table(readers, made) == {
        "secretariat": everything, "presidency": everything, "lead": everything, "co_lead": everyone,
        "delegate": everyone, "committee": "results_noted", "third_in": "agreed operational results_noted",
        "third_out": "", "administrator": "",
    }  # fmt: skip


def test_a_cancelled_operation_that_was_never_agreed_stays_with_those_who_prepared_it(readers):
    made = operation(status="proposed", proposed_by=DelegationFactory(code="BE"))
    through(made, "cancelled", cancelled={"agreement": None})
    assert table(readers, made)["delegate"] == ""


@pytest.fixture
def capstan():
    """An operation led by Belgium in which France, Portugal and Norway take part; its results are not noted yet."""
    made = operation(status="debriefed")
    participation(made, "BE", role="lead")
    for code in ("FR", "NO"):
        participation(made, code)
    return made


def test_a_submission_and_its_lines(readers, capstan):
    made = submission(capstan, "FR", status="draft")
    with acting(verb="create"):
        found = line(made, "seized", "CIG", 10, "piece")
    with acting(verb="change"):
        ResultLine.objects.filter(pk=found.pk).update(quantity=20)
    through(made, "submitted", submitted={"reference": "R-1", "submitted_at": "2026-06-01T10:00Z"})
    through(made, "validated")
    decision = DecisionFactory(subject=capstan, kind="note")
    through(made, "validated", validated={"noting": decision})
    everything = "draft submitted validated validated"
    assert table(readers, made) == {
        "secretariat": "submitted validated validated", "presidency": "validated", "lead": "validated validated",
        "co_lead": everything, "delegate": "validated", "committee": "validated",
        "third_in": "validated validated", "third_out": "", "administrator": "",
    }  # fmt: skip
    assert {name: text for name, text in table(readers, found, "quantity").items() if text} == {
        "co_lead": "10.000 20.000"
    }


def test_an_embargo_keeps_validated_results_from_other_participants(readers, capstan):
    Operation.objects.filter(pk=capstan.pk).update(embargo_until=date(2090, 1, 1))
    made = submission(capstan, "FR", status="validated")
    found = table(readers, made)
    assert (found["lead"], found["third_in"], found["delegate"]) == ("validated", "", "")


def test_a_participation_is_seen_with_its_operation_as_it_then_stood(readers):
    made = operation(status="proposed", proposed_by=DelegationFactory(code="BE"))
    with acting(verb="invite"):
        part = participation(made, "NO", "invited")
    decision = DecisionFactory(subject=made)
    through(made, "tabled", "agreed", agreed={"agreement": decision})
    through(part, "confirmed")
    assert table(readers, part) == {
        "secretariat": "invited confirmed", "presidency": "invited confirmed", "lead": "invited confirmed",
        "co_lead": "confirmed", "delegate": "confirmed", "committee": "", "third_in": "confirmed", "third_out": "",
        "administrator": "",
    }  # fmt: skip


def test_a_document_whose_marking_was_lifted(readers):
    made = through(DocumentFactory(marking="LIMITE"), "PUBLIC", field="marking")
    found = table(readers, made, "marking")
    assert (found["delegate"], found["third_in"], found["administrator"]) == (
        "LIMITE PUBLIC",
        "PUBLIC",
        "PUBLIC",
    )


def test_people_and_memberships(readers):
    person = readers["delegate"]
    membership = Membership.objects.get(user=person)
    through(membership, "editor", field="role")
    assert table(readers, membership, "role") == {
        **dict.fromkeys(readers, ""), "secretariat": "submitter editor", "delegate": "submitter editor",
        "administrator": "submitter editor",
    }  # fmt: skip
    assert {name: bool(text) for name, text in table(readers, person, "email").items()} == {
        **dict.fromkeys(readers, False), "secretariat": True, "delegate": True, "administrator": True,
    }  # fmt: skip


def test_everybody_signed_in_sees_code_lists_and_nobody_else_anything(readers):
    made = DelegationFactory(code="BE")
    assert set(table(readers, made, "code").values()) == {"BE"}
    readers["delegate"].is_active = False
    assert shown(readers["delegate"], made, "code") == []


@pytest.mark.parametrize("name", sorted(tracked()))
def test_the_rule_of_every_model_can_be_asked_of_its_events(name, readers):
    model = tracked()[name]
    counts = {reader: seen_events(model, user).count() for reader, user in readers.items()}
    assert max(counts.values()) <= event_model(model).objects.count()


def test_each_model_with_parts_merges_them():
    merged = {name: sorted(p._meta.model_name for p in parts_of(model)) for name, model in tracked().items()}
    assert {name: parts for name, parts in merged.items() if parts} == {
        "action": ["actionobjective", "actionparticipant"], "aim": ["addresseeblock"],
        "milestone": ["milestonereached"], "objective": ["objectivepredecessor"],
        "operation": ["operationaction", "participation", "publishedfigure"],
        "progressnote": ["indicatorvalue"], "section": ["sectionblock"],
        "silenceprocedure": ["position", "silenceextension"],
        "strategyversion": ["aim", "footnote", "section", "versionchange", "wording"], "submission": ["resultline"],
        "strategyreview": ["reviewreport"], "termsofreference": ["indicator", "milestone"], "user": ["membership"],
    }  # fmt: skip


def words_of(user, objective):
    """The texts of an objective's wordings that a reader sees, oldest first."""
    found = [Entry(*entry[:3]) for entry in trail(Objective, objective.pk, user)]
    events = load(found)
    told = [events[e.kind, e.event_id] for e in found if e.kind == "wording"]
    return [f"{event.version.number} {event.text}" for event in reversed(told)]


@pytest.fixture
def worded():
    """An objective worded in version 1; copied to draft 2, written twice, tabled, taken back, written, in force."""
    first = StrategyFactory().versions.get()
    old = Wording.objects.get(version=first, objective__code="A.MS.a")
    second = StrategyVersion.objects.create(strategy=first.strategy, number=2)
    copy = {
        "objective": old.objective,
        "block": old.block,
        "order": 1,
        "letter": old.letter,
        "text": old.text,
    }
    in_force = {"status": "in_force", "in_force_from": date(2026, 6, 1)}
    acts = [
        lambda: Wording.objects.create(version=second, **copy),
        *[lambda text=text: second.wordings.update(text=text) for text in ("Secret one", "As tabled")],
        *[lambda state=state: set_state(second, status=state) for state in ("tabled", "draft")],
        *[lambda text=text: second.wordings.update(text=text) for text in ("Secret two", "As agreed")],
        *[lambda state=state: set_state(second, status=state) for state in ("tabled", "agreed")],
        lambda: set_state(first, status="superseded"),
        lambda: set_state(second, **in_force),
    ]
    for day, act in enumerate(acts, start=1):
        with pghistory.context(at=f"2027-03-{day:02}T10:00:00+00:00"):
            act()
    return old.objective


def set_state(version, **fields):
    StrategyVersion.objects.filter(pk=version.pk).update(**fields)


def test_the_wordings_of_an_objective_as_far_as_their_version_was_seen(readers, worded):
    everything = ["1 To do A.MS.a", "2 Secret one", "2 As tabled", "2 Secret two", "2 As agreed"]
    tabled = ["1 To do A.MS.a", "2 As tabled", "2 As agreed"]
    agreed = ["1 To do A.MS.a", "2 As agreed"]
    assert {name: words_of(user, worded) for name, user in readers.items()} == {
        "secretariat": everything, "presidency": tabled, "lead": tabled, "co_lead": tabled, "delegate": tabled,
        "committee": agreed, "third_in": agreed, "third_out": agreed, "administrator": agreed,
    }  # fmt: skip


def test_a_wording_that_only_a_draft_has_is_the_secretariats(readers, worded):
    third = StrategyVersion.objects.create(strategy=worded.strategy, number=3)
    block = worded.wordings.first().block
    with pghistory.context(at="2027-04-01T10:00:00+00:00"):
        Wording.objects.create(version=third, objective=worded, block=block, order=1, text="Not yet")
    told = {name for name, user in readers.items() if "3 Not yet" in words_of(user, worded)}
    assert told == {"secretariat"}
