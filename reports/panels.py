"""What this app adds to the pages of the apps below it. Each block asks a constant number of queries."""

from urllib.parse import urlencode

from django.urls import reverse

from reports.objectives import address_of
from reports.predecessors import lineage_of


def chain_of_an_objective(user, objective):
    """What became of an objective and of those it goes on from.

    No block where there is neither an action nor a predecessor: the page itself says that no action serves it.
    """
    lineage = lineage_of(user, objective)
    chain = lineage.own
    if not chain.actions and not lineage.before:
        return None
    rows, own = reverse("reports:figure_rows", args=["results"]), {"objective": address_of(objective)}
    totals = [(total, f"{rows}?{urlencode({**own, **total.key})}") for total in chain.totals]
    return {"chain": chain, "before": lineage.before, "totals": totals, "table_query": urlencode(own)}
