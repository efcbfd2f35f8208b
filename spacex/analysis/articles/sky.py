"""The report on a place: the Starlink satellites and trains to be seen there in the next nights.

Passes, magnitudes and trains are those of `spacex.analysis.sightings`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.api.elements_at import IN_ORBIT, WITH_ELEMENTS
from spacex.analysis.api.fleet_positions import require_number
from spacex.analysis.articles.words import NBSP, day, period
from spacex.analysis.error_laws import MEANING, error_texts
from spacex.analysis.queries import query, run
from spacex.analysis.sightings import (
    LEAST_IN_TRAIN,
    NO_PASSES,
    events,
    launch_names,
    visible_passes,
)
from spacex.errors import SettingsError
from spacex.orbits.cities import City, find_place
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import instant
from spacex.orbits.magnitudes import DARK_PLACE_MAG, TOWN_MAG
from spacex.orbits.nights import DarkSpan, clock, dark_spans, first_night, next_dark
from spacex.orbits.nights import evening as evening_of
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG
from spacex.orbits.place import compass
from spacex.orbits.propagation import age_warning, display_instant
from spacex.units import counted, utc_now

NO_ORBITS = "The orbits of no satellite in orbit are known, so there are no passes to compute."
TRAINS_CLIMB = "Satellites of trains are still being raised, so their times err the most."
LEFT_OUT = (
    f"Passes below {MIN_ELEVATION_DEG:g}° are left out, and those in twilight or in the shadow of "
    "the Earth. Magnitudes are those of a typical satellite of the version, good to ± 1; some "
    "versions have none. The naked eye sees to about 6.5 in a dark place, and to 4 in a town."
)
NO_TRAIN = "No train can be seen."
NONE_SEEN = "No pass can be seen."
MOST_NIGHTS = 10
_FLEET = f"{WITH_ELEMENTS} AND {IN_ORBIT}"


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
        passes: the passes in sunlight and a dark sky: columns of `passes_over`, and `night`, the
            date of its evening.
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
    def events(self) -> pd.DataFrame:
        """The trains, and the passes outside them."""
        return events(self.passes)

    @cached_property
    def trains(self) -> pd.DataFrame:
        """The trains, those of most satellites first."""
        found = self.events.dropna(subset="train")
        return found.sort_values(["satellites", "culmination_elevation_deg"], ascending=False)

    @cached_property
    def trains_table(self) -> pd.DataFrame:
        """The trains with local times, for a table."""
        return pd.DataFrame(
            {
                "satellites": self.trains["satellites"],
                "launch": launch_names(self.trains),
                "first_one_highest": self._local(self.trains["culmination_utc"]),
                "last_one": self._local(self.trains["last_culmination_utc"]).str[-5:],
                "magnitude": self.trains["magnitude"].round(1),
                "greatest_elevation_deg": _whole(self.trains["culmination_elevation_deg"]),
                "rises": self.trains["rise_azimuth_deg"].map(compass),
                "sets": self.trains["set_azimuth_deg"].map(compass),
                "expected_error": error_texts(self.trains),
            }
        )

    @cached_property
    def best(self) -> pd.DataFrame:
        """The passes outside trains, brightest first, then highest, with local times."""
        alone = self.events[self.events["train"].isna()]
        alone = alone.assign(rounded=alone["magnitude"].round(1)).sort_values(
            ["rounded", "culmination_elevation_deg"], ascending=[True, False], kind="stable"
        )
        clocks = {
            name: self._local(alone[f"{name}_utc"]) for name in ("rise", "culmination", "set")
        }
        return pd.DataFrame(
            {
                "satellite": alone["object_name"],
                "magnitude": alone["rounded"],
                "highest": clocks["culmination"],
                "elevation_deg": _whole(alone["culmination_elevation_deg"]),
                "towards": alone["culmination_azimuth_deg"].map(compass),
                "rises": clocks["rise"].str[-5:] + " " + _directions(alone["rise_azimuth_deg"]),
                "sets": clocks["set"].str[-5:] + " " + _directions(alone["set_azimuth_deg"]),
                "expected_error": error_texts(alone),
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
            order=(clock(self.passes["culmination_utc"], self.place).dt.hour - 12) % 24,
            night=pd.to_datetime(self.passes["night"]).dt.strftime(f"%-d{NBSP}%B"),
            evening=self.passes["night"],
        )
        groups = hours.groupby(["evening", "night", "hour"], as_index=False)
        return groups.agg(passes=("norad_cat_id", "size"), order=("order", "min"))

    @property
    def name(self) -> str:
        """The name of the place, or its coordinates."""
        at = f"{self.place.latitude_deg:g}°, {self.place.longitude_deg:g}°"
        return self.place.unique_name or at

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
            "passes in sunlight and a dark sky": len(self.passes),
            "of them, bright enough for a dark place": self._bright(DARK_PLACE_MAG),
            "of them, bright enough for a town": self._bright(TOWN_MAG),
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
            MEANING,
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
            why = "all pass in twilight, daylight or shadow" if self.dark else self._not_dark()
            yield f"From {self.name}, no Starlink satellite can be seen {when}: {why}."
            return
        passes = counted(len(self.passes), "Starlink pass", "Starlink passes")
        yield (
            f"From {self.name}, {passes} {when} {'is' if len(self.passes) == 1 else 'are'} in "
            f"sunlight and a dark sky: {self._bright(DARK_PLACE_MAG):,} bright enough for the "
            f"naked eye in a dark place, {self._bright(TOWN_MAG):,} in a town."
        )
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
            best = self.best.iloc[0]
            is_known = pd.notna(best["magnitude"])
            rank = "brightest" if is_known else "highest"
            mag = f", of magnitude {best['magnitude']:.1f}{NBSP}±{NBSP}1" if is_known else ""
            yield (
                f"The {rank} single pass is that of {best['satellite']}, on {best['highest']}, "
                f"{best['elevation_deg']}° high{mag}."
            )

    def _not_dark(self) -> str:
        """Return until when the sky is not dark."""
        dark = pd.Timestamp(next_dark(self.start, self.place), tz="UTC")
        local = dark.tz_convert(self.place.time_zone)
        return f"the sky is not dark before {day(f'{local:%Y-%m-%d}')}"

    def _bright(self, faintest: float) -> int:
        """Return the number of passes of at least a magnitude."""
        return int((self.passes["magnitude"] <= faintest).sum())

    def _nights(self) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
        if self.evening:
            for evening in pd.date_range(self.evening, periods=self.nights):
                yield evening, self.passes[self.passes["night"] == f"{evening:%Y-%m-%d}"]

    def _darkness(self, evening: pd.Timestamp) -> str:
        """Return from when to when the sky is dark in a night, local time."""
        nights = evening_of(pd.Series([begin for begin, _ in self.dark]), self.place)
        spans = [
            each for each, of in zip(self.dark, nights, strict=True) if of == f"{evening:%Y-%m-%d}"
        ]
        clocks = [self._local(pd.Series(each).dt.tz_localize("UTC")).str[-5:] for each in spans]
        words = ("all day" if since == until else f"{since} to {until}" for since, until in clocks)
        return ", ".join(words) or "never"

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
    known = query(database, _FLEET)
    rows = known[known["mean_motion_rev_per_day"] >= LEAST_REV_PER_DAY].reset_index(drop=True)
    if rows.empty:
        never = np.datetime64("NaT", "us")
        return Sky(where, nights, never, "", "", [], with_nights(NO_PASSES, where))
    fleet, now = ElementSets.from_frame(rows), instant(utc_now())
    start = display_instant(ElementSets.from_frame(known).epoch_utc, now)
    evening, noon = first_night(start, where)
    noons = [noon + np.timedelta64(number, "D") for number in range(nights)]
    dark = [each for night in pairwise([start, *noons]) for each in dark_spans(where, *night)]
    return Sky(
        place=where,
        nights=nights,
        start=start,
        evening=evening,
        is_now=start == now,
        newest_utc=str(fleet.epoch_utc.max()),
        dark=dark,
        passes=with_nights(visible_passes(rows, where, dark), where),
        age=age_warning(fleet, noons[-1]),
        is_simulated=bool(run(database)["is_simulated"]),
    )


def _require_nights(nights: int) -> None:
    require_number("nights", nights, most=MOST_NIGHTS)
    if nights != int(nights):
        raise SettingsError(f"nights is {nights!r}.", f"Give a whole number up to {MOST_NIGHTS}.")


def _directions(azimuths_deg: "pd.Series[float]") -> "pd.Series[str]":
    """Return the points of the compass, as text even if there are none."""
    return azimuths_deg.map(compass).astype("str")


def with_nights(passes: pd.DataFrame, place: City) -> pd.DataFrame:
    """Add `night`, the date of the evening of the night of each pass."""
    return passes.assign(night=evening_of(passes["culmination_utc"], place))


def _whole(numbers: "pd.Series[float]") -> "pd.Series[int]":
    return numbers.round().astype(int)
