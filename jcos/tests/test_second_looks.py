"""What is worth a second look, and what is refused, although each field is right by itself."""

import uuid
from datetime import timedelta

import pytest

from accounts.tests.factories import DelegationFactory
from jcos.models import Measure, Unit
from jcos.tests.browsing import a_line, create, page, send, signed_in
from jcos.tests.factories import OperationFactory, submission, submitter
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed


def test_a_day_before_the_operation_began_is_worth_a_second_look_and_no_more(office):
    operation = OperationFactory()
    made = submission(operation, "BE", "draft", is_nil=False)
    client = signed_in(submitter())
    early = (operation.starts_on - timedelta(days=1)).isoformat()
    assert (
        create(client, page("line_create", operation.slug, "BE"), **a_line(found_on=early)).status_code == 302
    )
    check = client.get(page("submission_check", operation.slug, "BE"))
    assert (check.context["reasons"], [str(warning) for warning in check.context["warnings"]]) == (
        [],
        [f"{made.lines.get()}: the day lies before the operation began.", "No controls are stated."],
    )
    assert send(client, operation, "BE").status_code == 302


@pytest.mark.parametrize(
    ("phase", "days_after_the_end", "sentence"),
    [
        ("operational", 1, "the day lies after the operational phase, which is the phase stated."),
        ("operational", 0, None),
        (
            "post_operational",
            0,
            "the day lies within the operational phase, the phase stated is the one after it.",
        ),
        ("post_operational", 1, None),
    ],
)
def test_a_phase_that_does_not_fit_the_day_is_worth_a_second_look(
    office, phase, days_after_the_end, sentence
):
    operation = OperationFactory()
    made = submission(operation, "BE", "draft", is_nil=False)
    client = signed_in(submitter())
    day = (operation.ends_on + timedelta(days=days_after_the_end)).isoformat()
    create(client, page("line_create", operation.slug, "BE"), **a_line(found_on=day, phase=phase))
    check = client.get(page("submission_check", operation.slug, "BE"))
    expected = [f"{made.lines.get()}: {sentence}"] if sentence else []
    assert [str(warning) for warning in check.context["warnings"]] == [*expected, "No controls are stated."]


def test_a_code_name_that_is_in_use_is_said_at_once(office):
    OperationFactory(name="AMBER ROAD", starts_on=brussels_today().replace(month=1, day=1))
    data = {"name": "Amber Road", "idempotency_key": str(uuid.uuid4())}
    response = signed_in(office).post(page("operation_create"), data, follow=True)
    assert str(next(iter(response.context["messages"]))) == (
        f"Another operation has the code name Amber Road: {brussels_today().year}."
    )


def test_nobody_is_invited_once_the_results_are_noted(office):
    operation = OperationFactory(status="results_noted")
    with pytest.raises(
        NotAllowed, match="The operation is past the noting of its results: nobody can join it"
    ):
        operation.invite([DelegationFactory(code="NO")], "participant", by=office)


def test_declared_cash_is_not_counted_in_cigarettes(office):
    operation = OperationFactory()
    submission(operation, "BE", "draft", is_nil=False)
    cash = a_line(
        measure=Measure.objects.get(code="cash_declared").pk,
        unit=Unit.objects.get(code="EUR").pk,
        value_kind="face",
    )
    response = create(signed_in(submitter()), page("line_create", operation.slug, "BE"), **cash)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["commodity"])
