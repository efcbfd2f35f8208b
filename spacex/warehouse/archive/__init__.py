"""The archive: element sets older than the hot window, in Parquet files that never change.

A load moves element sets of live services from `starlink_elements` to files of one month each, once
they are older than `SPACEX_HOT_DAYS` before the newest GP list. What a load itself looks at stays:
the newest set of every satellite, and of a listed one those of the weeks before. A file is named by
its digest, and by the table `history_files`. It is on disk, with its name, before the database that
names it is published. A killed load therefore leaves at most a file that nothing names.

No element set is in two files, or in a file and in `starlink_elements`. A load that has to change
or repeat a set of a file first takes it out: it writes the file again without the set.

The archive needs the package duckdb, of the extra `history`. Without it all sets stay in the
database, and sets that are in files cannot be read.
"""

import os
from importlib.util import find_spec
from pathlib import Path

FOLDER = "history"
PACKAGE = "duckdb"
EXTRA = "history"
"""The extra of this project that installs the package."""


def is_available() -> bool:
    """Return whether the package that the archive needs is installed."""
    return find_spec(PACKAGE) is not None


def archive_root(database: Path | str) -> Path:
    """Return the folder that the paths of a database's files are relative to."""
    return Path(os.path.realpath(database)).parent
