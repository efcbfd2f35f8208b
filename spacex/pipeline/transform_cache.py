"""Reuse the tables of an earlier run built from the same snapshots by the same software.

A run keeps its own id, check times and note.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from spacex.errors import DatabaseError
from spacex.extract.run_folder import Manifest, Run
from spacex.files import copy_file
from spacex.schema import SCHEMA_VERSION
from spacex.warehouse.connection import translate_errors
from spacex.warehouse.staging import restage

PACKAGE = Path(__file__).parents[1]


def tables_key(manifest: Manifest, notebook: Path) -> str:
    """Return a digest of all that a run's tables depend on: snapshots, software and notebook.

    Args:
        manifest: the run.
        notebook: the transform notebook.
    """
    snapshots = [f"{item.snapshot.path}={item.snapshot.sha256}" for item in manifest.extracted]
    parts = [*snapshots, str(SCHEMA_VERSION), _software(), _digest(notebook)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def take_over(run: Run, maker: Run, notebook: Path) -> bool:
    """Copy another run's tables to a run, with the pages that show how they were made.

    No link is followed: others, such as users of JupyterLab, can write to the folders of runs, and
    shall neither read files of this process nor have it write any.

    Args:
        run: the run, extracted.
        maker: a run whose tables have the same key.
        notebook: the transform notebook.

    Returns:
        Whether the files still exist and can be copied.

    Raises:
        SnapshotError: the run has not been extracted.
    """
    if not maker.staging.exists():
        return False
    try:
        restage(run.staging, run.manifest(), maker.staging)
        with translate_errors(maker.folder):
            for page in maker.folder.glob(f"{notebook.stem}.*"):
                copy_file(page, run.folder / page.name)
    except DatabaseError:
        return False
    return True


@cache
def _software() -> str:
    """Return a digest of this package's files and of the libraries that read snapshots."""
    sources = [_digest(path) for path in sorted(PACKAGE.rglob("*.py"))]
    libraries = [f"{name} {version(name)}" for name in ("msgspec", "numpy", "pandas")]
    return hashlib.sha256("\n".join(sources + libraries).encode()).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
