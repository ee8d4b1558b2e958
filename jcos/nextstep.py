"""What a reader of an operation's page is to do next: one thing, and beside it whatever else they may do."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from jcos.lifecycle import NEXT_STEP
from publishing.words import day_words
from strategy_portal.workflow import within_sentence


class Act(NamedTuple):
    """A button: what it does, where it leads, or why it cannot be pressed now."""

    label: Any
    url: str
    why_not: str = ""
    text: Any = ""
    reasons: tuple = ()


def next_act(user, operation, overview):
    """The one thing that this reader should do now, or None."""
    return (
        _answer_invitation(user, overview)
        or _hand_in(user, operation, overview)
        or _check(user, overview)
        or _own_step(user, operation)
    )


def _answer_invitation(user, overview):
    for row in overview.rows:
        part = row.participation
        if (
            part.status == "invited"
            and part.delegation_id in user.submitter_of
            and not part.why_not("confirm")
        ):
            return Act(
                _("Answer for %(delegation)s") % {"delegation": part.delegation},
                part.get_step_url("confirm"),
                text=_("%(delegation)s is invited as %(role)s. Say whether you take part.")
                % {"delegation": part.delegation, "role": within_sentence(part.get_role_display())},
            )
    return None


def _hand_in(user, operation, overview):
    for row in overview.rows:
        part = row.participation
        if not (part.takes_part and operation.takes_results and part.delegation_id in user.editor_of):
            continue
        if row.newest is None or row.newest.status in {"draft", "returned", "recalled"}:
            words = {"delegation": part.delegation}
            labels = {
                "draft": _("Continue the results of %(delegation)s"),
                "returned": _("Correct the results of %(delegation)s"),
                "recalled": _("Correct the results of %(delegation)s"),
            }
            label = labels[row.newest.status] if row.newest else _("Enter the results of %(delegation)s")
            return Act(label % words, row.url, text=_due_text(part))
    return None


def _due_text(participation):
    if participation.due_in_force is None:
        return ""
    return _("Results are due on %(day)s.") % {"day": day_words(participation.due_in_force)}


def _check(user, overview):
    if not user.is_secretariat:
        return None
    for row in overview.rows:
        if row.newest is not None and row.newest.status == "submitted":
            return Act(
                _("Check the results of %(delegation)s") % {"delegation": row.delegation},
                reverse("jcos:submission_review", args=row.newest.address),
                text=_("The results of %(delegation)s were submitted and wait for you.")
                % {"delegation": row.delegation},
            )
    return None


def _own_step(user, operation):
    verb = NEXT_STEP.get(operation.status)
    if verb is None or operation.is_historical or not _may(user, operation, verb):
        return None
    return _step(operation, verb)


def other_acts(user, operation, first):
    """Further steps of the operation that this reader may take in its present state."""
    if operation.is_historical:
        return []
    return [
        _step(operation, verb)
        for verb, step in operation.STEPS.items()
        if operation.status in step.sources
        and (first is None or operation.get_step_url(verb) != first.url)
        and _may(user, operation, verb)
    ]


def _may(user, operation, verb):
    return user.has_perm(f"jcos.{verb}_operation", operation)


def _step(operation, verb):
    reasons = operation.reasons_against(verb)
    return Act(
        operation.STEPS[verb].label,
        operation.get_step_url(verb),
        why_not=" ".join(str(reason.text) for reason in reasons),
        reasons=tuple(reasons),
    )
