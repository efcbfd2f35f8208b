"""What a panel sees: the database, through what the visitor has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis import queries
from spacex.dashboard.ui.filters import Condition, Filter, Parameter, all_of

CHOSEN = "{chosen}"
"""In a statement: where the filters' condition goes."""


@dataclass(frozen=True)
class View:
    """The database as one page sees it at one moment.

    Attributes:
        database: the published database.
        filters: the page's filters.
        values: what is chosen, by name; for filters, always valid.
    """

    database: Path
    filters: tuple[Filter, ...]
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def rows(self, sql: str, *parameters: Parameter, ignoring: str = "") -> pd.DataFrame:
        """The rows of a SELECT, in which `{chosen}` stands for what the filters choose.

        Args:
            sql: the statement; `?` in it stands for the parameters, in order.
            parameters: the values of `?`.
            ignoring: the name of a filter to leave out: a chart one picks by shows all there is.

        Raises:
            DatabaseError: there is no database, or it cannot be read.
        """
        condition, chosen = self.condition(ignoring)
        first, *rest = sql.split(CHOSEN)
        given = iter(parameters)
        values: list[Parameter] = [next(given) for _ in range(first.count("?"))]
        for part in rest:
            values += [*chosen, *(next(given) for _ in range(part.count("?")))]
        return queries.query(self.database, sql.replace(CHOSEN, condition), tuple(values))

    def condition(self, ignoring: str = "") -> Condition:
        """What the filters choose, as a condition in SQL."""
        in_use = [f for f in self.filters if self[f.name] and f.name != ignoring]
        return all_of([f.condition(self[f.name]) for f in in_use])
