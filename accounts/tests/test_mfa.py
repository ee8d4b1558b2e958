import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken

from accounts.mfa import MFAAdapter
from accounts.tests.factories import UserFactory


@pytest.mark.django_db
def test_the_secret_of_a_second_factor_is_stored_encrypted_and_read_back():
    user = UserFactory()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert MFAAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_a_new_key_in_front_encrypts_and_the_old_one_still_decrypts(settings):
    settings.MFA_KEY = "old key"
    before = MFAAdapter().encrypt("secret")
    settings.MFA_KEY = "new key, old key"
    after = MFAAdapter().encrypt("secret")
    assert [MFAAdapter().decrypt(text) for text in (before, after)] == ["secret", "secret"]
    settings.MFA_KEY = "new key"
    assert MFAAdapter().decrypt(after) == "secret"
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(before)
