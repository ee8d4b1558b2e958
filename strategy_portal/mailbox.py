"""Mail as files: outside production each message is one `.eml` file in the data folder's `mail/`."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes real messages, in the order of their names; a file is whole as soon as it is there."""

    def send_messages(self, email_messages):
        """Write each message; answers how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        written = 0
        for message in email_messages or []:
            if not message.recipients():
                continue
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}"
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            unfinished.replace(folder / f"{name}.eml")
            written += 1
        return written
