"""Filters of a page: their options, their controls and the SQL conditions they yield."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from spacex.dashboard.ui.controls import dropdown, field, select
from spacex.dashboard.ui.database import Database, Parameter
from spacex.dashboard.ui.markup import Node, tag

Condition = tuple[str, tuple[Parameter, ...]]
"""An SQL condition and the values bound to its `?`."""

NO_CONDITION: Condition = ("TRUE", ())


@dataclass(frozen=True)
class Filter(ABC):
    """One filter; its value is a text, empty for "no restriction".

    Attributes:
        name: name in the URL query; filters of the same name share their value between pages.
        label: label of the control.
    """

    name: str
    label: str

    @abstractmethod
    def options(self, database: Database) -> tuple[str, ...]:
        """Return the values to choose from, in order."""

    @abstractmethod
    def validate(self, value: str, options: Sequence[str]) -> str:
        """Return the value if it can be chosen, else the default."""

    def knows(self, value: str, options: Sequence[str]) -> bool:
        """Return whether a value can be chosen."""
        return value in options or self.validate(value, options) != self.validate("", options)

    @abstractmethod
    def control(self, value: str, options: Sequence[str]) -> Node:
        """Return the form control, set to the value."""

    def condition(self, value: str) -> Condition:
        """Return the condition for a valid, non-empty value; by default, none."""
        del value
        return NO_CONDITION

    def toggle(self, datum: str, value: str) -> str:
        """Return the value after a click on a mark: select its datum, or clear the selection."""
        return "" if datum == value else datum

    def selected_values(self, value: str) -> list[str]:
        """Return the data that a value selects; empty if it does not restrict."""
        return [value] if value else []


@dataclass(frozen=True)
class ColumnFilter(Filter):
    """A filter by the values of one column; NULL is offered as `unknown`.

    Attributes:
        column: the column, or an SQL expression.
        table: the table, view or subquery with the values on offer; unused if `options` is
            overridden.
    """

    column: str
    table: str = ""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        sql = f"SELECT DISTINCT {self._text} AS value FROM {self.table} ORDER BY 1"  # noqa: S608  # declared names
        return tuple(database.query(sql)["value"])

    @property
    def _text(self) -> str:
        return f"coalesce(CAST({self.column} AS TEXT), 'unknown')"


@dataclass(frozen=True)
class Choice(ColumnFilter):
    """One of the column's values."""

    all_label: str = "All"

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return value if value in options else ""

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        return f"{self._text} = ?", (value,)

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        return dropdown(self.label, self.name, value, {"": self.all_label} | _labelled(options))


@dataclass(frozen=True)
class Range(ColumnFilter):
    """A closed range of whole numbers, such as years; its value is `low-high`."""

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        ends = value.split("-")
        is_part = self.knows(value, options) and (ends[0], ends[1]) != (options[0], options[-1])
        return "-".join(sorted(ends)) if is_part else ""

    def knows(self, value: str, options: Sequence[str]) -> bool:
        """See `Filter`."""
        ends = value.split("-")
        return len(ends) == 2 and set(ends) <= set(options)

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        low, high = value.split("-")
        return f"{self.column} BETWEEN ? AND ?", (int(low), int(high))

    def toggle(self, datum: str, value: str) -> str:
        """See `Filter`."""
        return super().toggle(f"{datum}-{datum}", value)

    def selected_values(self, value: str) -> list[str]:
        """See `Filter`."""
        low, high = map(int, value.split("-")) if value else (1, 0)
        return [str(number) for number in range(low, high + 1)]

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        low, high = value.split("-") if value else (options[0], options[-1])
        offered = _labelled(options)
        return field(
            self.label,
            select(f"{self.name}.from", low, offered, f"{self.label} from"),
            tag("span", "to", class_="to"),
            select(f"{self.name}.to", high, offered, f"{self.label} to"),
        )

    def move_end(self, end: str, target: str, value: str, options: Sequence[str]) -> str:
        """Return the value after one end is moved; the other end never lies beyond it.

        Args:
            end: `from` or `to`.
            target: the new number at this end.
            value: the value before.
            options: the numbers on offer, ascending.
        """
        low, high = value.split("-") if value else (options[0], options[-1])
        if end == "from":
            return f"{target}-{max(high, target)}"
        return f"{min(low, target)}-{target}"


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the conjunction of the conditions."""
    sql = " AND ".join(f"({sql})" for sql, _ in conditions) or "TRUE"
    return sql, tuple(value for _, values in conditions for value in values)


def _labelled(options: Sequence[str]) -> dict[str, str]:
    return {option: option for option in options}
