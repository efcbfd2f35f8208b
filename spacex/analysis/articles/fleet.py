"""The report on the fleet of a date: its shells, versions and statuses, and how it came to be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from spacex.analysis.articles import losses
from spacex.analysis.articles.count import Count
from spacex.analysis.articles.words import by_data, day, listed
from spacex.analysis.growth import KNOWN, covers_day, reaching
from spacex.analysis.growth import fleet_date as newest_date
from spacex.analysis.history import fleet_on
from spacex.analysis.intervals import percent
from spacex.analysis.occupancy import of_shells
from spacex.analysis.queries import query, run
from spacex.analysis.source_coverage import FLEET, covered, gaps
from spacex.analysis.verdict import SIMULATED
from spacex.errors import DataError
from spacex.extract.as_of import Date, as_of_utc
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import find_shells
from spacex.orbits.status import RULES, find_status
from spacex.schema.starlink import NO_ELEMENTS
from spacex.units import counted, date_text
from spacex.warehouse.authorities import LISTED_WITHIN_DAYS
from spacex.warehouse.coverage import (
    CATALOGUED,
    DECAYS,
    LAUNCHED,
    LISTED,
    LONGEST_GAP_DAYS,
    SOME_DECAYS,
    Span,
    union,
)

NO_FLEET = "The fleet is not known: no GP list and no whole catalogue is loaded."
NOTHING = "Nothing is known of the orbits of that date."
PERIODS_DAYS = (30, 365)
"""The time before the date in which the report counts launches and losses, d."""
_ALL, _CATALOGUED = "all", "catalogued"
"""Which satellites a period counts."""
_DAY = slice(0, 10)
_OF_LOSSES = ["from_date", "last_known_date", "until_date", "catalogue_status"]
_OF_ORBITS = [
    *("orbit_status", "shell", "epoch_utc", "inclination_deg", "raan_deg", "eccentricity"),
    *("arg_of_pericenter_deg", "mean_anomaly_deg", "mean_motion_rev_per_day", "bstar"),
    *("mean_motion_dot", "mean_motion_ddot", "mean_altitude_km"),
]
_MEMBERS = f"""
    SELECT *, coalesce(catalogue_status = 'in orbit' OR iif(
               last_known_date < until_date, last_known_date >= ?1, until_date > ?1), FALSE)
               AND (launch_date NOT NULL OR known_by_date <= ?1 OR julianday(known_by_date)
                    - julianday(from_date) <= {LONGEST_GAP_DAYS}) AS is_in_orbit
    FROM v_starlink WHERE from_date <= ?1 ORDER BY norad_cat_id"""
_NEVER_CATALOGUED = """
    SELECT from_date, last_known_date, until_date, 'decayed' AS catalogue_status
    FROM v_never_catalogued WHERE from_date <= ?"""
_ESTIMATED = "SELECT from_date FROM v_starlink WHERE launch_date IS NULL AND from_date <= ?"
_GROWTH = "SELECT * FROM v_fleet_growth WHERE day <= ? ORDER BY day"


class Period(NamedTuple):
    """What came and went in a period; None if it is not known.

    `counted` are `all` satellites, or `catalogued` ones: those never catalogued do not count unless
    a source has them for the whole period.
    `estimated` is how many of the launched have an estimated launch date.
    Losses without a date count at the end of the span in which they lie; `undated` is how many of
    these spans lie in the period in part only. More may have been lost on the `days_not_covered`,
    and launched on the `launch_days_not_covered`: no source tells, or lists do not have the
    satellites yet.
    """

    period: str
    counted: str
    launched: int
    estimated: int
    decayed: int | None
    unlisted: int | None
    undated: int
    days_not_covered: int
    launch_days_not_covered: int

    @property
    def launched_count(self) -> Count:
        """How many were launched, as far as known."""
        return Count(self.launched, None if self.launch_days_not_covered else self.launched)


@dataclass(frozen=True)
class Fleet:
    """The fleet on a date.

    Attributes:
        on: the date; empty if no satellite is known.
        satellites: the satellites proven to be in orbit, with the columns of `v_starlink`; of those
            without known orbits on that date, `shell`, `orbit_status` and the elements are missing.
        growth: the rows of `v_fleet_growth` up to the date.
        losses: the losses of its satellites, those of after the date too, with the columns of
            `v_starlink`.
        spans: the time in which lists tell which satellites come and go, and catalogues which
            decay, by subject.
        is_current: whether this is the newest fleet of the data.
        is_covered: whether a list, a catalogue or orbits cover the date.
        covered_until: the date to which they do, if the date is that of a later launch or loss.
        estimated: the estimated dates of launch of the satellites without a known one.
        listed_utc: the instant of the GP list with the orbits, if they are of an earlier one.
        never_catalogued: `from_date`, `last_known_date`, `until_date` and `catalogue_status` of the
            satellites that never got a catalogue number.
        is_simulated: whether the fleet is that of the bundled sample.
    """

    on: str
    satellites: pd.DataFrame
    growth: pd.DataFrame
    losses: pd.DataFrame
    spans: dict[str, list[Span]]
    is_current: bool = True
    is_covered: bool = True
    covered_until: str = ""
    estimated: tuple[str, ...] = ()
    listed_utc: str = ""
    never_catalogued: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=_OF_LOSSES, dtype=object)
    )
    is_simulated: bool = False

    @cached_property
    def with_elements(self) -> pd.DataFrame:
        """The satellites whose orbits are known."""
        return self.satellites.dropna(subset="mean_motion_rev_per_day")

    @cached_property
    def shells(self) -> pd.DataFrame:
        """The shells: their satellites, how many are operational, and their planes."""
        known = self.with_elements
        if known.empty or known["shell"].isna().all():
            return pd.DataFrame(columns=["shell", "satellites", "operational", "planes"])
        planes = of_shells(ElementSets.from_frame(known), known["shell"])
        is_operational = known["orbit_status"].eq("operational")
        operational = known[is_operational].groupby("shell").size()
        return pd.DataFrame(
            {
                "shell": planes["shell"],
                "satellites": planes["satellites"],
                "operational": planes["shell"].map(operational).fillna(0).astype(int),
                "planes": [_planes(*each) for each in _plane_counts(planes)],
            }
        )

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """The number of satellites of each orbit status, and what the status means."""
        status = self.satellites["orbit_status"].fillna(NO_ELEMENTS)
        counts = status.value_counts().rename_axis("orbit_status").reset_index(name="satellites")
        means = counts["orbit_status"].map(RULES).fillna("Its orbit on that date is not known.")
        return counts.assign(what_it_means=means)

    @cached_property
    def versions(self) -> pd.DataFrame:
        """The number of satellites of each version."""
        version = self.satellites["version"].fillna("unknown")
        return version.value_counts().rename_axis("version").reset_index(name="satellites")

    @cached_property
    def places(self) -> pd.DataFrame:
        """The satellites by rounded inclination and altitude, as `v_fleet_by_shell`, and status."""
        known = self.with_elements
        rounded = known.assign(
            inclination_deg=(known["inclination_deg"] * 2).round() / 2,
            mean_altitude_km=(known["mean_altitude_km"] / 10).round() * 10,
            status=known["orbit_status"].fillna(NO_ELEMENTS),
        )
        by = ["inclination_deg", "mean_altitude_km", "status"]
        return rounded.groupby(by, as_index=False).agg(satellites=("norad_cat_id", "size"))

    @cached_property
    def periods(self) -> pd.DataFrame:
        """What came and went in the time before the date, by period."""
        found = [self._period(days) for days in PERIODS_DAYS if self.on]
        counts = pd.DataFrame(found, columns=Period._fields).astype(
            {"decayed": "Int64", "unlisted": "Int64"}
        )
        lost = counts[["decayed", "unlisted"]].sum(axis=1, min_count=1)
        unsure = counts[["undated", "days_not_covered", "launch_days_not_covered"]]
        is_known = unsure.eq(0).all(axis=1) & (not self._is_part)
        return counts.assign(
            launched=pd.Series([each.launched_count.figure for each in found], dtype=object),
            change=(counts["launched"] - lost).where(is_known),
        )

    @property
    def members(self) -> pd.DataFrame:
        """The satellites in orbit and those that were lost, which the figures are from."""
        return pd.concat([self.satellites, self.losses])

    @property
    def gaps(self) -> pd.DataFrame:
        """When satellites may have come and gone unseen, up to the date."""
        return gaps(
            self._covered, pd.concat([self.growth["day"].head(1), pd.Series([self.on or None])])
        )

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if not self.on:
            return [NO_FLEET]
        return [
            *([SIMULATED] if self.is_simulated else []),
            self._size(),
            *self._orbits(),
            *self._growth(),
        ]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if not self.on:
            return {}
        year, known = self._year, len(self.with_elements)
        estimated = f", {year.estimated:,} of them by estimated dates" if year.estimated else ""
        ones = "" if year.counted == _ALL else "catalogued ones "
        operational = int(self.with_elements["orbit_status"].eq("operational").sum())
        share = f", {percent(operational, known)} of those with known orbits" if known else ""
        return {
            f"satellites in orbit{self._dated}, {self._of}": (self._in_orbit.figure),
            f"operational{share}": operational if known else None,
            "shells found in the orbits": len(self.shells) if known else None,
            f"{ones}launched in the 365 days before{estimated}": year.launched_count.figure,
            f"{ones}decayed or unlisted in the 365 days before{self._never}": self._lost.figure,
        }

    @property
    def limits(self) -> list[str]:
        """What is not known of the fleet of that date."""
        return [*self._limits()] if self.on else []

    @property
    def _in_orbit(self) -> Count:
        count = len(self.satellites)
        return Count(count, None if self._is_least else count)

    @property
    def _of(self) -> str:
        """How many are catalogued, or known if more may be."""
        return (
            f"of {self.growth['launched'].iloc[-1]:,} {'catalogued' if self._is_told else 'known'}"
        )

    @property
    def _is_told(self) -> bool:
        """Whether sources tell every satellite catalogued by the date."""
        return covers_day(self.spans.get(CATALOGUED, []), self.on)

    def _size(self) -> str:
        were = "are" if self.is_current else "were"
        when = f"By{self._dated.removeprefix(' by')}" if self._dated else f"On {day(self.on)}"
        if not self._in_orbit.is_known:
            return f"{when}, none is known to be in orbit, {self._of}."
        satellites = "satellite" if len(self.satellites) == 1 else "satellites"
        return f"{when}, {self._in_orbit} Starlink {satellites} {were} in orbit, {self._of}."

    @property
    def _dated(self) -> str:
        """What the number in orbit is known by, if not all of it is of the date."""
        return f" {by_data(self.covered_until, self.on)}" if self.covered_until else ""

    def _orbits(self) -> Iterator[str]:
        counts = self.satellites["orbit_status"].value_counts()
        if counts.empty:
            yield "Their orbits on that date are not known."
            return
        verbs = ["are" if self.is_current else "were", *[""] * len(counts)]
        each = zip(counts, verbs, counts.index, strict=False)
        parts = [" ".join(filter(None, (f"{n:,}", verb, status))) for n, verb, status in each]
        shells = f", in {counted(len(self.shells), 'shell')}" if len(self.shells) else ""
        yield f"By their orbits, {listed(parts)}{shells}."

    def _growth(self) -> Iterator[str]:
        year, gone = self._year, self._lost
        when, how = "In the 365 days before", f"lost: decayed or no longer listed{self._never}"
        if not year.launched_count.is_known and not gone.is_known:
            yield f"{when}, how many were launched and lost is not known."
        elif not year.launched_count.is_known:
            lost = f"{gone}{_ones(year.counted, gone.least)} {_were(gone)} {how}"
            yield f"{when}, {lost}; how many were launched is not known."
        else:
            came = year.launched_count
            about = "about " if year.estimated and came.most is not None else ""
            launched = f"{about}{came}{_ones(year.counted, came.least)} {_were(came)} launched"
            lost = f" and {gone} {how}" if gone.is_known else "; how many were lost is not known"
            yield f"{when}, {launched}{lost}."

    @property
    def _is_least(self) -> bool:
        """Whether only a lower bound of the number in orbit is known."""
        lost = losses.lost(self.losses, "", self.on)
        is_covered = self.is_covered or bool(self.covered_until)
        is_exact = self._is_told and is_covered and lost.least == lost.most
        return not is_exact or bool(self._unproven)

    @property
    def _lost(self) -> Count:
        """How many were lost in the year before: at least, where more losses may be unknown."""
        year = self._year
        tells_decayed, tells_unlisted = year.decayed is not None, year.unlisted is not None
        found = self._losses(year.counted)
        is_decayed = found["catalogue_status"].eq("decayed")
        told = found[(is_decayed & tells_decayed) | (~is_decayed & tells_unlisted)]
        since = _later(self.on, -PERIODS_DAYS[-1])
        (least, _), (_, most) = (losses.lost(each, since, self.on) for each in (told, found))
        is_least = self._is_part or year.days_not_covered or not (tells_decayed or tells_unlisted)
        return Count(least, None if is_least else most)

    @property
    def _never(self) -> str:
        """How many of those lost in the year before were never catalogued, if any."""
        if self._year.counted != _ALL:
            return ""
        gone = self.never_catalogued["until_date"]
        found = int((gone.gt(_later(self.on, -PERIODS_DAYS[-1])) & gone.le(self.on)).sum())
        return f", {found:,} of them never catalogued" if found else ""

    @property
    def _is_part(self) -> bool:
        """Whether the decays of some satellites only are known in the year before."""
        if not self.spans.get(SOME_DECAYS):
            return False
        since = _later(self.on, -PERIODS_DAYS[-1])
        return not any(until[_DAY] > since for _, until in self.spans.get(DECAYS, []))

    @property
    def _unproven(self) -> int:
        """How many satellites may be lost already, or not be launched yet."""
        known = self.growth.dropna(subset="at_least").tail(1)
        gone = known[["decayed", "unlisted", "at_least"]].sum(axis=1)
        return int((known["launched"] - gone).sum())

    @property
    def _year(self) -> Period:
        return self._period(PERIODS_DAYS[-1])

    def _period(self, days: int) -> Period:
        """Return what came and went in the days before the date, its own day included."""
        since = _later(self.on, -days)
        before = self.growth[self.growth["day"] <= since].tail(1)
        names = ["launched", "decayed", "unlisted"]
        change = self.growth[names].iloc[-1].sub(before[names].sum())
        ends = pd.Series([since, self.on])
        tells = {each: _days(gaps(spans, ends)) < days for each, spans in self.spans.items()}
        launched, decayed, unlisted = map(int, change)
        counted = _CATALOGUED if _days(gaps(self.spans.get(LAUNCHED, []), ends)) else _ALL
        if counted == _ALL:
            came, gone = (self.never_catalogued[name] for name in ("from_date", "until_date"))
            launched += int((came.gt(since) & came.le(self.on)).sum())
            decayed += int((gone.gt(since) & gone.le(self.on)).sum())
        least, most = losses.lost(self._losses(counted), since, self.on)
        tells_some = tells.get(LISTED) or tells.get(SOME_DECAYS)  # GP lists tell of some decays
        return Period(
            f"{days} days",
            counted,
            launched,
            sum(since < each <= self.on for each in self.estimated),
            decayed if tells.get(DECAYS) or (decayed and tells_some) else None,
            unlisted if tells.get(LISTED) else None,
            (most or 0) - least,
            _days(gaps(self._covered, ends)),
            _days(gaps(self.spans.get(CATALOGUED, []), ends)),
        )

    def _losses(self, counted: str) -> pd.DataFrame:
        """Return the losses of all satellites, or of the catalogued ones."""
        others = self.never_catalogued.dropna(subset="until_date")
        if counted != _ALL or others.empty:
            return self.losses
        return pd.concat([self.losses[_OF_LOSSES[1:]], others[_OF_LOSSES[1:]]])

    @property
    def _covered(self) -> list[Span]:
        """The time in which a list or a catalogue tells which satellites come and go.

        The newest change of the current fleet ends it, if it is days after the coverage at most.
        """
        spans = union(span for subject in FLEET for span in self.spans.get(subject, []))
        return reaching(spans, self.on) if self.is_current else spans

    def _limits(self) -> Iterator[str]:
        if self.covered_until:
            yield (
                f"No list or catalogue covers the days after {day(self.covered_until)}: only some "
                "launches and losses of them are known."
            )
        elif not self.is_covered:
            yield (
                f"No list or catalogue covers {day(self.on)}: satellites that came and went unseen "
                "are missing."
            )
        if self.listed_utc:
            yield f"The orbits are those of the GP list of {day(self.listed_utc)}."
        if self._is_part:
            yield "A part of a catalogue is loaded: the decays of other satellites are not known."
        if unknown := len(self.satellites) - len(self.with_elements):
            yield f"The orbits of {counted(unknown, 'satellite')} are not known on that date."
        if self.estimated:
            yield (
                f"The launch date of {counted(len(self.estimated), 'satellite')} is not known, and "
                "is estimated from the number of the launch in its year."
            )
        if late := self._year.days_not_covered:
            yield (
                f"No list or catalogue covers {_of_year(late)}. What was lost then "
                "is not known, or dated to the list that follows."
            )
        if late := self._year.launch_days_not_covered:
            yield (
                f"What was launched on {_of_year(late)} is not known: a GP list "
                f"tells it to {LISTED_WITHIN_DAYS} days before its date, a catalogue to its newest "
                "launch."
            )
        yield from self._not_catalogued()
        yield "Decays are catalogued some days late."

    def _not_catalogued(self) -> Iterator[str]:
        since = _later(self.on, -PERIODS_DAYS[-1])
        days = self.never_catalogued["from_date"]
        found = int((days.gt(since) & days.le(self.on)).sum())
        known = f"{counted(found, 'satellite')} launched in the 365 days before"
        never = f"{'was' if found == 1 else 'were'} never catalogued"
        if self._year.counted == _ALL:
            if found:
                yield f"{known} {never}: lost before {'it' if found == 1 else 'they'} got a number."
            return
        yield (
            "No source has the satellites that were never catalogued for all of the 365 days "
            f"before: {f'the {found:,} that are known' if found else 'they'} do not count."
        )


def fleet(database: Path, on: Date = "") -> Fleet:
    """Return the fleet on a date.

    Args:
        database: the database.
        on: the date; if empty, that of the newest data.

    Raises:
        SettingsError: the date is invalid.
        DataError: the fleet of that date is not known.
        DatabaseError: the database is missing or unreadable.
    """
    date, newest = fleet_date(database, on), newest_date(database)
    growth, members = (query(database, sql, [date]) for sql in (_GROWTH, _MEMBERS))
    if not date:
        return Fleet("", members, growth, members, {})
    spans = covered(database, *KNOWN)
    in_orbit = members[members["is_in_orbit"] == 1].reset_index(drop=True)
    is_current = date == newest
    orbits, listed_utc = (
        (in_orbit, _older_list(database, date))
        if is_current
        else _orbits_on(database, date, in_orbit)
    )
    spans = reaching(spans, date) if is_current else spans
    until = spans[-1][1][_DAY] if is_current else date
    return Fleet(
        on=date,
        is_current=is_current,
        is_covered=any(since[_DAY] <= date <= until[_DAY] for since, until in spans),
        covered_until=until if until < date else "",
        satellites=orbits,
        growth=growth,
        losses=members.dropna(subset="until_date"),
        spans={
            subject: covered(database, subject)
            for subject in (*FLEET, SOME_DECAYS, CATALOGUED, LAUNCHED)
        },
        never_catalogued=query(database, _NEVER_CATALOGUED, [date]),
        estimated=tuple(query(database, _ESTIMATED, [date])["from_date"].dropna()),
        listed_utc=listed_utc,
        is_simulated=bool(run(database)["is_simulated"]),
    )


def fleet_date(database: Path, on: Date = "") -> str:
    """Return the date of a fleet: by default that of the newest data; empty if there are none.

    Args:
        database: the database.
        on: the date.

    Raises:
        SettingsError, DataError, DatabaseError: as `fleet`.
    """
    last = newest_date(database)
    if not last:
        return ""
    first = query(database, "SELECT min(day) AS day FROM v_fleet_growth")["day"].iloc[0]
    date = as_of_utc(on)[_DAY] if on else last
    if first <= date <= last:
        return date
    near = first if date < first else last
    raise DataError(
        f"The fleet of {date_text(date)} is not known; did you mean {near}?",
        f"Choose a date from {first} to {last}.",
    )


def _older_list(database: Path, date: str) -> str:
    """Return the instant of the newest GP list if it is of before a date; else, an empty text."""
    listed = covered(database, LISTED)
    return listed[-1][1] if listed and listed[-1][1][_DAY] < date else ""


def _orbits_on(database: Path, date: str, satellites: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return satellites with the orbits, shells and statuses of the GP list of a date.

    Args:
        database: the database.
        date: the date.
        satellites: rows of `v_starlink`.

    Returns:
        The satellites, and the instant of the list, empty if there is none.
    """
    unknown = satellites.drop(columns=_OF_ORBITS)
    try:
        known = fleet_on(database, date)
    except DataError:
        return unknown.assign(**dict.fromkeys(_OF_ORBITS)), ""
    elements = ElementSets.from_frame(known)
    shells = find_shells(elements)
    launched = satellites.set_index("norad_cat_id")["launch_date"].reindex(known["norad_cat_id"])
    launch_date = pd.to_datetime(launched).to_numpy("datetime64[D]")
    names = dict(enumerate(shells.names()))
    found = known.assign(
        orbit_status=find_status(elements, shells, launch_date=launch_date),
        shell=pd.Series(shells.label).map(names),
        mean_altitude_km=elements.altitude_km,
    )
    joined = unknown.merge(found[["norad_cat_id", *_OF_ORBITS]], how="left", on="norad_cat_id")
    return joined, str(known.attrs["observed_utc"])


