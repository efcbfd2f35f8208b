"""The published database, as the dashboard's pages read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis import queries
from spacex.dashboard.ui.database import Parameter


@dataclass(frozen=True)
class PublishedDatabase:
    """The published database; implements `spacex.dashboard.ui.database.Database`."""

    path: Path

    def query(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """Return the rows of a SELECT.

        Raises:
            DatabaseError: the database does not exist or cannot be read.
        """
        return queries.query(self.path, sql, parameters)
