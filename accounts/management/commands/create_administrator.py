"""The first administrator of an empty portal, who then invites everybody else."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.events import tell
from accounts.invitations import DAYS_VALID, password_link, send_invitation
from accounts.models import User
from strategy_portal.fields import clean_line
from strategy_portal.workflow import acting


class Command(BaseCommand):
    help = "Make an administrator and print the one-time link by which that person sets a password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="Administrator")
        parser.add_argument("--send", action="store_true", help="send the link by mail as well")

    def handle(self, *, email, name, send, **options):
        try:
            validate_email(email)
            name = clean_line(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with transaction.atomic(), acting(None, "create administrator"):
            if User.objects.filter(email__iexact=email).exists():
                raise CommandError(f"{email} already has an account. Nothing was changed.")
            user = User.objects.create_user(email, name or "Administrator", is_administrator=True)
            if send:
                send_invitation(user)
            tell("administrator created", user=user)
        self.stdout.write(
            f"{user.email} is administrator. Set the password within {DAYS_VALID} days, once, at:"
        )
        self.stdout.write(password_link(user))
