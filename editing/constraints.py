"""What the database refused, in the words of the constraint."""

import logging

from django.apps import apps
from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

log = logging.getLogger("portal.editing")


def message_of(error: IntegrityError | DataError) -> str:
    """The sentence of the constraint that a save has met, or a plain one where it has none of its own."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            says = constraint.violation_error_message
            if constraint.name == name and says != constraint.default_violation_error_message:
                return constraint.get_violation_error_message()
    log.warning("a save was refused by the database: %s", name or type(error).__name__)
    return _("This does not fit what somebody else has just saved. Look through it and save again.")
