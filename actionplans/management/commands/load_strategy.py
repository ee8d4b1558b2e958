"""Loads a strategy from its YAML file; run again, it changes nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actionplans.loading import Differs, load
from actionplans.strategy_file import LARGEST_FILE, Mistake, read_strategy

OWN_FILE = Path(__file__).resolve().parent.parent.parent / "data" / "strategy_2009.yaml"


class Command(BaseCommand):
    """`load_strategy [FILE.yaml]`: all or nothing; what is wrong is named by line and field."""

    help = (
        "Loads a strategy word for word as its first version in force. Without a file: the strategy of 2009."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=OWN_FILE, metavar="FILE.yaml")

    def handle(self, *args, file, **options):
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        try:
            text = read_strategy(content)
            is_new = load(text)
        except Mistake as mistake:
            raise CommandError(f"{file.name}, {mistake} Nothing was changed.") from None
        except Differs as difference:
            raise CommandError(f"{difference} Nothing was changed.") from None
        blocks = sum(len(aim.blocks) for aim in text.aims)
        below = sum(bool(objective.parent) for objective in text.objectives)
        counts = (
            f"{len(text.aims)} aims, {blocks} blocks of addressees, {len(text.objectives) - below} objectives, "
            f"{below} sub-points"
        )
        self.stdout.write(
            f"{text.head['reference']} {'loaded' if is_new else 'is loaded already'}: {counts}."
        )
