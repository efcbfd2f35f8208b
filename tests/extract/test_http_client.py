import gzip
import socket
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError, SettingsError
from spacex.extract.http_client import Client, Limits, Response
from tests.conftest import NOBODY_HOME
from tests.replica import (
    JSON,
    MEBIBYTE,
    Body,
    Disconnect,
    Hang,
    LargeBody,
    Normal,
    Redirect,
    Replica,
    SlowBody,
    SlowHeaders,
    Status,
)

LIMITS = Limits(
    connect_timeout_s=1,
    read_timeout_s=4,
    total_timeout_s=5,
    attempts=2,
    backoff_s=0.01,
    longest_wait_s=2,
    max_bytes=MEBIBYTE,
)
USE_SNAPSHOTS = "--source snapshot"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Replica]:
    (tmp_path / "launches.json").write_bytes(b'[{"id": "a"}]')
    with Replica(tmp_path) as server:
        yield server


@contextmanager
def client_with(**changes: Any) -> Iterator[Client]:
    with Client("SpaceX-Insights/test (me@example.org)", replace(LIMITS, **changes)) as client:
        yield client


def get(service: Replica, etag: str | None = None, **changes: Any) -> Response:
    with client_with(**changes) as client:
        return client.get(f"{service.url}/launches", etag=etag)


def short_for(failure: object) -> dict[str, float]:
    """Return a short time limit for a failure that lasts until it; others meet a busy machine."""
    return {"read_timeout_s": 0.3} if isinstance(failure, Hang) else {}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the waits of the client, s, which it skips."""
    waits: list[float] = []
    monkeypatch.setattr("spacex.extract.http_client.time.sleep", waits.append)
    return waits


@contextmanager
def limited_memory() -> Iterator[None]:
    """Check that the block allocates less than 16 MiB."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * MEBIBYTE


def test_a_response_has_the_body_and_its_headers(service):
    response = get(service)
    assert (response.url, response.status) == (f"{service.url}/launches", 200)
    assert response.body == b'[{"id": "a"}]'
    assert response.content_type == JSON
    assert response.etag.startswith('W/"')


def test_request_headers(service):
    get(service)
    (request,) = service.requests
    assert request.headers["User-Agent"] == "SpaceX-Insights/test (me@example.org)"
    assert request.headers["Accept"] == "application/json"
    assert "If-None-Match" not in request.headers


def test_a_gzipped_response_is_decompressed(service):
    body = gzip.compress(b'[{"id": "b"}]')
    service.script("launches", Body(body, {"Content-Encoding": "gzip"}))
    assert get(service).body == b'[{"id": "b"}]'


def test_304_if_the_etag_matches(service):
    known = get(service)
    response = get(service, etag=known.etag)
    assert (response.status, response.body, response.etag) == (304, b"", known.etag)


def test_200_if_the_etag_does_not_match(service):
    known = get(service)
    service.serve("launches", b"[{}, {}]")
    response = get(service, etag=known.etag)
    assert (response.status, response.body) == (200, b"[{}, {}]")


def test_304_to_an_unconditional_request_raises(service):
    service.script("launches", Status(304))
    with pytest.raises(ResponseError, match="returned 304"):
        get(service)


@pytest.mark.parametrize(
    "failure",
    [
        *map(Status, (429, 500, 502, 503, 504)),
        Hang(),
        Disconnect(b"[{"),
        Disconnect(b"[{", reset=True),
        Disconnect(b"", reset=True),
    ],
    ids=repr,
)
def test_transient_failures_are_retried(service, failure):
    service.script("launches", failure, Normal())
    assert get(service, **short_for(failure)).body == b'[{"id": "a"}]'
    assert len(service.requests) == 2


