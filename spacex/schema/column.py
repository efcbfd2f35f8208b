"""Declarations of columns and tables."""

from dataclasses import KW_ONLY, dataclass, replace
from enum import Enum
from functools import partial

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_TIME = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]"


class Kind(Enum):
    """Kind of value: SQLite storage class, description, and GLOB pattern of its text."""

    TEXT = ("TEXT", "text", None)
    URL = ("TEXT", "web address", "http*://*")
    DATE = ("TEXT", "calendar date, YYYY-MM-DD", _DAY)
    UTC = ("TEXT", "instant in UTC, to the second", f"{_DAY}T{_TIME}Z")
    EPOCH = ("TEXT", "instant in UTC, to the microsecond", f"{_DAY}T{_TIME}.{'[0-9]' * 6}Z")
    INTEGER = ("INTEGER", "whole number", None)
    BOOLEAN = ("INTEGER", "0 or 1", None)
    REAL = ("REAL", "number", None)

    def __init__(self, storage: str, meaning: str, glob: str | None) -> None:
        self.storage = storage
        self.meaning = meaning
        self.glob = glob


@dataclass(frozen=True)
class Column:
    """One column of one or more tables.

    Attributes:
        name: ends in the unit: `altitude_km`, `epoch_utc`.
        description: meaning, for the data dictionary.
        unit: unit symbol; empty for dimensionless numbers and text.
        required: whether the column is NOT NULL.
        values: allowed values; empty if unrestricted.
        references: `table.column` that should contain the value. Orphans are kept and counted by
            the checks, because the services' endpoints disagree with each other.
        form: the form of its text, for people; empty if unrestricted.
        pattern: the regular expression of that form.
    """

    kind: Kind
    name: str
    description: str
    unit: str = ""
    _: KW_ONLY
    required: bool = False
    values: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    references: str | None = None
    form: str = ""
    pattern: str = ""


text = partial(Column, Kind.TEXT)
url = partial(Column, Kind.URL)
date = partial(Column, Kind.DATE)
utc = partial(Column, Kind.UTC)
epoch = partial(Column, Kind.EPOCH)
integer = partial(Column, Kind.INTEGER)
count = partial(integer, minimum=0)
boolean = partial(Column, Kind.BOOLEAN)
real = partial(Column, Kind.REAL)


def required(column: Column) -> Column:
    """Return the same column, NOT NULL."""
    return replace(column, required=True)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its columns, its key, and how a load changes it.

    Attributes:
        description: what one row represents.
        columns: in storage order.
        key: names of the primary key columns.
        parent: name of the parent table; its key is a foreign key of this table.
        index: names of the columns of an index besides the key; empty if there is none.
        keeps_history: whether a load only adds rows with new keys.
        is_revised: whether a load also replaces the rows of a history of which a later response,
            by `observed_utc`, says something else.
        is_derived: whether the rows are computed from other tables.
        needs_every_value: whether a row is rejected for an invalid value of any column, because
            other columns are derived from it, or because it would replace a valid one.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parent: str | None = None
    index: tuple[str, ...] = ()
    keeps_history: bool = False
    is_revised: bool = False
    is_derived: bool = False
    needs_every_value: bool = False

    @property
    def optional_columns(self) -> frozenset[str]:
        """Names of the columns that lose an invalid value without losing the row."""
        if self.needs_every_value:
            return frozenset()
        names = {column.name for column in self.columns if not column.required}
        return frozenset(names - {*self.key})

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")
