"""Columns that only views and computed frames have; the other ones are those of the tables."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from spacex.schema import TABLES, Column
from spacex.schema.column import boolean, count, date, integer, real, text, utc

VIEW_COLUMNS = (
    # launches and boosters
    text("launch", "Name of the launch"),
    text("rocket", "Name of the rocket type"),
    text("launchpad", "Name of the launch site"),
    text("landpad", "Name of the landing site"),
    integer("year", "Year of the launch, UTC"),
    utc("launch_utc", "Liftoff"),
    text("date_text", "Date of the launch to its precision: Q3 2026, NET 2026"),
    utc("date_from_utc", "Start of the period that the date of the launch stands for"),
    utc("date_until_utc", "End of the period that the date of the launch stands for"),
    text(
        "outcome",
        "Outcome of the launch",
        values=("success", "failure", "unknown", "planned", "overdue", "superseded"),
    ),
    boolean("is_flown", "Whether the launch took place"),
    real("payload_mass_kg", "Known mass of the payloads", "kg"),
    count("payloads_of_unknown_mass", "Payloads without a known mass"),
    text(
        "landing",
        "Landing of the booster; lost: with the launch",
        values=("landed", "missed", "expended", "lost", "unknown"),
    ),
    count("launches", "Launches"),
    count("attempts", "Landing attempts"),
    count("landings", "Landings"),
    count("flights", "Flights, at least"),
    count("recorded_flights", "Flights on past launches of the sources"),
    utc("first_flight_utc", "Liftoff of the first flight"),
    utc("last_flight_utc", "Liftoff of the last flight"),
    count("matched", "Launches that another source has too"),
    # satellites
    text(
        "catalogue_status",
        "Whether the satellite is in orbit, by catalogues and GP lists",
        values=("in orbit", "decayed", "unlisted"),
    ),
    date("from_date", "Day from which the satellite counts in the fleet"),
    date("known_by_date", "Day by which the satellite had certainly been launched"),
    date(
        "last_known_date",
        "Last day on which a lost satellite is known to be in orbit, if the day of its loss is not",
    ),
    date("until_date", "Day until which the satellite counts in the fleet, the last one possible"),
    boolean("unsure_date", "Whether the loss is only known to lie in a span of more than days"),
    utc(
        "in_orbit_by_catalogue_utc",
        "Newest catalogue with the unlisted satellite in orbit, of well after it left the lists",
    ),
    boolean("is_presumed_decayed", "Whether the unlisted satellite had the time to re-enter"),
    real("mean_altitude_km", "Mean altitude above the equatorial radius", "km"),
    date("day", "Day, UTC"),
    count("satellites", "Satellites"),
    count("launched", "Satellites launched"),
    count("catalogued", "Satellites with a catalogue number that the loaded sources have"),
    count("never_catalogued", "Satellites that never got a catalogue number"),
    count("decayed", "Satellites that re-entered"),
    count("unlisted", "Satellites that are no longer in the GP lists"),
    count("in_orbit", "Satellites in orbit"),
    count("at_least", "Satellites that are proven to be in orbit"),
    count("newly_listed", "Satellites that the GP list before did not have"),
    count("newly_unlisted", "Satellites that only the GP list before had"),
    integer("other_norad_cat_id", "Another catalogue number of the satellite"),
    utc("until_utc", "Instant of the first GP list that had another number"),
    # positions, ground tracks and passes
    utc("instant_utc", "Instant of the position"),
    count("segment", "Part of a ground track that does not cross the antimeridian"),
    utc("rise_utc", "Rise of the satellite"),
    utc("culmination_utc", "Culmination of the satellite"),
    utc("set_utc", "Set of the satellite"),
    real("rise_azimuth_deg", "Azimuth of the rise, clockwise from north", "deg"),
    real("culmination_azimuth_deg", "Azimuth of the culmination, clockwise from north", "deg"),
    real("set_azimuth_deg", "Azimuth of the set, clockwise from north", "deg"),
    real("culmination_elevation_deg", "Greatest elevation", "deg"),
    real("culmination_range_km", "Distance of the satellite at its culmination", "km"),
    real(
        "culmination_phase_angle_deg",
        "Angle at the satellite between the Sun and the place at the culmination",
        "deg",
    ),
    boolean("is_sunlit", "Whether the satellite is in sunlight at its culmination"),
    boolean("is_dark_sky", "Whether the sky over the place is dark at the culmination"),
    boolean("is_visible", "Whether the satellite is sunlit in a dark sky"),
    real("magnitude", "Apparent visual magnitude at the culmination, ± 1", "mag"),
    real("error_km", "Expected error of the position: half of such predictions err by more", "km"),
    real("error_high_km", "Error that one in ten of such predictions exceeds", "km"),
    real("error_s", "Time in which the satellite flies `error_km`: it is early or late", "s"),
    integer("train", "Number of the train of satellites that the pass belongs to"),
    # sources
    utc("from_utc", "Start of the covered period"),
    utc("to_utc", "End of the covered period"),
    utc("newest_utc", "Newest date of the data"),
    text("ends_at", "What the covered period ends at: newest launch, last check …"),
    text("attribute", "Attribute in which the sources contradict each other"),
    text("other_source", "The other source"),
    text("other_value", "Value of the other source"),
    text("rule", "Rule that decides"),
    text("used", "Value that is used"),
    text("stands", "Source of the value that is used"),
    boolean("is_outdated", "Whether a source is only too old to have the decay, or some days late"),
    count("runs", "Runs"),
)
"""In the order of their subjects."""


@cache
def declared() -> dict[str, Column]:
    """Return all columns by name; without values if two tables allow different ones."""
    found: dict[str, Column] = {}
    for column in _columns():
        known = found.get(column.name, column)
        found[column.name] = column if known.values == column.values else replace(column, values=())
    return found


def _columns() -> Iterator[Column]:
    yield from VIEW_COLUMNS
    for table in TABLES.values():
        yield from table.columns
