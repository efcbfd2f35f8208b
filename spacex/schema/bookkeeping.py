"""The tables the pipeline keeps about itself: where numbers come from, what was refused."""

from dataclasses import replace

from spacex.schema.column import Table, boolean, epoch, integer, real, text, utc
from spacex.schema.shared import LAUNCH_DESIGNATOR, RUN_ID, SOURCE

CHANGE_KINDS = (
    "new satellite",
    "returned",
    "unlisted",
    "orbit status",
    "shell",
    "new launch",
    "flown",
    "withdrawn",
    "corrected",
)
"""What the change feed tells; `spacex.warehouse.changes` says when."""

ENDPOINT = text("endpoint", "List of the service: launches, starlink …", required=True)
TABLE_NAME = text("table_name", "Table", required=True)
SEVERITY = text("severity", "How grave", required=True, values=("info", "warning", "error"))

RUNS = Table(
    name="_runs",
    description="One completed run of the pipeline; written last",
    key=("run_id",),
    columns=(
        RUN_ID,
        text("source", "Services the data come from, parted by commas", required=True),
        text("mode", "What the run was asked for", required=True),
        boolean("is_simulated", "Whether the data are the bundled simulation", required=True),
        utc(
            "data_utc", "Instant the oldest answer of the run is known to be current", required=True
        ),
        utc("loaded_utc", "Instant the run was loaded", required=True),
        integer("row_count", "Rows loaded", required=True, minimum=0),
        integer("reject_count", "Rows refused", required=True, minimum=0),
        text("note", "What a reader of this run must know; empty if nothing"),
        text("software_version", "Version of SpaceX Insights", required=True),
    ),
)

SNAPSHOTS = Table(
    name="_snapshots",
    description="One stored answer a run was built from",
    key=("run_id", "path"),
    columns=(
        RUN_ID,
        text("path", "File, below the data folder", required=True),
        ENDPOINT,
        SOURCE,
        text("url", "Address the answer came from", required=True),
        text(
            "origin",
            "How the run came by it",
            required=True,
            values=("fetched", "not modified", "stored", "sample"),
        ),
        utc("retrieved_utc", "Instant the answer was retrieved", required=True),
        utc("checked_utc", "Instant the service was last known to still give it", required=True),
        text("sha256", "Digest of the answer's bytes", required=True),
        integer("byte_count", "Size of the answer", "B", required=True, minimum=0),
        integer("record_count", "Records in the answer", required=True, minimum=0),
        text("etag", "The service's version tag"),
        text("licence", "Terms the service gives its data under", required=True),
    ),
)

COUNTS = Table(
    name="_counts",
    description="What became of the rows one source gave for one table in one run: "
    "in = loaded + rejected + duplicate + superseded + out of scope",
    key=("run_id", "table_name", "source"),
    columns=(
        RUN_ID,
        TABLE_NAME,
        SOURCE,
        ENDPOINT,
        integer("rows_in", "Rows the source gave", required=True, minimum=0),
        integer("rows_loaded", "Rows accepted", required=True, minimum=0),
        integer("rows_rejected", "Rows refused", required=True, minimum=0),
        integer(
            "rows_duplicate",
            "Rows that a newer one of the same source repeats",
            required=True,
            minimum=0,
        ),
        integer(
            "rows_superseded",
            "Rows that give way to one of another source",
            required=True,
            minimum=0,
        ),
        integer(
            "rows_out_of_scope",
            "Rows of what this project is not about: other satellites, other agencies' launches",
            required=True,
            minimum=0,
        ),
    ),
)

REJECTS = Table(
    name="_rejects",
    description="One value that kept a row out",
    key=("run_id", "reject_number"),
    columns=(
        RUN_ID,
        integer("reject_number", "Running number in the run", required=True, minimum=1),
        TABLE_NAME,
        text("row_key", "Key of the row, or its place in the answer", required=True),
        text("column_name", "Column; empty if the row as a whole"),
        text("value", "The value, shortened"),
        text("reason", "Why it was refused", required=True),
    ),
)

FINDINGS = Table(
    name="_findings",
    description="What one check found in the data of one run",
    key=("run_id", "check_name"),
    columns=(
        RUN_ID,
        text("check_name", "Check", required=True),
        SEVERITY,
        TABLE_NAME,
        integer("finding_count", "Rows concerned", required=True, minimum=0),
        text("message", "What was found, in words", required=True),
        text("examples", "Some of the rows concerned"),
    ),
)

COLUMNS = Table(
    name="_columns",
    description="One column of this database: its meaning, unit and origin",
    key=("table_name", "column_name"),
    columns=(
        TABLE_NAME,
        text("column_name", "Column", required=True),
        text("kind", "What it holds", required=True),
        text("unit", "Unit; empty for a pure number or a text"),
        boolean("is_required", "Whether NULL is refused", required=True),
        text("description", "What it means", required=True),
        text("origin", "Field of the source it is read from; empty if computed here"),
    ),
)

OBSERVED_UTC = utc("observed_utc", "Instant of the answer", required=True)

OBSERVATIONS = Table(
    name="_observations",
    description="One list of what is in orbit, as a service gave it at an instant",
    key=("source", "observed_utc"),
    keeps_history=True,
    columns=(
        SOURCE,
        OBSERVED_UTC,
        RUN_ID,
        integer("satellite_count", "Satellites in it", required=True, minimum=0),
        epoch("oldest_epoch_utc", "Oldest of their epochs", required=True),
        epoch("newest_epoch_utc", "Newest of their epochs", required=True),
        text(
            "listed",
            "Their catalogue numbers, as a JSON list of ranges [first, last]",
            required=True,
        ),
    ),
)

LAUNCH_ALTITUDES = Table(
    name="_launch_altitudes",
    description="The satellites of one launch, as one list of what is in orbit had them",
    key=("source", "observed_utc", "launch_designator"),
    keeps_history=True,
    columns=(
        SOURCE,
        OBSERVED_UTC,
        replace(LAUNCH_DESIGNATOR, required=True),
        integer("satellite_count", "Satellites listed", required=True, minimum=1),
        integer("operational_count", "Satellites that are operational", required=True, minimum=0),
        real("low_altitude_km", "Mean altitude that a tenth is below", "km", required=True),
        real("median_altitude_km", "Median mean altitude", "km", required=True),
        real("high_altitude_km", "Mean altitude that a tenth is above", "km", required=True),
    ),
)

CHANGES = Table(
    name="_changes",
    description="One thing that changed from one answer of a service to its next",
    key=("source", "observed_utc", "change_number"),
    keeps_history=True,
    columns=(
        SOURCE,
        OBSERVED_UTC,
        integer("change_number", "Running number in the answer", required=True, minimum=1),
        RUN_ID,
        utc("since_utc", "Instant of the answer before", required=True),
        text("kind", "What happened", required=True, values=CHANGE_KINDS),
        TABLE_NAME,
        text("row_key", "Key of the row concerned", required=True),
        text("name", "Name of the satellite or launch"),
        LAUNCH_DESIGNATOR,
        text("column_name", "Column that changed; empty if the row as a whole"),
        text("old_value", "Value before"),
        text("new_value", "Value after"),
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
)
