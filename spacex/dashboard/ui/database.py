"""The database that pages read, as the application provides it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

Parameter = str | int | float | None
"""A value bound to a `?` in SQL."""


class Database(Protocol):
    """A read-only SQL database in a file."""

    @property
    def path(self) -> Path:
        """The file; it may not exist yet."""

    def query(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """Return the rows of a SELECT, with `?` bound to the parameters."""
