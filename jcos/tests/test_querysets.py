"""Who sees which operation and which results, in every state, and what counts for whom."""

from datetime import timedelta

import pytest

from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from council.tests.factories import DecisionFactory, presidency_holder
from jcos.models import Operation, Participation, ResultLine, Submission, Unit
from jcos.tests.factories import OperationFactory, code_lists, line, part, submission
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
NOTED = {"results_noted", "reported", "follow_up", "closed"}
AGREED = {
    "agreed",
    "planning",
    "operational",
    "post_operational",
    "debriefed",
    "postponed",
    "cancelled",
} | NOTED


@pytest.fixture
def people():
    """One person of each kind, by what they are to an operation that Belgium leads and France proposed."""
    return {
        "secretariat": secretariat(),
        "presidency": presidency_holder("PL"),
        "proposer viewer": delegate("FR", "viewer"),
        "proposer editor": delegate("FR", "editor"),
        "lead": delegate("BE"),
        "participant": delegate("IT"),
        "commission": delegate("OLAF"),
        "declined": delegate("ES"),
        "other": delegate("DE"),
        "former": third_party("UK"),
        "third participant": third_party("NO"),
        "third invited": third_party("CH"),
        "third declined": third_party("TR"),
        "third other": third_party("US"),
        "committee": committee(),
        "cosi": committee(body="cosi"),
        "administrator": administrator(),
        "stranger": delegate("BE", is_active=False),
    }


def make(status="operational", **fields):
    operation = OperationFactory(
        status=status, proposed_by=DelegationFactory(code="FR"), parts=["IT", "NO"], **fields
    )
    part(operation, "CH", "invited")
    part(operation, "ES", "declined")
    part(operation, "TR", "declined")
    part(operation, "US", "withdrawn")
    return operation


PREPARE = {"secretariat", "presidency", "proposer viewer", "proposer editor"}
DELEGATIONS = PREPARE | {"lead", "participant", "commission", "declined", "other"}
TAKE_PART = {"third participant", "third invited"}


def seen_of(queryset, people):
    return {name for name, user in people.items() if queryset.visible_to(user).exists()}


@pytest.mark.parametrize("status", Operation.Status.values)
def test_an_operation_is_seen_as_its_state_says(status, people):
    make(status)
    expected = {
        "proposed": PREPARE,
        "tabled": DELEGATIONS,
        "rejected": DELEGATIONS,
        "cancelled": PREPARE,  # before it was agreed
    }.get(status, DELEGATIONS | TAKE_PART | ({"committee", "cosi"} if status in NOTED else set()))
    assert seen_of(Operation.objects.all(), people) == expected


def test_an_operation_cancelled_after_its_agreement_stays_where_it_was_seen(people):
    operation = make("agreed")
    operation.take("cancel", by=people["secretariat"], note="no ships")
    assert seen_of(Operation.objects.all(), people) == DELEGATIONS | TAKE_PART


def test_participants_and_published_figures_are_seen_with_the_operation(people):
    operation = make("operational")
    assert seen_of(operation.participations.all(), people) == DELEGATIONS | TAKE_PART
    closed = OperationFactory(status="closed", kind="historical", lead="")
    code_lists()
    closed.published_figures.create(metric="seized", quantity=1, unit=Unit.objects.first(), qualifier="exact")
    assert seen_of(closed.published_figures.all(), people) == DELEGATIONS | {"committee", "cosi"}


OWN = {"participant"}
LEADS = {"lead"}
PARTICIPANTS = {"third participant"}
NOTED_FOR = DELEGATIONS | {"committee", "cosi"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", OWN),
        ("submitted", OWN | {"secretariat"}),
        ("returned", OWN | {"secretariat"}),
        ("recalled", OWN | {"secretariat"}),
        ("validated", OWN | {"secretariat"} | LEADS | PARTICIPANTS),
    ],
)
def test_a_submission_is_seen_as_its_state_says(status, expected, people):
    operation = make()
    code_lists()
    made = submission(operation, "IT", status, lines=1)
    assert seen_of(Submission.objects.all(), people) == expected
    assert seen_of(made.lines.all(), people) == expected


@pytest.mark.parametrize(("days", "free"), [(-1, True), (0, False), (1, False)])
def test_until_the_end_of_the_embargo_only_leads_see_validated_results(days, free, people):
    submission(make(embargo_until=brussels_today() + timedelta(days=days)), "IT")
    expected = OWN | {"secretariat"} | LEADS | (PARTICIPANTS if free else set())
    assert seen_of(Submission.objects.all(), people) == expected


def test_noted_results_are_seen_by_all_delegations_and_the_committee_in_spite_of_an_embargo(people):
    operation = make("debriefed", embargo_until=brussels_today())
    submission(operation, "IT")
    noting = DecisionFactory(subject=operation, kind="note", verb="note_results")
    operation.note_results(by=people["secretariat"], noting=noting)
    assert seen_of(Submission.objects.all(), people) == NOTED_FOR


@pytest.mark.parametrize("role", ["viewer", "editor", "submitter"])
def test_every_member_of_a_delegation_sees_its_draft(role):
    submission(make(), "IT", "draft")
    assert Submission.objects.visible_to(delegate("IT", role)).count() == 1


