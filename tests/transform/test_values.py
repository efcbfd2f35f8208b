import pytest

from spacex.schema import Kind
from spacex.transform.values import convert


@pytest.mark.parametrize(
    ("kind", "values", "converted"),
    [
        (Kind.TEXT, ["a", "", None], ["a", "", None]),
        (Kind.URL, ["https://a.b", "http://a", None], ["https://a.b", "http://a", None]),
        (
            Kind.DATE,
            ["2020-01-19", "2020-01-19T23:59:59.5Z", None],
            ["2020-01-19", "2020-01-19", None],
        ),
        (
            Kind.UTC,
            ["2020-01-19T15:30:00.999Z", "2006-03-25T10:30:00+12:00", "2020-01-19", None],
            ["2020-01-19T15:30:00Z", "2006-03-24T22:30:00Z", "2020-01-19T00:00:00Z", None],
        ),
        (
            Kind.EPOCH,
            ["2021-10-17T04:00:01.999584", "2021-10-17T04:00:01", None],
            ["2021-10-17T04:00:01.999584Z", "2021-10-17T04:00:01.000000Z", None],
        ),
        (Kind.INTEGER, [1, 2.0, -(2**63), 2**63 - 1, None], [1, 2, -(2**63), 2**63 - 1, None]),
        (Kind.BOOLEAN, [True, False, 1, 0, None], [True, False, True, False, None]),
        (Kind.REAL, [1.5, 2, None], [1.5, 2.0, None]),
        (Kind.REAL, [], []),
    ],
)
def test_valid_values_are_converted(
    kind: Kind, values: list[object], converted: list[object]
) -> None:
    found, errors = convert(kind, values)
    assert errors == {}
    assert [(type(value), value) for value in found] == [(type(v), v) for v in converted]


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (Kind.TEXT, 7, "expected text, found a number"),
        (Kind.TEXT, True, "expected text, found true or false"),
        (Kind.TEXT, [], "expected text, found a list"),
        (Kind.TEXT, {}, "expected text, found an object"),
        pytest.param(Kind.TEXT, "x" * 20_001, "text of 20,001 characters", id="long text"),
        (Kind.URL, "javascript:alert(1)", "expected a web address that begins with http://"),
        (Kind.URL, "", "expected a web address"),
        (Kind.URL, 7, "expected text, found a number"),
        (Kind.DATE, "19.01.2020", "Invalid isoformat string"),
        (Kind.DATE, "2020-02-30", "day is out of range for month"),
        (Kind.DATE, 20200119, "expected text, found a number"),
        (Kind.UTC, "soon", "Invalid isoformat string"),
        (Kind.UTC, "0001-01-01T00:00:00+14:00", "out of range"),
        (Kind.UTC, 1579447800, "expected text, found a number"),
        (Kind.EPOCH, "", "Invalid isoformat string"),
        (Kind.INTEGER, 1.5, "expected a whole number, found a number"),
        (Kind.INTEGER, "1", "expected a whole number, found text"),
        (Kind.INTEGER, True, "expected a whole number, found true or false"),
        (Kind.INTEGER, 2**63, "whole number is too large"),
        (Kind.INTEGER, -(2**63) - 1, "whole number is too large"),
        (Kind.INTEGER, float("nan"), "NaN"),
        (Kind.INTEGER, float("inf"), "infinity"),
        (Kind.TEXT, "caf\N{REPLACEMENT CHARACTER}", "text that is not UTF-8"),
        (Kind.BOOLEAN, "true", "expected true or false, found text"),
        (Kind.BOOLEAN, 2, "expected true or false, found a number"),
        (Kind.BOOLEAN, 1.0, "expected true or false, found a number"),
        (Kind.REAL, "1.5", "expected a number, found text"),
        (Kind.REAL, False, "expected a number, found true or false"),
        (Kind.REAL, 10**400, "too large"),
        (Kind.REAL, [1], "expected a number, found a list"),
    ],
)
def test_invalid_value_has_a_reason(kind: Kind, value: object, reason: str) -> None:
    found, errors = convert(kind, [None, value])
    assert found == [None, None]
    assert list(errors) == [1]
    assert reason in errors[1]