LATE = "did not respond in time (2 attempts)"
INCOMPLETE = "sent an incomplete response (2 attempts)"


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (Status(500, body=b"<h1>Oops</h1>"), "returned 500 «<h1>Oops</h1>» (2 attempts)"),
        (Status(503), "returned 503 (2 attempts)"),
        (Hang(), LATE),
        (Hang(b"HTTP/1.1 200 OK\r\n"), LATE),
        (Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{"), LATE),
        (Disconnect(b"[{}]"), INCOMPLETE),
        (Disconnect(b"[{}]", reset=True), INCOMPLETE),
        (Body(b"no gzip", {"Content-Encoding": "gzip"}), INCOMPLETE),
        (Hang(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be reached"),
    ],
    ids=repr,
)
def test_repeated_failures_are_an_outage(service, failure, message):
    service.script("launches", failure)
    with pytest.raises(ServiceUnavailableError) as caught:
        get(service, **short_for(failure))
    assert f"{service.url}/launches {message}" in caught.value.message
    assert USE_SNAPSHOTS in caught.value.remedy
    assert len(service.requests) == 2


@pytest.mark.attack("answer byte by byte", "ends at `SPACEX_TOTAL_TIMEOUT_S`")
@pytest.mark.parametrize("slow", [SlowBody(), SlowBody(chunked=True), SlowHeaders()], ids=repr)
def test_the_total_timeout_ends_a_slow_response(service, slow):
    """Each byte arrives within the read timeout."""
    service.script("launches", slow)
    with pytest.raises(ServiceUnavailableError, match=r"took more than 0\.2 s to respond"):
        get(service, total_timeout_s=0.2, attempts=1)


def test_the_total_timeout_ends_a_slow_name_lookup():
    ended = threading.Event()
    with (
        client_with(total_timeout_s=0.2, attempts=1) as client,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(10) and [])
        with pytest.raises(ServiceUnavailableError, match=r"took more than 0\.2 s to respond"):
            client.get("http://nobody.invalid/launches")
        ended.set()


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 418, 501])
def test_other_statuses_are_not_retried(service, code):
    service.script("launches", Status(code, body=b"no\nsuch\x07 list"))
    with pytest.raises(ResponseError) as caught:
        get(service)
    assert caught.value.message == f"{service.url}/launches returned {code} «no such list»."
    assert "Check its address" in caught.value.remedy
    assert len(service.requests) == 1


def test_a_short_retry_after_is_waited_for(service, waits):
    service.script("launches", Status(429, {"Retry-After": "1"}), Normal())
    get(service)
    assert waits == [1.0]


def test_a_long_retry_after_is_an_outage_at_once(service):
    service.script("launches", Status(429, {"Retry-After": "3600"}, b"slow down"))
    with pytest.raises(ServiceUnavailableError) as caught:
        get(service)
    assert caught.value.message == (
        f"{service.url}/launches returned 429 «slow down» and asked for a wait of 3600 s."
    )
    assert len(service.requests) == 1


PAST = ["Wed, 21 Oct 2015 07:28:00 GMT", "0"]
INVALID = ["soon", "-1", "Fri, 31 Dec 99999 23:59:59 GMT", ""]


@pytest.mark.parametrize("value", PAST + INVALID)
def test_a_past_or_invalid_retry_after_is_ignored(service, value):
    service.script("launches", Status(503, {"Retry-After": value}), Normal())
    assert get(service).status == 200


def test_backoff_doubles_up_to_the_longest_wait(service, waits):
    service.script("launches", Status(503))
    with pytest.raises(ServiceUnavailableError, match=r"\(5 attempts\)"):
        get(service, attempts=5, backoff_s=0.5, longest_wait_s=3)
    assert waits == [0.5, 1, 2, 3]


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [("text/html; charset=utf-8", "text/html; charset=utf-8"), ("", "no content type")],
)
def test_html_raises(service, content_type, shown):
    page = b"<!doctype html><title>Under maintenance</title>"
    service.script("launches", Body(page, {"Content-Type": content_type}))
    with pytest.raises(ResponseError) as caught:
        get(service)
    assert caught.value.message == (
        f"{service.url}/launches returned {shown}, not JSON: «{page.decode()}»."
    )
    assert "--source snapshot" in caught.value.remedy


@pytest.mark.parametrize("content_type", ["application/vnd.api+json", "APPLICATION/JSON", ""])
def test_json_is_recognized_by_content_type_or_first_character(service, content_type):
    service.script("launches", Body(b" [{}]", {"Content-Type": content_type}))
    assert get(service).body == b" [{}]"


