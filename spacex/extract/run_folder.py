"""The folder of a run, and the manifest of the snapshots it is built from."""

import re
from pathlib import Path
from typing import Literal, get_args

import msgspec

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.sealed_json import UNREADABLE, digest, sealed
from spacex.extract.snapshots import Snapshot
from spacex.files import create_atomically, read_file, write_atomically
from spacex.settings import RUN_COMMAND
from spacex.units import utc_now

Mode = Literal["auto", "api", "snapshot", "sample"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""Where a run takes its data from; see `Extractor.extract`."""

MANIFEST = "manifest.json"

DIGESTS = "SHA256SUMS"
"""The file of digests of a finished run's files; it lists none until the run has ended."""

STAGING = "staging.db"
"""The tables of a run before they are published, which can be built again from its snapshots."""

NAMED_FOR_START = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-\d+Z", re.ASCII)
"""The name of a run that `Run.new` named for its start: date, hour, minute, second."""

_FILE = re.compile(r"[\w.-]+\.(json|db|ipynb|html)", re.ASCII)
_DIGEST_LINE = re.compile(r"([0-9a-f]{64})  ([\w.-]+)\n", re.ASCII)

Origin = Literal["fetched", "not modified", "stored", "sample"]


class ExtractedSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot as part of a run.

    Attributes:
        origin: fetched by this run, confirmed by the service (not modified), stored before, or
            from the sample.
        checked_utc: instant at which the service was last known to return this content.
    """

    snapshot: Snapshot
    origin: Origin
    checked_utc: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is built from; written by extract, read by the later stages.

    Attributes:
        source: names of the sources, separated by commas.
        mode: the mode the run was started with.
        as_of_utc: instant after which no snapshot counts; empty: the present.
        is_simulated: whether the data come from the bundled sample.
        note: remarks for the reader of the run, one a line; empty if there are none.
        extracted: the snapshots by source and endpoint in request order; an endpoint may have
            several, oldest first.
    """

    run_id: str
    source: str
    mode: Mode
    is_simulated: bool
    note: str
    extracted: tuple[ExtractedSnapshot, ...]
    as_of_utc: str = ""


EARLIER_FIELDS = frozenset(Manifest.__struct_fields__)
"""The fields in manifests of releases up to 0.1, which carry no digest of their own."""


class Run:
    """The folder of one run: `<runs>/<run_id>/`.

    Raises:
        SettingsError: the run id is not valid as a folder name.
    """

    def __init__(self, runs_dir: Path, run_id: str) -> None:
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", run_id):
            raise SettingsError(
                f"{run_id!r} is not a valid run id.",
                remedy="Use up to 64 letters, digits, - and _.",
            )
        self.run_id = run_id
        self.folder = runs_dir / run_id

    @classmethod
    def new(cls, runs_dir: Path) -> "Run":
        """Return a new run, named after the current time."""
        return cls(runs_dir, f"{utc_now():%Y-%m-%dT%H-%M-%S-%fZ}")

    @classmethod
    def latest(cls, runs_dir: Path) -> "Run":
        """Return the run whose extract stage ended last.

        Raises:
            SnapshotError: there is none.
        """
        manifests = list(runs_dir.glob(f"*/{MANIFEST}"))
        if not manifests:
            raise SnapshotError(
                f"There is no run in {runs_dir}.",
                remedy=f"Run 10_extract first, or `{RUN_COMMAND}`.",
            )
        newest = max(manifests, key=lambda path: path.stat().st_mtime_ns)
        return cls(runs_dir, newest.parent.name)

    @property
    def staging(self) -> Path:
        """The database of this run, before it is published."""
        return self.folder / STAGING

    @property
    def report(self) -> Path:
        """The page of the run's report."""
        return self.folder / "40_report.html"

    def write_manifest(self, manifest: Manifest) -> None:
        """Write the manifest, and before the first one digests of no files: the run has not ended.

        Raises:
            StorageError: it cannot be written.
        """
        create_atomically(self.folder / DIGESTS, NO_DIGESTS)
        write_atomically(self.folder / MANIFEST, sealed(manifest))

    def manifest(self) -> Manifest:
        """Read the manifest.

        Raises:
            SnapshotError: it is missing or damaged.
        """
        path = self.folder / MANIFEST
        try:
            return msgspec.json.decode(read_file(path), type=Manifest)
        except UNREADABLE as error:
            raise SnapshotError(
                f"The manifest {path} cannot be read ({error}).",
                remedy=f"Run 10_extract for this run first, or `{RUN_COMMAND}`.",
            ) from None

    def add_note(self, note: str) -> None:
        """Append a line to the note of the manifest; nothing if it is empty or there already.

        Raises:
            SnapshotError, StorageError: see `manifest` and `write_manifest`.
        """
        manifest = self.manifest()
        if note and note not in manifest.note:
            whole = f"{manifest.note}\n{note}".strip()
            self.write_manifest(msgspec.structs.replace(manifest, note=whole))

    def write_digests(self) -> None:
        """Write the digests of the run's files, in the format of `sha256sum`, when it has ended.

        The last line, a comment, is the digest of the lines before it.

        Raises:
            StorageError: the file cannot be written.
        """
        files = [path for path in sorted(self.folder.iterdir()) if _FILE.fullmatch(path.name)]
        lines = [f"{digest(path.read_bytes())}  {path.name}\n" for path in files]
        write_atomically(self.folder / DIGESTS, _with_digest("".join(lines)))


def parse_digests(content: bytes) -> dict[str, str] | None:
    """Return file name → digest, given the file of a run's digests; None if it is damaged."""
    lines, _, _ = content.decode(errors="replace").rpartition("# ")
    files = _DIGEST_LINE.findall(lines)
    return dict(map(reversed, files)) if _with_digest(lines) == content else None


def _with_digest(lines: str) -> bytes:
    return f"{lines}# {digest(lines.encode())}\n".encode()


NO_DIGESTS = _with_digest("")
"""The content of the file of digests while a run has not ended."""
