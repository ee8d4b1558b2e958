"""What the tests of a strategy's files share: the two commands, and a portal without a text."""

import io

from django.core.management import call_command

from actionplans.models import Objective, Strategy, StrategyVersion, Wording

REWORDED = ("text: To look for additional opportunities", "text: To seek additional opportunities")
NAMED = "  agreed_by_ccwp_on: '2009-10-21'\n"


def run(command, *args, **options):
    """What a command says. A changed file is loaded as a correction unless another reason is given."""
    said = io.StringIO()
    if command == "load_strategy" and "--reason" not in args:
        options = {"reason": "correction", **options}
    call_command(command, *map(str, args), stdout=said, stderr=io.StringIO(), **options)
    return said.getvalue()


def export(**options):
    return run("export_strategy", **options)


def empty_the_portal():
    StrategyVersion.objects.update(status="withdrawn")  # the text of an agreed version never changes
    for model in (Wording, Objective, StrategyVersion, Strategy):
        for row in model.objects.order_by("-pk"):
            row.delete()
