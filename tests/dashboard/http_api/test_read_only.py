"""The API changes nothing, and answers nobody but programs of this machine."""

import hashlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from spacex.dashboard.http_api.application import HEADERS
from tests.dashboard.http_api.conftest import Api

WRITES = (
    "INSERT INTO cores (core_id) VALUES ('x')",
    "UPDATE cores SET serial = 'x'",
    "DELETE FROM cores",
    "REPLACE INTO cores (core_id) VALUES ('x')",
    "DROP TABLE cores",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE TEMP VIEW x AS SELECT 1",
    "ALTER TABLE cores ADD COLUMN x",
    "VACUUM",
    "VACUUM INTO 'x.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN IMMEDIATE",
    "SAVEPOINT x",
    "ATTACH 'x.db' AS x",
    "DETACH main",
    "PRAGMA writable_schema = ON",
    "PRAGMA query_only = OFF",
    "PRAGMA journal_mode = WAL",
    "PRAGMA user_version = 1",
    "WITH x AS (SELECT 1) INSERT INTO cores (core_id) SELECT 'x'",
    "WITH x AS (SELECT 1) UPDATE cores SET serial = 'x'",
    "WITH x AS (SELECT 1) DELETE FROM cores RETURNING *",
    "SELECT 1; DELETE FROM cores",
    "SELECT 1 -- \n; DELETE FROM cores",
    "EXPLAIN SELECT 1; DELETE FROM cores",
    "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')",
    "SELECT edit('x')",
    "SELECT * FROM pragma_writable_schema(1)",
)

OTHERS = (
    ("SELECT * FROM pragma_database_list", "the path of the file"),
    ("SELECT file FROM pragma_database_list()", "the path of the file"),
    ("SELECT readfile('/etc/passwd')", "a file"),
    ("SELECT * FROM pragma_function_list", "the functions"),
    ("SELECT * FROM sqlite_dbpage", "raw pages"),
    ("SELECT * FROM fsdir('/')", "a folder"),
)


@pytest.fixture
def unchanged(api: Api) -> Iterator[None]:
    """Check that the database and its folder are as before."""
    before = state(api)
    yield
    assert state(api) == before


def state(api: Api) -> object:
    digest = hashlib.sha256(api.database.read_bytes()).hexdigest()
    found = sorted(path.name for path in api.database.parent.iterdir())
    return digest, api.database.stat().st_mtime_ns, found


@pytest.mark.attack(
    "write, attach, change pragmas or create temporary tables by SQL", "400; the file is unchanged"
)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_no_statement_writes(api: Api, form: str) -> None:
    assert [(sql, api.sql(sql, form).status) for sql in WRITES] == [(sql, 400) for sql in WRITES]


@pytest.mark.attack("read files and paths of the machine by SQL", "400")
@pytest.mark.parametrize(("sql", "what"), OTHERS)
def test_no_statement_reads_anything_else(api: Api, sql: str, what: str) -> None:
    reply = api.sql(sql)
    assert reply.status == 400, what
    assert str(api.database.parent).encode() not in reply.body


@pytest.mark.attack("write by other methods and addresses of Datasette", "404, 405 or 400")
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
)
def test_only_get_and_head_are_answered(api: Api, method: str) -> None:
    for path in ("/starlink/cores.json", "/starlink.json?sql=SELECT+1", "/-/permissions", "/"):
        reply = api.get(path, method)
        assert reply.status == 405
        assert reply.headers["Allow"] == "GET, HEAD"


