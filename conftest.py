"""What every test can rely on."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_from_the_test_before(request):
    """The cache is a table that a committed test leaves as it is: its counted sign-ins would slow the next one."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        cache.clear()
