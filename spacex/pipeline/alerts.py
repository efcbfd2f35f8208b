"""Alerts: problems are posted to SPACEX_WEBHOOK_URL, and the end of each run to SPACEX_PING_URL.

The ping address is that of a service like Healthchecks: `URL/start` when a run starts, `URL` when
it has succeeded, `URL/fail` otherwise. Such a service also notices what no process here can report:
that no run has ended in time.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from spacex.pipeline.prefect_server import FLOW
from spacex.settings import Settings, lenient_settings
from spacex.settings.log import announce
from spacex.units import utc_now, utc_text

TIMEOUT_S = 10

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
                announce(f"• {problem}", settings.log, sys.stderr)
        raise


def run_name(parameters: Mapping[str, Any], instant: datetime) -> str:
    """Return source and time of a run, which is its name.

    Args:
        parameters: those of the run.
        instant: its start.
    """
    as_of = f" as of {parameters['as_of']}" if parameters.get("as_of") else ""
    return f"{parameters.get('source', 'auto')}{as_of} {utc_text(instant)}"


def alert(settings: Settings, run: str, state: str, what: str, page: str = "") -> list[str]:
    """Alert that a run has not ended well; return which addresses were not reached.

    Args:
        settings: the addresses.
        run: the name of the run.
        state: how it ended, in a word.
        what: the same in a sentence; may be empty.
        page: where to read more; may be empty.
    """
    found = {
        "text": f"{FLOW}, {run}: {state}. {what} {page}".strip(),
        "flow": FLOW,
        "flow_run": run,
        "state": state,
        "message": what,
        "page": page,
    }
    return _post_to_webhook(settings, found) + ping(settings, "fail", found["text"])


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
    """Send a request, up to three times; return why it failed, since a run must not."""
    import requests  # noqa: PLC0415 - takes a moment
    from requests.adapters import HTTPAdapter  # noqa: PLC0415
    from urllib3 import Retry  # noqa: PLC0415

    # Its warnings of retries contain the path of the address, which may be secret.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    statuses = {429, 500, 502, 503, 504}
    retry = Retry(total=2, backoff_factor=0.5, status_forcelist=statuses, allowed_methods=None)
    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retry))
            session.post(url, timeout=TIMEOUT_S, **body).raise_for_status()
    except (OSError, ValueError) as error:  # also of proxies and certificates that cannot be used
        # The error's text contains the URL, which may be secret.
        response = getattr(error, "response", None)
        status = f" {response.status_code}" if response is not None else ""
        return [f"The {name} was not reached: {type(error).__name__}{status}"]
    return []
