"""The tables the pipeline keeps about itself: where numbers come from, what was refused."""

from spacex.schema.column import Table, boolean, integer, text, utc
from spacex.schema.shared import RUN_ID, SOURCE

ENDPOINT = text("endpoint", "List of the service: launches, starlink …", required=True)
TABLE_NAME = text("table_name", "Table", required=True)
SEVERITY = text("severity", "How grave", required=True, values=("info", "warning", "error"))

RUNS = Table(
    name="_runs",
    description="One completed run of the pipeline; written last",
    key=("run_id",),
    is_record=True,
    columns=(
        RUN_ID,
        SOURCE,
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
    key=("run_id", "endpoint"),
    is_record=True,
    columns=(
        RUN_ID,
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
        text("path", "File, below the data folder", required=True),
    ),
)

COUNTS = Table(
    name="_counts",
    description="What became of the rows of one table in one run: in = loaded + rejected",
    key=("run_id", "table_name"),
    is_record=True,
    columns=(
        RUN_ID,
        TABLE_NAME,
        ENDPOINT,
        integer("rows_in", "Rows the source gave", required=True, minimum=0),
        integer("rows_loaded", "Rows accepted", required=True, minimum=0),
        integer("rows_rejected", "Rows refused", required=True, minimum=0),
    ),
)

REJECTS = Table(
    name="_rejects",
    description="One value that kept a row out",
    key=("run_id", "reject_number"),
    is_record=True,
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
    is_record=True,
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
    is_record=True,
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

TABLES = (RUNS, SNAPSHOTS, COUNTS, REJECTS, FINDINGS, COLUMNS)
