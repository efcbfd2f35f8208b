"""The page of all runs, `index.html` among their folders: what each published, or its failure.

It also lists the reports made to order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from spacex.analysis.data_dates import data_dates
from spacex.analysis.history import Seen
from spacex.errors import SettingsError, SnapshotError, masked
from spacex.extract.run_folder import NAMED_FOR_START, Run
from spacex.extract.run_start import STARTED, Started, is_executed, started_run
from spacex.extract.sealed_json import read_record as read_json
from spacex.files import write_atomically
from spacex.notebook.reports.report_records import FAILED, ReportRecord, made_reports
from spacex.settings import Settings
from spacex.sources import short_title
from spacex.units import counted, date_text

RECORD = "run.json"
PAGE = "index.html"

DIED = "Its process died."

PAGES_OF_A_RUN = {
    "40_report": "report",
    "10_extract": "extract",
    "20_transform": "transform",
    "30_load": "load",
}
"""Name of each page of a run → its title, the report first."""

_HEADS = ("Run", "State", "In short", "Data", "Rows", "Changes", "Duration", "Parameters", "Pages")
_NUMBERS = ("Rows", "Duration")
_NAMED = ("Data", "Rows", "Changes", "Duration", "Parameters")
"""Heads that name their cells on a narrow page."""
_REPORT_HEADS = ("Report", "State", "In short", "Made")
_TEMPLATE = Path(__file__).with_name("page_template") / "style.css"
_STYLE = """
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .6rem .8rem; text-align: start;
         vertical-align: top }
