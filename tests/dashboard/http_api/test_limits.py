"""The limits of the API: time, rows, sizes, and many requests at once."""
# ruff: noqa: S608 - these statements are attacks

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from spacex.dashboard.http_api import limits
from tests.dashboard.http_api.conftest import ENDLESS, Api

LONG = f"replace(hex(zeroblob({limits.VALUE_BYTES // 2 - 1000})), '0', 'a')"


@pytest.mark.attack("ask for an endless query", "400 after 5 s")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_query_has_a_time_limit(api: Api, form: str) -> None:
    begin = time.monotonic()
    assert api.sql(ENDLESS, form).error == "The query took longer than 5 s."
    assert time.monotonic() - begin < 3 * limits.QUERY_MS / 1000


@pytest.mark.attack("stop others by ten endless queries at once", "others are answered meanwhile")
def test_ten_slow_queries_do_not_stop_others(api: Api) -> None:
    with ThreadPoolExecutor(10) as pool:
        slow = [pool.submit(api.sql, ENDLESS) for _ in range(10)]
        time.sleep(0.3)
        still_run = []
        for path in ("/health", "/starlink/cores.json?_size=5", "/starlink.json?sql=SELECT+1") * 2:
            assert api.get(path).status == 200
            still_run.append(sum(not each.done() for each in slow))
        assert {each.result().status for each in slow} == {400}
    assert still_run[0] == 10  # on a busy machine, some end before the last response


@pytest.mark.attack(
    "ask for more at once than the server does", "503 with Retry-After; tables go on"
)
def test_too_many_queries_wait_and_are_then_refused(api: Api) -> None:
    with ThreadPoolExecutor(60) as pool:
        slow = [pool.submit(api.sql, ENDLESS) for _ in range(3 * limits.QUERIES_AT_ONCE + 2)]
        time.sleep(1)
        assert api.get("/starlink/cores.json?_size=5").status == 200
        replies = [each.result() for each in slow]
    refused = [each for each in replies if each.status == 503]
    assert {each.status for each in replies} == {400, 503}
    assert {each.headers["Retry-After"] for each in refused} == {"2"}
    assert api.sql("SELECT 1").status == 200


@pytest.mark.attack("ask for all rows at once", "2,000 rows at most, and the response says so")
def test_a_response_has_a_limited_number_of_rows(api: Api) -> None:
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT i FROM n"
    )
    found = api.sql(many.format(limits.ROWS + 1)).content
    assert (len(found["rows"]), found["truncated"]) == (limits.ROWS, True)
    found = api.sql(many.format(limits.ROWS)).content
    assert (len(found["rows"]), found["truncated"]) == (limits.ROWS, False)
    reply = api.sql(many.format(limits.ROWS + 1), "csv")
    assert len(reply.body.splitlines()) == limits.ROWS + 1
    assert reply.headers["X-Spacex-Truncated"] == "true"
    assert "must be <= 2000" in api.get(f"/starlink/cores.json?_size={limits.ROWS + 1}").error


@pytest.mark.attack("fill memory by long texts, wide rows, sorts or plans", "400")
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT hex(zeroblob(1000000000))", "longer than 200,000 bytes"),
        ("SELECT printf('%.*c', 2000000000, 'x')", "The function printf is not allowed"),
        (f"SELECT {LONG} FROM starlink", "more than 8 MiB"),
        (
            f"SELECT {LONG} || a.norad_cat_id AS t FROM starlink a, starlink b ORDER BY t",
            "too much memory",
        ),
        ("SELECT " + ",".join("1" * 300), "too many columns"),
        ("SELECT count(*) FROM " + ", ".join(f"v_fleet_growth a{i}" for i in range(60)), "too"),
        (" UNION ".join(["SELECT * FROM v_coverage"] * 60), "too"),
        ("SELECT " + "(" * 900 + "1" + ")" * 900, ""),
    ],
    ids=["zeroblob", "function", "result", "sort", "columns", "plan", "union", "parentheses"],
)
def test_a_statement_has_limited_sizes(api: Api, sql: str, reason: str) -> None:
    begin = time.monotonic()
    assert reason in api.sql(sql).error
    assert time.monotonic() - begin < 3 * limits.QUERY_MS / 1000


@pytest.mark.attack("keep one instruction of SQLite busy for long", "1 s at most")
@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT instr(a, substr(a, 1, 99000) || 'b') FROM (SELECT {LONG} AS a)",
        f"SELECT a LIKE '%a%a%a%a%a%a%a%b' FROM (SELECT {LONG} AS a)",
        f"SELECT a GLOB '*[ab]*[ab]*[ab]*[ab]*[ab]*c' FROM (SELECT {LONG} AS a)",
    ],
    ids=["instr", "like", "glob"],
)
def test_no_instruction_takes_long(api: Api, sql: str) -> None:
    begin = time.monotonic()
    assert api.sql(sql).status == 200
    assert time.monotonic() - begin < 3


@pytest.mark.attack("call functions that one call keeps busy for long", "400")
@pytest.mark.parametrize(
    "call",
    [
        "format('%.*c', 2000000000, 'x')",
        "trim('a', 'b')",
        "LTRIM('a', 'b')",
        "json_patch('{}', '{}')",
    ],
)
def test_slow_functions_are_not_called(api: Api, call: str) -> None:
    assert "is not allowed here" in api.sql(f"SELECT {call}").error
    assert "is not allowed here" in api.sql(f"SELECT * FROM (SELECT {call} AS x)").error
    assert api.sql(f"SELECT 1 WHERE {call}").status == 400


@pytest.mark.attack("send a long address or many parameters", "414, or 400")
def test_an_address_has_a_limited_length(api: Api) -> None:
    assert api.sql("SELECT 1 -- " + "x" * limits.ADDRESS_BYTES).status == 414
    assert api.get("/starlink.json?sql=" + "x" * 60_000).status == 414
    many = "&".join(f"a{i}=1" for i in range(limits.PARAMETERS))
    assert "more than 50 parameters" in api.get(f"/starlink.json?sql=SELECT+1&{many}").error


@pytest.mark.attack("have expensive facets, counts or searches computed", "400")
@pytest.mark.parametrize(
    "parameter",
    [
        "_facet=name",
        "_facet_array=name",
        "_facet_date=date_utc",
        "_search=x",
        "_where=1",
        "_through={}",
    ],
)
def test_no_facets_and_free_conditions(api: Api, parameter: str) -> None:
    assert "is not a parameter" in api.get(f"/starlink/launches.json?{parameter}").error
