"""The flights of boosters with their turnaround, as SQL, and words for landings."""

from spacex.warehouse.coverage import LAUNCHES, newly_unlisted

LANDING_LABELS = {"ASDS": "drone ship", "RTLS": "land", "Ocean": "water"}
"""Type of a landing → where it was."""


def boosters_of(rocket: str) -> str:
    """Return how many boosters a rocket has, as SQL.

    Args:
        rocket: the column with its name.
    """
    return f"iif({rocket} LIKE 'Falcon Heavy%', 3, 1)"


UNRECORDED_BOOSTERS = f"""
    SELECT launch_id, date_from_utc, date_until_utc,
           {boosters_of("rocket")} - coalesce(recorded, 0) AS boosters
    FROM v_launches LEFT JOIN (
        SELECT launch_id, count(*) AS recorded FROM launch_cores GROUP BY launch_id)
        USING (launch_id)
    WHERE is_flown AND launch_class IS NOT 'pad loss'
          AND coalesce(recorded, 0) < {boosters_of("rocket")}"""
"""SELECT of the flown launches of which no source has all boosters, and how many it lacks."""

SERIAL_UNKNOWN = "serial not known"
"""The name of a booster without a serial, with its first launch where it may be any booster."""
FLIGHTS = f"""
    WITH span AS MATERIALIZED (
        SELECT from_utc, to_utc FROM v_coverage WHERE subject = '{LAUNCHES}'),
    flown AS (
        SELECT f.launch_id, f.launch, l.launch_designator, f.date_utc, l.date_text, f.year,
               f.rocket, l.launchpad, f.core_id,
               CASE WHEN f.core_id IS NULL THEN 'unknown'
                    ELSE coalesce(f.serial, '{SERIAL_UNKNOWN} ('
                        || first_value(f.launch) OVER booster || ', '
                        || substr(first_value(l.date_text) OVER booster, 1, 10) || ')')
               END AS booster, f.flight, f.is_reused,
               f.landing_attempt, f.landing_success, f.landing AS outcome,
               CASE WHEN f.landing_attempt THEN coalesce(f.landing_type, 'unknown')
                    WHEN f.landing = 'unknown' THEN 'not recorded' ELSE 'not tried' END AS landing,
               CASE WHEN f.core_id IS NOT NULL THEN lag(f.date_utc) OVER booster END AS before_utc,
               substr(l.date_from_utc, 1, 10) = substr(l.date_until_utc, 1, 10) AS has_day,
               lag(substr(l.date_from_utc, 1, 10) = substr(l.date_until_utc, 1, 10)) OVER booster
                   AS before_has_day,
               f.flight - row_number() OVER booster AS unlisted
        FROM v_landings f JOIN v_launches l USING (launch_id)
        WINDOW booster AS (PARTITION BY f.core_id ORDER BY f.date_utc)),
    flight AS (
        SELECT *, CASE WHEN has_day AND before_has_day
                            AND coalesce({newly_unlisted("date_utc")}, 0) <= 0
                            AND EXISTS (SELECT 1 FROM span WHERE before_utc >= from_utc
                                                             AND date_utc <= to_utc)
                       THEN julianday(date_utc) - julianday(before_utc) END AS turnaround_d
        FROM flown)
"""
"""Prefix of a SELECT that defines `flight`: one row per flight of a booster on a flown launch.

The turnaround counts from the booster's previous flight, whatever a condition selects. It is NULL
if no source covers the time between, in which the booster may have flown, if it has flown then by
its flight numbers, or if the day of one of the two flights is not known. Flights are ordered by
date, because the source's flight numbers have gaps and duplicates.
"""