@pytest.mark.attack(
    "ask for the file, settings, plugins, paths, threads, tokens and pages of Datasette", "404"
)
@pytest.mark.parametrize(
    "path",
    [
        "/starlink.db",
        "/starlink",
        "/starlink/cores",
        "/starlink.jsono?sql=SELECT+1",
        "/starlink/cores.blob?_blob_column=serial",
        "/starlink/sqlite_master.json",
        "/starlink/sqlite_schema.json",
        "/starlink/nothing.json",
        "/starlink/cores.json/",
        "/starlink%2Ejson?sql=SELECT+1",
        "/starlink//cores.json",
        "/_internal.json?sql=SELECT+1",
        "/_internal/databases.json",
        "/_memory.json?sql=SELECT+1",
        "/-/auth-token?token=x",
        "/-/databases.json",
        "/-/metadata.json",
        "/-/permissions",
        "/-/plugins.json",
        "/-/settings.json",
        "/-/static/app.css",
        "/-/threads.json",
        "/-/versions.json",
        "/../../etc/passwd",
        "/starlink/..%2f..%2fetc%2fpasswd.json",
        "/favicon.ico",
    ],
)
def test_other_addresses_are_unknown(api: Api, path: str) -> None:
    reply = api.get(path)
    assert reply.status == 404
    assert str(api.database.parent).encode() not in reply.body


@pytest.mark.attack("stream, trace, or change the form by hidden parameters", "400")
@pytest.mark.parametrize(
    "parameter",
    [
        "_stream=on",
        "_trace=1",
        "_format=html",
        "_extra=x",
        "_extras=x",
        "_ttl=9999",
        "_dl=1",
        "_timelimit=99999",
        "_json=x",
        "_context=1",
    ],
)
def test_hidden_parameters_are_refused(api: Api, parameter: str) -> None:
    assert api.get(f"/starlink/cores.json?{parameter}").status == 400
    assert api.get(f"/starlink.csv?sql=SELECT+1&{parameter}").status == 400


@pytest.mark.attack("reach the API under a name of one's own (DNS rebinding)", "403")
def test_a_foreign_name_for_this_machine_is_refused(api: Api) -> None:
    path = "/starlink/cores.json"
    for name in ("attacker.example.com", "127.0.0.1.example.com", "localhost.example.com", ""):
        assert "SPACEX_HOSTS" in api.get(path, Host=name).error
    for name in ("localhost:8001", "LOCALHOST", "[::1]:8001", "192.0.2.1", "figures.example.org"):
        assert api.get(path, Host=name).status == 200


@pytest.mark.attack("read the API from a page of another site, or embed it", "403, and no CORS")
def test_pages_of_other_sites_are_refused(api: Api) -> None:
    path = "/starlink/cores.json"
    assert api.get(path, Origin="https://example.com").status == 403
    assert api.get(path, Sec_Fetch_Site="cross-site").status == 403
    assert api.get(path, Sec_Fetch_Site="same-site").status == 403
    reply = api.get(path, Sec_Fetch_Site="none")
    assert reply.status == 200
    assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.attack(
    "have a browser run a response as a page", "forbidden by headers on each response"
)
@pytest.mark.parametrize("path", ["/", "/starlink/cores.json", "/starlink/cores.csv", "/nothing"])
def test_every_response_has_the_headers(api: Api, path: str) -> None:
    found = api.get(path).headers
    assert {name: found[name] for name in HEADERS} == HEADERS
    assert found.get_content_type() in {"application/json", "text/csv"}
    assert "Set-Cookie" not in found


@pytest.mark.attack("put line breaks into an address, to forge headers", "400 or no effect")
def test_no_header_is_forged(api: Api) -> None:
    forged = quote("x\r\nSet-Cookie: a=b")
    for path in (f"/starlink/cores.json?_next={forged}", f"/starlink/{forged}.json"):
        assert "Set-Cookie" not in api.get(path).headers


@pytest.mark.attack("send a head without end", "disconnected")
def test_a_large_head_is_not_read(api: Api) -> None:
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            send_slowly(connection)


def send_slowly(connection: socket.socket) -> None:
    """Send 3 MB of headers, as long as they are read."""
    for number in range(3000):
        connection.sendall(b"X-%d: %b\r\n" % (number, b"x" * 1000))
        time.sleep(0.001)
