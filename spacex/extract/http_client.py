"""An HTTP client for JSON and tables in text, with limits on time, size and retries.

A request is retried only after a transient failure: a refused or reset connection, a timeout, a
truncated response, status 429, or a 5xx status of an overloaded service. The client raises no
exception of the HTTP library.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Self

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    InvalidHeader,
    ProtocolError,
    ReadTimeoutError,
)
from urllib3.util import Retry

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.time_limit import within
from spacex.extract.tls import check_tls
from spacex.units import utc_now

_TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
_MEBIBYTE = 2**20
_CHUNK = 64 * 1024
_RETRY_LATER = "Try again later, or use the stored snapshots with --source snapshot."
_CHANGED = "The service may have moved or changed. Check its address, or use --source snapshot."


@dataclass(frozen=True)
class Limits:
    """Timeouts, retries and the largest response.

    Attributes:
        connect_timeout_s: longest wait for a connection, s.
        read_timeout_s: longest wait for the next bytes of a response, s.
        total_timeout_s: longest time for one attempt, s.
        attempts: number of attempts.
        backoff_s: wait before the second attempt, s; doubled before each further attempt.
        longest_wait_s: longest wait between attempts, also for Retry-After, s.
        max_bytes: largest response, decompressed, B.
    """

    connect_timeout_s: float = 5
    read_timeout_s: float = 30
    total_timeout_s: float = 120
    attempts: int = 3
    backoff_s: float = 0.5
    longest_wait_s: float = 60
    max_bytes: int = 100 * _MEBIBYTE


@dataclass(frozen=True)
class Response:
    """A response.

    Attributes:
        url: URL requested, before any redirect.
        status: 200, or 304 if the ETag still matches.
        body: the body, decompressed; empty with status 304.
        etag: the service's version tag.
        content_type: the Content-Type header.
        retrieved_at: time at which the response was complete, UTC.
        date: the Date header: the service's clock; empty if there is none.
    """

    url: str
    status: int
    body: bytes
    etag: str | None
    content_type: str
    retrieved_at: datetime
    date: str = ""


class _TransientError(Exception):
    """A failure that is worth another attempt.

    Attributes:
        wait_s: the service's Retry-After, s; None if it sent none.
        status: the HTTP status; 0 if there was no response.
        was_reached: whether the request may have reached the service.
    """

    def __init__(
        self, text: str, wait_s: float | None = None, status: int = 0, *, was_reached: bool = True
    ) -> None:
        super().__init__(text)
        self.wait_s = wait_s
        self.status = status
        self.was_reached = was_reached


class Client:
    """An HTTP client with one connection pool for all services.

    Args:
        user_agent: the User-Agent header.
        limits: timeouts, retries and the largest response.
    """

    def __init__(self, user_agent: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._session = requests.Session()
        self._session.max_redirects = 5
        self._session.hooks["response"] = [_skip_redirect_body]
        self._session.headers["User-Agent"] = user_agent
        self._session.headers["Accept"] = "application/json"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        attempts: int | None = None,
        is_json: bool = True,
    ) -> Response:
        """Request a URL and return the response.

        Args:
            url: the URL.
            etag: version tag of the response already known; the service sends status 304 while it
                still matches.
            attempts: number of attempts; None: as in the limits.
            is_json: whether the response must be JSON; it may otherwise be any text but a page.

        Raises:
            ServiceUnavailableError: all attempts failed, or the service asks for a long wait.
            ResponseError: the response is too large, has another format, or has another status.
        """
        attempts = attempts or self.limits.attempts
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(url, etag, is_json=is_json)
            except _TransientError as error:
                failure = error
            if failure.wait_s is not None and failure.wait_s > self.limits.longest_wait_s:
                raise ServiceUnavailableError(
                    f"{url} {failure} and asked for a wait of {failure.wait_s:.0f} s.",
                    remedy=_RETRY_LATER,
                    status=failure.status,
                    wait_s=failure.wait_s,
                    was_reached=True,
                )
            if attempt < attempts:
                time.sleep(self._backoff_s(attempt) if failure.wait_s is None else failure.wait_s)
        count = f" ({attempts} attempts)" if attempts > 1 else ""
        raise ServiceUnavailableError(
            f"{url} {failure}{count}.",
            remedy=_RETRY_LATER,
            status=failure.status,
            wait_s=failure.wait_s,
            was_reached=failure.was_reached,
        )

    def _backoff_s(self, attempt: int) -> float:
        return min(self.limits.backoff_s * 2.0 ** (attempt - 1), self.limits.longest_wait_s)

    def _attempt(self, url: str, etag: str | None, *, is_json: bool) -> Response:
        limit_s = self.limits.total_timeout_s
        deadline = time.monotonic() + limit_s
        # The HTTP library limits each wait for the network, but neither their sum nor the time of a
        # name lookup.
        try:
            response, body = within(limit_s, lambda: self._exchange(url, etag, deadline))
        except TimeoutError:
            raise _too_slow(limit_s) from None
        if response.status_code in _TRANSIENT_STATUSES:
            raise _TransientError(
                f"returned {response.status_code} {_quote(body)}".rstrip(),
                _wait_s(response),
                response.status_code,
            )
        is_unchanged = response.status_code == 304 and etag is not None
        if response.status_code != 200 and not is_unchanged:
            raise ResponseError(
                f"{url} returned {response.status_code} {_quote(body)}".rstrip() + ".",
                remedy=_CHANGED,
                status=response.status_code,
            )
        content_type = response.headers.get("Content-Type", "")
        is_expected = _is_json(content_type, body) if is_json else _is_table(content_type)
        if not is_unchanged and not is_expected:
            raise ResponseError(
                f"{url} returned {content_type or 'no content type'}, not "
                f"{'JSON' if is_json else 'a table'}: {_quote(body)}.",
                remedy=_CHANGED,
            )
        return Response(
            url=url,
            status=response.status_code,
            body=b"" if is_unchanged else body,
            etag=response.headers.get("ETag"),
            content_type=content_type,
            retrieved_at=utc_now(),
            date=response.headers.get("Date", ""),
        )

    def _exchange(
        self, url: str, etag: str | None, deadline: float
    ) -> tuple[requests.Response, bytes]:
        """Send the request and read the response within the limits."""
        headers = {"If-None-Match": etag} if etag else {}
        timeout = (self.limits.connect_timeout_s, self.limits.read_timeout_s)
        with (
            _translated_errors(url),
            self._session.get(url, headers=headers, timeout=timeout, stream=True) as response,
        ):
            return response, self._body(response, deadline)

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """Read and decompress the body within the limits of size and time."""
        body = bytearray()
        # read1 returns what has arrived; iter_content would wait for a full chunk.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.limits.max_bytes:
                raise ResponseError(
                    f"{response.url} returned more than {self.limits.max_bytes / _MEBIBYTE:g} MB.",
                    remedy="If this size is expected, raise SPACEX_MAX_RESPONSE_MB.",
                )
            if time.monotonic() > deadline:
                raise _too_slow(self.limits.total_timeout_s)
        return bytes(body)


def _too_slow(limit_s: float) -> _TransientError:
    return _TransientError(f"took more than {limit_s:g} s to respond")


def _skip_redirect_body(response: requests.Response, *_: Any, **__: Any) -> None:
    """Close a redirect, whose body the HTTP library would read in full and discard."""
    if response.is_redirect:
        response.close()
        response.raw = BytesIO()


@contextmanager
def _translated_errors(url: str) -> Iterator[None]:
    """Translate the HTTP library's exceptions into transient errors and response errors."""
    try:
        yield
    except requests.TooManyRedirects:
        raise ResponseError(f"{url} redirects in a loop.", remedy=_CHANGED) from None
    except (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL) as error:
        proxy = select_proxy(url, get_environ_proxies(url))
        text = f"cannot be reached through the proxy {proxy} ({_cause(error)})"
        raise _TransientError(text, was_reached=False) from None
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
    ) as error:
        raise ResponseError(
            f"{url} is not a valid HTTP URL: {error}.", remedy="Check --base-url."
        ) from None
    except ImportError:  # the HTTP library needs no ssl until it connects
        check_tls()
        raise
    except requests.exceptions.SSLError as error:
        text = f"has no trusted TLS connection ({_cause(error)})"
        raise _TransientError(text, was_reached=False) from None
    except requests.ConnectTimeout:
        text = "did not accept a connection in time"
        raise _TransientError(text, was_reached=False) from None
    except (requests.Timeout, ReadTimeoutError):
        raise _TransientError("did not respond in time") from None
    except (ProtocolError, DecodeError):
        raise _TransientError("sent an incomplete response") from None
    except (requests.RequestException, HTTPError, OSError) as error:
        text = f"cannot be reached ({_cause(error)})"
        raise _TransientError(text, was_reached=False) from None


