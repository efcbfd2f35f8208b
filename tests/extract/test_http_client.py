import gzip
import socket
import threading
import tracemalloc
from contextlib import contextmanager
from dataclasses import replace

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.http_client import Client, Limits
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
    read_timeout_s=0.2,
    total_timeout_s=5,
    attempts=2,
    backoff_s=0.01,
    longest_wait_s=2,
    max_bytes=MEBIBYTE,
)
STORED = "--source snapshot"


@pytest.fixture
def service(tmp_path):
    (tmp_path / "launches.json").write_bytes(b'[{"id": "a"}]')
    with Replica(tmp_path) as server:
        yield server


@contextmanager
def asking(**changes):
    with Client("SpaceX-Insights/test (me@example.org)", replace(LIMITS, **changes)) as client:
        yield client


def get(service, etag=None, **changes):
    with asking(**changes) as client:
        return client.get(f"{service.url}/launches", etag=etag)


def test_an_answer_is_the_bytes_with_what_the_service_says_of_them(service):
    answer = get(service)
    assert (answer.url, answer.status, answer.body) == (
        f"{service.url}/launches",
        200,
        b'[{"id": "a"}]',
    )
    assert answer.content_type == JSON
    assert answer.etag.startswith('W/"')


def test_the_service_is_told_who_asks_and_for_what(service):
    get(service)
    (request,) = service.requests
    assert request.headers["User-Agent"] == "SpaceX-Insights/test (me@example.org)"
    assert request.headers["Accept"] == "application/json"
    assert "If-None-Match" not in request.headers


def test_a_packed_answer_is_unpacked(service):
    packed = gzip.compress(b'[{"id": "b"}]')
    service.script("launches", Body(packed, {"Content-Encoding": "gzip"}))
    assert get(service).body == b'[{"id": "b"}]'


def test_a_known_answer_is_not_sent_again(service):
    known = get(service)
    answer = get(service, etag=known.etag)
    assert (answer.status, answer.body, answer.etag) == (304, b"", known.etag)


def test_a_changed_answer_is_sent_though_another_is_known(service):
    known = get(service)
    service.serve("launches", b"[{}, {}]")
    answer = get(service, etag=known.etag)
    assert (answer.status, answer.body) == (200, b"[{}, {}]")


def test_304_to_an_unconditional_request_is_no_answer(service):
    service.script("launches", Status(304))
    with pytest.raises(ResponseError, match="answered 304"):
        get(service)


