"""The table of the files that hold the older element sets."""

from spacex.schema import shared
from spacex.schema.column import Table, epoch, integer, text

HISTORY_FILES = Table(
    name="history_files",
    description="One Parquet file of the archive, which holds element sets that starlink_elements "
    "no longer has",
    key=("path",),
    is_derived=True,
    columns=(
        text("path", "File, relative to the folder of the database", required=True),
        text("sha256", "SHA-256 digest of the file, which is also its name", required=True),
        integer("row_count", "Element sets in the file", required=True, minimum=1),
        epoch("first_epoch_utc", "Oldest epoch in the file", required=True),
        epoch("last_epoch_utc", "Newest epoch in the file", required=True),
        shared.SOURCE,
        text("run", "ID of the run or import that wrote the file", required=True),
    ),
)

TABLES = (HISTORY_FILES,)
