"""The servers that came by pip: where they live, what they need, who may do what in them."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from strategy_portal import embedded, keeper
from strategy_portal.grants import event_tables


def test_a_short_path_keeps_its_sockets_with_its_data(tmp_path):
    short = Path(os.path.commonpath([tmp_path]))
    assert embedded.run_dir(short) == short / "run"
    assert (short / "run").stat().st_mode & 0o777 == 0o700


def test_a_long_path_gets_a_short_folder_for_its_sockets_and_remembers_it(tmp_path):
    data = tmp_path / ("é" * 50)
    data.mkdir()
    folder = embedded.run_dir(data)
    assert len(os.fsencode(folder)) + len(embedded.LONGEST_SOCKET_NAME) <= embedded.SOCKET_PATH_LIMIT
    assert (data / "run").readlink() == folder
    assert embedded.run_dir(data) == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_a_folder_of_sockets_that_was_swept_away_is_made_again(tmp_path):
    data = tmp_path / ("a" * 120)
    data.mkdir()
    folder = embedded.run_dir(data)
    folder.rmdir()
    assert embedded.run_dir(data) == folder
    assert folder.is_dir()
    folder.rmdir()


def test_a_lock_is_held_once_and_given_back(tmp_path):
    held = embedded.lock(tmp_path / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert embedded.lock(tmp_path / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB) is None
    held.close()
    again = embedded.lock(tmp_path / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert again is not None
    again.close()


def test_secrets_are_made_once_and_kept_from_others(tmp_path):
    first, second = keeper.environment(tmp_path), keeper.environment(tmp_path)
    assert first == second
    assert (tmp_path / "environment").stat().st_mode & 0o777 == 0o600
    keeper.remember(tmp_path, DEMONSTRATION="0")
    assert keeper.read(tmp_path / "environment")["DEMONSTRATION"] == "0"
    assert (
        keeper.read(tmp_path / "environment")["SECRET_KEY"]
        == keeper.read(tmp_path / "environment")["SECRET_KEY"]
    )


def test_the_address_of_a_database_leads_to_its_socket_whatever_the_folder_is_called(
    tmp_path_factory, monkeypatch
):
    monkeypatch.delenv("DATABASE_URL")
    data = tmp_path_factory.mktemp("d") / "It's 100% + ünï"  # short enough for a socket of its own
    data.mkdir()
    url = embedded.Postgres(data).url(embedded.APP)
    assert unquote(urlsplit(url).path) == f"/{data}/run/portal"


@pytest.mark.django_db
def test_the_server_is_postgresql_18_with_the_built_in_locale():
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int / 10000, datlocprovider, datlocale,"
            " pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
        )
        assert cursor.fetchone() == (18, "b", "C.UTF-8", "UTF8")


@pytest.fixture
def as_portal(transactional_db):
    """A cursor with the rights of the running portal, not those of the tests."""
    host = connection.settings_dict["HOST"]
    link = psycopg2.connect(
        host=host, user=settings.DATABASE_APP_ROLE, dbname=connection.settings_dict["NAME"]
    )
    link.autocommit = True
    with link.cursor() as cursor:
        yield cursor
    link.close()


def test_the_portal_reads_and_writes_rows(as_portal):
    as_portal.execute("select count(*) from accounts_user")
    as_portal.execute("update portal_clock set offset_seconds = 0")
    assert as_portal.rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "create table forged (x int)",
        "drop table accounts_user",
        "truncate accounts_user",
        "alter table accounts_user disable trigger all",
        "set session_replication_role = replica",
        "delete from django_migrations",
    ],
)
def test_the_portal_cannot(as_portal, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_portal.execute(statement)


@pytest.mark.parametrize("statement", ["update {} set pgh_label = 'x'", "delete from {}", "truncate {}"])
def test_the_portal_can_neither_change_nor_empty_history(as_portal, statement):
    assert len(event_tables()) > 10
    for table in sorted(event_tables()):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_portal.execute(statement.format(table))


def manage(data, *typed):
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data), "HOME": str(data)}
    command = [sys.executable, "manage.py", *typed]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.long
def test_commands_at_once_share_the_servers_that_the_first_one_started(tmp_path):
    data = tmp_path / "var"
    commands = [manage(data, "check", "--database", "default") for _ in range(4)]
    ended = [
        (command.communicate(timeout=120)[0].splitlines()[-1], command.returncode) for command in commands
    ]
    assert ended == [("System check identified no issues (0 silenced).", 0)] * 4
    left = embedded.lock(data / ".lock", fcntl.LOCK_EX)  # waits until the keeper has stopped what it started
    assert not embedded.Postgres(data).is_ready()
    left.close()
