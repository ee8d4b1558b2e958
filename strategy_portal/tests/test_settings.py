"""Settings in production: nothing secret by default, nothing demonstrative by accident."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghij+-*/",
    "MFA_KEY": "another secret",
    "DATABASE_URL": "postgresql://portal:secret@db.example:5432/portal",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example:5432/portal",
    "REDIS_URL": "redis://queue.example:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DEFAULT_FROM_EMAIL": "portal@portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_DATA_DIR": "/var/lib/portal",
}


def in_production(expression, **changes):
    """What a process of its own says of the settings: its output, or the last line of its failure."""
    environment = {name: value for name, value in (PRODUCTION | changes).items() if value is not None}
    program = f"from django.conf import settings\nsettings.DEBUG\nprint({expression})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "strategy_portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"PRODUCTION", "DATABASE_OWNER_URL"}))
def test_production_does_not_start_without(name):
    said = in_production("'started'", **{name: None})
    assert said.startswith(
        f"django.core.exceptions.ImproperlyConfigured: Not set in the environment: {name}."
    )


def test_production_refuses_the_demonstration():
    said = in_production("'started'", DEMONSTRATION="1")
    assert said.startswith("django.core.exceptions.ImproperlyConfigured: DEMONSTRATION is refused")


def test_production_refuses_a_short_secret_key():
    said = in_production("'started'", SECRET_KEY="short")
    assert (
        said
        == "django.core.exceptions.ImproperlyConfigured: SECRET_KEY needs at least 50 characters in production."
    )


def test_cookies_in_production_are_bound_to_the_host_and_to_https():
    names = "settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_NAME"
    assert in_production(names) == "__Host-session True __Host-csrf"


def test_migrations_run_as_the_owner_and_the_portal_as_its_own_role():
    user = "settings.DATABASES['default']['USER'], settings.DATABASE_APP_ROLE"
    assert in_production(user) == "portal portal"
    assert in_production(user, DATABASE_ROLE="owner") == "owner portal"


def test_one_role_alone_is_enough():
    user = "settings.DATABASES['default']['USER']"
    assert in_production(user, DATABASE_OWNER_URL=None, DATABASE_ROLE="owner") == "portal"


def test_debug_mode_is_never_on():
    assert in_production("settings.DEBUG", DEBUG="1") == "False"
    assert settings.DEBUG is False


def test_mail_goes_through_the_server_that_is_named():
    mail = "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS"
    assert in_production(mail) == "mail.example 587 True"


@pytest.mark.long
def test_the_deployment_check_has_nothing_to_say():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=PRODUCTION | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n")


def test_only_the_preloading_of_the_clients_domain_is_silenced():
    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"]


def test_a_second_factor_is_required_unless_it_is_turned_off_by_name():
    assert in_production("settings.SECOND_FACTOR_REQUIRED") == "True"
    assert in_production("settings.SECOND_FACTOR_REQUIRED", SECOND_FACTOR_REQUIRED="0") == "False"
    demonstration = {"PRODUCTION": "0", "DEMONSTRATION": "1"}
    assert in_production("settings.SECOND_FACTOR_REQUIRED", **demonstration) == "False"
