"""What frames say about their origin: sources, dates, coverage and run."""

import inspect
import warnings
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis import data_age
from spacex.analysis.api.typed_frames import Frame, typed
from spacex.analysis.data_dates import data_dates
from spacex.analysis.queries import Parameters, query, run
from spacex.analysis.source_coverage import coverage
from spacex.errors import DataWarning
from spacex.files import fingerprint
from spacex.settings import RUN_COMMAND, settings
from spacex.units import utc_now

_shown: set[str] = set()
"""The warnings that this process has shown."""


def provenance(database: Path) -> dict[str, Any]:
    """Return the origin of the data of a database, in plain values for `DataFrame.attrs`.

    Returns:
        `database`, `run_id`, `loaded_utc`, `is_simulated`, `note` of the run; `sources`, each with
        the date of its data; and `coverage`: subject → source → the periods that it covers.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    run(database)  # names what is wrong with the file
    state = database.stat()
    return deepcopy(_provenance(database, state.st_ino, state.st_mtime_ns))


def read(database: Path, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
    """Return the rows of a SELECT statement of our own, `finished` by the names of its columns.

    Args:
        database: the database.
        sql: the statement, with `?` for each parameter.
        parameters: the values bound to it.

    Raises:
        QueryError: the statement is wrong.
        DatabaseError: the database is missing or unreadable.
    """
    return finished(query(database, sql, parameters), database)


def finished(frame: Frame, database: Path) -> Frame:
    """Return a frame with its declared types, and the origin of its data in `attrs`."""
    return with_origin(typed(frame), database)


def with_origin(frame: Frame, database: Path) -> Frame:
    """Return a frame after putting the origin of its data into `attrs`; warn of its caveats."""
    about = provenance(database)
    frame.attrs |= about
    _warn_of_caveats(database, about)
    return frame


def _warn_of_caveats(database: Path, about: Mapping[str, Any]) -> None:
    """Warn, once in a process, if the data are simulated or older than promised."""
    if about["is_simulated"]:
        warn_once(f"{database} is the bundled sample: {about['note'] or 'its fleet is simulated.'}")
    config, hour = settings(), utc_now().replace(minute=0, second=0, microsecond=0)
    if stale := _stale(database, fingerprint(database), config.sources, config.max_age_h, hour):
        warn_once(
            f"{database} is stale: {stale}. `{RUN_COMMAND}` loads newer data.",
            key=f"{database} {about['run_id']}",  # the age in the message grows
        )


@lru_cache(maxsize=8)
def _stale(database: Path, *_state: object) -> str:
    """Return which data are older than promised; asked once an hour, as frames are read often."""
    ages = data_age.data_ages(settings(), database)
    return "; ".join(str(each) for each in ages if each.is_stale and each.age_h is not None)


def warn_once(message: str, *, key: str = "") -> None:
    """Show a warning if this process has not shown it yet.

    Args:
        message: the warning; nothing is shown if it is empty.
        key: what identifies the warning; by default its message.
    """
    if message and (key or message) not in _shown:
        _shown.add(key or message)
        warnings.warn(message, DataWarning, stacklevel=_outside())


def _outside() -> int:
    """Return the level of the code that called this package, for `warnings.warn`."""
    level, frame = 0, inspect.currentframe()
    while frame and str(frame.f_globals.get("__name__", "")).startswith("spacex."):
        level, frame = level + 1, frame.f_back
    return level


@lru_cache(maxsize=8)
def _provenance(database: Path, *_version: int) -> dict[str, Any]:
    """Return the origin of a version of a database."""
    last, covered = run(database), coverage(database)
    dated = data_dates(database, covered)
    periods: dict[str, dict[str, list[tuple[str, str]]]] = {}
    names = ("subject", "source", "from_utc", "to_utc")
    for subject, source, since, until in zip(*(covered[name] for name in names), strict=True):
        periods.setdefault(subject, {}).setdefault(source, []).append((since, until))
    return {
        "database": str(database),
        "run_id": last["run_id"],
        "loaded_utc": last["loaded_utc"],
        "is_simulated": bool(last["is_simulated"]),
        "note": last["note"] or "",
        "sources": dict(zip(dated["source"], dated["data_utc"], strict=True)),
        "coverage": periods,
    }
