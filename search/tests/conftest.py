"""Who asks."""

import pytest

from accounts.tests.factories import secretariat


@pytest.fixture
def reader():
    return secretariat()
