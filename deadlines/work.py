"""My work: what a person must do next, by when, and where. Each block stands alone: one that fails hides no other.

A duty that no rule dates is taken for due today: it waits now.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actionplans.models import ActionPlan
from council.models import Position, SilenceProcedure
from council.querysets import holds_presidency
from deadlines import progress_work, schedule
from deadlines.duties import SOON_DAYS, Duty, Work
from jcos.models import Operation, Participation, Submission
from jcos.querysets import LEADS
from notifications.models import Notification
from publishing.words import clock_words, day_words
from strategy_portal.dates import brussels_day, days_left, in_words

log = logging.getLogger("portal.deadlines")

ADOPTION_SHOWN_DAYS = 180  # as long before as the first reminder of it is delivered
VALIDATION_DAYS = 7  # the receipt promises delegations that their results are checked within a week


Block = Callable[..., Iterable[Duty]]


def work_of(user, today: date) -> Work:
    """What a person must do, what is late first, then by date."""
    duties, failed = [], []
    for name, concerns, block in BLOCKS:
        try:
            if concerns(user):
                duties += block(user, today)
        except Exception:
            log.exception("My work: %s", name)
            failed.append(str(name))
    duties.sort(key=lambda duty: (duty.due_on or today, duty.label))
    left = user.left_to_others
    return Work(
        [duty for duty in duties if duty.of not in left], failed, [duty for duty in duties if duty.of in left]
    )


def lead_of(work: Work, today: date) -> str:
    """How much waits and when the first of it is due, in a sentence or two; "" when nothing waits."""
    if not work.duties:
        return ""
    count = ngettext(
        "%(count)d thing is waiting for you.", "%(count)d things are waiting for you.", len(work.duties)
    )
    count %= {"count": len(work.duties)}
    dated = [duty.due_on for duty in work.duties if duty.due_on]
    if not dated:
        return count
    days = days_left(min(dated), today)
    first = _("The first is %(words)s.") if days < 0 else _("The next is due %(words)s.")
    return count + " " + first % {"words": in_words(days)}


# -- blocks of the secretariat ---------------------------------------------------------------------------------


def to_validate(user, today):
    """Results that wait for the secretariat."""
    submitted = Submission.objects.filter(status="submitted").select_related("operation", "delegation")
    for submission in submitted:
        words = {"delegation": submission.delegation, "operation": submission.operation}
        arrived = brussels_day(submission.submitted_at)
        yield Duty(
            _("Check the results of %(delegation)s for %(operation)s") % words,
            reverse("jcos:submission_review", args=[submission.operation.slug, submission.delegation.code]),
            arrived + timedelta(days=VALIDATION_DAYS),
            _("%(reference)s, submitted on %(day)s")
            % {"reference": submission.reference, "day": day_words(arrived)},
        )


def adoption(user, today):
    """The clock of the next plan (15198/09, II.2)."""
    for ending in ActionPlan.objects.awaiting_successor():
        due_on = ending.successor_adopt_by
        following = schedule.next_plan(ending)
        if days_left(due_on, today) > ADOPTION_SHOWN_DAYS:
            continue
        yield Duty(
            schedule.adoption_text(ending),
            schedule.adoption_link(ending),
            due_on,
            _("Two months before plan %(number)d ends on %(day)s")
            % {"number": ending.number, "day": day_words(ending.ends_on)},
            *(("info", following.get_status_display()) if following else ("mute", _("Not begun"))),
        )


def terms_of_all(user, today):
    """Terms of reference that are missing, a line for each plan in preparation."""
    by_plan = defaultdict(list)
    for action in schedule.with_shared_plans(schedule.terms_rows()):
        by_plan[action.plan].append(action)
    for plan, actions in by_plan.items():
        tabled = [action.reference for action in actions if action.open_terms == "tabled"]
        missing = [action.reference for action in actions if action.open_terms != "tabled"]
        label = ngettext(
            "See to the terms of reference of %(count)d action of plan %(number)d",
            "See to the terms of reference of %(count)d actions of plan %(number)d",
            len(actions),
        )
        hints = [_("Not ready: %(numbers)s") % {"numbers": ", ".join(missing)}] if missing else []
        hints += [_("To be agreed: %(numbers)s") % {"numbers": ", ".join(tabled)}] if tabled else []
        yield Duty(
            label % {"count": len(actions), "number": plan.number},
            plan.get_absolute_url(),
            schedule.terms_due(actions[0]),
            "; ".join(hints),
        )


def results_of_all(user, today):
    """Delegations whose results are late or nearly due, a line for each operation."""
    by_operation = defaultdict(list)
    soon = today + timedelta(days=SOON_DAYS)
    for participation in schedule.result_rows():
        if participation.due_in_force <= soon:
            by_operation[participation.operation].append(participation)
    for operation, owing in by_operation.items():
        names = [_named_with_its_day(participation) for participation in owing]
        label = ngettext(
            "Follow up the results of %(count)d delegation for %(operation)s",
            "Follow up the results of %(count)d delegations for %(operation)s",
            len(names),
        )
        yield Duty(
            label % {"count": len(names), "operation": operation},
            operation.get_absolute_url(),
            min(participation.due_in_force for participation in owing),
            _("Still missing: %(names)s") % {"names": ", ".join(names)},
        )


def _named_with_its_day(participation):
    """The delegation; with the later day that was agreed for its results, if one was."""
    name = participation.delegation.name
    if not participation.agreed_until:
        return name
    words = {"name": name, "day": day_words(participation.agreed_until)}
    return _("%(name)s (agreed until %(day)s)") % words


def to_note(user, today):
    """Validated results that the working party has not noted yet: until then the Committee sees nothing of them."""
    newer = Submission.objects.filter(
        operation=OuterRef("operation"), delegation=OuterRef("delegation"), version__gt=OuterRef("version"),
        status="validated",
    )  # fmt: skip
    waiting = Submission.objects.filter(status="validated", noting=None).filter(~Exists(newer))
    operations = (
        Operation.objects.filter(status__in=["debriefed", "results_noted"])
        .filter(pk__in=waiting.values("operation"))
        .annotate(waiting=Count("submissions", filter=Q(submissions__in=waiting)))
    )
    for operation in operations:
        hint = ngettext(
            "%(count)d validated submission", "%(count)d validated submissions", operation.waiting
        )
        yield Duty(
            _("Have the results of %(operation)s noted by the working party") % {"operation": operation},
            operation.get_absolute_url(),
            None,
            hint % {"count": operation.waiting},
        )


def undelivered(user, today):
    """Notices that did not reach somebody for certain."""
    counts = Notification.objects.undelivered().order_by().values("status").annotate(count=Count("pk"))
    labels = {
        "failed": (
            gettext_lazy("Look after notices that could not be delivered"),
            "bad",
            gettext_lazy("Failed"),
        ),
        "unknown": (
            gettext_lazy("Look after notices that may not have arrived"),
            "warn",
            gettext_lazy("Unknown"),
        ),
    }
    for row in counts:
        label, tone, word = labels[row["status"]]
        hint = ngettext("%(count)d notice", "%(count)d notices", row["count"]) % {"count": row["count"]}
        url = reverse("notifications:notification_list") + f"?status={row['status']}"
        yield Duty(str(label), url, None, hint, tone, str(word))


def posts(user, today):
    """Duties of delegations that nobody holds, and those that fall to all submitters for want of a contact point."""
    owing = list(schedule.owing_without_post(today))
    for delegation in owing:
        if not delegation.has_submitter:
            yield without_holder(delegation)
    names = [delegation.name for delegation in owing if delegation.has_submitter]
    if names:
        label = ngettext(
            "Name the contact point of %(count)d delegation",
            "Name the contact points of %(count)d delegations",
            len(names),
        )
        yield Duty(
            label % {"count": len(names)}, reverse("accounts:post_list"), None,
            _("Until then all submitters have the duties: %(names)s") % {"names": ", ".join(names)},
            "warn", _("Not named"),
        )  # fmt: skip


def without_holder(delegation):
    """That a delegation owes something and nobody can do it, with the form that mends it."""
    return Duty(
        _("No one holds the duty of %(delegation)s") % {"delegation": delegation},
        reverse("accounts:post_edit", args=[delegation.code]),
        None,
        _("Owed: %(what)s") % {"what": ", ".join(schedule.owed_by(delegation))},
        "bad",
        _("Nobody"),
    )


# -- blocks of delegations -------------------------------------------------------------------------------------


def results(user, today):
    """Results that the person's delegations owe, with what there is of them already."""
    latest = Submission.objects.filter(
        operation=OuterRef("operation"), delegation=OuterRef("delegation")
    ).order_by("-version")
    owed = schedule.result_rows().filter(delegation__in=user.editor_of)
    for participation in owed.annotate(
        begun=Subquery(latest.values("status")[:1]), why=Subquery(latest.values("return_reason")[:1])
    ):
        label, hint = schedule.result_text(participation), ""
        tone, word = "mute", _("Not started")
        if participation.begun:
            tone = "info" if participation.begun == "draft" else "warn"
            word = str(Submission.Status(participation.begun).label)
        if participation.begun == "draft":
            hint = _("A draft is saved.")
        elif participation.begun == "returned":
            label = _("Correct the results of operation %(name)s") % {"name": participation.operation.name}
            hint = _("Returned: %(reason)s") % {"reason": participation.why}
        if len(user.editor_of) > 1:
            label = f"{label} ({participation.delegation.code})"
        yield Duty(
            label,
            schedule.result_link(participation),
            participation.due_in_force,
            hint,
            tone,
            word,
            participation.delegation_id,
        )


