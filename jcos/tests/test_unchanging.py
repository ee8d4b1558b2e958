"""The database itself keeps what was handed in, also from whoever writes to it past the portal."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import secretariat
from council.tests.factories import DecisionFactory
from jcos.models import ResultLine, Submission
from jcos.tests.factories import OperationFactory, code_lists, submission, submitter

pytestmark = pytest.mark.django_db
HANDED_IN = ["submitted", "recalled", "returned", "validated"]


@pytest.fixture(autouse=True)
def office():
    code_lists()
    return secretariat()


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(statement, *values):
    with pytest.raises(IntegrityError, match="a submitted version never changes"):
        sql(statement, *values)


@pytest.mark.parametrize("status", HANDED_IN)
def test_no_line_of_what_was_handed_in_is_changed_added_moved_or_removed(status):
    operation = OperationFactory()
    made = submission(operation, "BE", status, lines=1)
    draft = submission(operation, "FR", "draft", lines=1)
    before = list(ResultLine.objects.order_by("pk").values())
    refused("update jcos_resultline set quantity = 7 where submission_id = %s", made.pk)
    refused("update jcos_resultline set submission_id = %s where submission_id = %s", draft.pk, made.pk)
    refused("update jcos_resultline set submission_id = %s where submission_id = %s", made.pk, draft.pk)
    refused("delete from jcos_resultline where submission_id = %s", made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultLine.objects.create(submission=made, quantity=1)
    assert list(ResultLine.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("status", HANDED_IN)
@pytest.mark.parametrize(
    "change",
    ["is_nil = not is_nil", "finality = 'preliminary'", "remarks = 'none'", "contact = 'me'", "version = 9",
     "reference = 'R-1'", "submitted_at = now()", "status = 'draft', reference = null, submitted_at = null"],
)  # fmt: skip
def test_what_a_submission_says_is_not_changed(status, change):
    made = submission(OperationFactory(), "BE", status)
    refused(f"update jcos_submission set {change} where id = %s", made.pk)
    refused("delete from jcos_submission where id = %s", made.pk)


def test_a_draft_is_changed_and_removed_as_before():
    made = submission(OperationFactory(), "BE", "draft", lines=2)
    assert sql("update jcos_resultline set quantity = 7 where submission_id = %s", made.pk) == 2
    assert sql("update jcos_submission set remarks = 'new' where id = %s", made.pk) == 1
    assert made.delete()[0] == 3


def test_the_steps_go_on_and_a_correction_is_a_version_of_its_own(office):
    operation = OperationFactory(status="debriefed")
    made = submission(operation, "BE", "draft", lines=2)
    made.submit(by=submitter())
    made.return_to_delegation(by=office, note="Which airport?")
    second = made.next_version(by=submitter())
    second.lines.update(place="Zaventem")
    second.submit(by=submitter())
    second.validate(by=office)
    operation.note_results(by=office, noting=DecisionFactory(subject=operation, kind="note"))
    assert list(Submission.objects.order_by("version").values_list("status", "noting")) == [
        ("returned", None),
        ("validated", operation.noting_id),
    ]
    assert list(made.lines.values_list("place", flat=True)) == ["", ""]
    refused("update jcos_submission set noting_id = null where id = %s", second.pk)
