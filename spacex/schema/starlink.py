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
        date("launch_date", "Day of launch", required=True),
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
    ),
)

STARLINK_ELEMENTS = Table(
    name="starlink_elements",
    description="The mean orbital elements (SGP4) of one satellite at one epoch",
    key=("norad_cat_id", "epoch_utc", "source"),
    keeps_history=True,
    columns=(
        replace(NORAD_CAT_ID, names="starlink.norad_cat_id"),
        EPOCH_UTC,
        SOURCE,
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

TABLES = (STARLINK, STARLINK_ELEMENTS)