@pytest.mark.attack(
    "answer with an endless response, or one that decompresses to gigabytes",
    "refused at `SPACEX_MAX_RESPONSE_MB`",
)
@pytest.mark.parametrize("gzipped", [False, True])
def test_a_response_beyond_the_size_limit_is_not_read_in_full(service, gzipped):
    service.script("launches", LargeBody(200, gzipped=gzipped))
    with limited_memory(), pytest.raises(ResponseError) as caught:
        get(service)
    assert caught.value.message == f"{service.url}/launches returned more than 1 MB."
    assert caught.value.remedy == "If this size is expected, raise SPACEX_MAX_RESPONSE_MB."
    assert len(service.requests) == 1


def test_a_response_of_the_largest_size_is_accepted(service):
    body = b"[" + b" " * (MEBIBYTE - 2) + b"]"
    service.script("launches", Body(body))
    assert get(service).body == body


def test_a_redirect_is_followed(service):
    service.script("old", Redirect(f"{service.url}/launches"))
    with client_with() as client:
        response = client.get(f"{service.url}/old")
    assert (response.url, response.body) == (f"{service.url}/old", b'[{"id": "a"}]')


@pytest.mark.attack("send an endless body with a redirect", "not read")
def test_the_body_of_a_redirect_is_not_read(service):
    """It may be endless."""
    service.script("old", LargeBody(200, location=f"{service.url}/launches"))
    with limited_memory(), client_with() as client:
        assert client.get(f"{service.url}/old").body == b'[{"id": "a"}]'


@pytest.mark.attack("redirect in a loop", "refused after 5")
def test_a_redirect_loop_raises(service):
    service.script("launches", Redirect())
    with pytest.raises(ResponseError, match=r"/launches redirects in a loop\. The service may"):
        get(service)
    assert len(service.requests) == 6


@pytest.mark.attack("read files by a service's address, such as `file:///etc/passwd`", "refused")
@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v4", "file:///etc/passwd", "launches", "http://"])
def test_urls_other_than_http_are_rejected(url):
    with client_with() as client, pytest.raises(ResponseError) as caught:
        client.get(url)
    assert f"{url} is not a valid HTTP URL" in caught.value.message
    assert caught.value.remedy == "Check --base-url."


@pytest.mark.attack("redirect to a file of this machine", "refused")
def test_a_redirect_to_another_scheme_is_rejected(service):
    service.script("launches", Redirect("file:///etc/passwd"))
    with pytest.raises(ResponseError, match="is not a valid HTTP URL"):
        get(service)


def test_a_python_without_ssl_is_named(monkeypatch):
    def no_ssl(*_: object, **__: object) -> None:
        raise ImportError("Can't connect to HTTPS URL because the SSL module is not available.")

    monkeypatch.setitem(sys.modules, "ssl", None)
    with client_with() as client:
        monkeypatch.setattr(client._session, "get", no_ssl)
        with pytest.raises(SettingsError, match="has no module ssl") as caught:
            client.get("https://example.org")
    assert caught.value.remedy.startswith("Use another Python")


def test_a_refused_connection_is_an_outage():
    with client_with() as client, pytest.raises(ServiceUnavailableError) as caught:
        client.get(f"{NOBODY_HOME}/launches")
    assert caught.value.message.startswith(f"{NOBODY_HOME}/launches cannot be reached (")
    assert caught.value.message.endswith("Connection refused) (2 attempts).")


def test_an_unknown_host_is_an_outage():
    with client_with(attempts=1) as client, pytest.MonkeyPatch.context() as patch:
        unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(unknown))
        with pytest.raises(ServiceUnavailableError, match=r"\(Name or service not known\)\. "):
            client.get("http://nobody.invalid/launches")


def test_a_full_backlog_is_an_outage():
    """The port is open, but no process accepts the connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        clients = [socket.socket() for _ in range(3)]
        for each in clients:
            each.settimeout(0)
            each.connect_ex(server.getsockname())
        with client_with(connect_timeout_s=0.1, attempts=1) as client:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            with pytest.raises(ServiceUnavailableError, match="did not accept a connection"):
                client.get(url)
        for each in clients:
            each.close()


def test_a_server_without_tls_is_an_outage(service):
    url = service.url.replace("http:", "https:")
    with client_with(attempts=1) as client, pytest.raises(ServiceUnavailableError) as caught:
        client.get(f"{url}/launches")
    assert "has no trusted TLS connection" in caught.value.message
