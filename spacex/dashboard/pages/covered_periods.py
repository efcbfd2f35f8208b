"""What the sources of a database cover, read once until it changes."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.analysis import source_coverage
from spacex.analysis.source_coverage import Span
from spacex.dashboard.app.database_watch import Fingerprint, fingerprint
from spacex.dashboard.ui.view import View
from spacex.warehouse.coverage import LAUNCHES


def covered(view: View, *subjects: str) -> tuple[Span, ...]:
    """Return the spans in which any source covers any of the subjects."""
    path = view.database.path
    return _covered(path, fingerprint(path), subjects)


def year_gaps(view: View, subject: str = LAUNCHES) -> pd.DataFrame:
    """Return the years that no source covers entirely."""
    path = view.database.path
    return _year_gaps(path, fingerprint(path), subject)


@lru_cache(maxsize=4)
def _covered(
    database: Path, _fingerprint: Fingerprint | None, subjects: tuple[str, ...]
) -> tuple[Span, ...]:
    return tuple(source_coverage.covered(database, *subjects))


@lru_cache(maxsize=4)
def _year_gaps(database: Path, _fingerprint: Fingerprint | None, subject: str) -> pd.DataFrame:
    return source_coverage.year_gaps(database, subject)
