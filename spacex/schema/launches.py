"""Tables of launches, their boosters, payloads and failures."""

from spacex.schema import reference, shared
from spacex.schema.column import Table, boolean, count, integer, real, required, text, url, utc

PRECISIONS = (
    "decade",
    "year",
    "fiscal year",
    "half",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
)
"""Precisions of a date, coarsest first. Fiscal years are those of the United States government."""

DATE_PRECISION = text("date_precision", "Precision of the date", values=PRECISIONS)
LAUNCH_CLASS = text(
    "launch_class",
    "orbital: launched to orbit or beyond, or meant to be; suborbital: not meant to reach orbit; "
    "pad loss: lost before liftoff. NULL if unknown",
    values=("orbital", "suborbital", "pad loss"),
)

LAUNCHES = Table(
    name="launches",
    description="One launch: flown, failed or planned",
    key=("launch_id",),
    columns=(
        required(reference.LAUNCH_ID),
        shared.SOURCE,
        integer("flight_number", "Flight number of the source; not unique", minimum=1),
        reference.NAME,
        utc("date_utc", "Liftoff, with the precision of date_precision", required=True),
        text("date_local", "Liftoff in local time, with UTC offset"),
        DATE_PRECISION,
        text("date_source", "Source of the date"),
        LAUNCH_CLASS,
        boolean("is_upcoming", "Whether the source lists the launch as upcoming", required=True),
        boolean("is_tbd", "Whether the date is to be determined (TBD)"),
        boolean("is_net", "Whether the date is no-earlier-than (NET)"),
        boolean("success", "Whether the launch succeeded; NULL if planned or unknown"),
        reference.ROCKET_ID,
        reference.LAUNCHPAD_ID,
        count("window_s", "Length of the launch window", "s"),
        utc("static_fire_utc", "Instant of the static fire test"),
        boolean("has_fairings", "Whether the rocket carried payload fairings"),
        boolean("fairings_reused", "Whether the fairings had flown before"),
        boolean("fairings_recovery_attempt", "Whether recovery of the fairings was attempted"),
        boolean("fairings_recovered", "Whether the fairings were recovered"),
        count("fairings_ship_count", "Ships assigned to recover the fairings"),
        count("crew_count", "Crew members on board"),
        count("ship_count", "Support ships"),
        count("capsule_count", "Dragon capsules"),
        boolean("is_auto_updated", "Whether the source updates the record automatically"),
        text("launch_library_id", "Launch Library's ID of the launch"),
        shared.LAUNCH_DESIGNATOR,
        text("status", "Launch status, as the source abbreviates it: Success, Go, TBD …"),
        reference.ORBIT_CODE,
        utc("last_updated_utc", "Instant at which the source last changed the record"),
        url("webcast_url", "Webcast"),
        text("youtube_id", "YouTube ID of the webcast"),
        url("article_url", "Press article"),
        reference.WIKIPEDIA,
        url("presskit_url", "Press kit"),
        url("patch_small_url", "Mission patch, small"),
        url("patch_large_url", "Mission patch, large"),
        url("reddit_campaign_url", "Reddit campaign thread"),
        url("reddit_launch_url", "Reddit launch thread"),
        url("reddit_media_url", "Reddit media thread"),
        url("reddit_recovery_url", "Reddit recovery thread"),
        count("photo_count", "Photos that the source links"),
        reference.DETAILS,
    ),
)

LAUNCH_FAILURES = Table(
    name="launch_failures",
    description="One failure of a launch",
    key=("launch_id", "failure_index"),
    parent="launches",
    columns=(
        required(reference.LAUNCH_ID),
        count("failure_index", "Position in the source's list, from 0", required=True),
        real("time_s", "Time since planned liftoff; negative before liftoff", "s"),
        real("altitude_km", "Altitude of the failure", "km", minimum=0),
        text("reason", "Cause of the failure"),
    ),
)

LAUNCH_CORES = Table(
    name="launch_cores",
    description="One booster flown on a launch",
    key=("launch_id", "core_index"),
    parent="launches",
    columns=(
        required(reference.LAUNCH_ID),
        count("core_index", "Position in the source's list, from 0", required=True),
        reference.CORE_ID,
        integer("flight", "Flight number of the booster, from 1", minimum=1),
        boolean("has_gridfins", "Whether the booster had grid fins"),
        boolean("has_legs", "Whether the booster had landing legs"),
        boolean("is_reused", "Whether the booster had flown before"),
        boolean("landing_attempt", "Whether a landing was attempted"),
        boolean("landing_success", "Whether the booster landed"),
        text(
            "landing_type",
            "RTLS: on land; ASDS: on a drone ship; Ocean: in the water",
            values=("RTLS", "ASDS", "Ocean"),
        ),
        reference.LANDPAD_ID,
        real("turnaround_days", "Time since the booster's previous flight", "d", minimum=0),
    ),
)

LAUNCH_PAYLOADS = Table(
    name="launch_payloads",
    description="One payload in the payload list of a launch",
    key=("launch_id", "payload_index"),
    parent="launches",
    columns=(
        required(reference.LAUNCH_ID),
        count("payload_index", "Position in the source's list, from 0", required=True),
        required(reference.PAYLOAD_ID),
    ),
)

LAUNCH_SOURCES = Table(
    name="launch_sources",
    description="One launch as one source reports it; launches has the merged row",
    key=("launch_id", "source"),
    parent="launches",
    is_derived=True,
    columns=(
        required(reference.LAUNCH_ID),
        shared.SOURCE,
        text("source_launch_id", "Source's ID of the launch", required=True),
        reference.NAME,
        utc("date_utc", "Liftoff, with the precision of date_precision", required=True),
        DATE_PRECISION,
        LAUNCH_CLASS,
        reference.LAUNCHPAD_ID,
        boolean("is_upcoming", "Whether the source lists the launch as upcoming", required=True),
        boolean("success", "Whether the launch succeeded; NULL if planned or unknown"),
        shared.LAUNCH_DESIGNATOR,
        text("boosters", "Boosters with their flight numbers: B1033.1, B1025.2 …"),
    ),
)

TABLES = (LAUNCHES, LAUNCH_FAILURES, LAUNCH_CORES, LAUNCH_PAYLOADS, LAUNCH_SOURCES)
