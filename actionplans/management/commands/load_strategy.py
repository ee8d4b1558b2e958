"""Loads a strategy from its YAML file; run again, it changes nothing."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from actionplans.loading import Refused, Why, load, served_and_withdrawn
from actionplans.models import VersionChange
from actionplans.standing import standing_of, texts_by
from actionplans.strategy_file import LARGEST_FILE, Mistake, read_strategy
from strategy_portal.fields import clean_block

OWN_FILE = Path(__file__).resolve().parent.parent.parent / "data" / "strategy_2009.yaml"


class Command(BaseCommand):
    """`load_strategy [FILE.yaml]`: all or nothing; what is wrong is named by line and field."""

    help = (
        "Loads a strategy word for word: its first text in force, any other as a new draft version, never over one that"
        " is there. Without a file: the strategy of 2009."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=OWN_FILE, metavar="FILE.yaml")
        parser.add_argument("--preview", action="store_true", help="only tell what would change")
        parser.add_argument(
            "--reason",
            choices=VersionChange.Reason.values,
            help="why the text is changed, kept with every change; asked for when the file changes something",
        )
        parser.add_argument("--why", default="", metavar="TEXT", help="the reason in words")

    def handle(self, *args, file, preview, reason, why, **options):
        text = self.read(file)
        try:
            words = clean_block(why) or f"Loaded from {file.name}."
            planned = load(text, preview=True)
            self.tell(text, planned, preview)
            if preview or not planned.is_new:
                return
            if planned.amends and not reason:
                raise CommandError(_reason_missing(file.name))
            made = load(text, why=Why(reason, words) if reason else None)
        except ValidationError as error:
            raise CommandError(f"--why: {' '.join(error.messages)} Nothing was changed.") from None
        except Refused as refusal:
            raise CommandError(f"{file.name}, {refusal} Nothing was changed.") from None
        if made.compared_with:
            self.stdout.write(f"Version {made.version.number} is a draft with this text.")
        else:
            self.stdout.write(f"{text.head['reference']} loaded: {_counts(text)}.")

    def read(self, file):
        """The text of the file, or what is wrong with it as CommandError."""
        try:
            with file.open("rb") as opened:
                return read_strategy(opened.read(LARGEST_FILE + 1))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except Mistake as mistake:
            raise CommandError(f"{file.name}, {mistake} Nothing was changed.") from None

    def tell(self, text, planned, preview):
        """What the file would change, before anything is written."""
        reference = text.head["reference"]
        if not planned.is_new:
            standing = standing_of(planned.version.strategy, texts_by())
            version = f"version {planned.version.number}, {standing.state_words(planned.version)}"
            self.stdout.write(f"{reference} is loaded already ({version}): {_counts(text)}.")
        elif planned.compared_with is None:
            if preview:
                self.stdout.write(f"{reference} would be loaded as a new strategy: {_counts(text)}.")
        else:
            number = planned.compared_with.number
            self.stdout.write(
                f"{reference}: {_so_many(len(planned.changes), 'change')} against version {number}:"
            )
            for change in planned.changes:
                self.stdout.write(f"  {change.sentence}")
            for code, numbers in served_and_withdrawn(planned):
                self.stdout.write(
                    f"  Warning: objective {code} is withdrawn, yet served by {numbers}. The links stay."
                )
        for code in planned.given_elsewhere:
            self.stdout.write(
                f"  Note: objective {code} keeps a code that no version in this portal has given. It becomes a new "
                "objective with this code; should another one be meant, correct the file."
            )
        if said := _said_of_the_agreement(text, planned):
            self.stdout.write(said)
        if preview and planned.amends:
            self.stdout.write("This is a preview: nothing was changed.")


def _reason_missing(name):
    choices = [f"--reason {value} ({label.lower()})" for value, label in VersionChange.Reason.choices]
    return (
        f"{name} changes the text: say why with {', '.join(choices[:-1])} or {choices[-1]}, and in words with --why. "
        "Nothing was changed."
    )


def _said_of_the_agreement(text, planned):
    """What becomes of the day of agreement that the file names, where it makes no agreement; or ""."""
    version = planned.version
    if version is None:
        if not planned.amends or text.agreed_on is None:
            return ""
        return (
            f"agreed_by_ccwp_on {text.agreed_on.isoformat()} is kept as what the file says, and an export names it "
            "until the text is changed. It records no agreement: the version is a draft."
        )
    held = version.exported_agreed_on
    if text.agreed_on == held:
        return ""
    if text.agreed_on is None:
        return f"The file names no agreed_by_ccwp_on; an export names {held.isoformat()}."
    why = "The text is the same"
    if version.agreed_on:
        why = "The day of an agreement is that of its decision in the portal"
    return (
        f"Not taken over: agreed_by_ccwp_on {text.agreed_on.isoformat()}. {why}; an export names "
        f"{held.isoformat() if held else 'none until the agreement is recorded'}."
    )


def _counts(text):
    blocks = sum(len(aim.blocks) for aim in text.aims)
    below = sum(bool(objective.parent) for objective in text.objectives)
    return ", ".join(
        [
            _so_many(len(text.aims), "aim"),
            _so_many(blocks, "block of addressees", "blocks of addressees"),
            _so_many(len(text.objectives) - below, "objective"),
            _so_many(below, "sub-point"),
        ]
    )


def _so_many(count, one, many=""):
    return f"{count} {one if count == 1 else many or one + 's'}"
