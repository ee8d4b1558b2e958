"""What is tabled is told to every delegation, once."""

import pytest

from accounts.models import Delegation
from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import secretariat
from actionplans.tests.factories import (
    AmendmentFactory,
    TermsFactory,
    VersionFactory,
    changes_of,
    plan_with,
    write_text,
)
from notifications.models import Notification
from notifications.outbox import Obsolete, latest_word
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delivered():
    load_bodies()
    load_delegations()


def amendment():
    made = AmendmentFactory(plan=plan_with("adopted"))
    changes_of(made, made.plan.actions.get(), title="New title")
    return made


def version():
    made = VersionFactory(number=2, status="draft", agreed_on=None, in_force_from=None)
    write_text(made)
    return made


THINGS = {"plan": plan_with, "terms": TermsFactory, "amendment": amendment, "version": version}
SAID = {
    "plan": "Actions:", "terms": "Fewer seizures missed", "amendment": "New routes are used.",
    "version": "Tabled, for the working party to decide",
}  # fmt: skip


@pytest.mark.parametrize("name", THINGS)
def test_every_delegation_is_told_what_is_tabled_with_its_text_and_the_way_to_it(name):
    thing = THINGS[name]()
    thing.take("table", by=secretariat())
    told = Notification.objects.filter(kind="tabled")
    sitting = Delegation.objects.sitting(brussels_today())
    assert sorted(n.post.delegation_id for n in told) == sorted(d.pk for d in sitting)
    first = told.first()
    assert (first.subject, first.link) == (f"Tabled: {thing}", thing.get_absolute_url())
    assert SAID[name] in first.body
    assert latest_word(first) is None


def test_nobody_is_told_of_what_could_not_be_tabled():
    terms = TermsFactory(main_goals="")
    with pytest.raises(NotAllowed):
        terms.take("table", by=secretariat())
    assert not Notification.objects.exists()


def test_what_was_returned_before_it_was_sent_is_not_told_and_what_was_tabled_again_is_told_once():
    terms, by = TermsFactory(), secretariat()
    terms.take("table", by=by)
    terms.take("return_to_draft", by=by)
    first = Notification.objects.filter(kind="tabled").order_by("pk").first()
    assert isinstance(latest_word(first), Obsolete)
    terms.take("table", by=by)
    to_one = Notification.objects.filter(kind="tabled", post=first.post).order_by("pk")
    words = [latest_word(Notification.objects.get(pk=notice.pk)) for notice in to_one]
    assert [isinstance(word, Obsolete) for word in words] == [True, False]
