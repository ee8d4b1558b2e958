"""The servers of one test session, and the migrated database that its test databases are copied from."""

import atexit
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from strategy_portal.embedded import BASE_DIR, DATABASE, CannotStart, Postgres, lock, services
from strategy_portal.keeper import environment


def start() -> None:
    """Start servers in a data folder that no other session uses; they end with this process.

    Without durability: what is lost with the power is only tests. The session's parallel workers find the
    environment set and use the same servers.
    """
    if os.environ.get("PORTAL_TEST_SESSION"):
        return
    data, held = free_folder()
    os.environ.pop("PORTAL_DATA_DIR", None)
    running = services(data, durable=False)
    for service in running:
        service.start()
    os.environ.update(environment(data), PORTAL_TEST_SESSION=str(os.getpid()), DATABASE_ROLE="owner")

    def end() -> None:
        for service in reversed(running):
            service.stop()
        held.close()

    atexit.register(end)
    for service in running:
        if isinstance(service, Postgres):
            migrate(service, data)


def free_folder() -> tuple[Path, IO[str]]:
    """The first folder below `var/test/` that no other session holds, and the lock that holds it now."""
    root = Path(os.environ.get("PORTAL_TEST_DIR") or BASE_DIR / "var" / "test").resolve()
    for number in range(1, 100):
        data = root / str(number)
        data.mkdir(parents=True, exist_ok=True)
        held = lock(data / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if held is not None:
            return data, held
    raise CannotStart(f"A hundred test sessions run below {root}.")


def migrate(postgres: Postgres, data: Path) -> None:
    """Migrate the folder's own database, once for each state of the migrations: test databases are copies of it.

    Migrating takes many seconds, copying a tenth of one.
    """
    seen = hashlib.sha256((BASE_DIR / "requirements.txt").read_bytes())
    for path in sorted(BASE_DIR.glob("*/migrations/*.py")):
        seen.update(str(path.relative_to(BASE_DIR)).encode() + path.read_bytes())
    stamp = data / "migrated"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    connection = postgres.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"drop database if exists {DATABASE} with (force)")
    connection.close()
    postgres.prepare()
    command = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
    settings = {"DJANGO_SETTINGS_MODULE": "strategy_portal.settings", "PORTAL_DATA_DIR": str(data)}
    done = subprocess.run(
        command, cwd=BASE_DIR, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(f"The migrations fail:\n{done.stdout}{done.stderr}")
    stamp.write_text(seen.hexdigest())
