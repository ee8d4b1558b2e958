"""For somebody who has lost the telephone and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.events import tell
from accounts.models import User
from accounts.people import end_sessions


class Command(BaseCommand):
    help = (
        "Remove a person's second factor and end their sessions; where one is required they set it up anew."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"{email} has no account. Nothing was changed.")
        with transaction.atomic():
            removed, _each = Authenticator.objects.filter(user=user).delete()
            if not removed:
                raise CommandError(f"{user.email} has no second factor. Nothing was changed.")
            end_sessions(user)
            tell("second factor removed", user=user)
        self.stdout.write(f"{user.email} has no second factor any more; all sessions are ended.")
