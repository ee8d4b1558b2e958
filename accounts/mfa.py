"""The secrets of second factors, encrypted before they are stored (allauth keeps them in clear by itself)."""

import base64
import hashlib
from functools import cache

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@cache
def _cipher(keys):
    """Fernet over each key in turn; a key may be any secret text, its SHA-256 is what encrypts."""
    texts = [text.strip() for text in keys.split(",") if text.strip()]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())) for text in texts]
    )


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts TOTP secrets and recovery seeds with `MFA_KEY`.

    `MFA_KEY` may name several keys with commas between them: the first encrypts, all decrypt. To change the key put the
    new one in front; the old one can go once everybody who had a second factor before has set it up anew.
    """

    def encrypt(self, text):
        return _cipher(settings.MFA_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The text; raises InvalidToken when none of the keys fits."""
        return _cipher(settings.MFA_KEY).decrypt(encrypted_text.encode()).decode()
