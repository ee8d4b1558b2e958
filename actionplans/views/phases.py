"""The phase of an adopted plan, with the word for it."""

from django.utils.translation import gettext_lazy

PHASES = {
    "upcoming": gettext_lazy("Upcoming"),
    "current": gettext_lazy("Current"),
    "ended": gettext_lazy("Ended"),
}


def with_phase(plan, today):
    """The plan with its phase by the dates, and the word for it."""
    plan.shown_phase = plan.phase(today)
    plan.phase_word = PHASES.get(plan.shown_phase, "")
    return plan
