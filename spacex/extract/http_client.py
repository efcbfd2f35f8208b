"""Polite, bounded requests for JSON documents.

A request is tried again on what passes by itself: connections refused or reset, silence, answers
cut short, 429 and the 5xx of an overloaded service. It is never tried again on anything else. No
exception of the HTTP library leaves this module.
"""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

import requests
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    InvalidHeader,
    ProtocolError,
    ReadTimeoutError,
)
from urllib3.util import Retry

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.units import utc_now

_PASSING = frozenset({429, 500, 502, 503, 504})
_MEBIBYTE = 2**20
_CHUNK = 64 * 1024
_T = TypeVar("_T")
_LATER = "Try again later, or use the stored answers: --source snapshot."
_CHANGED = "The service may have moved or changed. Check the address, or use --source snapshot."


@dataclass(frozen=True)
class Limits:
    """How long to wait, how often to try, and how much to take.

    Attributes:
        connect_timeout_s: longest wait for a connection, s.
        read_timeout_s: longest silence within an answer, s.
        total_timeout_s: longest time for one attempt, s; a server that drips is cut off by it.
        attempts: times a request is sent in all.
        backoff_s: wait before the second attempt, doubled before each further one, s.
        longest_wait_s: longest Retry-After that is waited for, s.
        max_bytes: largest answer, unpacked, B.
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
    """One answer of a service.

    Attributes:
        url: address asked.
        status: 200, or 304 if the document is still the one the etag was of.
        body: the document; empty at 304.
        etag: the service's version tag.
        content_type: as the service calls it.
        retrieved_at: instant the answer was complete, UTC.
    """

    url: str
    status: int
    body: bytes
    etag: str | None
    content_type: str
    retrieved_at: datetime


class _PassingError(Exception):
    """A failure worth another attempt.

    Attributes:
        wait_s: what the service asks for, if it does.
        status: the HTTP status it answered with; 0 if none came.
        was_reached: whether the request may have reached it.
    """

    def __init__(
        self, what: str, wait_s: float | None = None, status: int = 0, *, was_reached: bool = True
    ) -> None:
        super().__init__(what)
        self.wait_s = wait_s
        self.status = status
        self.was_reached = was_reached


class Client:
    """Asks services for documents, one connection pool for all.

    Args:
        user_agent: who asks.
        limits: how long, how often, how much.
    """

    def __init__(self, user_agent: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._session = requests.Session()
        self._session.max_redirects = 5
        self._session.hooks["response"] = [_leave_body_of_redirect]
        self._session.headers["User-Agent"] = user_agent
        self._session.headers["Accept"] = "application/json"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._session.close()

    def get(self, url: str, *, etag: str | None = None, attempts: int | None = None) -> Response:
        """The document at an address.

        Args:
            url: the address.
            etag: version tag of the document already known; 304 answers that it is still current.
            attempts: times the request is sent in all, instead of what the limits say.

        Raises:
            ServiceUnavailableError: no answer after all attempts, or one that asks to wait long.
            ResponseError: an answer that is not what was asked for, or too large.
        """
        attempts = attempts or self.limits.attempts
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(url, etag)
            except _PassingError as passing:
                failure = passing
            if failure.wait_s is not None and failure.wait_s > self.limits.longest_wait_s:
                raise ServiceUnavailableError(
                    f"{url} {failure} and asks to come back in {failure.wait_s:.0f} s.",
                    remedy=_LATER,
                    status=failure.status,
                    wait_s=failure.wait_s,
                    was_reached=True,
                )
            if attempt < attempts:
                time.sleep(self._backoff_s(attempt) if failure.wait_s is None else failure.wait_s)
        tried = f" ({attempts} attempts)" if attempts > 1 else ""
        raise ServiceUnavailableError(
            f"{url} {failure}{tried}.",
            remedy=_LATER,
            status=failure.status,
            wait_s=failure.wait_s,
            was_reached=failure.was_reached,
        )

    def _backoff_s(self, attempt: int) -> float:
        return min(self.limits.backoff_s * 2.0 ** (attempt - 1), self.limits.longest_wait_s)

    def _attempt(self, url: str, etag: str | None) -> Response:
        limit_s = self.limits.total_timeout_s
        deadline = time.monotonic() + limit_s
        response, body = _within(limit_s, lambda: self._exchange(url, etag, deadline))
        if response.status_code in _PASSING:
            raise _PassingError(
                f"answered {response.status_code} {_quote(body)}".rstrip(),
                _wait_s(response),
                response.status_code,
            )
        is_known = response.status_code == 304 and etag is not None
        if response.status_code != 200 and not is_known:
            raise ResponseError(
                f"{url} answered {response.status_code} {_quote(body)}".rstrip() + ".",
                remedy=_CHANGED,
                status=response.status_code,
            )
        content_type = response.headers.get("Content-Type", "")
        if not is_known and not _is_json(content_type, body):
            raise ResponseError(
                f"{url} answered with {content_type or 'no content type'}, not JSON: "
                f"{_quote(body)}.",
                remedy=_CHANGED,
            )
        return Response(
            url=url,
            status=response.status_code,
            body=b"" if is_known else body,
            etag=response.headers.get("ETag"),
            content_type=content_type,
            retrieved_at=utc_now(),
        )

    def _exchange(
        self, url: str, etag: str | None, deadline: float
    ) -> tuple[requests.Response, bytes]:
        """Ask, and get all of the answer that the limits allow."""
        headers = {"If-None-Match": etag} if etag else {}
        timeout = (self.limits.connect_timeout_s, self.limits.read_timeout_s)
        with (
            _explained(url),
            self._session.get(url, headers=headers, timeout=timeout, stream=True) as response,
        ):
            return response, self._body(response, deadline)

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """The body, unpacked, as far as the limits of size and time allow."""
        body = bytearray()
        # read1 gives what has come; iter_content would wait for a whole chunk, past any deadline.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.limits.max_bytes:
                raise ResponseError(
                    f"{response.url} answered with more than "
                    f"{self.limits.max_bytes / _MEBIBYTE:g} MB.",
                    remedy="If so much is right, raise SPACEX_MAX_RESPONSE_MB.",
                )
            if time.monotonic() > deadline:
                raise _too_slow(self.limits.total_timeout_s)
        return bytes(body)


def _within(limit_s: float, work: Callable[[], _T]) -> _T:
    """What the work gives, if it ends in time; else it is left to end by itself, unheard.

    The HTTP library limits each wait for the network, not their sum: a server that sends its head
    byte by byte passes all of these limits, and a slow name server knows none.
    """
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        return future.result(timeout=limit_s)
    except TimeoutError:
        raise _too_slow(limit_s) from None


def _too_slow(limit_s: float) -> _PassingError:
    return _PassingError(f"took more than {limit_s:g} s to answer")


def _leave_body_of_redirect(response: requests.Response, *_: Any, **__: Any) -> None:
    """The HTTP library would read it all, however long it is, only to forget it."""
    if response.is_redirect:
        response.close()
        response.raw = BytesIO()


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """The HTTP library's exceptions as ours: what passes by itself, and what does not."""
    try:
        yield
    except requests.TooManyRedirects:
        raise ResponseError(f"{url} redirects in a loop.", remedy=_CHANGED) from None
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
    ) as error:
        raise ResponseError(
            f"{url} is no address that can be asked: {error}.", remedy="Check --base-url."
        ) from None
    except requests.exceptions.SSLError as error:
        what = f"has no trustworthy TLS connection ({_cause(error)})"
        raise _PassingError(what, was_reached=False) from None
    except requests.ConnectTimeout:
        what = "does not accept a connection in time"
        raise _PassingError(what, was_reached=False) from None
    except (requests.Timeout, ReadTimeoutError):
        raise _PassingError("does not answer in time") from None
    except (ProtocolError, DecodeError):
        raise _PassingError("broke off its answer") from None
    except (requests.RequestException, HTTPError) as error:
        what = f"cannot be reached ({_cause(error)})"
        raise _PassingError(what, was_reached=False) from None


def _cause(error: BaseException) -> str:
    """The innermost reason, which is the one that tells a person something."""
    while error.__context__ is not None:
        error = error.__context__
    reason = error.strerror if isinstance(error, OSError) else None
    reason = reason or str(error).strip() or type(error).__name__
    return re.sub(r" \(_ssl\.c:\d+\)$", "", reason)  # a line of Python's own source


def _wait_s(response: requests.Response) -> float | None:
    """What Retry-After asks for, in seconds; None if it is absent or makes no sense."""
    header = response.headers.get("Retry-After")
    try:
        return Retry().parse_retry_after(header) if header else None
    except (InvalidHeader, ValueError, OverflowError):  # the latter two: a date no calendar has
        return None


def _is_json(content_type: str, body: bytes) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind:
        return body.lstrip()[:1] in (b"[", b"{")
    return kind == "application/json" or kind.endswith("+json")


def _quote(body: bytes, length: int = 120) -> str:
    """The beginning of what came back, on one line, without control characters."""
    text = " ".join(body[: 4 * length].decode(errors="replace").split())
    printable = "".join(character for character in text if character.isprintable())
    return f"«{printable[:length]}»" if printable else ""
