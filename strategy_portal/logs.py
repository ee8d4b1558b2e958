"""Log lines as JSON in UTC, each with the id of the request it belongs to."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_KNOWN = set(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "status_code",
    "server_time",
}


class JsonFormatter(logging.Formatter):
    """One object a line. What a caller adds with `extra=` becomes fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference := request_id.get():
            line["request_id"] = reference
        if status := getattr(record, "status_code", None):
            line["status"] = status
        line |= {name: value for name, value in vars(record).items() if name not in _KNOWN}
        if record.exc_info and record.levelno >= logging.ERROR:  # a refusal is no fault: its line says enough
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)
