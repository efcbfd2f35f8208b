"""The tables of hardware and places: rockets, pads, boosters and payloads."""

from dataclasses import replace

from spacex.schema.column import Table, boolean, date, integer, real, text, url, utc
from spacex.schema.shared import (
    APOGEE,
    ARG_OF_PERICENTER,
    ECCENTRICITY,
    INCLINATION,
    LATITUDE,
    LONGITUDE,
    MEAN_ANOMALY,
    MEAN_MOTION,
    NORAD_CAT_ID,
    PERIGEE,
    PERIOD,
    RAAN,
    SEMI_MAJOR_AXIS,
    required,
)

ROCKET_ID = text("rocket_id", "Rocket type, the source's id", references="rockets.rocket_id")
LAUNCHPAD_ID = text(
    "launchpad_id", "Launch site, the source's id", references="launchpads.launchpad_id"
)
LANDPAD_ID = text("landpad_id", "Landing site, the source's id", references="landpads.landpad_id")
CORE_ID = text("core_id", "First-stage booster, the source's id", references="cores.core_id")
PAYLOAD_ID = text("payload_id", "Payload, the source's id", references="payloads.payload_id")
LAUNCH_ID = text("launch_id", "Launch, the source's id", references="launches.launch_id")

NAME = text("name", "Name, as the source writes it", required=True)
FULL_NAME = text("full_name", "Name in full", required=True)
LOCALITY = text("locality", "Nearest place")
REGION = text("region", "State or region")
DETAILS = text("details", "The source's remarks")
WIKIPEDIA = url("wikipedia_url", "Wikipedia article")
ORBIT_CODE = text("orbit_code", "Kind of orbit, short")
ENGINE_COUNT = integer("engine_count", "Engines", minimum=0)
THRUST_SEA_LEVEL = real("thrust_sea_level_kn", "Thrust at sea level", "kN", minimum=0)
THRUST_VACUUM = real("thrust_vacuum_kn", "Thrust in vacuum", "kN", minimum=0)
SITE_STATUS = text(
    "status",
    "State of the site",
    required=True,
    values=("active", "inactive", "unknown", "retired", "lost", "under construction"),
)

ROCKETS = Table(
    name="rockets",
    description="One rocket type",
    key=("rocket_id",),
    columns=(
        required(ROCKET_ID),
        NAME,
        boolean("is_active", "Whether the type still flies", required=True),
        integer("stage_count", "Stages", minimum=1),
        integer("booster_count", "Side boosters", minimum=0),
        real("height_m", "Height", "m", minimum=0),
        real("diameter_m", "Diameter", "m", minimum=0),
        real("mass_kg", "Mass", "kg", minimum=0),
        integer("cost_per_launch_usd", "Price of a launch", "USD", minimum=0),
        real("success_rate_pct", "Success rate the source states", "%", minimum=0, maximum=100),
        date("first_flight_date", "Day of the first flight, flown or planned"),
        text("country", "Country of first flight"),
        text("company", "Builder"),
        integer("landing_leg_count", "Landing legs", minimum=0),
        text("landing_leg_material", "Material of the landing legs"),
        real("fairing_height_m", "Height of the payload fairing", "m", minimum=0),
        real("fairing_diameter_m", "Diameter of the payload fairing", "m", minimum=0),
        text("payload_option", "What the second stage carries by default"),
        WIKIPEDIA,
        text("description", "The source's description"),
    ),
)

ROCKET_STAGES = Table(
    name="rocket_stages",
    description="One stage of a rocket type",
    key=("rocket_id", "stage_number"),
    parent="rockets",
    columns=(
        required(ROCKET_ID),
        integer("stage_number", "Stage, counted from the ground", required=True, values=(1, 2)),
        boolean("is_reusable", "Whether the stage is meant to fly again", required=True),
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
        text("engine_version", "Version within the family; empty where the source leaves it so"),
        ENGINE_COUNT,
        text("layout", "Arrangement of the engines"),
        integer("engine_loss_max", "Engines that may fail in flight", minimum=0),
        text("oxidizer", "Oxidizer", required=True),
        text("fuel", "Fuel", required=True),
        real("isp_sea_level_s", "Specific impulse at sea level", "s", minimum=0),
        real("isp_vacuum_s", "Specific impulse in vacuum", "s", minimum=0),
        THRUST_SEA_LEVEL,
        THRUST_VACUUM,
        real("thrust_to_weight", "Thrust over weight of one engine", minimum=0),
    ),
)

