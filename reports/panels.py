"""What this app adds to the pages of the apps below it. Each block asks a constant number of queries."""

from urllib.parse import urlencode

from django.urls import reverse

from actionplans.reading import current_version
from reports.chain import chain_of_objective


def chain_of_an_objective(user, objective):
    """What became of an objective; no block where no action serves it, which the page itself says.

    With links to its table and lines where the objective is one of the strategy in force.
    """
    chain = chain_of_objective(user, objective)
    if not chain.actions:
        return None
    version = current_version(user)
    has_table = version is not None and version.strategy_id == objective.strategy_id
    rows = reverse("reports:figure_rows", args=["results"])
    return {
        "chain": chain,
        "totals": [
            (total, f"{rows}?{urlencode({'objective': objective.code, **total.key})}" if has_table else "")
            for total in chain.totals
        ],
        "table_query": urlencode({"objective": objective.code}) if has_table else "",
    }
