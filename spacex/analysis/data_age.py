"""The age of the data of each source, and whether it keeps the promise of SPACEX_MAX_AGE_H."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from spacex import __version__
from spacex.analysis import queries
from spacex.settings import Settings
from spacex.sources import Source, services
from spacex.sources.request_rules import OncePerWindow
from spacex.units import utc_instant, utc_now

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class DataAge:
    """The age of the data of one source.

    Attributes:
        source: the source.
        current_utc: when its data were last known to be current, or the epoch of its newest GP list
            if that is older; empty if there are none.
        age_h: hours since then; None if there are none.
        max_age_h: greatest age that keeps the promise; None for an archive, which does not age.
    """

    source: str
    current_utc: str
    age_h: float | None
    max_age_h: float | None

    @property
    def is_stale(self) -> bool:
        """Whether the data are missing, or older than promised."""
        return self.max_age_h is not None and (self.age_h is None or self.age_h > self.max_age_h)

    def __str__(self) -> str:
        age = "no data" if self.age_h is None else f"{self.age_h:,.1f} h old"
        return f"{self.source}: {age}, promised at most {self.max_age_h or 0:,.8g} h"


def data_ages(settings: Settings, database: Path | None = None) -> list[DataAge]:
    """Return the age of the data of each service in use.

    Data of a service that allows one request per window may be older by that window.

    Args:
        settings: the services and the promise.
        database: the database; that of the settings if None.

    Raises:
        DatabaseError: the database is missing or unreadable.
        SettingsError: a service is unknown.
    """
    found = queries.query(database or settings.database, _CURRENT)
    current = dict(zip(found["source"], found["current_utc"], strict=True))
    now = utc_now().replace(microsecond=0)
    ages = []
    for source in services(settings.source_names):
        since = current.get(source.name, "")
        age_h = (now - utc_instant(since)) / HOUR if since else None
        limit_h = settings.max_age_h + _window(source) / HOUR if source.is_live else None
        ages.append(DataAge(source.name, since, age_h, limit_h))
    return ages


def stale_data(settings: Settings) -> str:
    """Return which data are missing or older than promised, in words; empty if none.

    Raises:
        DatabaseError, SettingsError: see `data_ages`.
    """
    return "; ".join(str(each) for each in data_ages(settings) if each.is_stale)


def health(settings: Settings) -> dict[str, Any]:
    """Return the version, the last run and the age of the data, as JSON for monitors.

    Raises:
        DatabaseError, SettingsError: see `data_ages`.
    """
    run = queries.run(settings.database).to_dict()
    ages = data_ages(settings)
    return {
        "version": __version__,
        "is_fresh": not any(each.is_stale for each in ages),
        "sources": [asdict(each) | {"is_stale": each.is_stale} for each in ages],
        "last_run": {name: None if pd.isna(value) else value for name, value in run.items()},
    }


_CURRENT = """
    SELECT source, min(instant) AS current_utc FROM (
        SELECT source, endpoint, max(checked_utc) AS instant FROM _snapshots GROUP BY 1, 2
        UNION ALL
        SELECT source, '', max(data_utc) FROM _observations GROUP BY 1)
    GROUP BY source"""


def _window(source: Source) -> timedelta:
    rules = source.rules
    return rules.window if isinstance(rules, OncePerWindow) else timedelta(0)
