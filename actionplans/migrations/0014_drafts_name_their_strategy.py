"""Drafts kept under an address that meant "the strategy in force" are kept under that of the strategy itself.

Such an address meant another strategy as soon as a later one came into force; the forms are found below
`/strategies/<short name>/` alone now.
"""

import re

from django.db import migrations

FORMS = re.compile(r"^/strategy/(versions/(new|\d+/(edit|steps))/|objectives/[^/]+/predecessors/)")


def name_the_strategy(apps, schema_editor):
    versions = apps.get_model("actionplans", "StrategyVersion").objects.filter(status="in_force")
    # The order by which `/strategy/` found its text until now.
    shown = versions.order_by("-in_force_from", "-strategy__dated_on", "-number").select_related("strategy").first()
    if shown is None:
        return
    for draft in apps.get_model("editing", "Draft").objects.filter(address__startswith="/strategy/"):
        if FORMS.match(draft.address):
            draft.address = draft.address.replace("/strategy/", f"/strategies/{shown.strategy.slug}/", 1)
            draft.save(update_fields=["address"])


class Migration(migrations.Migration):
    dependencies = [
        ("actionplans", "0013_later_days"),
        ("editing", "0002_keep_drafts"),
    ]

    operations = [migrations.RunPython(name_the_strategy, migrations.RunPython.noop)]
