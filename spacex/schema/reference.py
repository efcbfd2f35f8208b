"""Reference tables: rockets, sites, boosters and payloads."""

from spacex.schema import shared
from spacex.schema.column import (
    Table,
    boolean,
    count,
    date,
    integer,
    real,
    required,
    text,
    url,
    utc,
)

ROCKET_ID = text("rocket_id", "ID of the rocket type", references="rockets.rocket_id")
LAUNCHPAD_ID = text("launchpad_id", "ID of the launch site", references="launchpads.launchpad_id")
LANDPAD_ID = text("landpad_id", "ID of the landing site", references="landpads.landpad_id")
CORE_ID = text("core_id", "ID of the booster", references="cores.core_id")
PAYLOAD_ID = text("payload_id", "ID of the payload", references="payloads.payload_id")
LAUNCH_ID = text("launch_id", "ID of the launch", references="launches.launch_id")

NAME = text("name", "Name, as the source spells it", required=True)
FULL_NAME = text("full_name", "Full name")
LOCALITY = text("locality", "Nearest town")
REGION = text("region", "State or region")
DETAILS = text("details", "Remarks of the source")
WIKIPEDIA = url("wikipedia_url", "Wikipedia article")
ORBIT_CODE = text("orbit_code", "Orbit code: LEO, GTO, ISS …")
ENGINE_COUNT = count("engine_count", "Number of engines")
THRUST_SEA_LEVEL = real("thrust_sea_level_kn", "Thrust at sea level", "kN", minimum=0)
THRUST_VACUUM = real("thrust_vacuum_kn", "Thrust in vacuum", "kN", minimum=0)
SITE_STATUS = text(
    "status",
    "Status of the site",
    values=("active", "inactive", "unknown", "retired", "lost", "under construction"),
)

ROCKETS = Table(
    name="rockets",
    description="One rocket type",
    key=("rocket_id",),
    columns=(
        required(ROCKET_ID),
        NAME,
        boolean("is_active", "Whether the type is in service"),
        integer("stage_count", "Number of stages", minimum=1),
        count("booster_count", "Number of side boosters"),
        real("height_m", "Height", "m", minimum=0),
        real("diameter_m", "Diameter", "m", minimum=0),
        real("mass_kg", "Mass", "kg", minimum=0),
        count("cost_per_launch_usd", "Price of a launch", "USD"),
        real("success_rate_pct", "Success rate stated by the source", "%", minimum=0, maximum=100),
        date("first_flight_date", "Date of the first flight, flown or planned"),
        text("country", "Country of first flight"),
        text("company", "Manufacturer"),
        count("landing_leg_count", "Number of landing legs"),
        text("landing_leg_material", "Material of the landing legs"),
        real("fairing_height_m", "Height of the payload fairing", "m", minimum=0),
        real("fairing_diameter_m", "Diameter of the payload fairing", "m", minimum=0),
        text("payload_option", "Default payload of the second stage"),
        WIKIPEDIA,
        text("description", "Description by the source"),
    ),
)

ROCKET_STAGES = Table(
    name="rocket_stages",
    description="One stage of a rocket type",
    key=("rocket_id", "stage_number"),
    parent="rockets",
    columns=(
        required(ROCKET_ID),
        integer("stage_number", "Stage number, from the ground", required=True, values=(1, 2)),
        boolean("is_reusable", "Whether the stage is reusable", required=True),
        ENGINE_COUNT,
        THRUST_SEA_LEVEL,
        THRUST_VACUUM,
        real("propellant_t", "Propellant mass", "t", minimum=0),
        real("burn_time_s", "Burn time", "s", minimum=0),
    ),
)

ROCKET_ENGINES = Table(
    name="rocket_engines",
    description="The first-stage engine of a rocket type",
    key=("rocket_id",),
    parent="rockets",
    columns=(
        required(ROCKET_ID),
        text("engine_type", "Engine family", required=True),
        text("engine_version", "Version of the engine; may be empty"),
        ENGINE_COUNT,
        text("layout", "Arrangement of the engines"),
        count("engine_loss_max", "Engine failures that the rocket tolerates"),
        text("oxidizer", "Oxidizer", required=True),
        text("fuel", "Fuel", required=True),
        real("isp_sea_level_s", "Specific impulse at sea level", "s", minimum=0),
        real("isp_vacuum_s", "Specific impulse in vacuum", "s", minimum=0),
        THRUST_SEA_LEVEL,
        THRUST_VACUUM,
        real("thrust_to_weight", "Thrust-to-weight ratio of one engine", minimum=0),
    ),
)

ROCKET_PAYLOAD_WEIGHTS = Table(
    name="rocket_payload_weights",
    description="Payload capacity of a rocket type to one kind of orbit",
    key=("rocket_id", "orbit_code"),
    parent="rockets",
    columns=(
        required(ROCKET_ID),
        required(ORBIT_CODE),
        text("orbit_name", "Name of the kind of orbit", required=True),
        real("mass_kg", "Maximum payload mass", "kg", required=True, minimum=0),
    ),
)

