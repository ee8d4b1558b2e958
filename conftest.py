"""What every test can rely on."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, not whether the code is right.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("every run", UNHURRIED, max_examples=10)
settings.register_profile("long", UNHURRIED)


def pytest_configure(config):
    """The long run tries as many examples as the library thinks right, every other run a tenth of them."""
    settings.load_profile("every run" if "not long" in config.option.markexpr else "long")


@pytest.fixture(autouse=True)
def _no_limits_left_from_the_test_before(request):
    """The cache is a table that a committed test leaves as it is: its counted sign-ins would slow the next one."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        cache.clear()


@pytest.fixture(scope="module")
def kept_for_the_module(django_db_setup, django_db_blocker):
    """What a module's own fixtures write stays for all its tests, each of which undoes its own; then it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The threads of live servers keep their connections: these are ended before the test database is dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
