"""Writes a version of a strategy as the file that `load_strategy` reads."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actionplans.loading import stored_text
from actionplans.models import Strategy, StrategyVersion
from actionplans.strategy_export import write_strategy


class Command(BaseCommand):
    """`export_strategy [--strategy slug] [--version n] [FILE.yaml]`: to the file, or to the terminal."""

    help = "Writes a strategy as YAML: the version in force of the newest strategy, or the one that is named."

    def create_parser(self, prog_name, subcommand, **kwargs):
        """A parser in which `--version` is that of the strategy, not Django's own."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE.yaml")
        parser.add_argument("--strategy", default="", metavar="SLUG", help="such as strategy-2009")
        parser.add_argument("--version", type=int, metavar="N", help="such as 2")

    def handle(self, *args, file, strategy, version, **options):
        text = write_strategy(stored_text(self.find(strategy, version)))
        if file is None:
            self.stdout.write(text, ending="")
            return
        try:
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        self.stderr.write(f"Written to {file}.")

    def find(self, slug, number):
        """The version that is asked for. Raises CommandError, which names those there are."""
        versions = StrategyVersion.objects.select_related("strategy")
        if slug:
            if not Strategy.objects.filter(slug=slug).exists():
                known = ", ".join(Strategy.objects.values_list("slug", flat=True)) or "none"
                raise CommandError(f"There is no strategy “{slug}”. There are: {known}.")
            versions = versions.filter(strategy__slug=slug)
        elif current := versions.in_force().first():
            versions = versions.filter(strategy=current.strategy_id)
        if number is None:
            found = versions.in_force().first() or versions.order_by("-number").first()
        else:
            found = versions.filter(number=number).first()
        if found is None:
            known = (
                ", ".join(str(n) for n in versions.order_by("number").values_list("number", flat=True))
                or "none"
            )
            asked = "text" if number is None else f"version {number}"
            raise CommandError(f"There is no {asked} of this strategy in the portal. Versions: {known}.")
        return found
