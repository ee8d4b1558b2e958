"""Agendas: of the meetings that decided, and of one to come at which plans and operations stand."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType

from accounts.models import Body
from actionplans.models import TermsOfReference
from council.models import AgendaPoint, Meeting
from strategy_portal.workflow import acting

DAYS_TO_GO = 23  # the next meeting of the working party: after the silence procedure that is open has ended
TALKS = ("Adoption of the agenda", "Information from the Presidency")


def put_on_agenda(meeting, thing, verb, *, by):
    """A point of a meeting for what is decided there; recording the decision closes it."""
    _point(meeting, str(thing), by, thing=thing, verb=verb)


def load_agenda(*, today, secretariat, be):
    """The meetings to come; on the agenda of the first stands what has been tabled."""
    be(today)
    held_on = today + timedelta(days=DAYS_TO_GO)
    with acting(secretariat, "create"):
        meeting = Meeting.objects.create(body=Body.objects.get(code="ccwp-plenary"), held_on=held_on)
        Meeting.objects.create(body=Body.objects.get(code="article-36"), held_on=held_on + timedelta(days=21))
    for title in TALKS:
        _point(meeting, title, secretariat)
    for terms in TermsOfReference.objects.filter(status="tabled").order_by("action__number"):
        _point(
            meeting,
            f"Terms of reference of action {terms.action.reference}",
            secretariat,
            thing=terms,
            verb="agree",
            note="For agreement, should the silence procedure not end with it.",
        )
    _point(
        meeting,
        "Preparation of the next action plan",
        secretariat,
        note="The secretariat says what is missing.",
    )


def _point(meeting, title, by, *, thing=None, verb="", note=""):
    with acting(by, "create"):
        AgendaPoint.objects.create(
            meeting=meeting, order=meeting.points.next_place(), title=title, note=note, verb=verb,
            content_type=ContentType.objects.get_for_model(thing) if thing else None,
            object_id=thing.pk if thing else None,
        )  # fmt: skip
