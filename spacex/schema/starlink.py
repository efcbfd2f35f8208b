"""The tables of the Starlink fleet: the satellites, and the history of their orbits."""

from dataclasses import replace

from spacex.schema.column import Table, boolean, date, epoch, integer, real, text, utc
from spacex.schema.reference import LAUNCH_ID
from spacex.schema.shared import (
    APOGEE,
    ARG_OF_PERICENTER,
    ECCENTRICITY,
    INCLINATION,
    LATITUDE,
    LAUNCH_DESIGNATOR,
    LONGITUDE,
    MEAN_ANOMALY,
    MEAN_MOTION,
    NORAD_CAT_ID,
    OBJECT_ID,
    PERIGEE,
    PERIOD,
    RAAN,
    SEMI_MAJOR_AXIS,
    SOURCE,
    required,
)

UNLISTED = "unlisted"
"""What `orbit_status` says of a satellite that is no longer listed."""
SHELL = text(
    "shell", "Shell it keeps to, by inclination and altitude", references="starlink_shells.shell"
)
EPOCH_UTC = epoch("epoch_utc", "Instant the orbital elements are of", required=True)

STARLINK = Table(
    name="starlink",
    description="One Starlink satellite, as last reported",
    key=("norad_cat_id",),
    columns=(
        NORAD_CAT_ID,
        SOURCE,
        text("starlink_id", "The source's id"),
        text("object_name", "Name in the catalogue", required=True),
        required(OBJECT_ID),
        text("object_type", "Kind of object in the catalogue"),
        text("version", "Satellite generation; the source's term"),
        LAUNCH_ID,
        LAUNCH_DESIGNATOR,
        date("launch_date", "Day of launch; NULL if no source that has the launch is known"),
        text("launch_site", "Launch site, the catalogue's code"),
        text("country_code", "Owner, the catalogue's code"),
        text("rcs_size", "Radar cross section", values=("SMALL", "MEDIUM", "LARGE")),
        boolean("is_decayed", "Whether it has re-entered", required=True),
        date("decay_date", "Day of re-entry"),
        EPOCH_UTC,
        LATITUDE,
        LONGITUDE,
        real("height_km", "Height over the ellipsoid, at an instant the source leaves out", "km"),
        real("velocity_km_s", "Speed, at that same instant", "km/s", minimum=0),
        text(
            "orbit_status",
            "What it is doing, by the rule of spacex.orbits.status; unlisted: no longer in "
            "the list of what is in orbit, presumed to have re-entered",
            values=("raising", "operational", "lowering", "decaying", "decayed", "stale", UNLISTED),
        ),
        SHELL,
        boolean("is_listed", "Whether it is in the newest list of what is in orbit"),
        utc("first_listed_utc", "Instant of the first such list it was in"),
        utc("last_listed_utc", "Instant of the last such list it was in"),
        utc("unlisted_since_utc", "Instant of the first such list it was missing from"),
    ),
)

STARLINK_ELEMENTS = Table(
    name="starlink_elements",
    description="The mean orbital elements (SGP4) of one satellite at one epoch",
    key=("epoch_utc", "norad_cat_id", "source"),  # by time: what a day adds is in one place
    keeps_history=True,
    columns=(
        EPOCH_UTC,
        replace(NORAD_CAT_ID, references="starlink.norad_cat_id"),
        SOURCE,
        utc("observed_utc", "Instant of the answer that brought it first"),
        utc("creation_utc", "Instant the source made the element set"),
        required(MEAN_MOTION),
        required(ECCENTRICITY),
        required(INCLINATION),
        required(RAAN),
        required(ARG_OF_PERICENTER),
        required(MEAN_ANOMALY),
        real("bstar", "Drag term B*", "1/Earth radius", required=True),
        real("mean_motion_dot", "Half the rate of mean motion", "rev/d²", required=True),
        real("mean_motion_ddot", "A sixth of its second derivative", "rev/d³", required=True),
        integer("rev_at_epoch", "Revolutions since launch", minimum=0),
        integer("element_set_no", "Element set number", minimum=0),
        integer("gp_id", "Space-Track's id of the element set", minimum=0),
        required(SEMI_MAJOR_AXIS),
        required(PERIGEE),
        required(APOGEE),
        required(PERIOD),
        real("published_semi_major_axis_km", "Semi-major axis, as the source prints it", "km"),
        real("published_perigee_altitude_km", "Perigee altitude, as the source prints it", "km"),
        real("published_apogee_altitude_km", "Apogee altitude, as the source prints it", "km"),
        real("published_period_min", "Period, as the source prints it", "min"),
    ),
)

STARLINK_SHELLS = Table(
    name="starlink_shells",
    description="One shell of the fleet, found in its elements",
    key=("shell",),
    is_derived=True,
    columns=(
        replace(SHELL, required=True, references=None),
        SOURCE,
        required(INCLINATION),
        real("altitude_km", "Median mean altitude over the equatorial radius", "km", required=True),
        integer("satellite_count", "Satellites in it", required=True, minimum=0),
    ),
)

TABLES = (STARLINK, STARLINK_ELEMENTS, STARLINK_SHELLS)
