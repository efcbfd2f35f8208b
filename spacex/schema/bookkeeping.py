"""Bookkeeping tables: provenance, row accounting, findings and history of the runs."""

from dataclasses import replace

from spacex.schema import shared
from spacex.schema.column import Table, boolean, count, epoch, integer, real, text, utc

CHANGE_KINDS = (
    "new satellite",
    "returned",
    "unlisted",
    "renumbered",
    "orbit status",
    "shell",
    "altitude",
    "new launch",
    "flown",
    "withdrawn",
    "corrected",
)
"""Kinds of change; `spacex.warehouse.changes` defines them."""

ENDPOINT = text("endpoint", "Endpoint of the service: launches, starlink …", required=True)
TABLE_NAME = text("table_name", "Table", required=True)
SEVERITY = text("severity", "Severity", required=True, values=("info", "warning", "error"))

RUNS = Table(
    name="_runs",
    description="One completed run of the pipeline; the last row a load writes",
    key=("run_id",),
    columns=(
        shared.RUN_ID,
        text("source", "Services that the data come from, separated by commas", required=True),
        text("mode", "Source mode of the run: auto, api, snapshot or sample", required=True),
        utc(
            "as_of_utc",
            "Instant after which nothing was stored that the run uses; NULL: the present",
        ),
        boolean("is_simulated", "Whether the data are the bundled sample", required=True),
        utc("loaded_utc", "Instant the run was loaded", required=True),
        count("row_count", "Rows loaded", required=True),
        count("reject_count", "Records rejected", required=True),
        text("note", "Remarks on the run's data, such as an outage; empty if none"),
        text("software_version", "Version of SpaceX Insights", required=True),
    ),
)

SNAPSHOTS = Table(
    name="_snapshots",
    description="One snapshot that a run was built from",
    key=("run_id", "path"),
    columns=(
        shared.RUN_ID,
        text("path", "File, relative to the data folder", required=True),
        ENDPOINT,
        shared.SOURCE,
        text("url", "URL of the response", required=True),
        text(
            "origin",
            "How the run obtained the snapshot",
            required=True,
            values=("fetched", "not modified", "stored", "sample"),
        ),
        utc("retrieved_utc", "Instant at which the response was retrieved", required=True),
        utc(
            "checked_utc",
            "Instant at which the service last confirmed the response as current",
            required=True,
        ),
        text("sha256", "SHA-256 digest of the snapshot", required=True),
        count("byte_count", "Size of the snapshot", "B", required=True),
        count("record_count", "Records in the snapshot", required=True),
        text("etag", "HTTP entity tag of the response"),
        text("licence", "Licence of the service's data", required=True),
        boolean(
            "is_accepted",
            "Whether it is a GP list that a person accepted, whatever it lost",
            required=True,
        ),
    ),
)

COUNTS = Table(
    name="_counts",
    description="Fate of the rows of one source and table in one run: "
    "in = loaded + rejected + duplicate + superseded + out of scope",
    key=("run_id", "table_name", "source"),
    columns=(
        shared.RUN_ID,
        TABLE_NAME,
        shared.SOURCE,
        ENDPOINT,
        count("rows_in", "Records read from the source", required=True),
        count("rows_loaded", "Rows loaded", required=True),
        count("rows_rejected", "Records that failed validation", required=True),
        count(
            "rows_duplicate",
            "Records that repeat one of the same source, or that a newer one replaced",
            required=True,
        ),
        count("rows_superseded", "Records replaced by one of another source", required=True),
        count(
            "rows_out_of_scope",
            "Records outside this project's scope: other satellites, other agencies' launches",
            required=True,
        ),
    ),
)

REJECTS = Table(
    name="_rejects",
    description="One reason why a row, or one value of a row, was rejected",
    key=("run_id", "reject_number"),
    columns=(
        shared.RUN_ID,
        integer("reject_number", "Number within the run, from 1", required=True, minimum=1),
        shared.SOURCE,
        TABLE_NAME,
        text("row_key", "Key of the row", required=True),
        text("record_name", "Name of the record, such as the launch; empty if it has none"),
        text("column_name", "Column at fault; empty if it is the whole row"),
        text("value", "Value, truncated"),
        text("reason", "Reason for the rejection", required=True),
        text(
            "lost",
            "What was lost: the row, or only the value, which is then NULL",
            required=True,
            values=("row", "value"),
        ),
    ),
)

