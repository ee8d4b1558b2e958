"""The demonstration with what it lacks (texts in every state, every kind of person), for tests over all addresses."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings

from accounts.models import Body, Delegation, Membership, User
from actionplans import amending
from actionplans.copying import begin_version, in_preparation
from actionplans.models import (
    Action,
    ActionPlan,
    Extension,
    Milestone,
    PlanImport,
    ProgressNote,
    Strategy,
    StrategyReview,
    StrategyVersion,
    TermsOfReference,
)
from actionplans.plan_table import HEADINGS
from council.models import AgendaPoint, Decision, Document, Meeting, Presidency, SilenceProcedure
from editing.models import Draft
from jcos.models import Operation, OperationAction, Participation, Submission
from notifications.models import Notification
from strategy_portal.dates import brussels_today, end_of_plan
from strategy_portal.workflow import acting

IDENTITIES = [
    "anonymous", "viewer", "editor", "submitter", "other", "lead", "third", "presidency", "secretariat", "committee",
    "administrator", "disabled",
]  # fmt: skip
# Pages that the access table does not open: (identity or account, name, arguments). Greece has begun a draft, which
# nobody else sees; Italy's results were returned; and what is asked before a step is taken.
MORE_PAGES = [
    ("secretariat", "actionplans:strategyversion_create", lambda s: ["strategy-2011"]),
    *(("el", f"jcos:submission_{name}", lambda s: [s.operation.slug, "EL"])
      for name in ("detail", "controls", "findings", "details", "check")),
    ("el", "jcos:line_create", lambda s: [s.operation.slug, "EL"]),
    ("el", "jcos:line_edit", lambda s: [s.operation.slug, "EL", s.draft.lines.first().pk]),
    ("el", "jcos:line_delete", lambda s: [s.operation.slug, "EL", s.draft.lines.first().pk]),
    ("it", "jcos:submission_detail", lambda s: [s.operation.slug, "IT"]),
    ("it", "jcos:submission_version", lambda s: [s.operation.slug, "IT", 1]),
    ("fi", "actionplans:progressnote_create", lambda s: [12, 5, s.note_submitted.period_ends_on]),
    ("it", "actionplans:extension_create", lambda s: ["jcos.participation", s.owing.pk]),
    ("cz", "actionplans:action_dates", lambda s: [12, 1]),
    ("de", "actionplans:progressnote_detail", lambda s: [12, 4, s.note_returned.period_ends_on]),
    ("de", "actionplans:progressnote_edit", lambda s: [12, 4, s.note_returned.period_ends_on]),
    ("de", "actionplans:progressnote_step", lambda s: [12, 4, s.note_returned.period_ends_on, "submit"]),
    ("secretariat", "actionplans:progressnote_step",
     lambda s: [12, 2, s.note_submitted.period_ends_on, "return_to_lead"]),
    ("submitter", "actionplans:extension_edit", lambda s: [s.extension.pk]),
    ("submitter", "council:position_answer", lambda s: [s.silence.pk, "BE"]),
    ("submitter", "actionplans:terms_position", lambda s: [s.plan_draft.number, 2, 1, "BE"]),
    ("editor", "deadlines:home", lambda s: []),
    ("secretariat", "jcos:submission_step", lambda s: [s.operation.slug, "ES", 1, "return_to_delegation"]),
    ("secretariat", "jcos:operation_step", lambda s: [s.operation.slug, "cancel"]),
    ("secretariat", "jcos:operation_step", lambda s: [s.operation_proposed.slug, "cancel"]),
    ("secretariat", "actionplans:terms_step", lambda s: [s.plan_tabled.number, 1, 1, "return_to_draft"]),
    ("secretariat", "actionplans:actionplan_step", lambda s: [s.plan_tabled.number, "return_to_draft"]),
    ("secretariat", "council:decision_record",
     lambda s: ["actionplans.termsofreference", s.terms_to_agree.pk, "agree"]),
    ("secretariat", "notifications:notification_resend", lambda s: [s.notification.pk]),
]  # fmt: skip


def readers(first, *others):
    """The readers of one test: the first is in every run, the others take minutes and wait for `bin/test --all`."""
    return [first, *(pytest.param(other, marks=pytest.mark.long) for other in others)]


def complete_demonstration():
    """Load the demonstration and complete it, where `DEMONSTRATION` is on.

    Belgium (viewer, editor, submitter) takes part in GOLDEN HARBOUR, which France leads; Romania ("other") does not.
    Gives back a dict: "people" by identity, and the objects by the names that the tables of tests use.
    """
    call_command("load_demo", verbosity=0)
    with acting(None, "complete the scene"):
        return {"people": _people(), **_objects()}


@contextmanager
def demonstration_scene():
    """The completed demonstration, in a transaction that is undone at the end."""
    with override_settings(DEMONSTRATION=True), transaction.atomic():
        yield complete_demonstration()
        transaction.set_rollback(True)


def _people():
    """One person of each identity."""
    today = brussels_today()
    presiding = Delegation.objects.get(code="LU")
    Presidency.objects.filter(starts_on__lte=today, ends_on__gte=today).update(delegation=presiding)
    Presidency.objects.filter(starts_on__gt=today).update(delegation=Delegation.objects.get(code="MT"))
    named = {
        "submitter": "be", "lead": "fr", "third": "no", "presidency": "lu", "secretariat": "secretariat",
        "committee": "committee", "administrator": "admin",
    }  # fmt: skip
    people = {who: User.objects.get(email=f"{name}@portal.test") for who, name in named.items()}
    for who, code, role in (
        ("viewer", "BE", "viewer"),
        ("editor", "BE", "editor"),
        ("other", "RO", "editor"),
    ):
        people[who] = _member(who, Delegation.objects.get(code=code), role)
    people["disabled"] = _member("disabled", Delegation.objects.get(code="FR"), "submitter")
    people["disabled"].is_active = False
    people["disabled"].save()
    return people


def _member(name, delegation, role):
    user = User.objects.create_user(f"{name}@example.eu", name.title())
    Membership.objects.create(user=user, delegation=delegation, role=role, from_on=brussels_today())
    return user


def _objects():
    """What the addresses are about, by name."""
    draft = ActionPlan.objects.get(number=13)
    tabled = ActionPlan.objects.create(
        number=14, strategy=draft.strategy, starts_on=draft.ends_on + timedelta(days=1),
        ends_on=end_of_plan(draft.ends_on + timedelta(days=1)), status="tabled",
    )  # fmt: skip
    laboratories = Action.objects.create(plan=tabled, number=1, title="Shared laboratories")
    to_agree = TermsOfReference.objects.create(
        action=laboratories,
        version=1,
        main_goals="To measure alike",
        expected_outcome="One scale",
        status="tabled",
    )
    running = Operation.objects.get(name="GOLDEN HARBOUR")
    belgium = Delegation.objects.get(code="BE")
    proposed = Operation.objects.create(name="QUIET RIVER", slug="quiet-river", proposed_by=belgium)
    shown = Operation.objects.create(name="HIGH PASS", slug="high-pass", proposed_by=belgium, status="tabled")
    for operation in (proposed, shown):
        Participation.objects.create(operation=operation, delegation=belgium, role="lead")
        OperationAction.objects.create(
            operation=operation, action=Action.objects.get(plan__number=12, number=2)
        )
    heads = Meeting.objects.create(body=Body.objects.get(code="heads-of-customs"), held_on=brussels_today())
    review = StrategyReview.objects.create(
        strategy=draft.strategy, meeting=heads, question="Is the strategy to be amended?", outcome="keep",
        conclusion="It serves its purpose.",
    )  # fmt: skip
    submissions = {
        code: Submission.objects.get(operation=running, delegation__code=code)
        for code in ("BE", "EL", "ES", "IT")
    }
    noted = Submission.objects.get(operation__name="AMBER GATE", delegation__code="BE")
    return {
        "plan_draft": draft,
        "plan_tabled": tabled,
        "plan": ActionPlan.objects.get(number=12),
        "action_hidden": Action.objects.get(plan=draft, number=3),
        "action_shown": Action.objects.get(plan=draft, number=1),
        "action": Action.objects.get(plan__number=12, number=2),
        "terms_draft": TermsOfReference.objects.get(action__plan=draft, action__number=3),
        "terms_to_agree": to_agree,
        "terms": TermsOfReference.objects.get(action__plan__number=12, action__number=2),
        "note_confirmed": ProgressNote.objects.get(
            action__plan__number=12, action__number=2, status="confirmed"
        ),
        "note_submitted": ProgressNote.objects.get(
            action__plan__number=12, action__number=2, status="submitted"
        ),
        "note_returned": ProgressNote.objects.get(action__plan__number=12, status="returned"),
        "extension": Extension.objects.get(status="asked"),
        "extension_agreed": Extension.objects.get(status="agreed"),
        "milestone": Milestone.objects.in_force().filter(terms__action__plan__number=12).last(),
        "operation_proposed": proposed,
        "operation_tabled": shown,
        "operation": running,
        "operation_noted": noted.operation,
        "operation_historical": Operation.objects.filter(kind="historical").first(),
        "participation": Participation.objects.get(operation=running, delegation=belgium),
        "owing": Participation.objects.get(operation=running, delegation__code="IT"),
        "validated": submissions["BE"],
        "draft": submissions["EL"],
        "submitted": submissions["ES"],
        "returned": submissions["IT"],
        "noted": noted,
        **_agenda(tabled),
        "meeting": Decision.objects.filter(verb="adopt").first().meeting,
        "decision": Decision.objects.filter(verb="adopt").first(),
        "silence": SilenceProcedure.objects.get(status="open"),
        "document": Document.objects.filter(marking="LIMITE").first(),
        "delegation": belgium,
        "body": Body.objects.get(code="ccwp-plenary"),
        "person": User.objects.get(email="fi@portal.test"),
        "membership": Membership.objects.get(user__email="fi@portal.test"),
        "notification": Notification.objects.filter(post__delegation__code="BE").first(),
        "objective": "B.MS+COM.a",
        "version_draft": _version_in_preparation(draft.strategy),
        "strategy_draft": _strategy_in_preparation(),
        "kept_draft": _kept_draft(TermsOfReference.objects.get(action__plan=draft, action__number=3)),
        "review": review,
        "plan_import": _plan_import(draft),
    }


def _agenda(plan):
    """A meeting of today with two points without outcome, one of them on a plan, and one that can be deleted."""
    body = Body.objects.get(code="ccwp-plenary")
    meeting = Meeting.objects.get_or_create(body=body, held_on=brussels_today())[0]
    place = meeting.points.next_place()
    talk = AgendaPoint.objects.create(meeting=meeting, order=place, title="Information from the Presidency")
    point = AgendaPoint.objects.create(
        meeting=meeting, order=place + 1, title="Adoption of a plan", verb="adopt", object_id=plan.pk,
        content_type=ContentType.objects.get_for_model(plan),
    )  # fmt: skip
    empty = Meeting.objects.create(
        body=Body.objects.get(code="ccwp-experts"), held_on=brussels_today() + timedelta(days=200)
    )
    return {"meeting_today": meeting, "meeting_empty": empty, "point": point, "point_of_information": talk}


def _version_in_preparation(strategy):
    """The number of a draft of the strategy from which a sub-point is withdrawn."""
    version = in_preparation(strategy) or begin_version(strategy, by=None, note="New routes are used.")
    with amending.amending(version) as version:
        words = amending.find(version, "objective", "B.MS.a.iii")
        amending.withdraw(version, words, cause="outcome", reason="It has been reached.")
    return version.number


def _strategy_in_preparation():
    """The short name of a new strategy of which nothing but a draft exists."""
    strategy = Strategy.objects.create(
        slug="strategy-new", title="Strategy in preparation", reference="20077/26", dated_on=brussels_today()
    )
    StrategyVersion.objects.create(strategy=strategy, number=1)
    return strategy.slug


def _kept_draft(terms):
    """What the secretariat has typed into the form of terms of reference and not saved."""
    user = User.objects.get(email="secretariat@portal.test")
    address = f"{terms.action.get_absolute_url()}terms/edit/"
    fields = {"background": ["Half a sentence"]}
    return Draft.objects.create(
        user=user, address=address, page="1", title="Terms of reference", fields=fields
    )


def _plan_import(plan):
    """What the secretariat has sent and not brought in: a new action, one that changes, one in error."""
    rows = [
        [str(heading) for heading in HEADINGS.values()],
        ["9", "Look at small parcels", "B.MS.a", "BE", "", "FR, EL", "A guide\nfor each office", "", "", ""],
        ["3", "Another title", "B.MS+COM.a", "", "", "", "", "", "", "Proposed"],
        ["2", "Wrong", "B.MS.aa", "Belgium", "", "", "", "1/13/2027", "", "Planned"],
    ]
    user = User.objects.get(email="secretariat@portal.test")
    return PlanImport.objects.create(owner=user, plan=plan, name="plan-13.xlsx", rows=rows)


def clients(people):
    """A signed-in test client for each identity; "anonymous" has none."""
    made = {"anonymous": Client()}
    for who, user in people.items():
        made[who] = Client()
        made[who].force_login(user)
    return made


def account(people, identity):
    """One person: of an identity, or a delegation's own account by its code in small letters."""
    return people.get(identity) or User.objects.get(email=f"{identity}@portal.test")