LAUNCHPADS = Table(
    name="launchpads",
    description="One launch site",
    key=("launchpad_id",),
    columns=(
        required(LAUNCHPAD_ID),
        NAME,
        FULL_NAME,
        LOCALITY,
        REGION,
        text("timezone", "IANA time zone"),
        shared.LATITUDE,
        shared.LONGITUDE,
        count("launch_attempts", "Launch attempts counted by the source"),
        count("launch_successes", "Launch successes counted by the source"),
        SITE_STATUS,
        DETAILS,
    ),
)

LANDPADS = Table(
    name="landpads",
    description="One landing site: a pad on land or a drone ship",
    key=("landpad_id",),
    columns=(
        required(LANDPAD_ID),
        NAME,
        FULL_NAME,
        text("type", "RTLS: on land; ASDS: drone ship", required=True, values=("RTLS", "ASDS")),
        LOCALITY,
        REGION,
        shared.LATITUDE,
        shared.LONGITUDE,
        count("landing_attempts", "Landing attempts counted by the source"),
        count("landing_successes", "Successful landings counted by the source"),
        SITE_STATUS,
        WIKIPEDIA,
        DETAILS,
    ),
)

CORES = Table(
    name="cores",
    description="One first-stage booster",
    key=("core_id",),
    columns=(
        required(CORE_ID),
        text("serial", "Serial number", required=True),
        integer("block", "Falcon 9 block", minimum=1),
        text(
            "status",
            "Status of the booster",
            values=("active", "inactive", "unknown", "expended", "lost", "retired"),
        ),
        count("reuse_count", "Flights after the first"),
        count("rtls_attempts", "Landing attempts on land"),
        count("rtls_landings", "Successful landings on land"),
        count("asds_attempts", "Landing attempts on a drone ship"),
        count("asds_landings", "Successful landings on a drone ship"),
        text("last_update", "Latest remark of the source"),
    ),
)

PAYLOADS = Table(
    name="payloads",
    description="One payload, with its last orbit known to the source",
    key=("payload_id",),
    columns=(
        required(PAYLOAD_ID),
        NAME,
        text("type", "Kind of payload"),
        LAUNCH_ID,
        boolean("is_reused", "Whether the payload had flown before"),
        real("mass_kg", "Mass", "kg", minimum=0),
        text("orbit", "Orbit code: LEO, GTO, ISS …"),
        text("reference_system", "Reference system of the orbit"),
        text("regime", "Orbital regime"),
        shared.LONGITUDE,
        shared.SEMI_MAJOR_AXIS,
        shared.ECCENTRICITY,
        shared.PERIGEE,
        shared.APOGEE,
        shared.INCLINATION,
        shared.PERIOD,
        shared.MEAN_MOTION,
        shared.RAAN,
        shared.ARG_OF_PERICENTER,
        shared.MEAN_ANOMALY,
        utc("epoch_utc", "Epoch of the orbit"),
        real("lifespan_years", "Design life", "a", minimum=0),
        text("capsule_id", "ID of the Dragon capsule"),
        real("mass_returned_kg", "Mass returned by the Dragon", "kg", minimum=0),
        real("flight_time_s", "Flight time of the Dragon", "s", minimum=0),
        url("manifest_url", "Manifest of the Dragon"),
        boolean("has_landed_on_water", "Whether the Dragon landed on water"),
        boolean("has_landed_on_land", "Whether the Dragon landed on land"),
    ),
)

PAYLOAD_PARTIES = Table(
    name="payload_parties",
    description="One customer, manufacturer or nation of a payload",
    key=("payload_id", "role", "position"),
    parent="payloads",
    columns=(
        required(PAYLOAD_ID),
        text(
            "role",
            "Role of the party",
            required=True,
            values=("customer", "manufacturer", "nationality"),
        ),
        count("position", "Position in the source's list, from 0", required=True),
        NAME,
    ),
)

PAYLOAD_NORAD_IDS = Table(
    name="payload_norad_ids",
    description="One NORAD catalogue number of a payload",
    key=("payload_id", "position"),
    parent="payloads",
    columns=(
        required(PAYLOAD_ID),
        count("position", "Position in the source's list, from 0", required=True),
        shared.NORAD_CAT_ID,
    ),
)

TABLES = (
    ROCKETS,
    ROCKET_STAGES,
    ROCKET_ENGINES,
    ROCKET_PAYLOAD_WEIGHTS,
    LAUNCHPADS,
    LANDPADS,
    CORES,
    PAYLOADS,
    PAYLOAD_PARTIES,
    PAYLOAD_NORAD_IDS,
)
