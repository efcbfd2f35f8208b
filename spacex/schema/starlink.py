"""Tables of the Starlink fleet: satellites, element sets and shells."""

from dataclasses import replace
from functools import partial

from spacex.schema import catalogue, reference, shared
from spacex.schema.column import Table, boolean, count, date, epoch, real, required, text, utc
from spacex.units import EARTH_RADIUS_KM

MEAN_ALTITUDES_KM = (100, 2000)
"""Limits of the mean altitude: below is not an orbit, and above is not a low Earth orbit."""
SEMI_MAJOR_AXIS = replace(
    shared.SEMI_MAJOR_AXIS,
    description="Semi-major axis; the mean altitude is between 100 and 2,000 km",
    minimum=EARTH_RADIUS_KM + MEAN_ALTITUDES_KM[0],
    maximum=EARTH_RADIUS_KM + MEAN_ALTITUDES_KM[1],
)
UNLISTED = "unlisted"
"""`orbit_status` of a satellite that is no longer listed."""
NO_ELEMENTS = "no elements"
"""Shown as the status of a satellite in orbit that has no usable elements."""
SHELL = text(
    "shell", "Orbital shell, named by inclination and altitude", references="starlink_shells.shell"
)
EPOCH_UTC = epoch("epoch_utc", "Epoch of the orbital elements", required=True)

drag_term = partial(real, required=True, minimum=-10, maximum=10)
"""A column with values from -0.2 to 0.4 in all lists up to 2026; larger ones have another unit."""

STARLINK = Table(
    name="starlink",
    description="One Starlink satellite in its latest known state",
    key=("norad_cat_id",),
    columns=(
        shared.NORAD_CAT_ID,
        shared.SOURCE,
        text("starlink_id", "Source's ID of the satellite"),
        text("object_name", "Name in the catalogue", required=True),
        shared.OBJECT_ID,
        text("object_type", "Kind of object in the catalogue"),
        text("version", "Satellite version"),
        text(
            "version_source",
            "Source of the version; name: by the tag or the number in it; launch: that of its "
            "launch, or of all launches that can be its own",
        ),
        boolean(
            "is_direct_to_cell",
            "Whether the satellite serves telephones: by its bus, the tag [DTC] that its name had "
            "in any GP list, or the number in its name",
            required=True,
        ),
        text("bus", "Satellite bus"),
        real("mass_kg", "Mass", "kg", minimum=0),
        text("group_name", "Group of satellites launched together"),
        reference.LAUNCH_ID,
        shared.LAUNCH_DESIGNATOR,
        date("launch_date", "Launch date; NULL if no source has the launch"),
        text("launch_date_source", "Source of the launch date"),
        text("launch_site", "Launch site code of the catalogue"),
        text("country_code", "Owner code of the catalogue"),
        shared.RCS_SIZE,
        boolean("is_decayed", "Whether the satellite has re-entered", required=True),
        date("decay_date", "Date of re-entry, the first that its precision allows"),
        catalogue.DECAY_PRECISION,
        catalogue.DECAY_IS_UNCERTAIN,
        text("decay_date_source", "Source of the decay date, also of an unconfirmed one"),
        date(
            "unconfirmed_decay_date",
            "Decay date that does not count: it is predicted, or later elements contradict it",
        ),
        catalogue.FATE,
        epoch("epoch_utc", "Epoch of the newest element set; NULL if none is usable"),
        shared.LATITUDE,
        shared.LONGITUDE,
        real("height_km", "Height above the ellipsoid; the source omits the instant", "km"),
        real("velocity_km_s", "Speed at the instant of height_km", "km/s", minimum=0),
        text(
            "orbit_status",
            "Orbit status by the rule of spacex.orbits.status; unlisted: not in the newest GP list",
            values=("raising", "operational", "lowering", "decaying", "decayed", "stale", UNLISTED),
        ),
        SHELL,
        boolean("is_listed", "Whether the satellite is in the newest GP list"),
        utc("first_listed_utc", "Instant of the first GP list with the satellite"),
        utc("last_listed_utc", "Instant of the last GP list with the satellite"),
        utc("unlisted_since_utc", "Instant of the first GP list without the satellite"),
    ),
)

STARLINK_ELEMENTS = Table(
    name="starlink_elements",
    description="One element set: SGP4 mean elements of one satellite at one epoch; history_files "
    "names the files of older ones",
    key=("epoch_utc", "norad_cat_id", "source"),  # epoch first: new rows are adjacent
    index=("norad_cat_id", "epoch_utc"),  # the history of one satellite
    keeps_history=True,
    columns=(
        EPOCH_UTC,
        replace(shared.NORAD_CAT_ID, references="starlink.norad_cat_id"),
        shared.SOURCE,
        utc("observed_utc", "Instant of the first response with the element set"),
        utc("creation_utc", "Instant at which the source created the element set"),
        required(replace(shared.MEAN_MOTION, maximum=17)),
        required(shared.ECCENTRICITY),
        required(shared.INCLINATION),
        required(shared.RAAN),
        required(shared.ARG_OF_PERICENTER),
        required(shared.MEAN_ANOMALY),
        drag_term("bstar", "Drag term B*", "1/Earth radius"),
        drag_term("mean_motion_dot", "First derivative of the mean motion / 2", "rev/d²"),
        drag_term("mean_motion_ddot", "Second derivative of the mean motion / 6", "rev/d³"),
        count("rev_at_epoch", "Revolution number at epoch"),
        count("element_set_no", "Element set number"),
        count("gp_id", "Space-Track's ID of the element set"),
        required(SEMI_MAJOR_AXIS),
        required(replace(shared.PERIGEE, minimum=0)),
        required(shared.APOGEE),
        required(shared.PERIOD),
        real("published_semi_major_axis_km", "Semi-major axis published by the source", "km"),
        real("published_perigee_altitude_km", "Perigee altitude published by the source", "km"),
        real("published_apogee_altitude_km", "Apogee altitude published by the source", "km"),
        real("published_period_min", "Orbital period published by the source", "min"),
    ),
)

STARLINK_SHELLS = Table(
    name="starlink_shells",
    description="One orbital shell of the fleet, derived from its element sets",
    key=("shell",),
    is_derived=True,
    columns=(
        replace(SHELL, required=True, references=None),
        shared.SOURCE,
        required(shared.INCLINATION),
        real("altitude_km", "Median altitude above the equatorial radius", "km", required=True),
        count("satellite_count", "Satellites in the shell", required=True),
    ),
)

TABLES = (STARLINK, STARLINK_ELEMENTS, STARLINK_SHELLS)