td:nth-child(1) { min-width: 6.2rem }
td:nth-child(3) { min-width: 13rem }
.state { white-space: nowrap }
.list { font-size: .93em }
.list :is(th, td) { padding: .5rem }
.list td:is([data-head="Data"], [data-head="Parameters"]) { min-width: 9rem }
.list td:nth-child(8) { overflow-wrap: anywhere }
.list ul { margin: 0; padding: 0; list-style: none }
.list li { padding-inline-start: .8em; text-indent: -.8em }
.number { text-align: end }
.published::before, .made::before { color: #009e73; content: "● " }
@media (max-width: 600px) {
  .list :is(table, tbody, tr, td) { display: block }
  .list thead { display: none }
  .list td { border: 0; padding: .2rem .8rem; text-align: start }
  .list td:empty { display: none }
  .list td[data-head]::before { color: var(--muted); content: attr(data-head) ": " }
  .list ul, .list li { display: inline }
  .list li + li::before { content: "; " }
  .list tr { border-bottom: 1px solid var(--line); padding: .5rem 0 }
}
.failed::before, .crashed::before, .cancelled::before { color: #d55e00; content: "● " }
"""
"""Beside the style of the pages of notebooks."""


class SourceAge(msgspec.Struct, frozen=True):
    """The age of the data of a source at the end of a run.

    Attributes:
        title: the title of the source.
        data_utc: the date of its data.
        age_days: days from then to the end of the run.
    """

    title: str
    data_utc: str
    age_days: float

    def __post_init__(self) -> None:
        """Check the date, so that a record with an impossible one counts as unreadable."""
        date_text(self.data_utc)


class Record(msgspec.Struct, kw_only=True):
    """How a run ended.

    Attributes:
        run_id: the run, named for its start.
        duration_s: how long it took, s; if it was stopped, up to the last file that it wrote.
        parameters: those that it was started with.
        published: what it published, in words; empty if nothing.
        failure: why it stopped; empty if it did not.
        stopped: how, if that was no failure of its own: crashed or cancelled; empty otherwise.
        figures: name → value of the key figures that it published.
        is_simulated: whether it published the sample; None if nothing, or if it is not known.
        schema_version: that of the database that it published; 0 if none, or if it is not known.
        release: the release that published; empty if none did, or if it is not known.
        findings: severity, check and message of what the checks found; None if it is not known.
        sources: the age of its data, by source.
        row_count: the rows that it loaded; None if it published none, or if it is not known.
        reject_count: the records that it rejected; None likewise.
        changes: kind → number of changes since the report before; None if there was nothing to
            compare with, or if it is not known.
    """

    run_id: str
    duration_s: float
    parameters: dict[str, Any]
    published: str = ""
    failure: str = ""
    stopped: str = ""
    figures: dict[str, str] = {}
    is_simulated: bool | None = None
    schema_version: int = 0
    release: str = ""
    findings: list[tuple[str, str, str]] | None = None
    sources: list[SourceAge] = []
    row_count: int | None = None
    reject_count: int | None = None
    changes: dict[str, int] | None = None

    @property
    def state(self) -> str:
        """How the run ended, in a word: published, failed, crashed or cancelled."""
        return self.stopped or ("failed" if self.failure else "published")

    @property
    def verb(self) -> str:
        """The state as the verb of a sentence."""
        return "was cancelled" if self.state == "cancelled" else self.state


def write_record(run: Run, record: Record) -> None:
    """Write how a run ended into its folder, without passwords, in place of its start.

    Raises:
        StorageError: it cannot be written.
    """
    encoded = masked(msgspec.json.encode(record).decode())
    write_atomically(run.folder / RECORD, msgspec.json.format(encoded).encode())
    (run.folder / STARTED).unlink(missing_ok=True)


def record_stopped(settings: Settings, flow_run_id: str, state: str, why: str) -> None:
    """Write into the folder of a run that others stopped how it ended, and list it so.

    Args:
        settings: the folder of runs.
        flow_run_id: the flow run in Prefect.
        state: how it ended, in a word.
        why: the same in a sentence; may be empty.

    Raises:
        StorageError: it cannot be written.
    """
    for folder in run_folders(settings.runs_dir):
        started = started_run(folder)
        if started and started.flow_run_id == flow_run_id:
            run = Run(settings.runs_dir, folder.name)
            write_record(run, _stopped(folder, started, state, why or f"It was {state}."))
            write_index(settings)


def _stopped(folder: Path, started: Started, state: str, why: str) -> Record:
    """Return the record of a run that has not written its own."""
    began = (folder / STARTED).stat().st_mtime
    last = max(path.stat().st_mtime for path in folder.iterdir())
    return Record(
        run_id=folder.name,
        duration_s=last - began,
        parameters=started.parameters,
        failure=why,
        stopped="" if state == "failed" else state,
    )


def figures_before(runs_dir: Path, run_id: str, *, is_simulated: bool) -> dict[str, str]:
    """Return name → value of the key figures of the run before; empty if there is none.

    Args:
        runs_dir: the folder of runs.
        run_id: the run.
        is_simulated: whether it published the sample, whose figures are no earlier real ones.
    """
    reports = _reports_before(runs_dir, run_id, is_simulated=is_simulated)
    return reports[-1][1].figures if reports else {}


def seen_before(runs_dir: Path, run_id: str, *, is_simulated: bool) -> Seen:
    """Return the newest snapshot of each endpoint in the reports before that of a run.

    Args:
        runs_dir: the folder of runs.
        run_id: the run.
        is_simulated: see `figures_before`.
    """
    seen: dict[tuple[str, str], str] = {}
    for name, _ in _reports_before(runs_dir, run_id, is_simulated=is_simulated):
        with suppress(SnapshotError, SettingsError):
            extracted = Run(runs_dir, name).manifest().extracted
            newest = sorted((each.snapshot for each in extracted), key=lambda s: s.retrieved_utc)
            seen |= {(each.source, each.endpoint): each.retrieved_utc for each in newest}
    return seen


def _reports_before(runs_dir: Path, run_id: str, *, is_simulated: bool) -> list[tuple[str, Record]]:
    """Return the earlier runs that published a report, with their records, oldest first."""
    earlier = sorted(folder for folder in run_folders(runs_dir) if folder.name < run_id)
    records = [(folder.name, record) for folder in earlier if (record := read_record(folder))]
    return [
        each for each in records if each[1].figures and bool(each[1].is_simulated) == is_simulated
    ]


def source_ages(database: Path) -> list[SourceAge]:
    """Return the age of the data of each source.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    dates = data_dates(database)[["source", "data_utc", "age_days"]]
    return [
        SourceAge(short_title(source), data_utc, float(age_days))
        for source, data_utc, age_days in dates.itertuples(index=False)
    ]


def write_index(settings: Settings) -> None:
    """Write the page of all runs, and of the reports made to order, the newest first.

    Raises:
        StorageError: it cannot be written.
    """
    runs = [_row(folder) for folder in sorted(run_folders(settings.runs_dir), reverse=True)]
    made = [_report_row(*each) for each in made_reports(settings.reports_dir)]
    reports = f"<h2>Reports made to order</h2>{html_table(_REPORT_HEADS, made)}" if made else ""
    listed = f"<section class='list'><h1>Runs</h1>{html_table(_HEADS, runs)}{reports}</section>"
    page = html_page("Runs", listed)
    write_atomically(settings.runs_dir / PAGE, page.encode())


def html_page(title: str, body: str) -> str:
    """Return a page without scripts, light or dark as the reader likes it."""
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        "<meta name='viewport' content='width=device-width'>"
        f"<style>{_TEMPLATE.read_text(encoding='utf-8')}{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def html_table(heads: Sequence[str], rows: Sequence[str]) -> str:
    """Return a table that scrolls if it is wide."""
    titles = "".join(f"<th scope='col'>{head}</th>" if head else "<td></td>" for head in heads)
    head, body = f"<thead><tr>{titles}</tr></thead>", f"<tbody>{''.join(rows)}</tbody>"
    return f"<div class='wide' tabindex='0'><table>{head}{body}</table></div>"


def _report_row(folder: Path, record: ReportRecord) -> str:
    """Return the row of a report made to order, or of a failed attempt to make it."""
    state = "failed" if record.failure else "made"
    given = [f"{value}" for value in record.parameters.values()]
    name = escape(" ".join((record.report, ", ".join(given))).strip())
    path = folder / record.page
    # From the folder of runs in the file system, and from `/reports/` of the dashboard.
    address = quote(f"../reports/{path.relative_to(_reports_dir(folder))}")
    cells = (
        f"<a href='{address}'>{name}</a>" if path.is_file() else name,
        f"<span class='state {state}'>{state}</span>",
        escape(record.failure or record.headline),
        f"<span class='state'>{record.made_utc[:16].replace('T', ' ')} UTC</span>",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _reports_dir(folder: Path) -> Path:
    return folder.parents[1] if folder.name == FAILED else folder.parent


def run_folders(runs_dir: Path) -> Iterator[Path]:
    """Return the folders of runs, in no order."""
    return (path for path in runs_dir.glob("*") if path.is_dir() and not path.is_symlink())


def read_record(folder: Path) -> Record | None:
    """Return how a run ended; None if that is not known, or if it has not ended."""
    if record := read_json(folder / RECORD, Record):
        return record
    started = started_run(folder)
    if started and not is_executed(folder):
        with suppress(OSError):  # it is removed in the meantime
            return _stopped(folder, started, "crashed", DIED)
    return None


def last_ended(runs_dir: Path) -> Record | None:
    """Return how the newest run ended of those whose end is known; None if there is none."""
    for folder in sorted(run_folders(runs_dir), reverse=True):
        if NAMED_FOR_START.fullmatch(folder.name) and (record := read_record(folder)):
            return record
    return None


def last_ended_run(runs_dir: Path) -> dict[str, Any]:
    """Return how the last run ended, as JSON for monitors."""
    record = last_ended(runs_dir)
    if record is None:
        return {"last_ended_run": None}
    told = ("run_id", "state", "duration_s", "failure")
    return {"last_ended_run": {name: getattr(record, name) for name in told}}


def _row(folder: Path) -> str:
    record = read_record(folder)
    state = record.state if record else "not recorded"
    marked = f"<span class='state {state}'>{state}</span>"
    cells = (
        _started(folder.name),
        marked,
        *(_of_record(record) if record else [""] * 6),
        _links(folder),
    )
    return _table_row(_HEADS, cells)


def _of_record(record: Record) -> Iterator[str]:
    """Yield the cells on how a run ended: in short, data, rows, changes, duration, parameters."""
    yield escape(record.failure or record.published)
    yield _listed(f"{each.title}: {_dated(each)}" for each in record.sources)
    yield _rows_of(record)
    yield "" if record.changes is None else _changes(record.changes)
    yield f"<span class='state'>{_duration(record.duration_s)}</span>"
    given = (f"{name}={value}" for name, value in record.parameters.items() if value)
    yield escape(", ".join(given))


def _table_row(heads: Sequence[str], cells: Iterable[str]) -> str:
    """Return a row; on a narrow page, where cells are lines, a number is named by its head."""
    shown = [_table_cell(head, cell) for head, cell in zip(heads, cells, strict=True)]
    return f"<tr>{''.join(shown)}</tr>"


def _table_cell(head: str, cell: str) -> str:
    aligned = " class='number'" if head in _NUMBERS else ""
    named = f" data-head='{head}'" if head in _NAMED and cell else ""
    return f"<td{aligned}{named}>{cell}</td>"


def _listed(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _dated(source: SourceAge) -> str:
    """Return the date of the data of a source and its age at the end of the run, in words."""
    days = int(source.age_days)
    age = f"{counted(days, 'day')} old" if days else "less than a day old"
    return f"{date_text(source.data_utc)}, {age}"


def _rows_of(record: Record) -> str:
    if record.row_count is None:
        return ""
    rejected = f"{record.reject_count:,} rejected" if record.reject_count else ""
    return _listed(filter(None, (f"{record.row_count:,}", rejected)))


def _changes(counts: Mapping[str, int]) -> str:
    """Return the number of changes of each kind, the most frequent kind first."""
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return _listed(f"{kind}: {count:,}" for kind, count in ordered) or "none"


def _duration(seconds: float) -> str:
    """Return a time in words, such as `1 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"


def _started(run_id: str) -> str:
    """Return the start of a run that is named for it; the name of any other."""
    named = NAMED_FOR_START.fullmatch(run_id)
    if not named:
        return escape(run_id)
    day, hour, minute, second = named.groups()
    return f"<span title='{run_id}'>{day} {hour}:{minute}:{second} UTC</span>"


def _links(folder: Path) -> str:
    """Return links to the pages of a run: the report, and the stages."""
    return " ".join(
        f"<a href='{escape(folder.name)}/{name}.html'>{title}</a>"
        for name, title in PAGES_OF_A_RUN.items()
        if (folder / f"{name}.html").exists()
    )
