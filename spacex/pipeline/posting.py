"""Requests that tell others of a run, whose failure must not stop it."""

import logging
from typing import Any

from spacex.extract.time_limit import within


def post(name: str, url: str, *, timeout_s: float, limit_s: float, **request: Any) -> list[str]:
    """Send a request, up to three times; return why it failed, without secrets.

    Args:
        name: what is at the address, in words.
        url: the address.
        timeout_s: the longest wait for the next bytes, s.
        limit_s: the longest time for all, s.
        request: body and headers, as `requests` takes them.
    """
    import requests  # noqa: PLC0415 - takes a moment
    from requests.adapters import HTTPAdapter  # noqa: PLC0415
    from urllib3 import Retry  # noqa: PLC0415

    # Its warnings of retries contain the path of the address, which may be secret.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    statuses = {429, 500, 502, 503, 504}
    retry = Retry(
        total=2,
        backoff_factor=0.5,
        status_forcelist=statuses,
        allowed_methods=None,
        raise_on_status=False,
    )

    def send() -> requests.Response:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retry))
            # The body of the response is not needed.
            return session.post(url, timeout=timeout_s, stream=True, **request)

    try:
        response = within(limit_s, send)
    except (OSError, ValueError) as error:  # also of proxies and certificates that cannot be used
        # The error's text contains the URL, which may be secret.
        return [f"The {name} was not reached: {type(error).__name__}"]
    if response.ok and not response.is_redirect:
        return []
    times = " three times" if response.status_code in statuses else ""
    return [f"The {name} answered {response.status_code}{times}"]
