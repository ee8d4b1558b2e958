"""`bin/serve` on this machine: what starts, what survives, what is left behind. Long: real servers, real kills."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from strategy_portal.embedded import BASE_DIR, DATABASE, OWNER, Postgres, Redis, run_dir

pytestmark = pytest.mark.long
OURS = ("DATABASE_", "REDIS_", "SECRET_", "MFA_", "DEMONSTRATION", "PORTAL_", "EMAIL_")  # of the test session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} seconds: {what}")


class Portal:
    """One `bin/serve` with its own data folder, by which its processes are told from all others."""

    def __init__(self, data: Path, *options: str):
        self.data, self.port, self.options = data, free_port(), options
        self.named: dict[str, str] = {}  # what else the environment says
        self.output = data.parent / f"{data.name}.out"
        self.process: subprocess.Popen | None = None

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | {"PORTAL_DATA_DIR": str(self.data), "CI": "true"} | self.named

    def start(self) -> "Portal":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [str(BASE_DIR / "bin" / "serve"), "--port", str(self.port), *self.options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                cwd="/",
                start_new_session=True,
            )
        return self

    def said(self) -> str:
        return self.output.read_text()

    def running(self) -> "Portal":
        wait_for(lambda: "Ctrl-C ends the portal" in self.said() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.said()
        return self

    def ready(self) -> dict | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as response:
                return json.load(response)
        except urllib.error.HTTPError as answer:
            return json.load(answer) if answer.headers["Content-Type"] == "application/json" else None
        except OSError:
            return None

    def processes(self) -> dict[int, str]:
        """All living processes of this portal: by their environment, or (PostgreSQL, Redis) by where they work."""
        found = {}
        marker = f"PORTAL_DATA_DIR={self.data}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    told = marker in (entry / "environ").read_bytes().split(b"\0")
                    if told or (entry / "cwd").readlink().is_relative_to(self.data):
                        line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        found[int(entry.name)] = line
                except OSError:
                    continue
        return found

    def pid_of(self, *words: str) -> int:
        """The oldest process whose command line has all the words."""
        return min(pid for pid, line in self.processes().items() if all(word in line for word in words))

    def query(self, statement: str):
        """Run a statement in the portal's database, with the owner's rights."""
        connection = psycopg2.connect(host=str(run_dir(self.data)), user=OWNER, dbname=DATABASE)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def end(self, number=signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def portal(tmp_path):
    """A portal in a folder with spaces, quotes and a path too long for a socket."""
    data = tmp_path / "data of the portal's own, and then some" / ("long " * 12).strip() / "here"
    data.parent.mkdir(parents=True)
    one = Portal(data, "--empty")
    yield one
    if one.process is not None and one.process.poll() is None:
        one.end(signal.SIGTERM)


def test_check_proves_the_whole_start_with_the_demonstration_and_leaves_nothing_running(portal):
    portal.options = ("--check",)
    portal.start()
    assert portal.process.wait(300) == 0, portal.said()
    assert portal.said().splitlines()[-1].startswith("Ready after ")
    assert portal.processes() == {}
    assert not (portal.data / "run").readlink().exists()


def test_a_killed_portal_is_recovered_from_with_its_data_and_ctrl_c_leaves_no_process(portal):
    portal.start().running()
    assert "create_administrator" in portal.said()
    portal.query("update portal_clock set offset_seconds = 120")
    portal.process.kill()
    portal.process.wait()
    began = time.monotonic()
    portal.start().running()
    assert time.monotonic() - began < 60  # some seconds on a quiet machine
    assert portal.query("select offset_seconds from portal_clock") == [(120,)]
    assert portal.end(signal.SIGINT) == 0
    wait_for(lambda: portal.processes() == {})


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    """One portal for the tests that leave it running."""
    one = Portal(tmp_path_factory.mktemp("lasting") / "data", "--empty").start()
    yield one.running()
    one.end()


@pytest.mark.parametrize("letters", [5_000, 8_100])
def test_a_long_address_is_answered_by_the_portal(lasting, letters):
    path = f"/accounts/login/?q={'a' * letters}"
    server = http.client.HTTPConnection("127.0.0.1", lasting.port, timeout=5)
    server.request("GET", path, headers={"Referer": f"http://127.0.0.1:{lasting.port}{path}"})
    answer = server.getresponse()
    assert (answer.status, b"Strategy Portal" in answer.read()) == (200, True)
    server.close()


def test_each_child_that_is_killed_comes_back_and_nothing_committed_is_lost(lasting):
    portal = lasting
    portal.query("update portal_clock set offset_seconds = 180")
    for words in (
        ["gunicorn"],
        ["celery", " worker"],
        ["celery", " beat"],
        ["redis-server"],
        ["postgres", "-D"],
    ):
        before = portal.pid_of(*words)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda before=before, words=words: _replaced(portal, before, words))
        wait_for(lambda: (portal.ready() or {}).get("checks", {}).get("broker") == "ok")
    wait_for(lambda: portal.ready()["checks"]["database"] == "ok")
    assert portal.query("select offset_seconds from portal_clock") == [(180,)]
    assert portal.process.poll() is None


def _replaced(portal, before, words):
    try:
        return portal.pid_of(*words) != before
    except ValueError:
        return False


def test_a_port_in_use_is_said_in_one_plain_line(portal):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        portal.port = taken.getsockname()[1]
        portal.start()
        assert portal.process.wait(60) == 1
    expected = f"Port {portal.port} is in use by another program: choose another one with --port {portal.port + 1}.\n"
    assert portal.said() == expected
    assert portal.processes() == {}


def test_two_portals_run_side_by_side_and_a_folder_serves_only_one(lasting, portal, tmp_path):
    intruder = Portal(lasting.data, "--empty")
    intruder.output = tmp_path / "intruder.out"
    portal.start()
    assert intruder.start().process.wait(120) == 1
    assert intruder.said().startswith(f"{lasting.data} is in use by another portal")
    portal.running()
    assert [portal.ready()["checks"]["database"], lasting.ready()["checks"]["database"]] == ["ok", "ok"]
    assert portal.end() == 0
    assert lasting.ready()["checks"]["database"] == "ok"


def test_without_redis_the_portal_stays_ready_and_says_so(lasting):
    portal = lasting
    os.kill(portal.pid_of("redis-server"), signal.SIGSTOP)
    try:
        answer = wait_for(lambda: (found := portal.ready()) and found["checks"]["broker"] != "ok" and found)
        assert answer["status"] == "degraded"
        assert answer["checks"]["database"] == "ok"
    finally:
        os.kill(portal.pid_of("redis-server"), signal.SIGCONT)
    wait_for(lambda: (portal.ready() or {}).get("checks", {}).get("broker") == "ok")


def test_with_servers_of_its_own_the_portal_runs_in_production(portal, tmp_path):
    data = tmp_path / "servers"
    data.mkdir()
    servers = [Postgres(data), Redis(data)]
    try:
        for server in servers:
            server.start()
        portal.named = {
            "PRODUCTION": "1",
            "SECRET_KEY": "k" * 60,
            "MFA_KEY": "m" * 40,
            "ALLOWED_HOSTS": "portal.example",
            "DATABASE_URL": servers[0].url(OWNER),
            "REDIS_URL": servers[1].url(),
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "portal@portal.example",
        }
        portal.options = ("--check",)
        portal.start()
        assert portal.process.wait(300) == 0, portal.said()
        assert portal.said().startswith("DATABASE_OWNER_URL is not set: ")
        assert not (portal.data / "pg").exists()
        assert not (portal.data / "environment").exists()
    finally:
        for server in servers:
            server.stop()
