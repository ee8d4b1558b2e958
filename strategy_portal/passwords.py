"""Which passwords are refused besides short and common ones."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONTEXT_WORDS = (
    "strategyportal",
    "customs",
    "council",
    "portal",
    "password",
    "demonstration",
    "ccwp",
    "committee",
    "secretariat",
    "brussels",
)


class ContextWordsValidator:
    """Refuses a password that is little more than the portal's own words (NIST and ASVS: context-specific words)."""

    def validate(self, password, user=None):
        """Raise ValidationError if, without such words, digits and signs, hardly anything is left."""
        left = "".join(letter for letter in password.lower() if letter.isalpha())
        for word in CONTEXT_WORDS:
            left = left.replace(word, "")
        if left != "".join(letter for letter in password.lower() if letter.isalpha()) and len(left) < 8:
            raise ValidationError(self.get_help_text(), code="password_of_context_words")

    def get_help_text(self):
        return _("Your password must not be made of words such as “customs”, “council” or “portal”.")
