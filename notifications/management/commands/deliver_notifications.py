"""Deliver what waits in the outbox, where no worker does it or without waiting for one."""

from django.core.management.base import BaseCommand

from notifications.delivery import deliver_due
from notifications.models import Notification


class Command(BaseCommand):
    help = "Delivers the notices that wait in the outbox. Safe beside running workers."

    def handle(self, **options):
        sent = deliver_due(seconds=3600)
        waiting = Notification.objects.filter(status=Notification.Status.QUEUED).count()
        self.stdout.write(f"{sent} mails handed over, {waiting} notices still waiting.")
