"""The index made anew. It follows every change by itself: this is for after a repair by hand in the database."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from search.models import SearchEntry


class Command(BaseCommand):
    help = "Make the index of the search anew from all that can be found."

    def handle(self, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select search_rebuild()")
        self.stdout.write(f"{SearchEntry.objects.count()} texts can be found.")
