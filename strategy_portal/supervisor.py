"""What `bin/serve` runs: servers, migrations, data, web, worker and beat, watched until Ctrl-C.

Every child is started from here, ends with this process whatever ends it, and is started again when it dies.
"""

import argparse
import contextlib
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from strategy_portal import embedded, keeper
from strategy_portal.embedded import CannotStart

RESTART_AFTER_AT_MOST = 30.0  # seconds between two starts of a child that keeps dying
READY_WITHIN = 120.0  # seconds until /readyz must answer 200


class Stop(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, a closed terminal."""


class Program:
    """One long-running Python program of the portal: web, worker or beat."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str], data: Path):
        self.name, self.environment = name, environment
        self.command = [sys.executable, "-m", *arguments]
        self.log = data / "log" / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting for more than its birth."""
        self.end_group()
        self.process = embedded.start(
            self.command, log=self.log, dies_by=signal.SIGTERM, cwd=embedded.BASE_DIR, env=self.environment
        )

    def stop(self) -> None:
        """Let it finish what it does, and make sure that none of its own children stay."""
        embedded.finish(self.process, signal.SIGTERM)
        self.end_group()

    def end_group(self) -> None:
        """Kill what a program that died has left: its children share its process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Watched:
    """A child with the memory of how often it died lately."""

    def __init__(self, child: "Program | embedded.Postgres | embedded.Redis"):
        self.child, self.deaths, self.started, self.not_before = child, 0, time.monotonic(), 0.0

    def look(self) -> None:
        """Start the child again if it has died; one that keeps dying waits longer each time."""
        process, moment = self.child.process, time.monotonic()
        if process is not None and process.poll() is None:
            if moment - self.started > RESTART_AFTER_AT_MOST * 2:
                self.deaths = 0
            return
        if moment < self.not_before:
            return
        code = process.returncode if process is not None else "?"
        say(f"{self.child.name} ended by itself ({code}); starting it again.")
        self.deaths += 1
        self.not_before = moment + min(2.0**self.deaths / 2, RESTART_AFTER_AT_MOST)
        self.started = moment
        try:
            self.child.start()
        except CannotStart as problem:
            say(str(problem))


def say(text: str) -> None:
    """One line for the person at the terminal, at once."""
    print(text, flush=True)


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """What was typed after `bin/serve`."""
    parser = argparse.ArgumentParser(
        prog="bin/serve", description="Start the Strategy Portal and all it needs."
    )
    parser.add_argument("--port", type=int, default=8000, help="where it listens on this machine (8000)")
    parser.add_argument(
        "--data-dir", type=Path, help="where it keeps everything it writes (var/, or PORTAL_DATA_DIR)"
    )
    parser.add_argument("--empty", action="store_true", help="without the demonstration")
    parser.add_argument(
        "--check", action="store_true", help="start all, wait until it is ready, stop; exit 0 or 1"
    )
    chosen = parser.parse_args(argv)
    if not 1 <= chosen.port <= 65535:
        parser.error("--port takes a number from 1 to 65535")
    return chosen


def take(data: Path) -> object:
    """The data folder's lock: one portal at a time lives in it."""
    data.mkdir(parents=True, exist_ok=True)
    for _attempt in range(30):
        held = embedded.lock(data / ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if held is not None:
            return held
        time.sleep(0.5)
    raise CannotStart(
        f"{data} is in use by another portal or a running manage.py: end it, or choose another folder with --data-dir."
    )


def addresses(port: int) -> list[str]:
    """The loopback addresses to listen at; a port that somebody else has is said in one line."""
    found = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for attempt in range(10):
            try:
                with socket.socket(family) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((host, port))
                found.append(f"{host}:{port}" if family == socket.AF_INET else f"[{host}]:{port}")
                break
            except PermissionError:
                raise CannotStart(
                    f"Port {port} is not open to this user: choose one above 1023 with --port."
                ) from None
            except OSError as problem:
                if problem.errno != 98 or family == socket.AF_INET6:  # 98: in use; IPv6 is a courtesy
                    break
                if attempt == 9:
                    raise CannotStart(
                        f"Port {port} is in use by another program: choose another one with --port {port + 1}."
                    ) from None
                time.sleep(0.5)  # a portal that was just ended may still hold it
    return found


def run_command(name: str, environment: dict[str, str], data: Path, *typed: str) -> None:
    """Run one manage.py command to its end; what it said is shown only when it fails."""
    log = data / "log" / "start.log"
    before = log.stat().st_size if log.exists() else 0
    command = [sys.executable, str(embedded.BASE_DIR / "manage.py"), name, *typed]
    process = embedded.start(command, log=log, dies_by=signal.SIGTERM, cwd=embedded.BASE_DIR, env=environment)
    try:
        code = process.wait()
    finally:
        embedded.finish(process, signal.SIGTERM)
    if code:
        said = log.read_bytes()[before:].decode(errors="replace").strip().splitlines()
        raise CannotStart("\n".join([*said[-15:], f"“manage.py {name}” failed; all it said is in {log}."]))


def programs(environment: dict[str, str], data: Path, listen: list[str]) -> list[Program]:
    """Web, worker and beat."""
    web = ["gunicorn", "strategy_portal.wsgi:application", "--no-control-socket", "--worker-class", "gthread"]
    web += ["--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "20"]
    # The most that gunicorn takes: what was pasted into a search is answered by the portal in its own words, up to
    # some 8,000 letters. The requests of the page that answers name its address, too.
    web += ["--limit-request-line", "8190", "--limit-request-field_size", "16380"]
    web += [part for address in listen for part in ("--bind", address)]
    celery = ["celery", "--app", "strategy_portal"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    (data / "beat").mkdir(exist_ok=True)
    beat = [
        *celery,
        "beat",
        "--schedule",
        str(data / "beat" / "schedule"),
        "--pidfile=",
        "--loglevel",
        "INFO",
    ]
    names = {"web": web, "worker": worker, "beat": beat}
    return [Program(name, typed, environment, data) for name, typed in names.items()]


def first_host(environment: dict[str, str]) -> str:
    """A host name under which the portal answers."""
    return environment.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "localhost"


def wait_until_ready(address: str, environment: dict[str, str], children: list[Program]) -> None:
    """Return once /readyz answers 200; a program that dies meanwhile ends the start."""
    question = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}/readyz", headers={"Host": first_host(environment)}
    )
    deadline = time.monotonic() + READY_WITHIN
    answer = "nothing"
    while time.monotonic() < deadline:
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                raise CannotStart(f"{child.name} ended as soon as it started; {child.log} says why.")
        try:
            with urllib.request.urlopen(question, timeout=5) as response:  # noqa: S310
                if response.status == 200:
                    return
        except urllib.error.HTTPError as problem:
            answer = problem.read().decode(errors="replace")
        except OSError:
            pass
        time.sleep(0.2)
    raise CannotStart(
        f"{address}/readyz did not answer 200 within {READY_WITHIN:.0f} seconds. It answered: {answer}"
    )


def settled_environment(data: Path, chosen: argparse.Namespace) -> dict[str, str]:
    """The environment of all children."""
    environment = dict(os.environ)
    environment.pop("PYTHONPATH", None)
    environment["DJANGO_SETTINGS_MODULE"] = "strategy_portal.settings"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONWARNINGS"] = "ignore:You"  # celery's remark on running as root
    environment["PORTAL_DATA_DIR"] = str(data)
    if environment.get("PRODUCTION"):
        environment.setdefault("PORTAL_URL", f"https://{first_host(environment)}")
    else:
        environment |= keeper.environment(data)
        environment["PORTAL_URL"] = os.environ.get("PORTAL_URL") or f"http://localhost:{chosen.port}"
        # Commands beside the portal, too, write links that lead to it.
        keeper.remember(
            data, DEMONSTRATION="0" if chosen.empty else "1", PORTAL_URL=environment["PORTAL_URL"]
        )
        environment["DEMONSTRATION"] = os.environ.get("DEMONSTRATION") or ("0" if chosen.empty else "1")
    return environment


def prepare(environment: dict[str, str], data: Path, *, empty: bool) -> None:
    """Tables, static files, reference data, the strategy and, unless `--empty`, the demonstration."""
    if environment.get("DATABASE_URL") and not environment.get("DATABASE_OWNER_URL"):
        say(
            "DATABASE_OWNER_URL is not set: the portal's own role migrates, and history is guarded by triggers alone."
        )
    run_command("migrate", environment, data, "--no-input", "--verbosity", "1")
    run_command("prepare_portal", environment, data, *(["--empty"] if empty else []))


def greet(environment: dict[str, str], data: Path) -> None:
    """What the person at the terminal needs now."""
    say(f"\nThe Strategy Portal runs at {environment['PORTAL_URL']}/")
    if environment.get("DEMONSTRATION") == "1":
        say("Demonstration accounts, password “demonstration only”:")
        say("  secretariat@portal.test   the secretariat of the working party")
        say("  be@portal.test            a delegation, by its EU code: be, fr, it, el, ...")
        say("  committee@portal.test     the committee to which the working party reports")
        say("  admin@portal.test         people and code lists")
    else:
        where = "" if data == embedded.BASE_DIR / "var" else f"PORTAL_DATA_DIR={shlex.quote(str(data))} "
        say("Make the first administrator, in another terminal:")
        say(f"  {where}.venv/bin/python manage.py create_administrator you@example.org")
    mail = "" if environment.get("EMAIL_URL") else f", mail in {data / 'mail'}"
    say(f"Logs are in {data / 'log'}{mail}. Ctrl-C ends the portal.\n")


def serve(chosen: argparse.Namespace) -> int:
    """Start everything, then watch it until somebody asks for the end."""
    began = time.monotonic()
    data = (chosen.data_dir or embedded.data_dir()).resolve()
    held = take(data)
    running: list[Program | embedded.Postgres | embedded.Redis] = []
    try:
        listen = addresses(chosen.port)
        environment = settled_environment(data, chosen)
        if not environment.get("PRODUCTION"):
            for service in embedded.services(data):
                running.append(service)
                service.start()
        prepare(environment, data, empty=chosen.empty)
        children = programs(environment, data, listen)
        for child in children:
            running.append(child)
            child.start()
        wait_until_ready(f"http://{listen[0]}", environment, children)
        if chosen.check:
            say(
                f"Ready after {time.monotonic() - began:.1f} seconds: database, queue, web, worker and beat run."
            )
            return 0
        greet(environment, data)
        watched = [Watched(child) for child in running]
        while True:
            for one in watched:
                one.look()
            time.sleep(0.5)
    except Stop:
        say("Ending the portal ...")
        return 1 if chosen.check else 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the end is under way: nothing interrupts it
        for child in reversed(running):
            child.stop()
        del held


def stop(number: int, frame: object) -> NoReturn:
    """A signal's handler: unwind to where everything is stopped."""
    raise Stop


def main(argv: Sequence[str]) -> int:
    """Exit code 0 after an orderly end, 1 where the portal could not start."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means what it says
            signal.signal(number, stop)
    chosen = arguments(argv)
    try:
        return serve(chosen)
    except CannotStart as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except Stop:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
