"""The strategy as published, and a draft that amends it."""

import pytest

from accounts.tests.factories import secretariat
from actionplans.copying import begin_version
from actionplans.models import Strategy, StrategyVersion
from actionplans.reference import load_strategies
from actionplans.tests.amended import a_draft_of
from actionplans.tests.files import export, run
from actionplans.tests.pages import the_strategy_of_2009


@pytest.fixture(scope="module")
def published(kept_for_the_module):
    """The strategy as published, for all tests of the module: reading it takes longer than most tests."""
    return the_strategy_of_2009()


@pytest.fixture(scope="module")
def begun(published):
    """Beside it, for all tests of the module, version 2: a draft."""
    return begin_version(published, by=secretariat(), note="New routes.")


@pytest.fixture
def first(published, db):
    """The text of 2009, in force."""
    return StrategyVersion.objects.get()


@pytest.fixture
def second(first):
    """A draft amended in every way, with reasons."""
    return a_draft_of(first)


@pytest.fixture
def draft(begun, db):
    """Version 2 of the strategy of 2009, a draft."""
    return StrategyVersion.objects.get(status="draft")


@pytest.fixture
def recorded(db):
    """The strategies as records, as they are delivered."""
    load_strategies()


@pytest.fixture
def desk(client):
    """The secretariat's browser."""
    client.force_login(secretariat(name="Mia Desk"))
    return client


@pytest.fixture
def loaded():
    run("load_strategy")
    return Strategy.objects.get()


@pytest.fixture
def edited(loaded, tmp_path):
    """Writes the exported file with changes, pairs of texts, and gives its path."""

    def write(*pairs):
        text = export()
        for old, new in pairs:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path = tmp_path / "edited.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