ROCKET_PAYLOAD_WEIGHTS = Table(
    name="rocket_payload_weights",
    description="What a rocket type lifts to one kind of orbit",
    key=("rocket_id", "orbit_code"),
    parent="rockets",
    columns=(
        required(ROCKET_ID),
        required(ORBIT_CODE),
        text("orbit_name", "Kind of orbit, in words", required=True),
        real("mass_kg", "Mass", "kg", required=True, minimum=0),
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
        required(LATITUDE),
        required(LONGITUDE),
        integer("launch_attempts", "Launches the source counts", minimum=0),
        integer("launch_successes", "Successes the source counts", minimum=0),
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
        LATITUDE,
        LONGITUDE,
        integer("landing_attempts", "Landings tried, as the source counts", minimum=0),
        integer("landing_successes", "Landings made, as the source counts", minimum=0),
        replace(SITE_STATUS, required=False),
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
            "State of the booster",
            required=True,
            values=("active", "inactive", "unknown", "expended", "lost", "retired"),
        ),
        integer("reuse_count", "Flights after the first", minimum=0),
        integer("rtls_attempts", "Landings tried on land", minimum=0),
        integer("rtls_landings", "Landings made on land", minimum=0),
        integer("asds_attempts", "Landings tried on a drone ship", minimum=0),
        integer("asds_landings", "Landings made on a drone ship", minimum=0),
        text("last_update", "The source's latest remark"),
    ),
)

PAYLOADS = Table(
    name="payloads",
    description="One payload, with the orbit the source last knew",
    key=("payload_id",),
    columns=(
        required(PAYLOAD_ID),
        NAME,
        text("type", "Kind of payload", required=True),
        LAUNCH_ID,
        boolean("is_reused", "Whether it had flown before"),
        real("mass_kg", "Mass", "kg", minimum=0),
        text("orbit", "Orbit code: LEO, GTO, ISS …"),
        text("reference_system", "What it orbits"),
        text("regime", "Orbital regime"),
        LONGITUDE,
        SEMI_MAJOR_AXIS,
        ECCENTRICITY,
        PERIGEE,
        APOGEE,
        INCLINATION,
        PERIOD,
        MEAN_MOTION,
        RAAN,
        ARG_OF_PERICENTER,
        MEAN_ANOMALY,
        utc("epoch_utc", "Instant the orbit is of"),
        real("lifespan_years", "Design life", "a", minimum=0),
        text("capsule_id", "Dragon capsule, the source's id"),
        real("mass_returned_kg", "Mass brought back by the Dragon", "kg", minimum=0),
        real("flight_time_s", "Flight time of the Dragon", "s", minimum=0),
        url("manifest_url", "The Dragon's manifest"),
        boolean("has_landed_on_water", "Whether the Dragon came down on water"),
        boolean("has_landed_on_land", "Whether the Dragon came down on land"),
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
            "What the party is to the payload",
            required=True,
            values=("customer", "manufacturer", "nationality"),
        ),
        integer("position", "Place in the source's list, from 0", required=True, minimum=0),
        NAME,
    ),
)

PAYLOAD_NORAD_IDS = Table(
    name="payload_norad_ids",
    description="One catalogued object of a payload",
    key=("payload_id", "position"),
    parent="payloads",
    columns=(
        required(PAYLOAD_ID),
        integer("position", "Place in the source's list, from 0", required=True, minimum=0),
        NORAD_CAT_ID,
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
