"""The age of the data of each source, and whether it keeps the promise of SPACEX_MAX_AGE_H.

The one rule for the report, the dashboard, the command line and monitors: data age from their own
date, that of the newest launch, decay or epoch, however late they were requested.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from spacex import __version__
from spacex.analysis import queries
from spacex.analysis.data_dates import data_dates
from spacex.settings import Settings
from spacex.sources import SERVICES, Source, services
from spacex.sources.request_rules import OncePerWindow
from spacex.units import counted, utc_instant, utc_now

HOUR = timedelta(hours=1)
_TWO_DAYS_H = 48.0
"""Shorter times are told in hours."""


@dataclass(frozen=True)
class DataAge:
    """The age of the data of one source.

    Attributes:
        source: the source.
        data_utc: the date of its data; empty if there are none.
        age_h: hours since then; None if there are none.
        max_age_h: greatest age that keeps the promise; None for an archive, which does not age.
        checked_utc: when each of its endpoints had last confirmed its data; empty if there are
            none.
        check_age_h: hours since then; None if there are none.
        max_check_age_h: greatest such time that keeps the promise; None for an archive.
    """

    source: str
    data_utc: str
    age_h: float | None
    max_age_h: float | None
    checked_utc: str
    check_age_h: float | None
    max_check_age_h: float | None

    @property
    def is_stale(self) -> bool:
        """Whether the data are missing, older than promised, or not checked for too long."""
        return self.is_old or self.is_unchecked

    @property
    def is_old(self) -> bool:
        """Whether the data are missing, or older than promised."""
        return _is_exceeded(self.max_age_h, self.age_h)

    @property
    def is_unchecked(self) -> bool:
        """Whether the data have not been checked for too long."""
        return _is_exceeded(self.max_check_age_h, self.check_age_h)

    @property
    def caution(self) -> str:
        """What is wrong with the data, in words such as `364 days old`; empty if nothing is."""
        if self.age_h is None and self.is_old:
            return "no data"
        if self.is_old:
            return f"{_duration(self.age_h)} old"
        return f"last checked {_duration(self.check_age_h)} ago" if self.is_unchecked else ""

    def __str__(self) -> str:
        """Return what is wrong with stale data, and what is promised."""
        return f"{self.source}: {self.caution}, promised at most {self.promised}"

    @property
    def promised(self) -> str:
        """The greatest age, or time since the last check, that keeps the promise."""
        hours = (self.max_age_h if self.is_old else self.max_check_age_h) or 0
        return f"{hours:.4g} h" if hours < _TWO_DAYS_H else f"{round(hours / 24, 1):,g} days"


def data_ages(
    settings: Settings, database: Path | None = None, covered: pd.DataFrame | None = None
) -> list[DataAge]:
    """Return the age of the data of each service that is in use, or was in the published run.

    The data of a service may be older than promised by its `lag`, and the last check by the window
    in which it allows one request.

    Args:
        settings: the services and the promise.
        database: the database; that of the settings if None.
        covered: the rows of `v_coverage`, if they have been read already.

    Raises:
        DatabaseError: the database is missing or unreadable.
        SettingsError: a service is unknown.
    """
    path = database or settings.database
    found = data_dates(path, covered)
    dated = dict(zip(found["source"], found["data_utc"], strict=True))
    checks = queries.query(path, _CHECKED)
    checked = dict(zip(checks["source"], checks["checked_utc"], strict=True))
    used = {source.name for source in services(settings.source_names)}
    used.update(str(queries.run(path)["source"]).split(","))
    return [
        _age(source, dated.get(name, ""), checked.get(name, ""), settings.max_age_h)
        for name, source in SERVICES.items()
        if name in used
    ]


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


_CHECKED = """
    SELECT source, min(checked_utc) AS checked_utc FROM (
        SELECT source, endpoint, max(checked_utc) AS checked_utc FROM _snapshots GROUP BY 1, 2)
    GROUP BY source"""


def _age(source: Source, data_utc: str, checked_utc: str, promised_h: float) -> DataAge:
    now = utc_now().replace(microsecond=0)
    age_h, check_age_h = (
        (now - utc_instant(each)) / HOUR if each else None for each in (data_utc, checked_utc)
    )
    rules = source.rules
    window = rules.window if isinstance(rules, OncePerWindow) else timedelta(0)
    limits = (source.lag, window)
    limit_h, check_limit_h = (
        promised_h + each / HOUR if source.is_live else None for each in limits
    )
    return DataAge(source.name, data_utc, age_h, limit_h, checked_utc, check_age_h, check_limit_h)


def _is_exceeded(limit_h: float | None, age_h: float | None) -> bool:
    return limit_h is not None and (age_h is None or age_h > limit_h)


def _duration(hours: float | None) -> str:
    """Return a time in words: in days, or in hours if it is less than two days."""
    known = hours or 0
    return counted(known // 1, "hour") if known < _TWO_DAYS_H else counted(known // 24, "day")
