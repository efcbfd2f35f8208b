"""The table of catalogue objects: what each authority says about each object."""

from dataclasses import replace

from spacex.schema import reference, shared
from spacex.schema.column import Table, boolean, date, integer, real, text, utc

OBJECT_TYPES = (
    *("payload", "rocket body", "debris", "component", "unknown"),
    *("suborbital payload", "deleted entry", "spurious entry"),
)
OPERATIONAL_STATUSES = (
    *("operational", "partially operational", "backup", "spare", "extended mission"),
    *("nonoperational", "decayed", "unknown"),
)
DECAYED_FATES = ("re-entered", "re-entered, attached", "deorbited", "landed", "landed, attached")
"""Fates of an object that is no longer in orbit because it came down."""
OTHER_FATES = (
    *("in orbit", "in orbit, attached", "exploded", "spurious entry"),
    *("suborbital", "suborbital, attached"),
)
DATE_PRECISIONS = ("decade", "year", "quarter", "month", "day", "hour", "minute", "second")

DECAY_PRECISION = text("decay_precision", "Precision of the decay date", values=DATE_PRECISIONS)
DECAY_IS_UNCERTAIN = boolean(
    "decay_is_uncertain", "Whether the source marks the decay date as uncertain"
)
FATE = text("fate", "What became of the object", values=(*DECAYED_FATES, *OTHER_FATES))

CATALOGUE_OBJECTS = Table(
    name="catalogue_objects",
    description="One object as one source catalogues it",
    key=("source", "catalogue_id"),
    needs_every_value=True,
    index=("norad_cat_id",),
    columns=(
        shared.SOURCE,
        text("catalogue_id", "ID of the object in the catalogue of the source", required=True),
        integer(
            "norad_cat_id",
            "NORAD catalogue number, for a Starlink that of now; NULL if the object never got one",
            minimum=1,
            maximum=999_999_999,
        ),
        text("object_name", "Name in the catalogue", required=True),
        shared.OBJECT_ID,
        shared.LAUNCH_DESIGNATOR,
        text("object_type", "Type of the object", required=True, values=OBJECT_TYPES),
        text("operational_status", "Operational status", values=OPERATIONAL_STATUSES),
        boolean(
            "is_starlink",
            "Whether the object is a Starlink satellite: a payload of that name on an orbital "
            "launch, not debris, a simulator, or a Starshield on the same bus; nor a second entry "
            "of the same satellite by another number",
            required=True,
        ),
        reference.LAUNCH_ID,
        date("launch_date", "Launch date"),
        text("launch_precision", "Precision of the launch date", values=DATE_PRECISIONS),
        text("launch_site", "Launch site code of the catalogue"),
        text("country_code", "Owner code of the catalogue"),
        shared.RCS_SIZE,
        boolean("is_decayed", "Whether the object is no longer in orbit", required=True),
        date("decay_date", "Date of re-entry, the first that its precision allows"),
        DECAY_PRECISION,
        DECAY_IS_UNCERTAIN,
        FATE,
        text("bus", "Satellite bus"),
        text("version", "Satellite version"),
        real("mass_kg", "Mass", "kg", minimum=0),
        text("group_name", "Group of satellites launched together"),
        replace(
            utc("observed_utc", "Date of the catalogue, by which the object is as it says"),
            required=True,
        ),
    ),
)

TABLES = (CATALOGUE_OBJECTS,)
