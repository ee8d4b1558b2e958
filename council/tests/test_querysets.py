import pytest

from accounts.tests.factories import (
    BodyFactory,
    DelegationFactory,
    UserFactory,
    administrator,
    committee,
    delegate,
    member,
    secretariat,
    third_party,
)
from council.models import Decision, Document, Meeting
from council.querysets import decided_models, holds_presidency
from council.tests.factories import (
    DecisionFactory,
    DocumentFactory,
    MeetingFactory,
    PresidencyFactory,
    presidency_holder,
)

pytestmark = pytest.mark.django_db

# Who sees of: a plenary meeting, a Committee meeting, what each decided, a LIMITE document, a PUBLIC one.
SEES = {
    "secretariat": (secretariat, "plenary committee decision-plenary decision-committee LIMITE PUBLIC"),
    "viewer": (lambda: delegate("BE", "viewer"), "plenary committee decision-plenary decision-committee LIMITE PUBLIC"),
    "commission": (lambda: delegate("OLAF"), "plenary committee decision-plenary decision-committee LIMITE PUBLIC"),
    "presidency": (presidency_holder, "plenary committee decision-plenary decision-committee LIMITE PUBLIC"),
    "committee": (committee, "committee decision-committee LIMITE PUBLIC"),
    "another addressee": (lambda: committee("cosi"), "LIMITE PUBLIC"),
    "heads of customs": (lambda: member(body="heads-of-customs"), "PUBLIC"),
    "third party": (third_party, "PUBLIC"),
    "agency": (lambda: third_party("EUROPOL"), "PUBLIC"),
    "former member state": (lambda: third_party("UK"), "PUBLIC"),
    "administrator": (administrator, "PUBLIC"),
    "without membership": (UserFactory, "PUBLIC"),
    "disabled": (lambda: secretariat(is_active=False), ""),
}  # fmt: skip


@pytest.mark.parametrize("identity", SEES)
def test_the_record_is_seen_by_those_whom_the_table_names(identity):
    make, seen = SEES[identity]
    about = UserFactory()
    for name, code in (("plenary", "ccwp-plenary"), ("committee", "article-36")):
        meeting = MeetingFactory(body=BodyFactory(code=code), place=name)
        DecisionFactory(subject=about, meeting=meeting, text=f"decision-{name}")
    DocumentFactory(title="LIMITE")
    DocumentFactory(title="PUBLIC", marking="PUBLIC")
    user = make()
    found = [
        *Meeting.objects.visible_to(user).order_by("pk").values_list("place", flat=True),
        *Decision.objects.visible_to(user).order_by("pk").values_list("text", flat=True),
        *Document.objects.visible_to(user).order_by("pk").values_list("title", flat=True),
    ]
    assert found == seen.split()


def test_bodies_decide_on_strategy_plan_terms_and_operation():
    assert {model._meta.label for model in decided_models()} >= {
        "actionplans.StrategyVersion",
        "actionplans.ActionPlan",
        "actionplans.TermsOfReference",
        "jcos.Operation",
    }


def test_the_presidency_is_held_by_the_delegation_whose_half_year_it_is():
    PresidencyFactory(delegation=DelegationFactory(code="BE"))
    assert (holds_presidency(delegate("BE", "viewer")), holds_presidency(delegate("FR"))) == (True, False)
    assert holds_presidency(secretariat()) is False
