"""The report on a place: the Starlink satellites and trains to be seen there in the next nights.

A pass can be seen if the satellite is in sunlight in a dark sky when it is highest. The brightness
is not predicted. A train is a line of satellites of one launch that are still being raised, each a
minute or less behind the one before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.api.fleet_positions import require_number
from spacex.analysis.api.satellite import WITH_ELEMENTS
from spacex.analysis.articles.words import NBSP, day, period
from spacex.analysis.queries import query, run
from spacex.errors import SettingsError
from spacex.orbits.cities import City, find_place
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Instants
from spacex.orbits.instants import instant, seconds, span
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG, find_passes
from spacex.orbits.place import compass
from spacex.orbits.propagation import age_warning, display_instant
from spacex.orbits.sun import is_dark_sky
from spacex.units import counted, utc_now

NO_ORBITS = "The orbits of no satellite in orbit are known, so there are no passes to compute."
TRAINS_CLIMB = "Satellites of trains are still being raised, so their times err the most."
LEFT_OUT = (
    f"Passes below {MIN_ELEVATION_DEG:g}° are left out, and those in twilight or in the shadow of "
    "the Earth. Whether a satellite is bright enough to be seen is not predicted."
)
NO_TRAIN = "No train can be seen."
NONE_SEEN = "No pass can be seen."
MOST_NIGHTS = 10
LEAST_IN_TRAIN = 5
TRAIN_GAP_S = 60.0
"""Fewest satellites of a train, and the longest time between two of them."""
_TWILIGHT_STEP_S = 60.0
_HALF_DAY = pd.Timedelta(hours=12)
_FLEET = f"""{WITH_ELEMENTS} AND catalogue_status = 'in orbit'
    AND mean_motion_rev_per_day >= {LEAST_REV_PER_DAY} ORDER BY norad_cat_id"""
_OF_SATELLITES = ["norad_cat_id", "object_name", "launch_designator", "launch", "orbit_status"]
_TIMES = ("rise_utc", "culmination_utc", "set_utc")
_ANGLES = (
    *("rise_azimuth_deg", "culmination_azimuth_deg", "set_azimuth_deg"),
    "culmination_elevation_deg",
)
_OF_PASSES = ["norad_cat_id", *_TIMES, *_ANGLES]
NO_PASSES = pd.DataFrame(columns=[*_OF_SATELLITES, *_TIMES, *_ANGLES]).astype(
    {"norad_cat_id": "int64"}
    | dict.fromkeys(_TIMES, "datetime64[us, UTC]")
    | dict.fromkeys(_ANGLES, "float")
)
DarkSpan = tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True)
class Sky:
    """What can be seen from a place.

    Attributes:
        place: the place.
        nights: the number of nights.
        start: the first instant; NaT if no orbits are known.
        evening: the date of the evening of the first night; empty without orbits.
        newest_utc: the epoch of the newest orbits.
        dark: the spans of dark sky, each within a night.
        passes: the passes that can be seen: columns of `Passes.frame`, `object_name`,
            `launch_designator`, `launch`, `orbit_status`, `night`, the date of its evening, and
            `train`, the number of its train, missing outside trains.
        is_now: whether the first instant is the present, because the orbits are not too old.
        age: a warning if the orbits are too old for the last night; empty if they are not.
        is_simulated: whether the orbits are those of the bundled sample.
    """

    place: City
    nights: int
    start: np.datetime64
    evening: str
    newest_utc: str
    dark: list[DarkSpan]
    passes: pd.DataFrame
    is_now: bool = True
    age: str = ""
    is_simulated: bool = False

    @cached_property
    def trains(self) -> pd.DataFrame:
        """The trains, those of most satellites first."""
        members = self.passes.dropna(subset="train")
        groups = members.groupby("train", as_index=False)
        found = groups.agg(
            satellites=("norad_cat_id", "size"),
            launch=("launch", "first"),
            designator=("launch_designator", "first"),
            first=("culmination_utc", "min"),
            last=("culmination_utc", "max"),
            elevation_deg=("culmination_elevation_deg", "max"),
            rise=("rise_azimuth_deg", "first"),
            set=("set_azimuth_deg", "first"),
        )
        return found.sort_values(["satellites", "elevation_deg"], ascending=False)

    @cached_property
    def trains_table(self) -> pd.DataFrame:
        """The trains with local times, for a table."""
        return pd.DataFrame(
            {
                "satellites": self.trains["satellites"],
                "launch": self.trains["launch"].fillna("launch " + self.trains["designator"]),
                "first_one_highest": self._local(self.trains["first"]),
                "last_one": self._local(self.trains["last"]).str[-5:],
                "greatest_elevation_deg": self.trains["elevation_deg"].round().astype(int),
                "rises": self.trains["rise"].map(compass),
                "sets": self.trains["set"].map(compass),
            }
        )

    @cached_property
    def best(self) -> pd.DataFrame:
        """The passes outside trains, highest first, with local times, for a table."""
        alone = self.passes[self.passes["train"].isna()]
        alone = alone.sort_values("culmination_elevation_deg", ascending=False, kind="stable")
        clocks = {
            name: self._local(alone[f"{name}_utc"]) for name in ("rise", "culmination", "set")
        }
        return pd.DataFrame(
            {
                "satellite": alone["object_name"],
                "highest": clocks["culmination"],
                "elevation_deg": alone["culmination_elevation_deg"].round().astype(int),
                "towards": alone["culmination_azimuth_deg"].map(compass),
                "rises": clocks["rise"].str[-5:] + " " + _directions(alone["rise_azimuth_deg"]),
                "sets": clocks["set"].str[-5:] + " " + _directions(alone["set_azimuth_deg"]),
            }
        )

    @cached_property
    def by_night(self) -> pd.DataFrame:
        """Each night: when the sky is dark, and the passes and trains to be seen."""
        rows = [
            {
                "night": period(str(evening), str(evening + pd.Timedelta(days=1))),
                "dark_sky": self._darkness(evening),
                "passes": len(seen),
                "satellites": seen["norad_cat_id"].nunique(),
                "trains": seen["train"].nunique(),
            }
            for evening, seen in self._nights()
        ]
        return pd.DataFrame(rows, columns=["night", "dark_sky", "passes", "satellites", "trains"])

    @cached_property
    def by_hour(self) -> pd.DataFrame:
        """The number of `passes` by `night`, and by `hour` in the time zone of the place."""
        local = self.passes["culmination_utc"].dt.tz_convert(self.place.time_zone)
        hours = self.passes.assign(
            hour=local.dt.strftime("%H:00"),
            order=(_clock(self.passes["culmination_utc"], self.place).dt.hour - 12) % 24,
            night=pd.to_datetime(self.passes["night"]).dt.strftime(f"%-d{NBSP}%B"),
            evening=self.passes["night"],
        )
        groups = hours.groupby(["evening", "night", "hour"], as_index=False)
        return groups.agg(passes=("norad_cat_id", "size"), order=("order", "min"))

    @property
    def name(self) -> str:
        """The name of the place, or its coordinates."""
        at = f"{self.place.latitude_deg:g}°, {self.place.longitude_deg:g}°"
        return self.place.name or at

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if np.isnat(self.start):
            return [NO_ORBITS]
        return [*self._caveats(), *self._seen()]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures."""
        if np.isnat(self.start):
            return {}
        return {
            "passes to be seen": len(self.passes),
            "satellites to be seen": self.passes["norad_cat_id"].nunique(),
            f"trains, of {LEAST_IN_TRAIN} satellites or more": len(self.trains),
        }

    @property
    def limits(self) -> list[str]:
        """What the report does not know."""
        zone = self.place.time_zone
        times = f"Times are those of {zone}." if self.place.name else "Times are UTC."
        return [
            times,
            LEFT_OUT,
            *([self.age] if self.age else []),
            *([TRAINS_CLIMB] if len(self.trains) else []),
        ]

    def _caveats(self) -> Iterator[str]:
        if self.is_simulated:
            yield "This is the bundled sample: its orbits are simulated, and so are these passes."
        if not self.is_now:
            yield (
                f"The newest orbits are of {day(self.newest_utc)}, too old for tonight: shown are "
                f"the nights after {day(str(self.start))}."
            )

    def _seen(self) -> Iterator[str]:
        nights = "night" if self.nights == 1 else f"{self.nights} nights"
        when = f"in the next {nights}" if self.is_now else f"in {counted(self.nights, 'night')}"
        if self.passes.empty:
            why = "all pass in twilight, daylight or shadow" if self.dark else "the sky is not dark"
            yield f"From {self.name}, no Starlink satellite can be seen {when}: {why}."
            return
        satellites = counted(self.passes["norad_cat_id"].nunique(), "Starlink satellite")
        passes = counted(len(self.passes), "pass", "passes")
        yield f"From {self.name}, {satellites} can be seen {when}, in {passes}."
        yield from self._best_train()
        yield from self._best_pass()

    def _best_train(self) -> Iterator[str]:
        if self.trains.empty:
            yield "There is no train of new satellites among them."
            return
        table = self.trains_table.iloc[0]
        yield (
            f"The longest train has {table['satellites']} satellites of {table['launch']}: on "
            f"{table['first_one_highest']} to {table['last_one']}, up to "
            f"{table['greatest_elevation_deg']}° high."
        )

    def _best_pass(self) -> Iterator[str]:
        if len(self.best):
            high = self.best.iloc[0]
            yield (
                f"The highest single pass is that of {high['satellite']}, on {high['highest']}, "
                f"{high['elevation_deg']}° high."
            )

    def _nights(self) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
        if self.evening:
            for evening in pd.date_range(self.evening, periods=self.nights):
                yield evening, self.passes[self.passes["night"] == f"{evening:%Y-%m-%d}"]

    def _darkness(self, evening: pd.Timestamp) -> str:
        """Return from when to when the sky is dark in a night, local time."""
        nights = _evening(pd.Series([begin for begin, _ in self.dark]), self.place)
        spans = [
            each for each, of in zip(self.dark, nights, strict=True) if of == f"{evening:%Y-%m-%d}"
        ]
        clocks = [self._local(pd.Series(each).dt.tz_localize("UTC")).str[-5:] for each in spans]
        return ", ".join(f"{since} to {until}" for since, until in clocks) or "never"

    def _local(self, instants: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
        local = instants.dt.tz_convert(self.place.time_zone)
        return local.dt.strftime(f"%-d{NBSP}%B, %H:%M").astype(str)


def sky(database: Path, place: str = "Berlin", nights: int = 3) -> Sky:
    """Return what can be seen from a place in the next nights.

    If the orbits are too old for the present, they are the nights after the middle of their epochs.

    Args:
        database: the database.
        place: a city, or "latitude, longitude".
        nights: the number of nights; the one that has begun counts.

    Raises:
        SettingsError: the place is unknown, or the number of nights is out of range.
        DatabaseError: the database is missing or unreadable.
    """
    where = find_place(place)
    _require_nights(nights)
    rows = query(database, _FLEET)
    if rows.empty:
        never = np.datetime64("NaT", "us")
        return Sky(where, nights, never, "", "", [], with_trains(NO_PASSES, where))
    fleet, now = ElementSets.from_frame(rows), instant(utc_now())
    start = display_instant(fleet, now)
    evening, noon = first_night(start, where)
    noons = [noon + np.timedelta64(number, "D") for number in range(nights)]
    dark = [each for night in pairwise([start, *noons]) for each in dark_spans(where, *night)]
    found = [find_passes(fleet, where, *each).frame().query("is_visible") for each in dark]
    named = rows[_OF_SATELLITES].merge(
        pd.concat([NO_PASSES[_OF_PASSES], *found]), on="norad_cat_id"
    )
    return Sky(
        place=where,
        nights=nights,
        start=start,
        evening=evening,
        is_now=start == now,
        newest_utc=str(fleet.epoch_utc.max()),
        dark=dark,
        passes=with_trains(named, where),
        age=age_warning(fleet, noons[-1]),
        is_simulated=bool(run(database)["is_simulated"]),
    )


def _require_nights(nights: int) -> None:
    require_number("nights", nights, most=MOST_NIGHTS)
    if nights != int(nights):
        raise SettingsError(f"nights is {nights!r}.", f"Give a whole number up to {MOST_NIGHTS}.")


def _evening(instants: "pd.Series[pd.Timestamp]", place: City) -> "pd.Series[str]":
    """Return the date of the evening of the night, which lasts from noon to noon."""
    return (_clock(instants, place) - _HALF_DAY).dt.strftime("%Y-%m-%d")


def _clock(instants: "pd.Series[pd.Timestamp]", place: City) -> "pd.Series[pd.Timestamp]":
    """Return instants in the time zone of a city, or in mean solar time if it is unknown."""
    utc = pd.to_datetime(instants, utc=True)
    if place.name:
        return utc.dt.tz_convert(place.time_zone).dt.tz_localize(None)
    return utc.dt.tz_localize(None) + pd.Timedelta(hours=place.longitude_deg / 15)


def _directions(azimuths_deg: "pd.Series[float]") -> "pd.Series[str]":
    """Return the points of the compass, as text even if there are none."""
    return azimuths_deg.map(compass).astype("str")


def first_night(start: np.datetime64, place: City) -> tuple[str, np.datetime64]:
    """Return the date of the evening of the first night, and the noon after it, within an hour.

    A night that has begun counts until its end.
    """
    local = _clock(pd.Series([start]), place).iloc[0]
    noon = (local - _HALF_DAY).normalize() + 3 * _HALF_DAY
    end = start + seconds((noon - local).total_seconds())
    if not is_dark_sky(place, span(start, end, _TWILIGHT_STEP_S)).any():
        noon, end = noon + 2 * _HALF_DAY, end + np.timedelta64(24, "h")
    return f"{noon - 2 * _HALF_DAY:%Y-%m-%d}", end


def dark_spans(place: City, start: np.datetime64, end: np.datetime64) -> list[DarkSpan]:
    """Return when the sky over a place is dark, to a minute that includes twilight.

    Args:
        place: the place.
        start: the first instant.
        end: the last instant.
    """
    when: Instants = span(start, end, _TWILIGHT_STEP_S)
    edges = np.flatnonzero(np.diff(np.r_[False, is_dark_sky(place, when), False].astype(int)))
    return [
        (when[max(first - 1, 0)], when[min(last, len(when) - 1)])
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def with_trains(passes: pd.DataFrame, place: City) -> pd.DataFrame:
    """Add `night` and `train`."""
    ordered = passes.sort_values(["launch_designator", "culmination_utc"])
    gap = ordered.groupby("launch_designator")["culmination_utc"].diff()
    is_raising = ordered["orbit_status"].eq("raising")
    number = (~(gap <= pd.Timedelta(seconds=TRAIN_GAP_S)) | ~is_raising).cumsum()
    size = number.map(number.value_counts())
    train = number.where((size >= LEAST_IN_TRAIN) & is_raising)
    return ordered.assign(
        night=_evening(ordered["culmination_utc"], place), train=train
    ).sort_values("culmination_utc")
