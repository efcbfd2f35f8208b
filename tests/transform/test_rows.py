from typing import Any

import pytest

from spacex.sources.mapping import Constant, TableMapping
from spacex.transform.rows import Reject, quote, read_rows

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
    return f"the record has no key {path.rsplit('.', maxsplit=1)[-1]!r} (field {path})"


NOT_AN_OBJECT = "field links.webcast cannot be read: 'NoneType' object is not subscriptable"
OTHER_FRAME = "field frame is not TEME, which other columns assume"


@pytest.mark.parametrize(
    ("record", "key", "column", "value", "reason"),
    [
        (without("name"), "a", "name", "", no_key("name")),
        ({**GOOD, "links": {}}, "a", "webcast_url", "", no_key("links.webcast")),
        ({**GOOD, "links": None}, "a", "webcast_url", "", NOT_AN_OBJECT),
        (without("id"), "?", "launch_id", "", no_key("id")),
        (without("frame"), "a", "", "", no_key("frame")),
        ({**GOOD, "frame": "ITRF"}, "a", "", "ITRF", OTHER_FRAME),
    ],
)
def test_unreadable_record_is_rejected_once_with_its_key(
    record: Record, key: str, column: str, value: str, reason: str
) -> None:
    assert read(record, LAUNCHES) == ([], [Reject("launches", key, column, value, reason)])


@pytest.mark.parametrize("cores", [None, {}, "x"])
def test_value_that_is_not_a_list_is_one_rejected_row(cores: object) -> None:
    reason = "field cores cannot be read: not a list"
    expected = Reject("launch_cores", "a/0", "", "", reason)
    assert read({**GOOD, "cores": cores}, BOOSTERS) == ([], [expected])


def test_missing_list_is_one_rejected_row() -> None:
    reject = Reject("launch_cores", "a/0", "", "", no_key("cores"))
    assert read(without("cores"), BOOSTERS) == ([], [reject])


def test_invalid_item_of_a_list_is_rejected_alone() -> None:
    rows, rejects = read({**GOOD, "cores": [{"core": "x"}, 7, {"core": "y"}]}, BOOSTERS)
    assert rows == [["a", 0, "x", 1], ["a", 2, "y", 1]]
    reason = "field core cannot be read: 'int' object is not subscriptable"
    assert rejects == [Reject("launch_cores", "a/1", "core_id", "", reason)]


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
