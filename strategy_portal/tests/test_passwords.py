"""Which passwords are refused."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "1q2w3e4r5t6y",
        "customs-portal-2026",
        "CCWP CCWP CCWP 1",
        "Council2026!",
        "anna.berg@portal.test",
    ],
)
def test_short_common_and_context_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(email="anna.berg@portal.test", name="Anna Berg"))


@pytest.mark.parametrize("password", ["correct horse battery", "δώδεκα γράμματα", "no portal is an island"])
def test_a_long_one_needs_no_signs_or_capitals(password):
    assert validate_password(password, User(email="anna.berg@portal.test", name="Anna Berg")) is None
