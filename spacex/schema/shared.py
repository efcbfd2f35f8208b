"""Columns shared by several tables."""

from spacex.schema.column import integer, real, text

SOURCE = text("source", "Service that the row comes from", required=True)
RUN_ID = text("run_id", "ID of the pipeline run", required=True)

MAX_CATALOGUE_NUMBER = 999_999_999
NORAD_CAT_ID = integer(
    "norad_cat_id",
    "NORAD catalogue number",
    required=True,
    minimum=1,
    maximum=MAX_CATALOGUE_NUMBER,
)
OBJECT_ID = text(
    "object_id",
    "International designator (COSPAR)",
    form="2019-074A",
    pattern="[0-9]{4}-[0-9]{3}[A-Z]{1,3}",
)

LAUNCH_DESIGNATOR = text(
    "launch_designator",
    "Launch designator, the first part of the COSPAR designator",
    form="2019-074, or 2025-U02 of GCAT for what has no such designator",
    pattern="[0-9]{4}-([0-9]{3}|[A-Z][0-9]{2})",
)

RCS_SIZE = text("rcs_size", "Radar cross section", values=("SMALL", "MEDIUM", "LARGE"))

LATITUDE = real("latitude_deg", "Latitude, north positive", "deg", minimum=-90, maximum=90)
LONGITUDE = real("longitude_deg", "Longitude, east positive", "deg", minimum=-180, maximum=180)

MEAN_MOTION = real(
    "mean_motion_rev_per_day", "Mean motion (Brouwer)", "rev/d", minimum=0.01, maximum=18
)
ECCENTRICITY = real("eccentricity", "Eccentricity", minimum=0, maximum=1)
INCLINATION = real("inclination_deg", "Inclination", "deg", minimum=0, maximum=180)
RAAN = real("raan_deg", "Right ascension of the ascending node", "deg", minimum=0, maximum=360)
ARG_OF_PERICENTER = real(
    "arg_of_pericenter_deg", "Argument of perigee", "deg", minimum=0, maximum=360
)
MEAN_ANOMALY = real("mean_anomaly_deg", "Mean anomaly", "deg", minimum=0, maximum=360)
SEMI_MAJOR_AXIS = real("semi_major_axis_km", "Semi-major axis", "km", minimum=0)
PERIGEE = real("perigee_altitude_km", "Altitude of perigee above the equatorial radius", "km")
APOGEE = real("apogee_altitude_km", "Altitude of apogee above the equatorial radius", "km")
PERIOD = real("period_min", "Orbital period", "min", minimum=0)
