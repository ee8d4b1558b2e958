"""What the portal tells delegations and the secretariat about silence procedures (rows of the outbox)."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Body, Post
from notifications.outbox import Obsolete, notify
from publishing.words import clock_words, day_words, moment_words

OPENED, ENDED, EXTENDED = "silence-opened", "silence-ended", "silence-extended"
MOST_OF_A_TEXT = 4000  # characters of one part of a text in a notice; the page has all of it


def _posts(procedure, with_secretariat):
    for delegation in procedure.asked():
        yield Post.objects.of("submitter", delegation=delegation)
    if with_secretariat:
        yield Post.objects.of("submitter", body=Body.objects.secretariat())


def _tell(procedure, kind, subject, body, with_secretariat=True):
    for post in _posts(procedure, with_secretariat):
        notify(post, kind, subject=subject, body=body, link=procedure.get_absolute_url(), about=procedure)


def _words(procedure):
    return {
        "thing": procedure.about,
        "step": procedure.step_label,
        "body": procedure.body,
        "day": day_words(procedure.closed_on),
        "time": clock_words(procedure.closes_at),
        "end": moment_words(procedure.closes_at),
    }


def opened(procedure):
    """Ask every delegation, with the text, to answer by the end."""
    words = _words(procedure)
    paragraphs = [
        _("%(body)s decides by silence procedure: %(step)s (%(thing)s).") % words,
        _(
            "Who does not object by %(end)s agrees. Say on the page if you agree, have a reservation or object."
        )
        % words,
        procedure.text,
    ]
    if procedure.document:
        paragraphs.insert(2, _("Document: %(document)s") % {"document": procedure.document.named})
    paragraphs += text_of(procedure.subject)
    subject = _("Silence procedure until %(day)s, %(time)s: %(thing)s") % words
    _tell(procedure, OPENED, subject, "\n\n".join(paragraphs), with_secretariat=False)


def text_of(thing):
    """What a thing says, as paragraphs of a notice: its name, then what its model tells by `in_brief()`."""
    parts = thing.in_brief() if hasattr(thing, "in_brief") else []
    return [
        Truncator(part).chars(MOST_OF_A_TEXT, _("… (the whole text is on the page)"))
        for part in [str(thing), *parts]
    ]


def extended(procedure, reason):
    """Tell the new end and why."""
    words = _words(procedure)
    body = _("The silence procedure on %(thing)s is now open until %(end)s.") % words
    subject = _("Silence procedure extended to %(day)s, %(time)s: %(thing)s") % words
    _tell(procedure, EXTENDED, subject, f"{body}\n\n{reason}")


def stopped(procedure, position):
    """Tell who objected and why; nothing is decided."""
    words = _words(procedure) | {"delegation": position.delegation}
    body = (
        _("%(delegation)s objects. The silence procedure on %(thing)s is stopped; nothing is decided.")
        % words
    )
    subject = _("Silence procedure stopped by an objection: %(thing)s") % words
    _tell(procedure, ENDED, subject, f"{body}\n\n{position.text}")


def withdrawn(procedure):
    """Tell that nothing is asked any more and why."""
    words = _words(procedure)
    body = _("The silence procedure on %(thing)s is withdrawn; nothing is decided.") % words
    subject = _("Silence procedure withdrawn: %(thing)s") % words
    _tell(procedure, ENDED, subject, f"{body}\n\n{procedure.withdrawal_reason}")


def concluded(procedure):
    """Tell the outcome: what is decided, who has reservations, who was silent."""
    words = _words(procedure)
    paragraphs = [_("The silence procedure on %(thing)s ended on %(end)s without objection.") % words]
    if procedure.not_taken:
        subject = _("Agreed by silence but not carried out: %(thing)s") % words
        paragraphs.append(
            _("It is agreed but not carried out, nothing is decided: %(reason)s")
            % {"reason": procedure.not_taken}
        )
    else:
        subject = _("Outcome of the silence procedure: %(thing)s") % words
        paragraphs.append(_("Decided: %(step)s.") % words)
    given = {"agrees": [], "reservation": []}
    for position in procedure.positions.select_related("delegation"):
        given[position.stance].append(position.delegation.name)
    silent = procedure.unanswered().values_list("name", flat=True)
    for label, names in (
        (_("Agreed: %(names)s."), given["agrees"]),
        (_("Reservations: %(names)s."), given["reservation"]),
        (_("Silent: %(names)s."), silent),
    ):
        if names:
            paragraphs.append(label % {"names": ", ".join(names)})
    _tell(procedure, ENDED, subject, "\n\n".join(paragraphs))


def ended_meanwhile(notification):
    """A question or a later end need not be sent any more once the procedure has ended."""
    if notification.about is None or not notification.about.is_running:
        return Obsolete(_("The silence procedure has ended meanwhile."))
    return None
