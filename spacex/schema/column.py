"""What a column is: its kind, unit, meaning and limits."""

from dataclasses import KW_ONLY, dataclass
from enum import Enum
from functools import partial

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_TIME = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]"


class Kind(Enum):
    """What a column holds: its SQLite storage class, its meaning, and the GLOB its texts obey."""

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
        kind: what it holds.
        name: with its unit, as the house writes it: `altitude_km`, `epoch_utc`.
        description: what it means, for a reader.
        unit: the unit's symbol; empty for a pure number or a text.
        required: whether NULL is refused.
        values: the only values allowed, where the source knows a fixed set.
        minimum: the least value allowed.
        maximum: the greatest value allowed.
        references: `table.column` this value should be found in. It is counted, not enforced: the
            services' own lists disagree, and an orphan is kept with its id.
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


text = partial(Column, Kind.TEXT)
url = partial(Column, Kind.URL)
date = partial(Column, Kind.DATE)
utc = partial(Column, Kind.UTC)
epoch = partial(Column, Kind.EPOCH)
integer = partial(Column, Kind.INTEGER)
boolean = partial(Column, Kind.BOOLEAN)
real = partial(Column, Kind.REAL)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: what a row is, its columns, its key, and how a load changes it.

    Attributes:
        name: the table's name.
        description: what one row is.
        columns: in the order they are stored.
        key: the names of the key columns.
        parent: the table whose rows this table's rows belong to, joined by that table's key,
            which the database enforces.
        keeps_history: a load adds rows with new keys and never removes one.
        is_derived: made here of other tables' rows, not read from a source.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parent: str | None = None
    keeps_history: bool = False
    is_derived: bool = False

    @property
    def is_bookkeeping(self) -> bool:
        """Whether the pipeline writes the table about itself; its name begins with `_`."""
        return self.name.startswith("_")

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")
