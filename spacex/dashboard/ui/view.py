"""The database as a page's filters restrict it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from spacex.dashboard.ui.database import Database, Parameter
from spacex.dashboard.ui.filters import Condition, Filter, all_of

FILTERS = "{filters}"
"""Placeholder in SQL for the condition of the filters."""


@dataclass(frozen=True)
class View:
    """The database as one page shows it.

    `values` holds the visitor's choices by name; those of filters are valid.
    """

    database: Database
    filters: tuple[Filter, ...]
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def query(self, sql: str, *parameters: Parameter, exclude: str = "") -> pd.DataFrame:
        """Return the rows of a SELECT, with `{filters}` replaced by the filters' condition.

        Args:
            sql: the statement.
            parameters: the values bound to `?` in it, in order.
            exclude: name of a filter to ignore; a chart that sets a filter must not obey it.
        """
        condition, filter_values = self.condition(exclude)
        first, *rest = sql.split(FILTERS)
        given = iter(parameters)
        values: list[Parameter] = [next(given) for _ in range(first.count("?"))]
        for part in rest:
            values += [*filter_values, *(next(given) for _ in range(part.count("?")))]
        return self.database.query(sql.replace(FILTERS, condition), tuple(values))

    def condition(self, exclude: str = "") -> Condition:
        """Return the condition of all filters in use but the excluded one."""
        in_use = [f for f in self.filters if self[f.name] and f.name != exclude]
        return all_of([f.condition(self[f.name]) for f in in_use])
