"""A proposal that is tabled is told to every delegation, once."""

import pytest

from accounts.models import Delegation
from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import delegate
from jcos.models import Operation
from jcos.tests.factories import OperationFactory
from notifications.models import Notification
from notifications.outbox import Obsolete, latest_word
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    load_bodies()
    load_delegations()
    return OperationFactory(name="QUIET RIVER", status="proposed", parts=["FR"])


def test_every_delegation_is_told_of_the_proposal_and_sees_it(proposal):
    proposal.take("table", by=delegate("BE"))
    told = Notification.objects.filter(kind="tabled")
    sitting = Delegation.objects.sitting(brussels_today())
    assert sorted(n.post.delegation_id for n in told) == sorted(d.pk for d in sitting)
    first = told.first()
    assert (first.subject, first.link) == (f"Tabled: {proposal}", proposal.get_absolute_url())
    assert "cigarettes" in first.body
    assert latest_word(first) is None
    assert Operation.objects.visible_to(delegate("EE")).get() == proposal


def test_what_was_returned_before_it_was_sent_is_not_told(proposal):
    proposal.take("table", by=delegate("BE"))
    proposal.take("return_to_proposer", by=delegate("BE"))
    assert isinstance(latest_word(Notification.objects.filter(kind="tabled").first()), Obsolete)
