"""What the portal tells delegations and the secretariat about operations and results (rows of the outbox)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Body, Post
from notifications.outbox import Obsolete, notify
from publishing.words import day_words, moment_words
from strategy_portal.workflow import within_sentence

INVITED = "operation-invitation"
RECEIPT = "results-receipt"
ARRIVED = "results-arrived"
RETURNED = "results-returned"
VALIDATED = "results-validated"


def submitters(delegation):
    """The post that owes and receives a delegation's results."""
    return Post.objects.of("submitter", delegation=delegation)


def secretariat():
    """The post of the secretariat."""
    return Post.objects.of("submitter", body=Body.objects.secretariat())


def invited(participation):
    """Ask a delegation's contact point whether it takes part."""
    operation, delegation = participation.operation, participation.delegation
    words = {
        "delegation": delegation,
        "operation": operation,
        "role": within_sentence(participation.get_role_display()),
    }
    text = _("%(delegation)s is invited to take part in the operation %(operation)s as %(role)s.") % words
    if operation.starts_on and operation.ends_on:
        text += " " + _("The operational phase runs from %(first)s to %(last)s.") % {
            "first": day_words(operation.starts_on),
            "last": day_words(operation.ends_on),
        }
    notify(
        Post.objects.of("contact_point", delegation=delegation),
        INVITED,
        subject=_("Invitation to %(operation)s: does %(delegation)s take part?") % words,
        body=text
        + "\n\n"
        + _("A submitter of your delegation confirms or declines on the operation's page."),
        link=operation.get_absolute_url(),
        about=participation,
    )


def answered_meanwhile(notification):
    """An invitation need not be sent any more once it was answered."""
    participation = notification.about
    if participation is None or participation.status != "invited":
        return Obsolete(_("The delegation has answered meanwhile."))
    return None


def dealt_with_meanwhile(notification):
    """Word that results have arrived need not be sent any more once they were recalled, returned or validated."""
    submission = notification.about
    if submission is None or submission.status != "submitted":
        return Obsolete(_("The results are no longer waiting to be checked."))
    return None


def submitted(submission):
    """The receipt for the delegation, and a note to the secretariat."""
    operation, delegation = submission.operation, submission.delegation
    words = {
        "operation": operation,
        "delegation": delegation,
        "reference": submission.reference,
        "moment": moment_words(submission.submitted_at),
        "what": submission.contents_in_words(),
    }
    late = " " + _("They arrived after the day on which they were due.") if submission.is_late else ""
    notify(
        submitters(delegation),
        RECEIPT,
        subject=_("Receipt %(reference)s: results of %(delegation)s for %(operation)s") % words,
        body=_("The results of %(delegation)s for %(operation)s were received on %(moment)s: %(what)s.")
        % words
        + late
        + "\n\n"
        + _("The secretariat checks them next. You are told when they are validated or returned."),
        link=reverse("jcos:submission_receipt", args=[operation.slug, delegation.code]),
        about=submission,
    )
    notify(
        secretariat(),
        ARRIVED,
        subject=_("Check the results of %(delegation)s for %(operation)s") % words,
        body=_("%(delegation)s has submitted its results for %(operation)s (%(reference)s): %(what)s.")
        % words
        + late,
        link=reverse("jcos:submission_review", args=[operation.slug, delegation.code]),
        about=submission,
    )


def returned(submission):
    """The reason of a return, to those who can correct it."""
    words = {"operation": submission.operation, "delegation": submission.delegation}
    notify(
        submitters(submission.delegation),
        RETURNED,
        subject=_("Correct the results of %(delegation)s for %(operation)s: they were returned") % words,
        body=_("The secretariat has returned the results (%(reference)s) with this reason:")
        % {"reference": submission.reference}
        + "\n\n"
        + submission.return_reason,
        link=submission.get_absolute_url(),
        about=submission,
    )


def validated(submission):
    """Word that the results stand."""
    words = {"operation": submission.operation, "delegation": submission.delegation}
    notify(
        submitters(submission.delegation),
        VALIDATED,
        subject=_("Validated: results of %(delegation)s for %(operation)s") % words,
        body=_(
            "The secretariat has validated the results (%(reference)s). You can still correct them: a new version is "
            "then checked again."
        )
        % {"reference": submission.reference},
        link=submission.get_absolute_url(),
        about=submission,
    )
