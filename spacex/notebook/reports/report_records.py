"""The records of made reports, beside their pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from spacex.errors import masked
from spacex.extract.sealed_json import read_record
from spacex.files import write_atomically
from spacex.notebook.runner import Parameter

RECORD = "report.json"
_PAGE = re.compile(r"[^/\0]{1,200}\.html")
FAILED = "failed"
"""The folder, in that of a report, of the last attempt to make it if that failed."""


class ReportRecord(msgspec.Struct, kw_only=True):
    """How a report was made.

    Attributes:
        report: its name.
        title: its heading, with the parameters.
        parameters: those that were given, in their canonical form.
        page: the file name of the page.
        made_utc: when it was made.
        duration_s: how long it took, s.
        run_id: the run whose data it shows.
        is_simulated: whether these are the sample.
        version: the release of the project.
        basis: the digest of the data, the notebook, the parameters, the release and the date.
        headline: what it says first.
        failure: why it could not be made; empty if it was.
    """

    report: str
    title: str
    parameters: dict[str, Parameter]
    page: str
    made_utc: str
    duration_s: float
    run_id: str
    is_simulated: bool
    version: str
    basis: str
    headline: str = ""
    failure: str = ""

    def __post_init__(self) -> None:
        """Check the page, so that a record that names no file beside it counts as unreadable."""
        if not _PAGE.fullmatch(self.page):
            raise ValueError(f"{self.page!r} is not the name of a page")


def write_report_record(folder: Path, record: ReportRecord) -> None:
    """Write the record of a report into its folder, without passwords.

    Raises:
        StorageError: it cannot be written.
    """
    encoded = masked(msgspec.json.encode(record).decode())
    write_atomically(folder / RECORD, msgspec.json.format(encoded).encode())


def read_report_record(folder: Path) -> ReportRecord | None:
    """Return the record of a report; None if there is none that can be read."""
    return read_record(folder / RECORD, ReportRecord)


def made_reports(reports_dir: Path) -> list[tuple[Path, ReportRecord]]:
    """Return the folder and record of each report, and of each failed attempt, newest first."""
    found = ((folder, read_report_record(folder)) for folder in _folders(reports_dir))
    known = [(folder, record) for folder, record in found if record]
    return sorted(known, key=lambda each: (each[1].made_utc, each[0].name), reverse=True)


def _folders(reports_dir: Path) -> Iterator[Path]:
    for folder in reports_dir.glob("*"):
        if folder.is_dir() and not folder.is_symlink():
            yield from (folder, folder / FAILED)
