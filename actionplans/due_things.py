"""What of an action is due on a day that may be put off: the milestones of its agreed terms, and its progress notes."""

from actionplans import extending
from actionplans.models import Action, Milestone, ProgressNote, TermsOfReference


def milestones_seen(user):
    """Milestones in terms of reference that a person sees."""
    terms = TermsOfReference.objects.visible_to(user)
    rows = Milestone.objects.filter(terms__in=terms.values("pk"))
    return rows.select_related("terms__action__plan", "terms__action__lead")


def note_days_seen(user):
    """Notes whose days a person sees: those of the actions that they see. What the notes say is another matter."""
    rows = ProgressNote.objects.filter(action__in=Action.objects.visible_to(user).values("pk"))
    return rows.select_related("action__plan", "action__lead")


def register_all():
    """Called when the models are ready."""
    extending.register("actionplans.milestone", milestones_seen)
    extending.register("actionplans.progressnote", note_days_seen)
