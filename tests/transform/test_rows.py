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


@pytest.mark.parametrize(
    ("record", "reject"),
    [
        (
            without("name"),
            Reject("launches", "a", "name", "", "the record has no key 'name' (field name)"),
        ),
        (
            {**GOOD, "links": {}},
            Reject(
                "launches",
                "a",
                "webcast_url",
                "",
                "the record has no key 'webcast' (field links.webcast)",
            ),
        ),
        (
            {**GOOD, "links": None},
            Reject(
                "launches",
                "a",
                "webcast_url",
                "",
                "field links.webcast cannot be read: 'NoneType' object is not subscriptable",
            ),
        ),
        (
            without("id"),
            Reject("launches", "?", "launch_id", "", "the record has no key 'id' (field id)"),
        ),
        (
            without("frame"),
            Reject("launches", "a", "", "", "the record has no key 'frame' (field frame)"),
        ),
        (
            {**GOOD, "frame": "ITRF"},
            Reject(
                "launches", "a", "", "ITRF", "field frame is not TEME, which other columns assume"
            ),
        ),
    ],
)
def test_unreadable_record_is_rejected_once_with_its_key(record: Record, reject: Reject) -> None:
    assert read(record, LAUNCHES) == ([], [reject])


@pytest.mark.parametrize("cores", [None, {}, "x"])
def test_value_that_is_not_a_list_is_one_rejected_row(cores: object) -> None:
    reason = "field cores cannot be read: not a list"
    expected = Reject("launch_cores", "a/0", "", "", reason)
    assert read({**GOOD, "cores": cores}, BOOSTERS) == ([], [expected])


def test_missing_list_is_one_rejected_row() -> None:
    reason = "the record has no key 'cores' (field cores)"
    assert read(without("cores"), BOOSTERS) == ([], [Reject("launch_cores", "a/0", "", "", reason)])


def test_invalid_item_of_a_list_is_rejected_alone() -> None:
    rows, rejects = read({**GOOD, "cores": [{"core": "x"}, 7, {"core": "y"}]}, BOOSTERS)
    assert rows == [["a", 0, "x", 1], ["a", 2, "y", 1]]
    assert rejects == [
        Reject(
            "launch_cores",
            "a/1",
            "core_id",
            "",
            "field core cannot be read: 'int' object is not subscriptable",
        )
    ]


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
