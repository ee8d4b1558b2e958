"""What the parts of an action allow each other: asked by its form, by a file and by an amendment alike."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def twice_in_an_action(lead, co_leads, participants):
    """Field and sentence for each way in which a delegation would stand twice in an action."""
    said = _("%(who)s is the lead already.") % {"who": lead}
    faults = [
        (name, said)
        for name, who in (("co_leads", co_leads), ("participants", participants))
        if lead in set(who)
    ]
    if both := set(co_leads) & set(participants):
        names = ", ".join(sorted(str(delegation) for delegation in both))
        faults.append(("participants", _("Co-lead and participant at once: %(who)s.") % {"who": names}))
    return faults


def outside_the_plan(plan, starts_on, ends_on):
    """Field and sentence for each day of an action that its plan does not allow."""
    days = {"starts_on": starts_on, "ends_on": ends_on}
    outside = [name for name, day in days.items() if day and not plan.starts_on <= day <= plan.ends_on]
    faults = []
    if outside:
        period = {"begin": date_format(plan.starts_on), "end": date_format(plan.ends_on)}
        faults = [(name, _("The plan runs from %(begin)s to %(end)s.") % period) for name in outside]
    if starts_on and ends_on and ends_on < starts_on:
        faults.append(("ends_on", _("An action ends on or after the day it begins.")))
    return faults
