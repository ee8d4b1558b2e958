"""The secretariat, and the lists that results are chosen from."""

import pytest

from accounts.tests.factories import secretariat
from jcos.tests.factories import code_lists


@pytest.fixture
def office(db):
    code_lists()
    return secretariat()
