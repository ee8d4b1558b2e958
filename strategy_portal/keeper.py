"""Who runs the embedded servers, and what a process has to know to use them.

One process at a time runs the servers of a data folder and holds its `.lock`: `bin/serve`, a test session, or a keeper.
Commands that only use them hold `.users`; a keeper stops what it started when the last user has left.
"""

import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from strategy_portal.embedded import APP, BASE_DIR, OWNER, CannotStart, Postgres, data_dir, lock, services


def remember(data: Path, **values: str) -> None:
    """Change what the data folder's `environment` says; whole or not at all."""
    kept = data / "environment"
    known = read(kept) | values
    fresh = data / f"environment.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{name}={value}\n" for name, value in known.items()))
    fresh.replace(kept)


def read(kept: Path) -> dict[str, str]:
    """The lines NAME=value of a file, if it is there."""
    lines = kept.read_text().splitlines() if kept.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def environment(data: Path) -> dict[str, str]:
    """What a process of the portal needs in its environment to use this data folder.

    Secrets are made once per data folder and kept in its file `environment`, which only its owner can read.
    """
    kept = data / "environment"
    if not kept.exists():
        lines = (
            f"SECRET_KEY={secrets.token_urlsafe(50)}\nMFA_KEY={secrets.token_urlsafe(32)}\nDEMONSTRATION=1\n"
        )
        fresh = data / f"environment.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(lines)
        with contextlib.suppress(FileExistsError):  # of two first starts at once, one decides
            os.link(fresh, kept)
        fresh.unlink()
    values = read(kept)
    values["PORTAL_DATA_DIR"] = str(data)
    for service in services(data):
        if isinstance(service, Postgres):
            values |= {"DATABASE_URL": service.url(APP), "DATABASE_OWNER_URL": service.url(OWNER)}
        else:
            values["REDIS_URL"] = service.url()
    return {name: value for name, value in values.items() if not os.environ.get(name)}


def use() -> IO[str]:
    """Make the data folder's services available to this process, starting them if nobody has.

    Sets the environment. They stay at least as long as the returned lock is held.
    """
    data = data_dir()
    data.mkdir(parents=True, exist_ok=True)
    values = environment(data)
    wanted = services(data)
    held = lock(data / ".users", fcntl.LOCK_SH)
    assert held is not None  # a shared lock waits for a keeper that is leaving
    keeper: subprocess.Popen[bytes] | None = None
    deadline = time.monotonic() + 90
    while not all(service.is_ready() for service in wanted):
        if keeper is None or keeper.poll() is not None:
            if time.monotonic() > deadline:
                raise CannotStart(f"The services did not start; {data / 'log'} says why.")
            keeper = start_keeper(data)
        time.sleep(0.1)
    os.environ.update(values)
    return held


def start_keeper(data: Path) -> "subprocess.Popen[bytes]":
    """A process that runs the services until no command uses them any more."""
    (data / "log").mkdir(exist_ok=True)
    with (data / "log" / "embedded.log").open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "strategy_portal.keeper", str(data)],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def keep(data: Path) -> int:
    """Run the services while some command holds `.users`; restart one that dies."""
    held = lock(data / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if held is None:
        time.sleep(0.5)  # somebody else runs them, or is just leaving
        return 0
    running = services(data)
    try:
        for service in running:
            service.start()
        while (last := lock(data / ".users", fcntl.LOCK_EX | fcntl.LOCK_NB)) is None:
            for service in running:
                if service.process is not None and service.process.poll() is not None:
                    service.start()
            time.sleep(0.5)
    finally:
        for service in reversed(running):
            service.stop()
    last.close()
    held.close()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(keep(Path(sys.argv[1])))
    except CannotStart as problem:
        sys.exit(str(problem))
