"""What the portal tells leads and the secretariat about progress notes and later days (rows of the outbox)."""

from django.utils.translation import gettext as _

from accounts.models import Body, Delegation, Post
from council.notices import text_of
from notifications.models import Notification
from notifications.outbox import Obsolete, notify
from publishing.words import day_words
from strategy_portal.dates import brussels_today

SUBMITTED, RETURNED, CONFIRMED = "note-submitted", "note-returned", "note-confirmed"
ASKED, ANSWERED = "extension-asked", "extension-answered"
TABLED = "tabled"


def _secretariat():
    return Post.objects.of("submitter", body=Body.objects.secretariat())


def tabled(thing):
    """Tell every delegation that something lies before the working party: from then on they all see it."""
    words = {"thing": thing}
    paragraphs = [_("Tabled, for the working party to decide: %(thing)s.") % words, *text_of(thing)[1:]]
    for delegation in Delegation.objects.sitting(brussels_today()):
        notify(
            Post.objects.of("submitter", delegation=delegation),
            TABLED,
            subject=_("Tabled: %(thing)s") % words,
            body="\n\n".join(paragraphs),
            link=thing.get_absolute_url(),
            about=thing,
        )


def no_longer_tabled(notification):
    """Nobody is told of what was returned, decided or withdrawn meanwhile, nor twice of what was tabled again."""
    thing = notification.about
    if thing is None or thing.status != "tabled":
        return Obsolete(_("It is no longer tabled."))
    newer = Notification.objects.filter(
        kind=TABLED, post=notification.post_id, content_type=notification.content_type_id,
        object_id=notification.object_id, pk__gt=notification.pk,
    )  # fmt: skip
    return Obsolete(_("It was tabled again meanwhile.")) if newer.exists() else None


def _words(note):
    return {
        "number": note.action.reference,
        "title": note.action.title,
        "period": note.period,
        "lead": note.action.lead,
        "health": note.get_health_display(),
    }


def note_submitted(note):
    """Ask the secretariat to confirm or return it."""
    words = _words(note)
    notify(
        _secretariat(),
        SUBMITTED,
        subject=_("Confirm the progress note on action %(number)s, %(period)s") % words,
        body=_("%(lead)s has submitted the note on %(title)s (action %(number)s) and states: %(health)s.")
        % words,
        link=note.get_absolute_url(),
        about=note,
    )


def _tell_lead(note, kind, subject, body):
    if note.action.lead is not None:
        post = Post.objects.of("submitter", delegation=note.action.lead)
        notify(post, kind, subject=subject, body=body, link=note.get_absolute_url(), about=note)


def note_returned(note):
    """Tell the lead why its note came back."""
    words = _words(note)
    subject = _("Correct the progress note on action %(number)s, %(period)s: it was returned") % words
    body = _("The secretariat has returned the note with this reason:")
    _tell_lead(note, RETURNED, subject, f"{body}\n\n{note.return_reason}")


def note_confirmed(note):
    """Tell the lead that its note stands."""
    words = _words(note) | {"day": day_words(note.confirmed_on)}
    subject = _("Confirmed: progress note on action %(number)s, %(period)s") % words
    body = (
        _("The note was confirmed on %(day)s. Everybody who sees the action can read it from now on.") % words
    )
    _tell_lead(note, CONFIRMED, subject, body)


def _extension_words(extension):
    return {
        "thing": extension.about,
        "who": extension.delegation,
        "before": day_words(extension.due_on),
        "day": day_words(extension.new_day),
        "state": extension.get_status_display(),
    }


def extension_asked(extension):
    """Ask the secretariat to agree or refuse."""
    words = _extension_words(extension)
    body = _("%(who)s asks for %(day)s instead of %(before)s: %(thing)s.") % words
    notify(
        _secretariat(),
        ASKED,
        subject=_("Later day asked: %(thing)s, until %(day)s") % words,
        body=f"{body}\n\n{extension.reason}",
        link=extension.get_absolute_url(),
        about=extension,
    )


def extension_answered(extension):
    """Tell whoever asked what the secretariat says and why."""
    words = _extension_words(extension)
    if extension.status == "agreed":
        said = _("The day is now %(day)s instead of %(before)s.") % words
        subject = _("Agreed until %(day)s: %(thing)s") % words
    else:
        said = _("The day remains %(before)s.") % words
        subject = _("Refused, due on %(before)s: %(thing)s") % words
    notify(
        Post.objects.of("submitter", delegation=extension.delegation),
        ANSWERED,
        subject=subject,
        body=f"{said}\n\n{extension.answer}",
        link=extension.get_absolute_url(),
        about=extension,
    )


def answered_meanwhile(notification):
    """A request need not be told any more once it was answered or withdrawn."""
    if notification.about is None or notification.about.status != "asked":
        return Obsolete(_("The request is answered or withdrawn."))
    return None


def dealt_with_meanwhile(notification):
    """Word that a note has come need not be sent any more once it was confirmed or returned."""
    if notification.about is None or notification.about.status != "submitted":
        return Obsolete(_("The note is no longer waiting to be confirmed."))
    return None


def corrected_meanwhile(notification):
    """Word that a note was returned need not be sent any more once it came again."""
    if notification.about is None or notification.about.status != "returned":
        return Obsolete(_("The note was submitted again meanwhile."))
    return None