def note(operation, verb="note_results"):
    decision = DecisionFactory(subject=operation, kind="note", verb=verb)
    operation.take(verb, by=secretariat(), noting=decision)
    return decision


def test_a_noting_covers_exactly_what_is_validated_at_that_moment():
    operation = make("debriefed")
    first = submission(operation, "BE")
    second = submission(operation, "BE", version=2)
    sent = submission(operation, "IT", "submitted")
    decision = note(operation)
    assert set(Submission.objects.filter(noting=decision)) == {second}
    sent.validate(by=secretariat())
    assert set(Submission.objects.filter(noting=decision)) == {second}
    assert first.noting is None
    further = note(operation, "note_further_results")
    assert set(Submission.objects.filter(noting=further)) == {sent}
    assert operation.status == "results_noted"


@pytest.mark.parametrize(
    ("status", "verb"), [("reported", "note_after_the_report"), ("follow_up", "note_during_follow_up")]
)
def test_a_further_noting_leaves_the_operation_in_its_state(status, verb):
    operation = make(status)
    made = submission(operation, "IT")
    decision = note(operation, verb)
    made.refresh_from_db()
    assert (operation.status, operation.noting, made.noting) == (status, decision, decision)


def test_the_page_lists_each_noting_with_the_versions_that_it_covered(client):
    operation = make("debriefed")
    submission(operation, "IT")
    submission(operation, "BE")
    first = note(operation)
    submission(operation, "IT", version=2)
    further = note(operation, "note_further_results")
    for reader in (secretariat(), committee(), delegate("DE")):
        client.force_login(reader)
        page = client.get(operation.get_absolute_url())
        assert [
            (noting, [(v.delegation.code, v.version) for v in covered])
            for noting, covered in page.context["notings"]
        ] == [(further, [("IT", 2)]), (first, [("BE", 1), ("IT", 1)])]
        html = page.content.decode()
        assert '<div class="hint">Belgium, Italy</div>' in html
        assert '<div class="hint">Italy (version 2)</div>' in html


def test_a_further_noting_needs_something_new():
    operation = make("results_noted")
    assert (
        operation.why_not("note_further_results")
        == "Nothing has been validated since the CCWP last noted the results."
    )


def counted(user):
    return {
        (s.delegation.code, s.version)
        for s in Submission.objects.counted_for(user).select_related("delegation")
    }


def test_the_committee_keeps_the_version_noted_before_until_a_further_noting():
    operation = make("debriefed")
    submission(operation, "IT")
    submission(operation, "BE")
    note(operation)
    submission(operation, "IT", version=2)
    body, lead, other = committee(), delegate("BE"), delegate("DE")
    assert counted(body) == {("IT", 1), ("BE", 1)}
    assert counted(other) == {("IT", 1), ("BE", 1)}
    assert counted(lead) == {("IT", 2), ("BE", 1)}
    note(operation, "note_further_results")
    assert counted(body) == {("IT", 2), ("BE", 1)}


def test_nothing_counts_that_is_not_validated():
    operation = make()
    submission(operation, "IT", "submitted")
    submission(operation, "BE", "returned")
    assert counted(secretariat()) == set()


def test_totals_are_added_up_per_measure_commodity_unit_and_kind_of_value_and_never_across():
    operation = make()
    made = submission(operation, "IT", lines=1)
    line(made, quantity="500", qualifier="about")
    line(made, "detained", quantity="7")
    line(made, "seized", "WST", "2.5", "tonne")
    line(made, "seized", "WST", "3", "piece")
    line(made, "seized", "IPR-OTH", "100", "EUR", value_kind="market")
    line(made, "seized", "IPR-OTH", "90", "EUR", value_kind="genuine")
    line(submission(operation, "BE", lines=1), quantity="0")
    totals = {
        (t["measure__code"], t["commodity__code"], t["unit__code"], t["value_kind"]): (
            float(t["total"]), t["lines"], t["inexact"],
        )
        for t in ResultLine.objects.counted_for(secretariat()).totals()
    }  # fmt: skip
    assert totals == {
        ("seized", "TOB-CIG", "piece", ""): (2500, 4, 1),
        ("detained", "TOB-CIG", "piece", ""): (7, 1, 0),
        ("seized", "WST", "tonne", ""): (2.5, 1, 0),
        ("seized", "WST", "piece", ""): (3, 1, 0),
        ("seized", "IPR-OTH", "EUR", "market"): (100, 1, 0),
        ("seized", "IPR-OTH", "EUR", "genuine"): (90, 1, 0),
    }


def test_a_result_is_awaited_until_a_version_stands():
    def awaited():
        return set(Participation.objects.awaiting_result().values_list("delegation__code", flat=True))

    operation = OperationFactory(parts=["FR", "IT"])
    part(operation, "ES", "invited")
    submission(operation, "FR", "draft")
    assert awaited() == {"BE", "FR", "IT"}
    Submission.objects.filter(delegation__code="FR").delete()
    submission(operation, "FR", "submitted")
    submission(operation, "IT", "returned")
    assert awaited() == {"BE", "IT"}
    submission(operation, "IT", "validated", version=2)
    submission(operation, "IT", "draft", version=3)
    assert awaited() == {"BE"}
    Operation.objects.update(status="closed", noting=DecisionFactory(subject=operation))
    assert awaited() == set()
