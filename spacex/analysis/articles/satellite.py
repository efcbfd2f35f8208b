"""The report on a satellite: its launch, its altitude over time, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.api.fleet_positions import positions
from spacex.analysis.api.names import find_number
from spacex.analysis.articles.words import BETWEEN, NBSP, day, loss_day, period
from spacex.analysis.error_laws import MEANING, error_text
from spacex.analysis.history import elements
from spacex.analysis.orbit_changes import altitude_history, altitude_sentences, floor_sentence
from spacex.analysis.queries import query, run
from spacex.analysis.reentry_record import NOT_FORECAST, forecast_satellites, reentry_text
from spacex.analysis.source_coverage import pauses
from spacex.analysis.space_weather import weather_days
from spacex.analysis.verdict import SIMULATED
from spacex.orbits.altitude_changes import Altitudes
from spacex.orbits.propagation import AGE_LIMIT_DAYS
from spacex.schema.starlink import NO_ELEMENTS
from spacex.sources import SOURCES, titles
from spacex.units import SECONDS_PER_DAY, counted, utc_instant, utc_now
from spacex.warehouse.authorities import PRECEDENCE
from spacex.warehouse.views import LOW_KM, LOWERING_KM_PER_DAY

NO_SATELLITE = "No satellite is known: no GP list or catalogue is loaded."
NO_HISTORY = "There are no two element sets of it, so its altitude over time is not known."
NO_ERROR = "The position errs by kilometres for each day since the elements."
NO_CHANGE = "No change of it was seen between two responses of a service."
_FIRST = """
    SELECT norad_cat_id FROM v_starlink
    ORDER BY catalogue_status = 'in orbit' DESC, epoch_utc IS NOT NULL DESC, from_date DESC,
             norad_cat_id DESC LIMIT 1"""
_OF_HISTORY = ("epoch_utc", "perigee_altitude_km", "apogee_altitude_km", "inclination_deg")
_CHANGES = """
    SELECT observed_utc, since_utc, kind, column_name, old_value, new_value, source,
           row_key AS of_satellite
    FROM v_changes
    WHERE table_name = 'starlink' AND row_key IN ({numbers}) ORDER BY observed_utc DESC, kind"""
_OTHER_NUMBERS = """
    SELECT other_norad_cat_id, until_utc, norad_cat_id AS of_satellite FROM v_other_numbers
    WHERE norad_cat_id IN ({numbers}) ORDER BY until_utc, other_norad_cat_id"""
_ROWS = "SELECT * FROM v_starlink WHERE norad_cat_id IN ({numbers})"
_TABLES = (
    (_ROWS, "norad_cat_id"),
    *((sql, "of_satellite") for sql in (_CHANGES, _OTHER_NUMBERS)),
)
_ROUGH_DATES = {"year": "%Y", "month": "%B %Y"}
_FACTS = {
    "version": ("version", "version_source"),
    "bus": ("bus", *PRECEDENCE["bus"]),
    "mass, kg": ("mass_kg", *PRECEDENCE["mass_kg"]),
    "group": ("group_name", *PRECEDENCE["group_name"]),
    "shell": ("shell", "found in the orbits"),
    "launch": ("launch", "the launch of its designator"),
    "launch date": ("launch_date", "launch_date_source"),
    "decay date": ("decay_date", "decay_date_source"),
    "fate": ("fate", *PRECEDENCE["fate"]),
}
"""What is known → its column; and the column of its source, or the only source or what else the
value is from."""
_OF_DESIGNATOR = "unknown: of a GP list or a catalogue, which is not recorded"
_OF_SAMPLE = "simulated, but for the launch if that is known"
_OF_LISTS = "found in GP lists and catalogues"
_UNKNOWN = "unknown: not recorded"


def find_satellite(database: Path, which: str = "") -> str:
    """Return the catalogue number of a satellite; empty if there are none.

    Args:
        database: the database.
        which: its name, catalogue number or designator; if empty, the newest one in orbit.

    Raises:
        DataError: there is no such satellite, or several have the name.
        DatabaseError: the database is missing or unreadable.
    """
    if which.strip():
        return str(find_number(database, which))
    found = query(database, _FIRST)["norad_cat_id"]
    return str(found.iloc[0]) if len(found) else ""


@dataclass(frozen=True)
class SatelliteLife:
    """What is known of a satellite.

    Attributes:
        record: its row of `v_starlink`, without missing values; empty if no satellite is known.
        elements: its element sets, oldest first, with `mean_altitude_km`.
        changes: its changes between responses, the newest first.
        position: where it is now; empty if its elements are too old, or it has none.
        now: the present.
        is_simulated: whether the fleet is simulated.
        other_numbers: its other catalogue numbers, each with the day of the first GP list that no
            longer has it; None for one that no list has.
        weather: `spacex.analysis.space_weather.weather_days`.
        reentry: the forecast of its re-entry, or why there is none, as `reentry_text`; empty if it
            is not in orbit or simulated.
        altitudes: its altitudes, whose changes are told; None if it is simulated or has no orbit.
    """

    record: dict[str, Any]
    elements: pd.DataFrame
    changes: pd.DataFrame
    position: dict[str, Any]
    now: datetime
    is_simulated: bool = False
    other_numbers: tuple[tuple[int, str | None], ...] = ()
    weather: pd.DataFrame | None = None
    reentry: str = ""
    altitudes: Altitudes | None = None

    @property
    def title(self) -> str:
        """Its name, or its number."""
        return str(self.record.get("object_name") or self.record.get("norad_cat_id", ""))

    @property
    def is_recent(self) -> bool:
        """Whether its newest elements tell about the present."""
        return bool(self._value("epoch_utc")) and abs(self._elements_age()) <= AGE_LIMIT_DAYS

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if not self.record:
            return [NO_SATELLITE]
        simulated = [SIMULATED] if self.is_simulated else []
        forecast = [self.reentry] if self.reentry not in {"", NOT_FORECAST} else []
        changed = altitude_sentences(self.altitudes)[:1] if self.altitudes else []
        return [*simulated, self._launched(), self._state(), *changed, *forecast, *self._place()]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if not self.record:
            return {}
        return {
            "km, mean altitude in its newest element set": _rounded(
                self._value("mean_altitude_km")
            ),
            "°, inclination": _rounded(self._value("inclination_deg"), 2),
            "minutes an orbit": _rounded(self._value("period_min"), 1),
            f"days, {self._age_words()}": self._age_days(),
            "element sets": len(self.elements),
        }

    @cached_property
    def facts(self) -> pd.DataFrame:
        """What is known of it: `what`, `value`, and `source` or what else the value is from."""
        own = self._value("source")
        known = {"number": (self.record.get("norad_cat_id"), own)}
        if others := ", ".join(str(number) for number, _ in self.other_numbers):
            known |= {"other numbers": (others, _OF_LISTS)}
        of_designator = _OF_SAMPLE if self.is_simulated else _OF_DESIGNATOR
        known |= {"designator": (self.record.get("object_id"), of_designator)}
        known |= {w: (self._value(c), self._value(s) or s) for w, (c, s) in _FACTS.items()}
        if self._rough_date:
            known["decayed in"] = (self._rough_date, known.pop("decay date")[1])
        elif known["decay date"][0] and not self._is_dated:
            known["decayed"] = (self._lost, known.pop("decay date")[1])
        return pd.DataFrame(
            [
                {
                    "what": what,
                    "value": _shown(what, value),
                    "source": _source(source),
                }
                for what, (value, source) in known.items()
                if value is not None
            ],
            columns=["what", "value", "source"],
        )

    @cached_property
    def events(self) -> pd.DataFrame:
        """Its changes for a table, the newest first."""
        old, new = (self.changes[name].fillna("–") for name in ("old_value", "new_value"))
        return pd.DataFrame(
            {
                "seen_on": [day(each) for each in self.changes["observed_utc"]],
                "after": [day(each) for each in self.changes["since_utc"]],
                "change": self.changes["kind"],
                "of": self.changes["column_name"].fillna("–").str.replace("_", " "),
                "before": old,
                "since_then": new,
            }
        )

    @property
    def limits(self) -> list[str]:
        """What the sources do not tell of it."""
        return [*self._missing_orbits(), *self._missing_dates()]

    def _launched(self) -> str:
        numbers = [f"number {self.record['norad_cat_id']}"]
        for number, until_utc in self.other_numbers:
            until = f"until {day(until_utc)}" if until_utc else "in a catalogue"
            numbers.append(f"{number} {until}")
        which = f"{self.title} ({', '.join(numbers)})"
        flight = self._value("launch") or self._value("launch_designator")
        aboard = f" with {flight}" if flight else ""
        if date := self._value("launch_date"):
            return f"{which} was launched on {day(date)}{aboard}."
        return f"{which} was launched{aboard}; the date is not known."

    def _state(self) -> str:
        status = self.record["catalogue_status"]
        if status == "decayed":
            return self._decayed()
        if status == "unlisted":
            since = f"since {'' if self._is_dated else 'a day '}{self._lost}"
            return f"It is no longer listed {since}{self._presumed()}."
        altitude, orbit = self._value("mean_altitude_km"), self._value("orbit_status")
        if altitude is None:
            return "It is in orbit by the catalogues; its orbit is not known."
        known = f" and {orbit}" if orbit and orbit != NO_ELEMENTS else ""
        at = f"at a mean altitude of {altitude:,.0f}{NBSP}km{known}"
        if self.is_recent:
            return f"It is in orbit, {at}."
        epoch = day(self.record["epoch_utc"])
        return f"On {epoch}, the date of its newest elements, it was {at}; now it is not known."

    def _decayed(self) -> str:
        if not self._lost:
            return "It has decayed; the date is not known."
        rough = self._rough_date
        when = f"in {rough}" if rough else f"{'on ' if self._is_dated else ''}{self._lost}"
        about = "probably " if self._value("decay_is_uncertain") else ""
        days = self._age_days()
        after = "" if days is None else f", {counted(days, 'day')} after its launch"
        return f"It re-entered {about}{when}{after}."

    @property
    def _lost(self) -> str:
        """The day of its loss, or the days between which it lies; empty if it is in orbit."""
        until = self._value("until_date")
        return loss_day(self._value("last_known_date") or "", until) if until else ""

    @property
    def _is_dated(self) -> bool:
        """Whether the day of its loss is known, if it is lost."""
        return not self._lost.startswith(BETWEEN)

    @property
    def _rough_date(self) -> str:
        """The month or year of its decay, if the day is unknown; empty otherwise."""
        rough = _ROUGH_DATES.get(self._value("decay_precision") or "")
        date = self._value("decay_date")
        return f"{utc_instant(date):{rough}}" if rough and date else ""

    def _presumed(self) -> str:
        """Return what became of an unlisted satellite."""
        if catalogue := self._value("in_orbit_by_catalogue_utc"):
            return f", but in orbit by a catalogue of {day(catalogue)}"
        if self._value("is_presumed_decayed"):
            return f" and is presumed decayed{self._time_to_come_down()}"
        return " and its fate is not known"

    def _time_to_come_down(self) -> str:
        """Return from which height it may have come down, and in which time; empty if unknown."""
        epoch, unlisted = self._value("epoch_utc"), self._value("unlisted_since_utc")
        altitude = self._value("mean_altitude_km")
        if not epoch or not unlisted or altitude is None:
            return ""
        seconds = max(0, (utc_instant(unlisted) - utc_instant(epoch)).total_seconds())
        had = counted(round(seconds / SECONDS_PER_DAY), "day")
        return f": it had {had} to come down from {altitude:,.0f}{NBSP}km"

    def _place(self) -> Iterator[str]:
        if not self.position:
            return
        latitude, longitude = (self.position[f"{n}_deg"] for n in ("latitude", "longitude"))
        north, east = "NS"[latitude < 0], "EW"[longitude < 0]
        yield (
            f"On {day(self.now.isoformat())} at {self.now:%H:%M} UTC it is over "
            f"{abs(latitude):.1f}°{NBSP}{north}, {abs(longitude):.1f}°{NBSP}{east}, "
            f"{self.position['height_km']:,.0f}{NBSP}km high{self._error()}, by elements "
            f"{self._elements_age():.1f}{NBSP}days old."
        )

    def _error(self) -> str:
        """Return the expected error of its position in words; empty if it is unknown."""
        error_km = self.position.get("error_km", nan)
        return f", {error_text(error_km)}" if isfinite(error_km) else ""

    def _missing_orbits(self) -> Iterator[str]:
        if not self.record:
            return
        if len(self.elements) == 1:
            yield "One element set of it is known: its altitude over time is not."
        elif self.altitudes:
            yield floor_sentence(self.altitudes)
        for since, until in pauses(self.elements["epoch_utc"]).itertuples(index=False):
            yield f"No element set of it is loaded from {period(since, until)}."
        if self.position:
            yield MEANING if self._error() else NO_ERROR
        if self.reentry == NOT_FORECAST:
            yield NOT_FORECAST
        if self._value("launch_designator") and not self._value("launch"):
            yield "No launch of the loaded sources has the designator of its launch."

    def _missing_dates(self) -> Iterator[str]:
        if self._value("decay_is_uncertain"):
            yield "The source marks the decay date as uncertain."
        if self.record.get("catalogue_status") == "unlisted":
            yield (
                "No authority has recorded its re-entry. It is presumed if the satellite had the "
                f"time to come down to {LOW_KM}{NBSP}km until the first list without it, by "
                f"{LOWERING_KM_PER_DAY}{NBSP}km a day, and no later catalogue has it in orbit. "
                "Over a month, it has from any height."
            )

    def _age_words(self) -> str:
        if self.record["catalogue_status"] == "decayed":
            return "from its launch to its re-entry"
        if self.record["catalogue_status"] == "unlisted":
            return "from its launch until it was no longer listed"
        return "since its launch" if self.is_recent else "from its launch to its newest elements"

    def _age_days(self) -> int | None:
        """Return the days from its launch to its end, or to the present; None if unknown."""
        launched, until = self._value("launch_date"), self._value("until_date")
        if self.record["catalogue_status"] == "in orbit":
            until = self.now.isoformat() if self.is_recent else self._value("epoch_utc")
        if not launched or not until or self._rough_date or not self._is_dated:
            return None
        return (utc_instant(until) - utc_instant(launched)).days

    def _elements_age(self) -> float:
        return (self.now - utc_instant(self.record["epoch_utc"])).total_seconds() / SECONDS_PER_DAY

    def _value(self, name: str) -> Any:
        """Return a value of its record; None if it is missing."""
        return self.record.get(name) if name else None


def satellite(database: Path, which: str = "") -> SatelliteLife:
    """Return what is known of a satellite.

    Raises:
        DataError, DatabaseError: as `find_satellite`.
    """
    number = find_satellite(database, which)
    return satellites(database, [number])[number]


def satellites(database: Path, numbers: Sequence[str]) -> dict[str, SatelliteLife]:
    """Return what is known of satellites, by their catalogue numbers.

    Args:
        database: the database.
        numbers: the numbers; one that is not in the database has an empty record.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    now, weather = utc_now(), weather_days(database)
    is_simulated = bool(run(database)["is_simulated"])
    rows, changes, others = (_by_number(database, sql, column, numbers) for sql, column in _TABLES)
    element_sets = _histories(database, numbers)
    places = _positions(rows, now)
    forecast = set() if is_simulated else forecast_satellites(database)
    found = {}
    for number in numbers:
        record, reentry = _record(rows[number]), ""
        has_history = not is_simulated and len(element_sets[number]) > 0
        if record.get("catalogue_status") == "in orbit" and not is_simulated:
            reentry = reentry_text(database, int(number)) if number in forecast else NOT_FORECAST
        known = SatelliteLife(
            record=record,
            elements=element_sets[number],
            changes=changes[number],
            position={},
            now=now,
            is_simulated=is_simulated,
            other_numbers=tuple(
                (int(other), until_utc if isinstance(until_utc, str) else None)
                for other, until_utc in others[number].itertuples(index=False, name=None)
            ),
            weather=weather,
            reentry=reentry,
            altitudes=altitude_history(database, int(number)) if has_history else None,
        )
        is_placed = number in places and known.is_recent
        found[number] = replace(known, position=places[number]) if is_placed else known
    return found


