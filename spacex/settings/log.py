"""The format of logs by SPACEX_LOG: text for people, or JSON objects for programs."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

JSON_CLASS = "spacex.settings.log.UtcJsonFormatter"
JSON_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_TEXT = ("%(asctime)s.%(msecs)03d | %(levelname)-7s | %(name)s - %(message)s", "%H:%M:%S")
FORMATTERS: dict[str, dict[str, str]] = {
    "json": {"class": JSON_CLASS, "format": JSON_FORMAT},
    "text": {"class": "logging.Formatter", "format": _TEXT[0], "datefmt": _TEXT[1]},
}
"""The formatters of servers by SPACEX_LOG; the text is that of Prefect's log."""


class UtcJsonFormatter(JsonFormatter):
    """Formats records as JSON objects, with their times in UTC."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - of `logging`
        """Return the time of a record, to the millisecond, such as 2026-11-28T05:17:02.123Z."""
        time = datetime.fromtimestamp(record.created, UTC)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def announce(text: str, log: str, file: TextIO | None = None, level: int = logging.INFO) -> None:
    """Print a line that a server says to its operator, in the format of its log.

    Args:
        text: the line.
        log: the format, `text` or `json`.
        file: where to print it; None: standard output.
        level: how serious it is, which only JSON says.
    """
    if log == "json":
        record = logging.LogRecord("spacex", level, "", 0, text.lstrip("• "), None, None)
        text = UtcJsonFormatter(JSON_FORMAT).format(record)
    print(text, file=file or sys.stdout, flush=True)


def logging_of(logger: str, log: str) -> dict[str, Any]:
    """Return a configuration of `logging` for a library's logger, which prints on standard error.

    Args:
        logger: the name of the logger.
        log: the format, `text` or `json`.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"console": FORMATTERS[log]},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "console"}},
        "loggers": {logger: {"handlers": ["console"], "propagate": False}},
    }


def log_libraries(log: str) -> None:
    """Print what libraries log without a handler of their own, in the format `text` or `json`."""
    formatter = UtcJsonFormatter(JSON_FORMAT) if log == "json" else logging.Formatter(*_TEXT)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler])
