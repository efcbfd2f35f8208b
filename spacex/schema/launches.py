"""The tables of launches and of what each carried and flew on."""

from spacex.schema.column import Table, boolean, integer, real, text, url, utc
from spacex.schema.reference import (
    CORE_ID,
    DETAILS,
    LANDPAD_ID,
    LAUNCH_ID,
    LAUNCHPAD_ID,
    NAME,
    ORBIT_CODE,
    PAYLOAD_ID,
    ROCKET_ID,
    WIKIPEDIA,
)
from spacex.schema.shared import LAUNCH_DESIGNATOR, SOURCE, required

LAUNCHES = Table(
    name="launches",
    description="One launch, flown, failed or still planned when the source was last updated",
    key=("launch_id",),
    columns=(
        required(LAUNCH_ID),
        SOURCE,
        integer(
            "flight_number",
            "The source's running number; not unique in the source",
            minimum=1,
        ),
        NAME,
        utc("date_utc", "Liftoff, as exact as date_precision says", required=True),
        text("date_local", "Liftoff in the time of the site, with its offset"),
        text(
            "date_precision",
            "How exact the date is",
            values=(
                "decade",
                "year",
                "half",
                "quarter",
                "month",
                "week",
                "day",
                "hour",
                "minute",
                "second",
            ),
        ),
        boolean("is_upcoming", "Whether the source still called it upcoming", required=True),
        boolean("is_tbd", "Whether the date was to be determined"),
        boolean("is_net", "Whether the date is a no-earlier-than"),
        boolean("success", "Whether the launch succeeded; NULL if not flown or not recorded"),
        required(ROCKET_ID),
        required(LAUNCHPAD_ID),
        integer("window_s", "Length of the launch window", "s", minimum=0),
        utc("static_fire_utc", "Static fire test"),
        boolean("has_fairings", "Whether it flew with payload fairings"),
        boolean("fairings_reused", "Whether the fairings had flown before"),
        boolean("fairings_recovery_attempt", "Whether recovery of the fairings was tried"),
        boolean("fairings_recovered", "Whether the fairings were recovered"),
        integer("fairings_ship_count", "Ships sent for the fairings", minimum=0),
        integer("crew_count", "People aboard", minimum=0),
        integer("ship_count", "Ships in support", minimum=0),
        integer("capsule_count", "Dragon capsules", minimum=0),
        boolean("is_auto_updated", "Whether the source kept the record by itself"),
        text("launch_library_id", "The launch's id in Launch Library"),
        LAUNCH_DESIGNATOR,
        text("status", "State of the launch, the source's short term: Success, Go, TBD …"),
        ORBIT_CODE,
        utc("last_updated_utc", "Instant the source last changed its record"),
        url("webcast_url", "Webcast"),
        text("youtube_id", "Webcast's YouTube id"),
        url("article_url", "Press article"),
        WIKIPEDIA,
        url("presskit_url", "Press kit"),
        url("patch_small_url", "Mission patch, small"),
        url("patch_large_url", "Mission patch, large"),
        url("reddit_campaign_url", "Campaign thread"),
        url("reddit_launch_url", "Launch thread"),
        url("reddit_media_url", "Media thread"),
        url("reddit_recovery_url", "Recovery thread"),
        integer("photo_count", "Photos linked by the source", minimum=0),
        DETAILS,
    ),
)

LAUNCH_FAILURES = Table(
    name="launch_failures",
    description="One failure of a launch",
    key=("launch_id", "failure_index"),
    parent="launches",
    columns=(
        required(LAUNCH_ID),
        integer("failure_index", "Place in the source's list, from 0", required=True, minimum=0),
        real("time_s", "Time from planned liftoff; negative before it", "s", required=True),
        real("altitude_km", "Altitude", "km", minimum=0),
        text("reason", "What failed", required=True),
    ),
)

LAUNCH_CORES = Table(
    name="launch_cores",
    description="One booster flown on a launch",
    key=("launch_id", "core_index"),
    parent="launches",
    columns=(
        required(LAUNCH_ID),
        integer("core_index", "Place in the source's list, from 0", required=True, minimum=0),
        CORE_ID,
        integer("flight", "Which flight of the booster this was", minimum=1),
        boolean("has_gridfins", "Whether it had grid fins"),
        boolean("has_legs", "Whether it had landing legs"),
        boolean("is_reused", "Whether it had flown before"),
        boolean("landing_attempt", "Whether a landing was tried"),
        boolean("landing_success", "Whether it landed"),
        text(
            "landing_type",
            "RTLS: on land; ASDS: on a drone ship; Ocean: in the water",
            values=("RTLS", "ASDS", "Ocean"),
        ),
        LANDPAD_ID,
        real("turnaround_days", "Time since the booster's flight before", "d", minimum=0),
    ),
)

LAUNCH_PAYLOADS = Table(
    name="launch_payloads",
    description="One payload a launch carried, as the launch lists it",
    key=("launch_id", "payload_index"),
    parent="launches",
    columns=(
        required(LAUNCH_ID),
        integer("payload_index", "Place in the source's list, from 0", required=True, minimum=0),
        required(PAYLOAD_ID),
    ),
)

LAUNCH_SOURCES = Table(
    name="launch_sources",
    description="One launch as one source tells of it, whichever source's row is in launches",
    key=("launch_id", "source"),
    parent="launches",
    is_derived=True,
    columns=(
        required(LAUNCH_ID),
        SOURCE,
        text("source_launch_id", "The source's own id", required=True),
        NAME,
        utc("date_utc", "Liftoff", required=True),
        required(LAUNCHPAD_ID),
        boolean("is_upcoming", "Whether the source calls it upcoming", required=True),
        boolean("success", "Whether the launch succeeded; NULL if not flown or not recorded"),
    ),
)

TABLES = (LAUNCHES, LAUNCH_FAILURES, LAUNCH_CORES, LAUNCH_PAYLOADS, LAUNCH_SOURCES)
