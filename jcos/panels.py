"""What this app adds to the pages of plans and actions. Each block asks a constant number of queries."""

from itertools import groupby

from jcos.models import Operation, Participation


def _operations(user, **where):
    found = Operation.objects.visible_to(user).filter(pk__in=Operation.objects.filter(**where).values("pk"))
    return list(found.with_leads())


def operations_of_an_action(user, action):
    """The operations that serve an action."""
    return {"operations": _operations(user, actions=action), "action": action}


def operations_of_a_plan(user, plan):
    """The operations that serve the plan's actions; no block where there is none."""
    operations = _operations(user, actions__plan=plan)
    return {"operations": operations} if operations else None


def operations_by_state(user, handover):
    """For the hand-over of the Presidency: operations that are not over, under the state in which they are."""
    order = {state: place for place, state in enumerate(Operation.Status.values)}
    seen = Operation.objects.visible_to(user).filter(kind=Operation.Kind.JCO)
    rows = sorted(
        seen.exclude(status__in=["closed", "rejected", "cancelled"]),
        key=lambda row: (order[row.status], row.starts_on or handover.until, row.name),
    )
    return {"groups": [list(group) for _state, group in groupby(rows, key=lambda row: row.status)]}


def days_seen(user):
    """The participations whose day for results a person sees: those of the operations that they see."""
    return Participation.objects.visible_to(user).select_related("operation", "delegation")
