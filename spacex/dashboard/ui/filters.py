"""The filters of a page: what can be chosen, and the condition in SQL that follows from it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacex.analysis import queries
from spacex.dashboard.ui.cells import shortened
from spacex.dashboard.ui.markup import Node, tag

Parameter = str | int | float | None

Condition = tuple[str, tuple[Parameter, ...]]
"""A condition in SQL, and the values its `?` stand for."""


@dataclass(frozen=True)
class Filter(ABC):
    """One thing to choose by.

    Attributes:
        name: in the address; pages that give a filter the same name share what is chosen.
        label: for people.
        column: the column compared; an expression of SQL, never of the visitor's making.
        view: the table or view whose values are offered.
    """

    name: str
    label: str
    column: str
    view: str = "v_launches"

    def options(self, database: Path) -> tuple[str, ...]:
        """The values that can be chosen, in order.

        Raises:
            DatabaseError: there is no database, or it cannot be read.
        """
        sql = f"SELECT DISTINCT {self._value} AS value FROM {self.view} ORDER BY 1"  # noqa: S608
        return tuple(queries.query(database, sql)["value"])

    @property
    def _value(self) -> str:
        """The compared value as text; NULL is offered as `unknown`."""
        return f"coalesce(CAST({self.column} AS TEXT), 'unknown')"

    @abstractmethod
    def valid(self, value: str, options: Sequence[str]) -> str:
        """The value if it can be chosen, else the empty one."""

    @abstractmethod
    def condition(self, value: str) -> Condition:
        """The condition of a value that is valid and not empty."""

    @abstractmethod
    def of(self, datum: str, value: str) -> str:
        """The value after a mark of that datum is clicked: it alone, or all if it was alone."""

    @abstractmethod
    def lit(self, value: str) -> list[str]:
        """The data a value stands for."""

    @abstractmethod
    def markup(self, value: str, options: Sequence[str]) -> Node:
        """The control, with what is chosen."""


@dataclass(frozen=True)
class Choice(Filter):
    """One value out of all that occur."""

    every: str = "All"

    def valid(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return value if value in options else ""

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        return f"{self._value} = ?", (value,)

    def of(self, datum: str, value: str) -> str:
        """See `Filter`."""
        return "" if datum == value else datum

    def lit(self, value: str) -> list[str]:
        """See `Filter`."""
        return [value] if value else []

    def markup(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        return _field(self.label, _select(self.name, value, {"": self.every, **_same(options)}))


@dataclass(frozen=True)
class Span(Filter):
    """A span of whole numbers, such as years: from one to another, both included."""

    def valid(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        ends = value.split("-")
        is_known = len(ends) == 2 and set(ends) <= set(options)
        is_part = is_known and (ends[0], ends[1]) != (options[0], options[-1])
        return "-".join(sorted(ends)) if is_part else ""

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        low, high = value.split("-")
        return f"{self.column} BETWEEN ? AND ?", (int(low), int(high))

    def of(self, datum: str, value: str) -> str:
        """See `Filter`."""
        alone = f"{datum}-{datum}"
        return "" if alone == value else alone

    def lit(self, value: str) -> list[str]:
        """See `Filter`."""
        low, high = map(int, value.split("-")) if value else (1, 0)
        return [str(number) for number in range(low, high + 1)]

    def markup(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        low, high = value.split("-") if value else (options[0], options[-1])
        return _field(
            self.label,
            _select(f"{self.name}.from", low, _same(options), f"{self.label} from"),
            tag("span", "to", class_="to"),
            _select(f"{self.name}.to", high, _same(options), f"{self.label} to"),
        )

    def moved(self, end: str, to: str, value: str, options: Sequence[str]) -> str:
        """The value after one end is moved; the other one follows if it is overtaken."""
        low, high = value.split("-") if value else (options[0], options[-1])
        if end == "from":
            return f"{to}-{max(high, to)}"
        return f"{min(low, to)}-{to}"


def all_of(conditions: Sequence[Condition]) -> Condition:
    """One condition that holds where all of these hold."""
    sql = " AND ".join(f"({sql})" for sql, _ in conditions) or "TRUE"
    return sql, tuple(value for _, values in conditions for value in values)


def _same(options: Sequence[str]) -> dict[str, str]:
    return {option: option for option in options}


def _field(label: str, *controls: Node) -> Node:
    name = "label" if len(controls) == 1 else "div"
    named = tag("span", label, class_="name")
    kind = "field" if len(controls) == 1 else "field span"
    return tag(name, named, tag("span", *controls, class_="controls"), class_=kind)


def _select(action: str, value: str, options: Mapping[str, str], label: str | None = None) -> Node:
    entries = [
        tag("option", shortened(text), value=option, selected=option == value)
        for option, text in options.items()
    ]
    return tag("select", *entries, data_action=action, aria_label=label)
