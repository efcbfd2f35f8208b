from typing import Any

import pytest

from spacex.sources.mapping import Constant, TableMapping
from spacex.transform.rows import Reject, quote, read_rows
from spacex.transform.values import UnreadableError

Record = dict[str, Any]
LAUNCHES = TableMapping(
    table="launches",
    columns={"launch_id": "id", "name": "name", "webcast_url": "links.webcast"},
    expect={"frame": "TEME"},
)
BOOSTERS = TableMapping(
    table="launch_cores",
    each="cores",
    columns={"launch_id": "^id", "core_index": "#", "core_id": "core", "flight": Constant(1)},
)
GOOD = {"id": "a", "name": "A", "links": {"webcast": None}, "frame": "TEME", "cores": []}


def read(record: Record, mapping: TableMapping) -> tuple[list[list[Any]], list[Reject]]:
    (rows,) = read_rows([record], [mapping])
    return rows.rows, rows.rejects


def test_mappings_read_rows_in_the_order_of_their_columns() -> None:
    records = [{**GOOD, "cores": [{"core": "x"}, {"core": None}]}, {**GOOD, "id": "b"}]
    launches, boosters = read_rows(records, [LAUNCHES, BOOSTERS])
    assert launches.columns == ("launch_id", "name", "webcast_url")
    assert launches.rows == [["a", "A", None], ["b", "A", None]]
    assert boosters.columns == ("launch_id", "core_index", "core_id", "flight")
    assert boosters.rows == [["a", 0, "x", 1], ["a", 1, None, 1]]
    assert launches.rejects == boosters.rejects == []


def without(key: str) -> Record:
    return {name: value for name, value in GOOD.items() if name != key}


def no_key(path: str) -> str:
    return f"the record has no field {path}"


OTHER_FRAME = "field frame is not TEME, which other columns assume"


@pytest.mark.parametrize(
    ("record", "key", "column", "value", "reason"),
    [
        (without("name"), "a", "name", "", no_key("name")),
        (without("id"), "?", "launch_id", "", no_key("id")),
        (without("frame"), "a", "", "", no_key("frame")),
        ({**GOOD, "frame": "ITRF"}, "a", "", "ITRF", OTHER_FRAME),
    ],
)
def test_unreadable_record_is_rejected_once_with_its_key(
    record: Record, key: str, column: str, value: str, reason: str
) -> None:
    reject = Reject("launches", key, column, value, reason, record.get("name", ""))
    assert read(record, LAUNCHES) == ([], [reject])


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ({}, "the record has no field links.webcast"),
        (None, "field links is null, not an object"),
        ("x", "field links is text, not an object"),
    ],
)
def test_unreadable_field_of_an_optional_column_costs_its_value(links: object, reason: str) -> None:
    rows, rejects = read({**GOOD, "links": links}, LAUNCHES)
    ((launch_id, name, webcast),) = rows
    assert (launch_id, name, rejects) == ("a", "A", [])
    assert isinstance(webcast, UnreadableError)
    assert str(webcast) == reason


@pytest.mark.parametrize(("cores", "kind"), [(None, "null"), ({}, "an object"), ("x", "text")])
def test_value_that_is_not_a_list_is_one_rejected_row(cores: object, kind: str) -> None:
    expected = Reject("launch_cores", "a/0", "", "", f"field cores is {kind}, not a list", "A")
    assert read({**GOOD, "cores": cores}, BOOSTERS) == ([], [expected])


def test_missing_list_is_one_rejected_row() -> None:
    reject = Reject("launch_cores", "a/0", "", "", no_key("cores"), "A")
    assert read(without("cores"), BOOSTERS) == ([], [reject])


def test_invalid_item_of_a_list_is_rejected_alone() -> None:
    rows, rejects = read({**GOOD, "cores": [{"core": "x"}, 7, {"core": "y"}]}, BOOSTERS)
    assert rows == [["a", 0, "x", 1], ["a", 2, "y", 1]]
    reason = "field cores[1] is a number, not an object"
    assert rejects == [Reject("launch_cores", "a/1", "core_id", "", reason, "A")]


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("a", "a"),
        (7, "7"),
        (None, "null"),
        (float("nan"), "null"),
        ([1], "[1]"),
        ("x" * 201, "x" * 200 + "…"),
    ],
)
def test_quoted_value_is_truncated(value: object, quoted: str) -> None:
    assert quote(value) == quoted
