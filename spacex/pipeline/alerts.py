"""Alerts: problems are posted to SPACEX_WEBHOOK_URL, and the end of each run to SPACEX_PING_URL.

The ping address is that of a service like Healthchecks: `URL/start` when a run starts, `URL` when
it has succeeded, `URL/fail` otherwise. Such a service also notices what no process here can report:
that no run has ended in time.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from spacex.errors import SpacexError
from spacex.pipeline.posting import post
from spacex.pipeline.prefect_server import FLOW
from spacex.settings import Settings, lenient_settings
from spacex.settings.log import announce
from spacex.units import utc_now, utc_text

TIMEOUT_S = 10
"""The longest wait for the next bytes of an address, s."""

LIMIT_S = 60
"""The longest time for an alert, s."""

CHANGED_REMEDY = (
    "If you did not change the settings, find out who knows Prefect's password, and change it."
)

_has_ended = Event()
"""Whether this process has reported the end of a run."""


@contextmanager
def reporting(parameters: Mapping[str, Any]) -> Iterator[None]:
    """Alert of an error in the block, unless the run that it starts has reported its end.

    Invalid settings do not prevent the alert, if the addresses are valid.

    Args:
        parameters: those of the run.
    """
    _has_ended.clear()
    try:
        yield
    except BaseException as error:
        if not _has_ended.is_set():
            settings, _ = lenient_settings()
            state = "Failed" if isinstance(error, Exception) else "Crashed"
            what = str(error) or type(error).__name__
            for problem in alert(settings, run_name(parameters, utc_now()), state, what):
                announce(f"• {problem}", settings.log, sys.stderr, logging.WARNING)
        raise


def run_name(parameters: Mapping[str, Any], instant: datetime) -> str:
    """Return source and time of a run, which is its name.

    Args:
        parameters: those of the run.
        instant: its start.
    """
    as_of = f" as of {parameters['as_of']}" if parameters.get("as_of") else ""
    return f"{parameters.get('source', 'auto')}{as_of} {utc_text(instant)}"


def warn_of_change(
    settings: Settings, flow: str, subject: str, changes: Iterable[str]
) -> list[str]:
    """Post what others changed on Prefect's server; return whether the webhook was not reached.

    Args:
        settings: the address.
        flow: the name of the flow.
        subject: its deployment or automation.
        changes: the changes, in words.
    """
    what = f"It was changed and is put right: {'; '.join(changes)}. {CHANGED_REMEDY}"
    found = _found(subject, "Changed", what, flow=flow)
    return _post_to_webhook(settings, found)


def alert(settings: Settings, run: str, state: str, what: str, page: str = "") -> list[str]:
    """Alert that a run has not ended well; return which addresses were not reached.

    Args:
        settings: the addresses.
        run: the name of the run.
        state: how it ended, in a word.
        what: the same in a sentence; may be empty.
        page: where to read more; may be empty.
    """
    found = _found(run, state, what, page)
    return _post_to_webhook(settings, found) + ping(settings, "fail", found["text"])


def _found(run: str, state: str, what: str, page: str = "", *, flow: str = FLOW) -> dict[str, str]:
    """Return what the webhook receives, given the arguments of `alert`, and the name of a flow."""
    return {
        "text": f"{flow}, {run}: {state}. {what} {_unnamed(page, what)}".strip(),
        "flow": flow,
        "flow_run": run,
        "state": state,
        "message": what,
        "page": page,
    }


def _unnamed(page: str, what: str) -> str:
    """Return the address of a page; nothing if it is a file that the text names already."""
    path = unquote(urlsplit(page).path)
    return "" if page.startswith("file:") and path in what else page


def stale(settings: Settings, parameters: Mapping[str, Any]) -> str:
    """Return which data are older than promised after a run, in words; empty if none.

    Data are expected to be old if the run uses stored snapshots or the sample.

    Args:
        settings: the database and the promise.
        parameters: those of the run.
    """
    from spacex.analysis.data_age import stale_data  # noqa: PLC0415 - heavy

    if parameters.get("source", "auto") not in {"auto", "api"} or parameters.get("as_of"):
        return ""
    try:
        return stale_data(settings)
    except SpacexError as error:
        return str(error)


def tell_of_report(settings: Settings, title: str, headline: str, page: str) -> list[str]:
    """Post that a report was made; return whether the webhook was not reached, as `alert` does.

    Args:
        settings: the address.
        title: the title of the report.
        headline: what it says first.
        page: where to read it.
    """
    text = f"{title}: {headline} {page}"
    found = {"text": text, "report": title, "message": headline, "page": page}
    return _post_to_webhook(settings, found)


def _post_to_webhook(settings: Settings, found: Mapping[str, str]) -> list[str]:
    url = settings.webhook_url
    return _post("webhook", str(url), json=found) if url else []


def ping(settings: Settings, ending: str, text: str) -> list[str]:
    """Ping the address that watches the runs; return whether it was not reached, as `alert` does.

    Args:
        settings: the address.
        ending: `start`, `fail`, or nothing for a success.
        text: what its service shows.
    """
    if ending != "start":
        _has_ended.set()
    if not settings.ping_url:
        return []
    parts = urlsplit(str(settings.ping_url))
    path = f"{parts.path.rstrip('/')}/{ending}".rstrip("/")
    address = urlunsplit(parts._replace(path=path))
    return _post("ping address", address, data=text.encode())


def _post(name: str, url: str, **body: Any) -> list[str]:
    """Send a request; return why it failed, since a run must not."""
    return post(name, url, timeout_s=TIMEOUT_S, limit_s=LIMIT_S, **body)
