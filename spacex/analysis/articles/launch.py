"""The report on a launch: what flew, how its satellites climbed, and what is left of them.

A launch is known by the sources of launches, by the satellites of its designator, or by both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis import raising
from spacex.analysis.articles.count import Count
from spacex.analysis.articles.words import (
    NBSP,
    by_data,
    day,
    every,
    gap_words,
    launch_day,
    listed,
    loss_day,
    period,
    planned_day,
)
from spacex.analysis.booster_flights import LANDING_LABELS, SERIAL_UNKNOWN
from spacex.analysis.growth import KNOWN, growth, known_until, reaching
from spacex.analysis.launch_slips import planned_chance
from spacex.analysis.queries import query, run
from spacex.analysis.source_coverage import covered, gap_of, pauses
from spacex.analysis.space_weather import weather_days
from spacex.analysis.verdict import SIMULATED
from spacex.errors import DataError
from spacex.orbits.propagation import AGE_LIMIT_DAYS
from spacex.orbits.status import Status
from spacex.schema.starlink import NO_ELEMENTS
from spacex.settings.values import nearest_of_all
from spacex.units import SECONDS_PER_DAY, counted, plain_text, utc_instant, utc_now
from spacex.warehouse.authorities import CATALOGUES_SQL
from spacex.warehouse.coverage import EARLY_DAYS, LANDINGS, Span

NO_LAUNCH = "No launch is known: no source of launches or satellites is loaded."
NO_PAYLOAD = "Its payloads are not recorded."
NO_BOOSTER = "Its boosters are not recorded."
NO_SATELLITE = "No Starlink satellite of it is catalogued."
NOT_FOLLOWED = "What became of payloads other than Starlink satellites is not in these data."
UNKNOWN_LOSS = (
    "How many of its satellites are lost is not known: no catalogue tells, and no two GP lists of "
    f"which the first is at most {EARLY_DAYS}{NBSP}days after its launch."
)
UNKNOWN_MANIFEST = (
    "Whether it carried more satellites, never catalogued or lost before the first list or "
    "catalogue that has them, is not known."
)
NO_LOSS = "None of its catalogued satellites is lost."
_LOST = "decayed or no longer listed"
NO_CLIMB = "No two GP lists have its satellites, so how they climbed is not known."
_KNOWN = """
    SELECT launch_designator, name, date_utc, is_flown FROM v_launches
    UNION ALL
    SELECT launch_designator, launch, coalesce(launch_date, (
        SELECT max(date_utc) FROM v_launches e WHERE e.launch_designator < f.launch_designator
    )), TRUE FROM v_fleet_by_launch f
    WHERE launch_designator NOT NULL AND launch_designator NOT IN (
        SELECT launch_designator FROM v_launches WHERE launch_designator NOT NULL)
    ORDER BY is_flown, date_utc, launch_designator"""
_BOOSTERS = f"""
    SELECT coalesce(serial, CASE WHEN core_id IS NOT NULL THEN '{SERIAL_UNKNOWN}' END) AS booster,
           flight, landing AS outcome,
           landing_type AS landing_on, landpad AS pad
    FROM v_landings WHERE launch_id = ? ORDER BY core_index"""  # a constant
_PAYLOADS = """
    SELECT p.name AS payload, p.type, p.orbit, p.mass_kg
    FROM launch_payloads i JOIN payloads p USING (payload_id)
    WHERE i.launch_id = ? ORDER BY payload_index"""
_WHAT_CAME_OF_PLANS = {
    "overdue": "Whether it has flown is not known.",
    "superseded": (
        "Its source has ended, and another one, which covers the date, has no launch of this name: "
        "what became of it is not known."
    ),
}
_CARRIES = {
    "planned": "It is to carry",
    **dict.fromkeys(_WHAT_CAME_OF_PLANS, "It was to carry"),
}
"""Outcome of a launch that is not known to have flown → how its payloads are told."""
_CATALOGUED = f"""
    SELECT max(substr(observed_utc, 1, 10)) AS day FROM catalogue_objects
    WHERE source IN ({CATALOGUES_SQL}) AND launch_designator = ?"""
NO_ORBIT = "in orbit, without elements"
WITH_UNCATALOGUED = "With those that were never catalogued."
CLASSES: dict[str, tuple[str, ...]] = {
    "raising": (Status.RAISING,),
    "working": (Status.OPERATIONAL,),
    "lowering": (Status.LOWERING, Status.DECAYING),
    "silent": (Status.STALE, NO_ELEMENTS, NO_ORBIT),
}
"""Class of satellites in orbit → the orbit statuses in it; silent ones have no recent elements."""
_LOSSES = ("decayed", "unlisted", "never_catalogued")
_FATES = {
    "in_orbit": ("is in orbit", "are in orbit"),
    "decayed": ("has decayed", "have decayed"),
    "unlisted": ("is no longer listed", "are no longer listed"),
    "never_catalogued": ("was never catalogued", "were never catalogued"),
}


def find_launch(database: Path, which: str = "") -> str:
    """Return the designator of a launch, or its name if it has none; empty if there are none.

    Args:
        database: the database.
        which: its name or designator, in upper or lower case; if empty, the newest one flown.

    Raises:
        DataError: there is no such launch, or several have the name.
        DatabaseError: the database is missing or unreadable.
    """
    known = query(database, _KNOWN)
    if not which.strip():
        flown = known[known["is_flown"] == 1]
        return str(_keys(flown).iloc[-1]) if len(flown) else ""
    wanted = plain_text(" ".join(which.split())).casefold()
    year, _, number = wanted.partition("-")
    designator = f"{year}-{number.zfill(3)}" if number.isdecimal() else wanted.upper()
    is_it = known["launch_designator"].eq(designator) | known["name"].str.casefold().eq(wanted)
    found = _keys(known[is_it])
    if len(found) > 1:
        raise DataError(
            f"{len(found)} launches have the name {which!r}.",
            f"Give a designator: {listed(found.tolist())}.",
        )
    if found.empty:
        raise _unknown(which, [*known["name"].dropna(), *known["launch_designator"].dropna()])
    return str(found.iloc[0])


def _keys(launches: pd.DataFrame) -> "pd.Series[Any]":
    return launches["launch_designator"].fillna(launches["name"])


def _unknown(which: str, known: list[str]) -> DataError:
    return DataError(
        f"There is no launch {which!r}{nearest_of_all(plain_text(which).strip(), known)}",
        "Give a name or a designator such as 2022-010, or none for the newest launch.",
    )


@dataclass(frozen=True)
class Launch:
    """What is known of a launch.

    Attributes:
        title: its name, or designator; empty if no launch is known.
        designator: its designator; empty if unknown.
        record: its row of `v_launches`; empty if no source lists it.
        fates: its row of `v_fleet_by_launch`; empty if no satellite of it is catalogued.
        failures: why it failed.
        payloads: what it carried, for a table.
        boosters: its boosters, for a table.
        satellites: its rows of `v_starlink`.
        altitudes: those of its satellites in each GP list, as `raising.profile`.
        climb: its row of `raising.climbs`; empty if it is in no list.
        landings: the time in which the sources cover landings.
        covered: the time in which sources tell how many satellites are in orbit.
        known_until: the date to which the sources cover the fleet or, if the launch is later, that
            of the newest catalogue of its satellites, or of the launch; empty if nothing is known.
        is_simulated: whether the fleet is simulated.
        weather: `spacex.analysis.space_weather.weather_days`.
        chance: how likely it flies within a day of its date; empty unless it is planned to the day.
    """

    title: str
    designator: str
    record: dict[str, Any]
    fates: dict[str, Any]
    failures: list[str]
    payloads: pd.DataFrame
    boosters: pd.DataFrame
    satellites: pd.DataFrame
    altitudes: pd.DataFrame
    climb: dict[str, Any]
    landings: list[Span]
    covered: list[Span] = field(default_factory=list)
    known_until: str = ""
    is_simulated: bool = False
    weather: pd.DataFrame | None = None
    chance: str = ""

    @property
    def is_recent(self) -> bool:
        """Whether what is known of the fleet tells about the present."""
        if not self.known_until:
            return True
        age = utc_now() - utc_instant(self.known_until)
        return age.total_seconds() <= AGE_LIMIT_DAYS * SECONDS_PER_DAY

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if not self.title:
            return [NO_LAUNCH]
        simulated = [SIMULATED] if self.is_simulated and self.fates else []
        planned = [self.chance] if self.chance else []
        told = [*self._carried(), *self._left(), *self._climbed()]
        return [*simulated, self._flown(), *planned, *told]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if not self.fates:
            return self._carried_figures()
        launched = self.fates["launched"]
        known = "launched" if launched is not None else "known"
        whole = launched or self.fates["catalogued"]
        never = self.fates["never_catalogued"] or 0
        counts = (self.fates["decayed"], self.fates["unlisted"], never or None)
        lost = [count for count in counts if count is not None]
        how = "decayed, no longer listed or never catalogued" if never else _LOST
        heights = self._in_orbit()["mean_altitude_km"].dropna()
        return {
            f"Starlink satellites {known}": whole if self._knows_losses else None,
            "in orbit": self._number_in_orbit.figure,
            how: sum(lost) if lost else None,
            f"km, median altitude of {counted(len(heights), 'satellite')} in orbit": (
                round(float(heights.median())) if len(heights) else None
            ),
        }

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """The catalogued satellites by what is known of them, most first."""
        return self._status.value_counts().rename_axis("status").reset_index(name="satellites")

    @cached_property
    def classes(self) -> pd.DataFrame:
        """The classes of its satellites, from launch to loss, after McDowell's statistics.

        Columns `class`, `satellites`, a dash if unknown, and `how_known`. Empty if no
        satellite of it is catalogued.
        """
        if not self.fates:
            return pd.DataFrame(columns=["class", "satellites", "how_known"])
        launched, lost = self.fates["launched"], self._lost_count
        rows = [
            ("launched", launched, UNKNOWN_MANIFEST if launched is None else WITH_UNCATALOGUED),
            ("catalogued", self.fates["catalogued"], "They have a catalogue number."),
            *(self._class(name, statuses) for name, statuses in CLASSES.items()),
            ("lost", lost, UNKNOWN_LOSS if lost is None else self._lost_words()),
        ]
        return pd.DataFrame(
            [
                (name, "–" if n is None else f"{n:,}", known)
                for name, n, known in rows
                if n != 0 or name == "lost"
            ],
            columns=["class", "satellites", "how_known"],
        )

    @cached_property
    def members(self) -> pd.DataFrame:
        """Its catalogued satellites for a table."""
        return pd.DataFrame(
            {
                "satellite": self.satellites["object_name"].fillna("–"),
                "number": self.satellites["norad_cat_id"].astype(str),
                "status": self._status,
                "mean_altitude_km": self.satellites["mean_altitude_km"].where(self._is_in_orbit),
                "lost": _loss_days(self.satellites),
            }
        )

    @property
    def _status(self) -> "pd.Series[str]":
        orbit = self.satellites["orbit_status"].fillna(NO_ORBIT)
        return self.satellites["catalogue_status"].where(~self._is_in_orbit, orbit)

    @property
    def _is_in_orbit(self) -> "pd.Series[bool]":
        return self.satellites["catalogue_status"] == "in orbit"

    def _class(self, name: str, statuses: tuple[str, ...]) -> tuple[str, int, str]:
        """Return a class of satellites in orbit, their number and by which elements."""
        is_member = self._status.isin(statuses) & self._is_in_orbit
        epochs = self.satellites.loc[is_member, "epoch_utc"].dropna()
        by = f"By elements of {period(epochs.min(), epochs.max())}." if len(epochs) else ""
        return name, int(is_member.sum()), by or "No elements of them are loaded."

    @property
    def _lost_count(self) -> int | None:
        """How many are lost; None if nothing tells."""
        counts = [self.fates[name] for name in _LOSSES if self.fates[name] is not None]
        return int(sum(counts)) if counts and self._knows_losses else None

    def _lost_words(self) -> str:
        counts = {name: int(self.fates[name] or 0) for name in _LOSSES}
        if not any(counts.values()):
            return NO_LOSS
        parts = [f"{n:,} {_FATES[name][n != 1]}" for name, n in counts.items() if n]
        unknown = [_FATES[name][1] for name in _LOSSES if self.fates[name] is None]
        more = f" How many {listed(unknown)} is not known." if unknown else ""
        return f"{_capital(listed(parts))}.{more}"

    @cached_property
    def lost(self) -> pd.DataFrame:
        """The catalogued satellites that are no longer in orbit, the last first."""
        gone = self.satellites[self.satellites["catalogue_status"] != "in orbit"]
        newest = gone.sort_values("until_date", ascending=False, na_position="last")
        return pd.DataFrame(
            {
                "satellite": newest["object_name"].fillna("–"),
                "number": newest["norad_cat_id"].astype(str),
                "fate": newest["catalogue_status"],
                "lost": _loss_days(newest),
            }
        )

    @cached_property
    def remaining(self) -> pd.DataFrame:
        """Its catalogued satellites `in_orbit` by `day`, to the end of the data.

        It is empty if none is lost. The number is missing where it is not known.
        """
        first = self.satellites["from_date"].dropna().min()
        if pd.isna(first) or self.satellites["until_date"].isna().all():
            return pd.DataFrame(columns=["day", "in_orbit"])
        counts = growth(self.satellites, self.covered)[["day", "in_orbit"]]
        counts = counts.loc[counts["day"] >= first]
        last = counts.tail(1).assign(day=self.known_until[:10])
        is_later = last["day"] > counts["day"].max()
        extended: pd.DataFrame = pd.concat([counts, last[is_later]], ignore_index=True)
        return extended

    @property
    def no_climb(self) -> str:
        """Why there is no chart of their altitudes."""
        return NO_SATELLITE if self.satellites.empty else NO_CLIMB

    @property
    def no_loss(self) -> str:
        """Why no lost satellite is listed."""
        if self.satellites.empty:
            return ""
        return NO_LOSS if self._knows_losses else UNKNOWN_LOSS

    @property
    def limits(self) -> list[str]:
        """What the sources do not tell of it."""
        return [*self._missing_records(), *self._missing_landings(), *self._missing_lists()]

    def _flown(self) -> str:
        if not self.record:
            dated = self.fates.get("launch_date")
            when = f", launched on {day(dated)}" if dated else ""
            if self.title == self.designator:
                return f"Launch {self.title} is known by its satellites{when}."
            name = f"{self.title[0].upper()}{self.title[1:]}, launch {self.designator},"
            return f"{name} is known by its satellites{when}."
        name = f"{self.title}, launch {self.designator}," if self.designator else self.title
        rocket = (self.record["rocket"] or "").replace(" ", NBSP)
        vehicle = f" on a {rocket}" if rocket else ""
        site = f" from {self.record['launchpad']}" if self.record["launchpad"] else ""
        outcome = self.record["outcome"]
        if outcome == "planned":
            return f"{name} is planned {planned_day(*self._dates)}{vehicle}{site}."
        if outcome in _WHAT_CAME_OF_PLANS:
            dated = f"{name} was planned {planned_day(*self._dates)}{vehicle}{site}"
            return f"{dated}. {_WHAT_CAME_OF_PLANS[outcome]}"
        when, launch_class = launch_day(*self._dates), self.record["launch_class"]
        if launch_class == "pad loss":
            lost = f"{name} was lost on the pad {when}{vehicle and f', with its {rocket}'}"
            return f"{lost}{self._reasons}."
        flew = "made a suborbital flight" if launch_class == "suborbital" else "flew"
        return f"{name} {flew} {when}{vehicle}{site}{self._outcome(outcome)}."

    @property
    def _dates(self) -> tuple[str, str]:
        return self.record["date_utc"], self.record["date_text"]

    def _outcome(self, outcome: str) -> str:
        if outcome == "unknown":
            return "; its outcome is not recorded"
        if outcome == "success":
            return " and succeeded"
        return f" and failed{self._reasons}"

    @property
    def _reasons(self) -> str:
        reasons = [each.strip().removesuffix(".") for each in self.failures]
        return f": {listed(reasons)}" if reasons else ""

    def _carried(self) -> Iterator[str]:
        if self.fates or not self.record:
            return
        if self.payloads.empty:
            yield NO_PAYLOAD
            return
        names = self.payloads["payload"].tolist()
        more = [counted(len(names) - 3, "more payload")] if names[4:] else names[3:]
        mass = self._mass()
        weight = f", {mass:,.0f}{NBSP}kg" if mass else ""
        carried = _CARRIES.get(self.record["outcome"], "It carried")
        yield f"{carried} {listed([*names[:3], *more])}{weight}."

    def _left(self) -> Iterator[str]:
        if not self.fates:
            return
        launched, catalogued = self.fates["launched"], self.fates["catalogued"]
        whole = catalogued if launched is None else launched
        known = "known Starlink satellites" if launched is None else "Starlink satellites"
        counts = {name: self.fates[name] or 0 for name in _FATES}
        in_orbit = self._number_in_orbit
        numbers = {name: Count(n, n) for name, n in counts.items()} | {"in_orbit": in_orbit}
        parts = [f"{numbers[name]} {_FATES[name][int(n != 1)]}" for name, n in counts.items() if n]
        by = "" if self.is_recent else f"{self._dated}, "
        if not self._knows_losses or (in_orbit.most is None and whole == in_orbit.least):
            are = "satellite is" if whole == 1 else "satellites are"
            yield _capital(f"{by}{in_orbit} of its Starlink {are} in orbit.")
        elif alike := next((name for name, n in counts.items() if n == whole), ""):
            ones = f"{every(whole)} {known}" if whole > 1 else f"its one {known[:-1]}"
            yield _capital(f"{by}{ones} {_FATES[alike][int(whole != 1)]}.")
        else:
            yield _capital(f"{by}of its {whole:,} {known}, {listed(parts)}.")

    @property
    def _number_in_orbit(self) -> Count:
        """How many are in orbit: at least, where the sources do not cover the fleet."""
        count, date = int(self.fates["in_orbit"]), self.known_until[:10]
        spans = reaching(self.covered, date)
        is_covered = any(since[:10] <= date <= until[:10] for since, until in spans)
        return Count(count, count if is_covered or not count else None)

    @property
    def _dated(self) -> str:
        """What the numbers are known by: the data, and losses of after their end."""
        newest = max(self.satellites["until_date"].dropna(), default="")
        if newest > self.known_until[:10]:
            return _capital(by_data(self.known_until, newest))
        return f"By data to {day(self.known_until)}"

    @property
    def _knows_losses(self) -> bool:
        """Whether any source tells of launched, decayed or unlisted satellites of it."""
        return any(self.fates.get(each) is not None for each in ("launched", "decayed", "unlisted"))

    def _climbed(self) -> Iterator[str]:
        if len(self.altitudes) < 2:
            return
        heights = self.altitudes["median_altitude_km"]
        first, last, high = heights.iloc[0], heights.iloc[-1], heights.max()
        rises, falls = high - first >= 1, high - last >= 1
        rose = f"rose from {first:,.0f} to {high:,.0f}{NBSP}km{self._rate()}"
        fell = f"fell {'' if rises else f'from {high:,.0f} '}to {last:,.0f}{NBSP}km"
        if rises or falls:
            told = ((rises, rose), (falls, fell))
            said = " and then ".join(words for is_so, words in told if is_so)
            yield f"Their median altitude {said}."
        elif high - heights.min() < 1:
            yield f"In every GP list their median altitude is {high:,.0f}{NBSP}km."

    def _rate(self) -> str:
        names = ("climb_rate", "low", "high")
        rate, low, high = (self.climb[f"{name}_km_per_day"] for name in names)
        if pd.isna(rate):
            return ""
        return f", by {rate:.1f}{NBSP}km a day (95{NBSP}% interval {low:.1f} to {high:.1f})"

    def _mass(self) -> float | None:
        """Return the mass of the payloads, kg; None if one of them is unknown."""
        if self.record.get("payloads_of_unknown_mass"):
            return None
        mass: float | None = self.record.get("payload_mass_kg")
        return mass

    def _carried_figures(self) -> dict[str, object]:
        if self.payloads.empty:
            return {}
        return {"payloads": len(self.payloads), "kg, their mass": self._mass()}

    def _in_orbit(self) -> pd.DataFrame:
        return self.satellites.loc[self._is_in_orbit]

    def _missing_records(self) -> Iterator[str]:
        if self.title and not self.record:
            yield (
                "No launch of the loaded sources has its designator: name, rocket and site are not "
                "known."
            )
        if unknown := int(self.record.get("payloads_of_unknown_mass") or 0):
            yield f"The mass of {counted(unknown, 'payload')} is not known."
        if self.fates and not self._knows_losses:
            yield UNKNOWN_LOSS
        elif self.fates and self.fates["launched"] is None:
            yield UNKNOWN_MANIFEST
        without = int(self._in_orbit()["mean_altitude_km"].isna().sum())
        if without:
            yield f"The orbits of {counted(without, 'satellite')} in orbit are not known."

    def _missing_landings(self) -> Iterator[str]:
        if "not recorded" not in set(self.boosters["outcome"]):
            return
        gap = gap_of(self.landings, self.record["date_utc"]) if self.landings else None
        missing = f", which no source covers {gap_words(gap)}" if gap else ""
        yield f"Landings are not recorded for all its boosters{missing}."

    def _missing_lists(self) -> Iterator[str]:
        for since, until in pauses(self.altitudes["observed_utc"]).itertuples(index=False):
            yield f"No GP list with its satellites is loaded from {period(since, until)}."
        gap = self.climb.get("longest_gap_days")
        if len(self.altitudes) > 1 and gap is not None and gap > raising.MAX_GAP_DAYS:
            yield (
                f"While it climbed, GP lists are up to {gap:.0f}{NBSP}d apart, so no climb rate "
                "is given."
            )


def launch(database: Path, which: str = "") -> Launch:
    """Return what is known of a launch.

    Raises:
        DataError, DatabaseError: as `find_launch`.
    """
    key = find_launch(database, which)
    sql = "SELECT * FROM v_launches WHERE coalesce(launch_designator, name) = ? LIMIT 1"
    record = _row(query(database, sql, [key]))
    designator = key if not record else record["launch_designator"] or ""
    launch_id = record.get("launch_id", "")
    of_it = "launch_designator = ? OR (launch_id = ? AND launch_id <> '')"
    by_launch = f"SELECT * FROM v_fleet_by_launch WHERE {of_it}"
    fates = _row(query(database, by_launch, [key, launch_id]))
    reasons = "SELECT reason FROM launch_failures WHERE launch_id = ? AND reason NOT NULL"
    climbs = raising.climbs(database)
    members = f"SELECT * FROM v_starlink WHERE {of_it} ORDER BY norad_cat_id"
    satellites = query(database, members, [key, launch_id])
    return Launch(
        title=record.get("name") or fates.get("launch") or key,
        designator=designator,
        record=record,
        fates=fates,
        failures=query(database, reasons, [launch_id])["reason"].tolist(),
        payloads=query(database, _PAYLOADS, [launch_id]),
        boosters=_boosters(query(database, _BOOSTERS, [launch_id])),
        satellites=satellites,
        altitudes=raising.profile(database, designator),
        climb=_row(climbs[climbs["launch_designator"] == designator]),
        landings=covered(database, LANDINGS),
        covered=covered(database, *KNOWN),
        known_until=_known_until(database, satellites),
        is_simulated=bool(run(database)["is_simulated"]),
        weather=weather_days(database),
        chance=planned_chance(database, launch_id) if record.get("outcome") == "planned" else "",
    )


def _known_until(database: Path, satellites: pd.DataFrame) -> str:
    """Return the date to which the satellites of a launch are known; empty if there is none."""
    launched = str(min(satellites["from_date"].dropna(), default=""))
    known = known_until(database)
    if satellites.empty or (known and known >= launched):
        return known
    found = query(database, _CATALOGUED, [satellites["launch_designator"].iloc[0]])
    return max([launched, *map(str, found["day"].dropna())])


def _row(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the first row, None for missing values; empty if there is none."""
    if rows.empty:
        return {}
    first = rows.astype(object).iloc[0]
    return {str(name): None if pd.isna(value) else value for name, value in first.items()}


def _boosters(flights: pd.DataFrame) -> pd.DataFrame:
    return flights.assign(
        booster=flights["booster"].fillna("not recorded"),
        flight=flights["flight"].astype("Int64"),
        outcome=flights["outcome"].replace("unknown", "not recorded"),
        landing_on=flights["landing_on"].map(LANDING_LABELS).fillna("–"),
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _loss_days(satellites: pd.DataFrame) -> list[str]:
    """Return when each satellite was lost; a dash for the others."""
    known, until = (_texts(satellites[f"{name}_date"]) for name in ("last_known", "until"))
    return [loss_day(*days) if days[1] else "–" for days in zip(known, until, strict=True)]


def _texts(column: "pd.Series[Any]") -> list[str]:
    return ["" if pd.isna(each) else str(each) for each in column]
