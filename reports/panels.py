"""What this app adds to the pages of the apps below it. Each block asks a constant number of queries."""

from urllib.parse import urlencode

from django.urls import reverse

from reports.chain import chain_of_objective


def chain_of_an_objective(user, objective):
    """What became of an objective; no block where no action serves it, which the page itself says."""
    chain = chain_of_objective(user, objective)
    if not chain.actions:
        return None
    rows, own = reverse("reports:figure_rows", args=["results"]), {"objective": objective.code}
    totals = [(total, f"{rows}?{urlencode({**own, **total.key})}") for total in chain.totals]
    return {"chain": chain, "totals": totals, "table_query": urlencode(own)}
