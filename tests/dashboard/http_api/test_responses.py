"""What the API answers: tables, views, rows and statements, with their source."""

import csv
import io
import sqlite3
from contextlib import closing

import jsonschema
import pytest
from openapi_spec_validator import validate

from spacex.analysis.data_dates import data_dates
from spacex.analysis.queries import run
from spacex.dashboard.http_api.openapi import document
from spacex.dashboard.http_api.served_tables import served_tables
from spacex.settings import Settings
from tests.dashboard.http_api.conftest import Api, Reply

TABLES = [*served_tables()]


def rows_of(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(settings.database)) as connection:
        return connection.execute(sql).fetchall()


def test_the_description_is_valid_openapi(api: Api) -> None:
    described = api.get("/openapi.json").content
    validate(described)
    assert described == document()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_view_is_as_described(api: Api, sampled: Settings, name: str) -> None:
    found = api.get(f"/starlink/{name}.json?_size=20").content
    assert found["columns"] == [column.name for column in served_tables()[name].columns]
    (count,) = rows_of(sampled, f"SELECT count(*) FROM {name}")  # noqa: S608 - of ours
    assert found["filtered_table_rows_count"] == count[0]
    described = document()
    response = described["paths"][f"/starlink/{name}.json"]["get"]["responses"]["200"]
    schema = response["content"]["application/json"]["schema"]
    resolved = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(resolved).validate(found)
    names = {column.name for column in served_tables()[name].columns}
    assert set(described["components"]["schemas"][name]["properties"]) == names


def test_the_meaning_and_unit_of_each_column_are_those_of_the_dictionary(
    api: Api, sampled: Settings
) -> None:
    schemas = api.get("/openapi.json").content["components"]["schemas"]
    sql = "SELECT table_name, column_name, unit, description FROM _columns"
    for table, column, unit, description in rows_of(sampled, sql):
        described = schemas[table]["properties"][column]
        assert description in described["description"]
        assert described.get("x-unit", "") == unit


def test_every_address_of_the_description_answers(api: Api) -> None:
    for path, operations in document()["paths"].items():
        if "{key}" in path or path in {"/starlink.json", "/starlink.csv"}:
            continue
        reply = api.get(path)
        assert reply.status == 200
        (media,) = operations["get"]["responses"]["200"]["content"]
        assert reply.headers.get_content_type() == media


def test_the_start_lists_every_table_with_its_description(api: Api) -> None:
    found = api.get("/").content["tables"]
    assert {each["name"]: each["description"] for each in found} == {
        name: each.description for name, each in served_tables().items()
    }
    assert all(api.get(each["csv"]).status == 200 for each in found[:3])


def test_pages_of_a_table_are_the_table(api: Api, sampled: Settings) -> None:
    path, found = "/starlink/launches.json?_size=250&_col=name", []
    while path:
        page = api.get(path).content
        found += [(row["launch_id"], row["name"]) for row in page["rows"]]
        path = (page["next_url"] or "").removeprefix(api.url)
    assert sorted(found) == sorted(rows_of(sampled, "SELECT launch_id, name FROM launches"))


def test_rows_are_filtered_and_sorted(api: Api, sampled: Settings) -> None:
    query = "year__gte=2020&outcome=failure&_sort_desc=date_utc"
    found = api.get(f"/starlink/v_launches.json?{query}").content["rows"]
    sql = (
        "SELECT name FROM v_launches WHERE year >= 2020 AND outcome = 'failure' "
        "ORDER BY date_utc DESC"
    )
    assert [(row["name"],) for row in found] == rows_of(sampled, sql) != []


def test_a_row_has_an_address(api: Api, sampled: Settings) -> None:
    ((key, serial),) = rows_of(sampled, "SELECT core_id, serial FROM cores LIMIT 1")
    (row,) = api.get(f"/starlink/cores/{key}.json").content["rows"]
    assert row["serial"] == serial
    assert api.get("/starlink/cores/nothing.json").error == "Record not found"
    assert api.get("/starlink/v_boosters/B1049.json").status == 404


