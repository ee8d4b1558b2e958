"""What tests of several apps share."""

import pytest

from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import secretariat


@pytest.fixture
def delivered(db):
    """The bodies and delegations as they are delivered."""
    load_bodies()
    load_delegations()


@pytest.fixture
def desk(client):
    """The secretariat's browser."""
    client.force_login(secretariat())
    return client