def _histories(database: Path, numbers: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the element sets of each satellite, oldest first, with `mean_altitude_km`."""
    chosen = [int(number) for number in numbers if number]
    found = elements(database, satellites=chosen, columns=("norad_cat_id", *_OF_HISTORY))
    altitude = (found["perigee_altitude_km"] + found["apogee_altitude_km"]) / 2
    sets = found.assign(mean_altitude_km=altitude)
    groups = dict(list(sets.groupby(sets["norad_cat_id"].astype(str), sort=False)))
    return {
        number: groups.get(number, sets.iloc[:0])
        .drop(columns="norad_cat_id")
        .reset_index(drop=True)
        for number in numbers
    }


def _by_number(
    database: Path, sql: str, column: str, numbers: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the rows of each satellite.

    Args:
        database: the database.
        sql: a SELECT with `{numbers}` in place of the numbers.
        column: the column with the number, which is left out unless it is one of `v_starlink`.
        numbers: the numbers.
    """
    marks = ", ".join("?" * len(numbers))
    rows = query(database, sql.replace("{numbers}", marks), list(numbers))
    if len(numbers) == 1:
        own = rows if column == "norad_cat_id" else rows.drop(columns=column)
        return {numbers[0]: own}
    groups = dict(list(rows.groupby(rows[column].astype(str), sort=False)))
    empty = rows.iloc[:0]
    found = {number: groups.get(number, empty).reset_index(drop=True) for number in numbers}
    if column == "norad_cat_id":
        return found
    return {number: each.drop(columns=column) for number, each in found.items()}


def _record(row: pd.DataFrame) -> dict[str, Any]:
    if row.empty:
        return {}
    first = row.astype(object).iloc[0].dropna()
    return {str(name): value for name, value in first.items()}


def _positions(rows: Mapping[str, pd.DataFrame], now: datetime) -> dict[str, dict[str, Any]]:
    """Return where satellites are; not of those no longer in orbit, or for which SGP4 fails."""
    listed = [
        row
        for row in rows.values()
        if len(row) and row["catalogue_status"].iloc[0] == "in orbit" and _is_recent(row, now)
    ]
    if not listed:
        return {}
    satellites = pd.concat(listed, ignore_index=True) if len(listed) > 1 else listed[0]
    names = ["latitude_deg", "longitude_deg", "height_km", "error_km"]
    found = positions(satellites, now)[names].to_numpy(float)
    return {
        str(number): dict(zip(names, map(float, place), strict=True))
        for number, place in zip(satellites["norad_cat_id"], found, strict=True)
        if all(map(isfinite, place[:3]))
    }


def _is_recent(row: pd.DataFrame, now: datetime) -> bool:
    """Return whether the elements of a satellite tell about the present."""
    epoch = row["epoch_utc"].iloc[0]
    if not isinstance(epoch, str):
        return False
    return abs((now - utc_instant(epoch)).total_seconds()) <= AGE_LIMIT_DAYS * SECONDS_PER_DAY


def _source(name: str | None) -> str:
    """Return the title of a source, or what else a value is from, such as the launch."""
    if not name or name.endswith("_source"):
        return _UNKNOWN
    return titles(name).partition(" (")[0] if name in SOURCES else name


def _shown(what: str, value: Any) -> str:
    if what.endswith("date"):
        return day(str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rounded(value: float | None, digits: int = 0) -> float | None:
    if value is None:
        return None
    return round(value, digits) if digits else round(value)