PHASES = {
    "agreed": (gettext_lazy("Begin the planning of %(operation)s"), "starts_on"),
    "planning": (gettext_lazy("Begin the operational phase of %(operation)s"), "starts_on"),
    "operational": (gettext_lazy("End the operational phase of %(operation)s"), "ends_on"),
    "post_operational": (gettext_lazy("Record the debriefing of %(operation)s"), "results_due_on"),
}


def operations(user, today):
    """Operations that ask whether the delegation takes part; those that it leads and whose next phase is near."""
    parts = Participation.objects.filter(delegation__in=user.submitter_of, operation__status__in=list(PHASES))
    asked, led = Q(status="invited"), Q(role__in=LEADS) & ~Q(status="withdrawn")
    for participation in parts.filter(asked | led).select_related("operation", "delegation"):
        operation, words = participation.operation, {"operation": participation.operation}
        if participation.status == "invited":
            role = {"delegation": participation.delegation, "role": participation.get_role_display()}
            yield Duty(
                _("Answer the invitation to %(operation)s") % words,
                operation.get_absolute_url(),
                operation.starts_on,
                _("%(delegation)s as %(role)s") % role,
                of=participation.delegation_id,
            )
        label, field = PHASES[operation.status]
        due_on = getattr(operation, field)
        is_near = due_on is None or operation.status == "agreed" or days_left(due_on, today) <= SOON_DAYS
        if participation.role in LEADS and participation.status != "withdrawn" and is_near:
            state = operation.get_status_display()
            yield Duty(
                label % words,
                operation.get_absolute_url(),
                due_on,
                "",
                "info",
                state,
                participation.delegation_id,
            )