def _cause(error: BaseException) -> str:
    """Return the text of the innermost exception, which is the most specific."""
    while error.__context__ is not None:
        error = error.__context__
    reason = error.strerror if isinstance(error, OSError) else None
    reason = reason or str(error).strip() or type(error).__name__
    return re.sub(r" \(_ssl\.c:\d+\)$", "", reason)  # omit the line of Python's source


def _wait_s(response: requests.Response) -> float | None:
    """Return the value of Retry-After, s; None if it is absent or invalid."""
    header = response.headers.get("Retry-After")
    try:
        return Retry().parse_retry_after(header) if header else None
    except (InvalidHeader, ValueError, OverflowError):  # the latter two: an invalid date
        return None


def _is_json(content_type: str, body: bytes) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind:
        return body.lstrip()[:1] in (b"[", b"{")
    return kind == "application/json" or kind.endswith("+json")


def _is_table(content_type: str) -> bool:
    """Return whether a response may be a table in text, and is not a web page."""
    return content_type.partition(";")[0].strip().lower() != "text/html"


def _quote(body: bytes, length: int = 120) -> str:
    """Return the beginning of a body, on one line, without control characters."""
    text = " ".join(body[: 4 * length].decode(errors="replace").split())
    printable = "".join(character for character in text if character.isprintable())
    return f"«{printable[:length]}»" if printable else ""
