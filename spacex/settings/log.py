"""The format of logs by SPACEX_LOG: text for people, or JSON objects for programs."""

import logging
import sys
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

JSON_CLASS = "pythonjsonlogger.json.JsonFormatter"
JSON_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def announce(text: str, log: str, file: TextIO | None = None) -> None:
    """Print a line that a server says to its operator, in the format of its log.

    Args:
        text: the line.
        log: the format, `text` or `json`.
        file: where to print it; None: standard output.
    """
    if log == "json":
        record = logging.LogRecord("spacex", logging.INFO, "", 0, text.lstrip("• "), None, None)
        text = JsonFormatter(JSON_FORMAT).format(record)
    print(text, file=file or sys.stdout, flush=True)


def log_as_json() -> None:
    """Print as JSON what libraries log without a handler of their own."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(JSON_FORMAT))
    logging.basicConfig(handlers=[handler])