def _plane_counts(planes: pd.DataFrame) -> Iterator[tuple[int, int, bool]]:
    columns = ("occupied_planes", "planes", "is_certain")
    return zip(*(planes[name] for name in columns), strict=True)


def _planes(occupied: int, count: int, is_certain: bool) -> str:  # noqa: FBT001 - of a row
    if not count:
        return "not resolved"
    return f"{occupied} of {count}" if is_certain else f"{occupied} of {count}, uncertain"


def _were(count: Count) -> str:
    return "was" if count.least == 1 and count.most in {1, None} else "were"


def _of_year(days: int) -> str:
    """Return some of the days before, as what no source covers.

    >>> _of_year(14), _of_year(365)
    ('14 of the 365 days before', 'any of the 365 days before')
    """
    year = PERIODS_DAYS[-1]
    return f"{'any' if days >= year else f'{days:,}'} of the {year} days before"


def _ones(counted_ones: str, number: int) -> str:
    """Return the word for what is counted, if these are not all satellites."""
    return "" if counted_ones == _ALL else f" catalogued one{'s' * (number != 1)}"


def _later(date: str, days: int) -> str:
    return f"{pd.Timestamp(date) + pd.Timedelta(days=days):%Y-%m-%d}"


def _days(spans: pd.DataFrame) -> int:
    """Return the length of spans in whole days."""
    since, until = (pd.to_datetime(spans[name], utc=True) for name in ("from_utc", "to_utc"))
    return round((until - since).sum() / pd.Timedelta(days=1)) if len(spans) else 0