@pytest.mark.parametrize("key", ["a", "a,b,c", "a,b", "%ff", "~ZZ", "~", "a%2Cb", "..", "x%0D%0A"])
def test_an_unknown_key_is_not_found(api: Api, key: str) -> None:
    for table in ("launch_cores", "cores"):
        reply = api.get(f"/starlink/{table}/{key}.json")
        assert reply.status == 404
        assert reply.error


def test_parameters_are_bound_to_a_statement(api: Api) -> None:
    reply = api.sql("SELECT :text AS text, :year + 1 AS next", text="a'b", year=2025)
    assert reply.content["rows"] == [{"text": "a'b", "next": 2026}]
    assert not reply.content["truncated"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("array", [{"a": 1, "b": 2}]), ("arrayfirst", [1])],
)
def test_rows_have_the_form_asked_for(api: Api, shape: str, expected: object) -> None:
    assert api.sql("SELECT 1 AS a, 2 AS b", _shape=shape).content == expected


def test_csv_is_what_json_has(api: Api) -> None:
    path = "/starlink/v_launches.{}?_size=7&_sort=date_utc"
    reply, rows = api.get(path.format("csv")), api.get(path.format("json")).content["rows"]
    found = list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))
    texts = [
        {name: "" if each is None else str(each) for name, each in row.items()} for row in rows
    ]
    assert found == texts
    assert reply.headers["X-Spacex-Truncated"] == "true"
    assert ".csv?" in reply.headers["Link"]
    (following,) = api.get(_next(api, reply)).body.decode().splitlines()[1:2]
    assert following not in reply.body.decode()


def _next(api: Api, reply: Reply) -> str:
    return reply.headers["Link"].partition("<")[2].partition(">")[0].removeprefix(api.url)


def test_csv_of_a_wrong_statement_is_an_error(api: Api) -> None:
    assert api.sql("SELECT * FROM missing", "csv").error == "no such table: missing"


def test_every_response_names_its_source(api: Api, sampled: Settings) -> None:
    last = run(sampled.database)
    dates = data_dates(sampled.database)
    for path in ("/starlink/cores.json", "/starlink/cores.csv", "/starlink.json?sql=SELECT+1"):
        headers = api.get(path).headers
        assert headers["X-Spacex-Run"] == last["run_id"]
        assert headers["X-Spacex-Loaded"] == last["loaded_utc"]
        assert headers["X-Spacex-Simulated"] == "true"
        assert headers["X-Spacex-Data"] == f"sample={dates['data_utc'].iloc[0]}"
    about = api.get("/provenance.json").content
    assert about["run_id"] == last["run_id"]
    assert about["is_simulated"] is True
    assert about["note"] == last["note"]
    assert "decays" in about["coverage"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/starlink/cores.json?serail=B1049", "has no column 'serail'"),
        ("/starlink/cores.json?_sort=serail", "has no column 'serail'"),
        ("/starlink/cores.json?serial__like_=B1049", "'like_' is not an operator"),
        ("/starlink/cores.json?_size=0x", "_size must be a positive integer"),
        ("/starlink/cores.json?_facet=serial", "'_facet' is not a parameter"),
        ("/starlink/cores.json?_shape=html", "_shape is one of objects"),
        ("/starlink/v_boosters.json?_next=x", "A parameter has a wrong value"),
        ("/starlink/v_boosters.csv?_next=99999999999999999999", "A parameter has a wrong value"),
        ("/starlink.json", "Pass one statement"),
        ("/starlink.json?sql=", "Pass one statement"),
        ("/starlink.csv?sql=+", "Pass one statement"),
        ("/starlink.csv?sql=--", "must be a SELECT"),
        ("/starlink.json?sql=SELECT+?1", "binding"),
        ("/starlink.json?sql=SELECT+1&sql=SELECT+2", "Pass one statement"),
    ],
)
def test_a_wrong_parameter_is_an_error_and_not_an_empty_response(
    api: Api, path: str, reason: str
) -> None:
    reply = api.get(path)
    assert reply.status == 400
    assert reason in reply.error


def test_head_has_the_headers_alone(api: Api) -> None:
    got, head = api.get("/starlink/cores.json"), api.get("/starlink/cores.json", "HEAD")
    assert head.body == b""
    assert head.headers["X-Spacex-Run"] == got.headers["X-Spacex-Run"]
