"""A whole portal as `bin/serve` runs it, with web, worker and beat, for tests that need all of it."""

import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

PASSWORD = "demonstration only"
# What the test session has settled for itself and a portal of its own must settle anew.
OF_THE_SESSION = {
    "DATABASE_OWNER_URL", "DATABASE_ROLE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MFA_KEY", "PORTAL_DATA_DIR",
    "PORTAL_TEST_SESSION", "REDIS_URL", "SECRET_KEY",
}  # fmt: skip


class Portal:
    """One running portal in a data folder of its own, whose beat looks every other second."""

    def __init__(self, data: Path):
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if name not in OF_THE_SESSION} | {
            "DEMONSTRATION": "1", "LOOK_EVERY": "2", "PORTAL_DATA_DIR": str(data), "PYTHONPATH": str(settings.BASE_DIR),
        }  # fmt: skip

    def start(self, *options: str, within: float = 180) -> None:
        """Start it and wait until it says where it runs."""
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "strategy_portal.supervisor", "--port", str(self.port), *options],
            cwd=settings.BASE_DIR, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said, until = [], time.monotonic() + within
        while time.monotonic() < until:
            line = self.process.stdout.readline()
            said.append(line)
            if "Ctrl-C ends the portal" in line:
                return
            if not line and self.process.poll() is not None:
                break
        self.stop()
        raise AssertionError("The portal did not start: " + "".join(said))

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(60)
        finally:
            self.process.stdout.close()

    def manage(self, *typed: str) -> str:
        """What a management command says, run beside the portal."""
        done = subprocess.run(
            [sys.executable, "manage.py", *typed], cwd=settings.BASE_DIR, env=self.environment, check=False,
            capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def mails(self, to: str) -> list[email.message.EmailMessage]:
        """The messages that were delivered to an address, oldest first."""
        read = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted((self.data / "mail").glob("*.eml"))
        ]
        return [message for message in read if to in message["To"]]
