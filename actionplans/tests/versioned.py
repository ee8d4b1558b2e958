"""What the tests of a strategy's versions share: the strategy, their addresses, and what is typed."""

import pytest

from accounts.tests.factories import secretariat
from actionplans.copying import begin_version
from actionplans.tests.factories import StrategyFactory

LIST = "/strategies/strategy-2009/versions/"
NOTE = {"note": "Smuggling has moved to sea."}
WHY = {"cause": "outcome", "reason": "It has been reached."}


@pytest.fixture
def strategy():
    return StrategyFactory()


def draft_of(strategy):
    """The next version, a draft."""
    return begin_version(strategy, by=secretariat(), note="New facts.")
