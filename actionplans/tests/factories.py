"""Strategies, plans, actions and terms of reference for tests."""

from contextlib import contextmanager
from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.tests.factories import DelegationFactory
from actionplans.amendable import values_of
from actionplans.models import (
    Action,
    ActionObjective,
    ActionParticipant,
    ActionPlan,
    AddresseeBlock,
    Aim,
    Amendment,
    AmendmentChange,
    Objective,
    Section,
    SectionBlock,
    Strategy,
    StrategyVersion,
    TermsOfReference,
    Wording,
)
from council.tests.factories import DecisionFactory
from strategy_portal.dates import add_months, end_of_plan

FIRST_DAY = date(2026, 1, 1)
PERIOD = {"starts_on": FIRST_DAY, "ends_on": date(2027, 6, 30)}  # of a plan
OBJECTIVES = {"A.MS.a": "", "A.MS.b": "", "B.MS.a": "", "B.MS.a.ii": "B.MS.a", "C.CCWP.e": ""}
ADOPTED = ("adopted", "evaluated", "closed")


class StrategyFactory(DjangoModelFactory):
    """The strategy of tests, in force in version 1, with three aims, four objectives and a sub-point."""

    class Meta:
        model = Strategy
        skip_postgeneration_save = True
        django_get_or_create = ["slug"]

    slug = "strategy-2009"
    title = "Draft revised strategy"
    reference = "15198/09"
    dated_on = date(2009, 11, 4)
    sender = "Customs Cooperation Working Party"
    addressee = "Article 36 Committee"

    @factory.post_generation
    def text(self, create, extracted, **kwargs):
        if create and not self.versions.exists():
            write_text(VersionFactory(strategy=self))


class VersionFactory(DjangoModelFactory):
    """A version in force, without text."""

    class Meta:
        model = StrategyVersion

    strategy = factory.SubFactory(StrategyFactory)
    number = 1
    status = "in_force"
    agreed_on = date(2009, 10, 21)
    in_force_from = date(2009, 11, 4)


@contextmanager
def texts_open():
    """The text of an agreed version never changes: within, all versions are withdrawn, afterwards what they were."""
    before = dict(StrategyVersion.objects.values_list("pk", "status"))
    StrategyVersion.objects.update(status="withdrawn")
    yield
    for pk, status in before.items():
        StrategyVersion.objects.filter(pk=pk).update(status=status)


def write_text(version, objectives=OBJECTIVES):
    """One section and the given objectives, each under its aim and addressees; many tests begin so."""
    section = Section.objects.create(version=version, order=1, number="II.1", title="AIMS", holds_aims=True)
    SectionBlock.objects.create(section=section, order=1, kind="paragraph", text="Overall aims")
    places = {code: code.split(".") for code in objectives}
    aims = _written(
        Aim,
        {
            letter: {"letter": letter, "order": ord(letter), "text": f"Aim {letter}"}
            for letter, *_rest in places.values()
        },
        version=version,
    )
    blocks = {}
    for order, (letter, whose, *_rest) in enumerate(places.values(), start=1):
        block = {"aim": aims[letter], "code": f"{letter}.{whose}", "order": order, "heading": f"For {whose}:"}
        blocks.setdefault(block["code"], block)
    blocks = _written(AddresseeBlock, blocks)
    known = {one.code: one for one in version.strategy.objectives.all()}
    for whole in (True, False):  # a sub-point names the objective above it
        known |= _written(
            Objective,
            {
                code: {"code": code, "order": order, "parent": known.get(parent)}
                for order, (code, parent) in enumerate(objectives.items(), start=1)
                if code not in known and (parent == "") is whole
            },
            strategy=version.strategy,
        )
    texts = {
        code: {"objective": known[code], "order": order, "letter": code.split(".")[-1], "text": f"To do {code}",
               "block": blocks[".".join(code.split(".")[:2])]}
        for order, code in enumerate(objectives, start=1)
    }  # fmt: skip
    _written(Wording, texts, version=version)


def _written(model, rows, **fields):
    """New rows of a model by their keys."""
    made = model.objects.bulk_create([model(**fields, **row) for row in rows.values()])
    return dict(zip(rows, made, strict=True))


def withdraw(*codes):
    """The strategy in its next version, in force from 1 March 2026, which has these objectives no longer."""
    old = StrategyVersion.objects.get(status="in_force")
    kept = {
        words.objective.code: words.objective.parent.code if words.objective.parent else ""
        for words in old.wordings.select_related("objective__parent").order_by("order")
        if words.objective.code not in codes
    }
    new = VersionFactory(strategy=old.strategy, number=old.number + 1, status="draft", in_force_from=None)
    write_text(new, kept)
    StrategyVersion.objects.filter(pk=old.pk).update(status="superseded")
    StrategyVersion.objects.filter(pk=new.pk).update(status="in_force", in_force_from=date(2026, 3, 1))
    return new