def terms(user, today):
    """Terms of reference that the person's delegations have to write."""
    for action in schedule.with_shared_plans(schedule.terms_rows().filter(lead__in=user.editor_of)):
        if action.open_terms == "tabled":
            continue
        begun = action.open_terms == "draft"
        yield Duty(
            schedule.terms_text(action), schedule.terms_link(action), schedule.terms_due(action), action.title,
            "info" if begun else "mute", _("Draft") if begun else _("Not started"), action.lead_id,
        )  # fmt: skip


def silence(user, today):
    """Silence procedures that the person's delegations have not answered."""
    sitting = {
        m.delegation_id: m.delegation for m in user.current_memberships if m.may_submit and m.delegation_id
    }
    answered = Position.objects.filter(procedure=OuterRef("pk"), delegation__in=sitting).values("delegation")
    for procedure in SilenceProcedure.objects.running().annotate(answered=ArraySubquery(answered)):
        for pk, delegation in sitting.items():
            if pk in procedure.answered or not delegation.sits_on(procedure.closed_on):
                continue
            words = {"thing": procedure.about, "time": clock_words(procedure.closes_at)}
            label = _("Answer the silence procedure on %(thing)s") % words
            yield Duty(
                f"{label} ({delegation.code})" if len(sitting) > 1 else label,
                reverse("council:position_answer", args=[procedure.pk, delegation.code]),
                procedure.closed_on,
                _("Open until %(time)s (Brussels time)") % words,
                "mute",
                _("No answer yet"),
                pk,
            )


def for_secretariat(user):
    return user.is_secretariat


def for_editors(user):
    return bool(user.editor_of)


def for_submitters(user):
    return bool(user.submitter_of)


def for_adoption(user):
    return user.is_secretariat or holds_presidency(user)


BLOCKS: list[tuple[object, Callable[..., bool], Block]] = [
    (gettext_lazy("results to check"), for_secretariat, to_validate),
    (gettext_lazy("the adoption of the next plan"), for_adoption, adoption),
    (gettext_lazy("terms of reference that are missing"), for_secretariat, terms_of_all),
    (gettext_lazy("results that are missing"), for_secretariat, results_of_all),
    (gettext_lazy("results to be noted"), for_secretariat, to_note),
    (gettext_lazy("notices that did not arrive"), for_secretariat, undelivered),
    (gettext_lazy("duties that nobody holds"), for_secretariat, posts),
    (gettext_lazy("progress notes and requests to answer"), for_secretariat, progress_work.to_answer),
    (gettext_lazy("results to submit"), for_editors, results),
    (gettext_lazy("terms of reference to write"), for_editors, terms),
    (gettext_lazy("actions"), for_editors, progress_work.led_actions),
    (gettext_lazy("operations"), for_submitters, operations),
    (gettext_lazy("silence procedures"), for_submitters, silence),
]