FINDINGS = Table(
    name="_findings",
    description="Result of one check of one run, if it found anything",
    key=("run_id", "check_name"),
    columns=(
        shared.RUN_ID,
        text("check_name", "Name of the check", required=True),
        SEVERITY,
        TABLE_NAME,
        count("finding_count", "Number of rows found", required=True),
        text("message", "Finding in words", required=True),
        text("examples", "Examples of the rows found"),
    ),
)

COLUMNS = Table(
    name="_columns",
    description="One column of this database: its meaning, unit and origin",
    key=("table_name", "column_name"),
    columns=(
        TABLE_NAME,
        text("column_name", "Column", required=True),
        text("kind", "Kind of value", required=True),
        text("unit", "Unit; empty for dimensionless numbers and text"),
        boolean("is_required", "Whether the column is NOT NULL", required=True),
        text("description", "Meaning", required=True),
        text("origin", "Field of the source that the column is read from; empty if computed"),
    ),
)

OBSERVED_UTC = utc(
    "observed_utc",
    "Instant of the response, or the date of its orbits if these are over three days older",
    required=True,
)

OBSERVATIONS = Table(
    name="_observations",
    description="One GP list of a service",
    key=("source", "observed_utc"),
    keeps_history=True,
    columns=(
        shared.SOURCE,
        OBSERVED_UTC,
        shared.RUN_ID,
        count("satellite_count", "Satellites listed", required=True),
        epoch("oldest_epoch_utc", "Oldest epoch of the list", required=True),
        epoch("newest_epoch_utc", "Newest epoch of the list", required=True),
        utc(
            "data_utc",
            "Newest epoch that 1 % of the satellites, and at least two, have reached",
            required=True,
        ),
        utc("retrieved_utc", "Instant of the response", required=True),
        replace(
            shared.NORAD_CAT_ID,
            name="max_norad_cat_id",
            description="Largest catalogue number that the format of the list can hold",
        ),
        text("listed", "Catalogue numbers, as a JSON list of ranges [first, last]", required=True),
    ),
)

LAUNCH_ALTITUDES = Table(
    name="_launch_altitudes",
    description="Altitudes of the satellites of one launch in one GP list",
    key=("source", "observed_utc", "launch_designator"),
    keeps_history=True,
    columns=(
        shared.SOURCE,
        OBSERVED_UTC,
        replace(shared.LAUNCH_DESIGNATOR, required=True),
        integer("satellite_count", "Satellites listed", required=True, minimum=1),
        count("operational_count", "Operational satellites", required=True),
        real("low_altitude_km", "10th percentile of the mean altitude", "km", required=True),
        real("median_altitude_km", "Median of the mean altitude", "km", required=True),
        real("high_altitude_km", "90th percentile of the mean altitude", "km", required=True),
    ),
)

CHANGES = Table(
    name="_changes",
    description="One change between two successive responses of a service",
    key=("source", "observed_utc", "change_number"),
    keeps_history=True,
    columns=(
        shared.SOURCE,
        OBSERVED_UTC,
        integer("change_number", "Number within the response, from 1", required=True, minimum=1),
        shared.RUN_ID,
        utc("since_utc", "Instant of the previous response", required=True),
        text("kind", "Kind of change", required=True, values=CHANGE_KINDS),
        TABLE_NAME,
        text("row_key", "Key of the changed row", required=True),
        text("name", "Name of the satellite or launch"),
        shared.LAUNCH_DESIGNATOR,
        text("column_name", "Changed column; empty if the change concerns the whole row"),
        text("old_value", "Old value"),
        text("new_value", "New value"),
    ),
)

RENUMBERINGS = Table(
    name="_renumberings",
    description="One satellite that a GP list has by another catalogue number than the lists "
    "before it",
    key=("source", "observed_utc", "old_norad_cat_id"),
    keeps_history=True,
    columns=(
        shared.SOURCE,
        replace(OBSERVED_UTC, description="Instant of the first GP list with the new number"),
        replace(
            shared.NORAD_CAT_ID,
            name="old_norad_cat_id",
            description="Catalogue number in the lists before",
        ),
        replace(
            shared.NORAD_CAT_ID,
            name="new_norad_cat_id",
            description="Catalogue number in the list; `starlink` may have a newer one",
        ),
    ),
)

TABLES = (
    RUNS,
    SNAPSHOTS,
    COUNTS,
    REJECTS,
    FINDINGS,
    COLUMNS,
    OBSERVATIONS,
    LAUNCH_ALTITUDES,
    CHANGES,
    RENUMBERINGS,
)