class ObjectiveFactory(DjangoModelFactory):
    """An objective of the strategy of tests."""

    class Meta:
        model = Objective
        django_get_or_create = ["strategy", "code"]

    strategy = factory.SubFactory(StrategyFactory)
    code = "A.MS.a"
    order = 1


class PlanFactory(DjangoModelFactory):
    """A draft plan; each next one begins where the one before ends. An adopted one gets its decision."""

    class Meta:
        model = ActionPlan

    number = factory.Sequence(lambda n: n + 1)
    strategy = factory.SubFactory(StrategyFactory)
    starts_on = factory.LazyAttribute(lambda o: add_months(FIRST_DAY, 18 * ActionPlan.objects.count()))
    ends_on = factory.LazyAttribute(lambda o: end_of_plan(o.starts_on))
    status = "draft"

    @classmethod
    def _create(cls, model_class, *args, status="draft", adopted_on=None, **kwargs):
        plan = super()._create(model_class, *args, **kwargs)
        if status in ADOPTED:
            plan.adoption = DecisionFactory(subject=plan, kind="adopt", verb="adopt")
            plan.adopted_on = adopted_on or plan.adoption.taken_on
        if status != "draft":
            plan.status = status
            plan.save()
        return plan


class ActionFactory(DjangoModelFactory):
    """An action led by Belgium that serves A.MS.a; planned when its plan is adopted."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    number = factory.LazyAttribute(lambda o: o.plan.actions.count() + 1)
    title = factory.Sequence(lambda n: f"Share good practice {n}")
    lead = factory.LazyFunction(lambda: DelegationFactory(code="BE"))
    status = factory.LazyAttribute(lambda o: "planned" if o.plan.status in ADOPTED else "proposed")

    @factory.post_generation
    def objectives(self, create, extracted, **kwargs):
        for objective in extracted if extracted is not None else [ObjectiveFactory()]:
            ActionObjective.objects.create(action=self, objective=objective)

    @factory.post_generation
    def participants(self, create, extracted, **kwargs):
        for code in extracted or []:
            part(self, code)


def part(action, code, role="participant"):
    """A delegation, by its code, takes part in an action."""
    return ActionParticipant.objects.create(action=action, delegation=DelegationFactory(code=code), role=role)


class TermsFactory(DjangoModelFactory):
    """A written draft; an agreed or superseded one gets its decision."""

    class Meta:
        model = TermsOfReference

    action = factory.SubFactory(ActionFactory)
    version = factory.LazyAttribute(lambda o: o.action.terms.count() + 1)
    main_goals = "Fewer seizures missed"
    expected_outcome = "A guide of good practice"
    status = "draft"

    @classmethod
    def _create(cls, model_class, *args, status="draft", **kwargs):
        terms = super()._create(model_class, *args, **kwargs)
        return terms if status == "draft" else put(terms, status)


def put(terms, status):
    """Terms of reference in another state: agreed or superseded ones with their decision."""
    if status in ("agreed", "superseded"):
        terms.agreement = DecisionFactory(subject=terms)
    terms.status = status
    terms.save()
    return terms


def plan_with(status="draft", terms="agreed", **fields):
    """A plan in a state, with one action and its terms of reference in another ("" for none)."""
    plan = PlanFactory(status=status, **fields)
    action = ActionFactory(plan=plan)
    if terms:
        TermsFactory(action=action, status=terms)
    return plan


class AmendmentFactory(DjangoModelFactory):
    """A draft of the secretariat's that amends an adopted plan; `changes_of()` fills it."""

    class Meta:
        model = Amendment

    plan = factory.LazyFunction(lambda: plan_with("adopted"))
    number = factory.LazyAttribute(lambda o: o.plan.amendments.count() + 1)
    reason = "New routes are used."


def changes_of(amendment, action, **proposed):
    """A change that an amendment makes to an action, drafted on what the action is now."""
    now = values_of(action)
    drafted = {name: now[name] for name in proposed}
    return AmendmentChange.objects.create(
        amendment=amendment, kind="change", action=action, drafted=drafted, proposed=proposed
    )


def addition_to(amendment, terms="agreed", **fields):
    """An action that an amendment adds, with terms of reference in a state ("" for none)."""
    action = ActionFactory(plan=amendment.plan, status="proposed", **fields)
    AmendmentChange.objects.create(amendment=amendment, kind="add", action=action)
    if terms:
        TermsFactory(action=action, status=terms)
    return action


def decided(amendment, **fields):
    """A decision on an amendment; its step is taken by `amendment.decide(...)` only."""
    return DecisionFactory(subject=amendment, kind="decide", verb="adopt", **fields)
