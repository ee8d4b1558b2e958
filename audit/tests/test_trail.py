"""An event is shown to those to whom the record is shown in the state that the event holds, and to nobody else."""

from datetime import date

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
    StrategyVersion,
    TermsOfReference,
)
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
        "objective": ["objectivepredecessor"],
        "operation": ["operationaction", "participation", "publishedfigure"], "section": ["sectionblock"],
        "strategyversion": ["aim", "footnote", "section", "versionchange", "wording"], "submission": ["resultline"],
        "strategyreview": ["reviewreport"], "user": ["membership"],
    }  # fmt: skip
