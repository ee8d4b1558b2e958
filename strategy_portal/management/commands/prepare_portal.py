"""Everything `bin/serve` puts into a portal before it opens."""

import hashlib
import io

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Collects static files where they changed, loads reference data, the strategy and the demonstration."
    )

    def add_arguments(self, parser):
        parser.add_argument("--empty", action="store_true", help="without the demonstration")

    def handle(self, *, empty, **options):
        self.collect_static()
        call_command("load_reference_data", stdout=self.stdout)
        call_command("load_strategy", stdout=self.stdout)
        if settings.DEMONSTRATION and not empty:
            call_command("load_demo", stdout=self.stdout)

    def collect_static(self):
        """Skipped while no source has changed: compressing takes seconds."""
        seen = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                stat = (storage.path(path), storage.size(path), storage.get_modified_time(path).timestamp())
                seen.update(repr(stat).encode())
        stamp = settings.DATA_DIR / "static.collected"
        if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == seen.hexdigest():
            return
        call_command("collectstatic", "--no-input", "--clear", verbosity=0, stdout=io.StringIO())
        stamp.write_text(seen.hexdigest())
