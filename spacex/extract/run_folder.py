"""One run of the pipeline: its folder, and what it was built from."""

import re
from pathlib import Path
from typing import Literal, get_args

import msgspec

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.snapshots import Snapshot
from spacex.files import write_atomically
from spacex.settings import RUN_COMMAND
from spacex.units import utc_now

Mode = Literal["auto", "api", "snapshot", "sample"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""What a run may be asked for; `Extractor.extract` says what each does."""

Origin = Literal["fetched", "not modified", "stored", "sample"]


class ExtractedSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a run: as it is stored, and how the run came by it.

    Attributes:
        snapshot: the stored answer.
        origin: fetched now, confirmed by the service (not modified), stored earlier, or sample.
        checked_utc: instant the service was last known to give this answer.
    """

    snapshot: Snapshot
    origin: Origin
    checked_utc: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is built from; written by extract, read by every later step.

    Attributes:
        run_id: the run.
        source: names of the sources, parted by commas.
        mode: what the run was asked for.
        is_simulated: whether the data are the bundled simulation.
        note: what a reader of the run must know; empty if nothing.
        extracted: the answers, by source and list in the order they were asked for; a list may
            have several, oldest first.
    """

    run_id: str
    source: str
    mode: Mode
    is_simulated: bool
    note: str
    extracted: tuple[ExtractedSnapshot, ...]


class Run:
    """The folder of one run: `<runs>/<run_id>/`.

    Raises:
        SettingsError: the id could not be a folder's name.
    """

    def __init__(self, runs_dir: Path, run_id: str) -> None:
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", run_id):
            raise SettingsError(
                f"A run cannot be called {run_id!r}.",
                remedy="Use up to 64 letters, digits, - and _.",
            )
        self.run_id = run_id
        self.folder = runs_dir / run_id

    @classmethod
    def new(cls, runs_dir: Path) -> "Run":
        """A run that begins now, named for the instant."""
        return cls(runs_dir, f"{utc_now():%Y-%m-%dT%H-%M-%S-%fZ}")

    @classmethod
    def latest(cls, runs_dir: Path) -> "Run":
        """The run whose extract was the last to end.

        Raises:
            SnapshotError: there is none.
        """
        manifests = list(runs_dir.glob("*/manifest.json"))
        if not manifests:
            raise SnapshotError(
                f"There is no run in {runs_dir}.",
                remedy=f"Run 10_extract first, or `{RUN_COMMAND}`.",
            )
        newest = max(manifests, key=lambda path: path.stat().st_mtime_ns)
        return cls(runs_dir, newest.parent.name)

    @property
    def staging(self) -> Path:
        """The database of this run alone, before it is published."""
        return self.folder / "staging.db"

    def write_manifest(self, manifest: Manifest) -> None:
        """Keep what the run is built from.

        Raises:
            StorageError: it cannot be written.
        """
        text = msgspec.json.format(msgspec.json.encode(manifest))
        write_atomically(self.folder / "manifest.json", text + b"\n")

    def manifest(self) -> Manifest:
        """What the run is built from.

        Raises:
            SnapshotError: extract has not ended, or its manifest is damaged.
        """
        path = self.folder / "manifest.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError) as error:
            raise SnapshotError(
                f"The manifest {path} cannot be read ({error}).",
                remedy=f"Run 10_extract for this run first, or `{RUN_COMMAND}`.",
            ) from None