@pytest.mark.parametrize(
    "passing",
    [
        Status(429),
        Status(500),
        Status(502),
        Status(503),
        Status(504),
        Hang(),
        Disconnect(b"[{"),
        Disconnect(b"[{", reset=True),
        Disconnect(b"", reset=True),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_tried_again(service, passing):
    service.script("launches", passing, Normal())
    assert get(service).body == b'[{"id": "a"}]'
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("passing", "message"),
    [
        (Status(500, body=b"<h1>Oops</h1>"), "answered 500 «<h1>Oops</h1>» (2 attempts)"),
        (Status(503), "answered 503 (2 attempts)"),
        (Hang(), "does not answer in time (2 attempts)"),
        (Hang(b"HTTP/1.1 200 OK\r\n"), "does not answer in time (2 attempts)"),
        (
            Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{"),
            "does not answer in time (2 attempts)",
        ),
        (Disconnect(b"[{}]"), "broke off its answer (2 attempts)"),
        (Disconnect(b"[{}]", reset=True), "broke off its answer (2 attempts)"),
        (Body(b"no gzip", {"Content-Encoding": "gzip"}), "broke off its answer (2 attempts)"),
        (Hang(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be reached"),
    ],
    ids=repr,
)
def test_what_does_not_pass_is_an_outage_after_the_attempts(service, passing, message):
    service.script("launches", passing)
    with pytest.raises(ServiceUnavailableError) as caught:
        get(service)
    assert f"{service.url}/launches {message}" in caught.value.message
    assert STORED in caught.value.remedy
    assert len(service.requests) == 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_dripping_service_is_cut_off(service, chunked):
    """Each byte comes in time, so that only the limit on the whole can end it."""
    service.script("launches", SlowBody(chunked=chunked))
    with pytest.raises(ServiceUnavailableError, match=r"took more than 0\.2 s to answer"):
        get(service, total_timeout_s=0.2, attempts=1)


def test_a_head_that_never_ends_is_cut_off(service):
    service.script("launches", SlowHeaders())
    with pytest.raises(ServiceUnavailableError, match=r"took more than 0\.2 s to answer"):
        get(service, total_timeout_s=0.2, attempts=1)


def test_a_name_server_that_does_not_answer_is_waited_for_no_longer():
    over = threading.Event()
    with asking(total_timeout_s=0.2, attempts=1) as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
        with pytest.raises(ServiceUnavailableError, match=r"took more than 0\.2 s to answer"):
            client.get("http://nobody.invalid/launches")
        over.set()


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 418, 501])
def test_what_does_not_pass_by_itself_is_asked_for_once(service, code):
    service.script("launches", Status(code, body=b"no\nsuch\x07 list"))
    with pytest.raises(ResponseError) as caught:
        get(service)
    assert caught.value.message == f"{service.url}/launches answered {code} «no such list»."
    assert "Check the address" in caught.value.remedy
    assert len(service.requests) == 1


def test_a_short_wait_that_is_asked_for_is_waited(service):
    service.script("launches", Status(429, {"Retry-After": "1"}), Normal())
    moments = []
    with asking() as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacex.extract.http_client.time.sleep", moments.append)
        client.get(f"{service.url}/launches")
    assert moments == [1.0]


def test_a_long_wait_that_is_asked_for_is_an_outage_at_once(service):
    service.script("launches", Status(429, {"Retry-After": "3600"}, b"slow down"))
    with pytest.raises(ServiceUnavailableError) as caught:
        get(service)
    assert caught.value.message == (
        f"{service.url}/launches answered 429 «slow down» and asks to come back in 3600 s."
    )
    assert len(service.requests) == 1


@pytest.mark.parametrize("when", ["Wed, 21 Oct 2015 07:28:00 GMT", "0"])
def test_a_wait_that_is_over_is_not_waited(service, when):
    service.script("launches", Status(503, {"Retry-After": when}), Normal())
    assert get(service).status == 200


@pytest.mark.parametrize("nonsense", ["soon", "-1", "Fri, 31 Dec 99999 23:59:59 GMT", ""])
def test_a_wait_that_makes_no_sense_is_ours_to_choose(service, nonsense):
    service.script("launches", Status(503, {"Retry-After": nonsense}), Normal())
    assert get(service).status == 200


def test_waits_double_and_have_a_limit(service):
    service.script("launches", Status(503))
    moments = []
    patience = {"attempts": 5, "backoff_s": 0.5, "longest_wait_s": 3}
    with asking(**patience) as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacex.extract.http_client.time.sleep", moments.append)
        with pytest.raises(ServiceUnavailableError, match=r"\(5 attempts\)"):
            client.get(f"{service.url}/launches")
    assert moments == [0.5, 1, 2, 3]


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [("text/html; charset=utf-8", "text/html; charset=utf-8"), ("", "no content type")],
)
def test_a_page_is_no_answer(service, content_type, shown):
    page = b"<!doctype html><title>Under maintenance</title>"
    service.script("launches", Body(page, {"Content-Type": content_type}))
    with pytest.raises(ResponseError) as caught:
        get(service)
    assert caught.value.message == (
        f"{service.url}/launches answered with {shown}, not JSON: «{page.decode()}»."
    )
    assert "--source snapshot" in caught.value.remedy


@pytest.mark.parametrize("content_type", ["application/vnd.api+json", "APPLICATION/JSON", ""])
def test_json_is_known_by_its_type_or_its_first_character(service, content_type):
    service.script("launches", Body(b" [{}]", {"Content-Type": content_type}))
    assert get(service).body == b" [{}]"


@pytest.mark.parametrize("packed", [False, True])
def test_too_large_an_answer_is_cut_off_before_it_fills_the_memory(service, packed):
    service.script("launches", LargeBody(200, gzipped=packed))
    tracemalloc.start()
    try:
        with pytest.raises(ResponseError) as caught:
            get(service)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.message == f"{service.url}/launches answered with more than 1 MB."
    assert caught.value.remedy == "If so much is right, raise SPACEX_MAX_RESPONSE_MB."
    assert peak < 16 * MEBIBYTE
    assert len(service.requests) == 1


def test_an_answer_of_the_largest_size_is_taken(service):
    body = b"[" + b" " * (MEBIBYTE - 2) + b"]"
    service.script("launches", Body(body))
    assert get(service).body == body


def test_a_redirect_is_followed(service):
    service.script("old", Redirect(f"{service.url}/launches"))
    with asking() as client:
        answer = client.get(f"{service.url}/old")
    assert (answer.url, answer.body) == (f"{service.url}/old", b'[{"id": "a"}]')


def test_the_body_of_a_redirect_is_not_read(service):
    """It could be endless, and nobody wants it."""
    service.script("old", LargeBody(200, location=f"{service.url}/launches"))
    tracemalloc.start()
    try:
        with asking() as client:
            answer = client.get(f"{service.url}/old")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.body == b'[{"id": "a"}]'
    assert peak < 16 * MEBIBYTE


def test_a_redirect_loop_is_no_answer(service):
    service.script("launches", Redirect())
    with pytest.raises(
        ResponseError, match=r"/launches redirects in a loop\. The service may have"
    ):
        get(service)
    assert len(service.requests) == 6


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v4", "file:///etc/passwd", "launches", "http://"])
def test_an_address_that_is_not_of_the_web_is_refused(url):
    with asking() as client, pytest.raises(ResponseError) as caught:
        client.get(url)
    assert f"{url} is no address that can be asked" in caught.value.message
    assert caught.value.remedy == "Check --base-url."


def test_a_redirect_out_of_the_web_is_refused(service):
    service.script("launches", Redirect("file:///etc/passwd"))
    with pytest.raises(ResponseError, match="is no address that can be asked"):
        get(service)


def test_a_port_where_nobody_listens_is_an_outage():
    with asking() as client, pytest.raises(ServiceUnavailableError) as caught:
        client.get(f"{NOBODY_HOME}/launches")
    assert caught.value.message.startswith(f"{NOBODY_HOME}/launches cannot be reached (")
    assert caught.value.message.endswith("Connection refused) (2 attempts).")


def test_a_name_nobody_has_is_an_outage():
    with asking(attempts=1) as client, pytest.MonkeyPatch.context() as patch:
        unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(unknown))
        with pytest.raises(ServiceUnavailableError, match=r"\(Name or service not known\)\. "):
            client.get("http://nobody.invalid/launches")


def test_a_full_backlog_is_an_outage():
    """A port that is open, but where nobody takes the call."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:
            caller.settimeout(0)
            caller.connect_ex(deaf.getsockname())
        with asking(connect_timeout_s=0.1, attempts=1) as client:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            with pytest.raises(ServiceUnavailableError, match="does not accept a connection"):
                client.get(url)
        for caller in callers:
            caller.close()


def test_plain_text_where_tls_is_spoken_is_an_outage(service):
    url = service.url.replace("http:", "https:")
    with asking(attempts=1) as client, pytest.raises(ServiceUnavailableError) as caught:
        client.get(f"{url}/launches")
    assert "has no trustworthy TLS connection" in caught.value.message
