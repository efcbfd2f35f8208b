"""`spacex status`: show what the database holds, its sources and its age."""

from pathlib import Path

import pandas as pd
from rich.markup import escape
from rich.table import Column, Table

from spacex.analysis import queries
from spacex.analysis.data_dates import data_dates
from spacex.analysis.key_figures import key_figures
from spacex.cli.console import console
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.snapshots import SnapshotStore
from spacex.settings import settings
from spacex.sources import SERVICES, titles
from spacex.units import counted, utc_instant, utc_now, utc_text

_TITLES = {
    "rows_in": "in",
    "rows_loaded": "loaded",
    "rows_rejected": "rejected",
    "rows_duplicate": "duplicate",
    "rows_superseded": "superseded",
    "rows_out_of_scope": "out of scope",
    "table_name": "table",
    "row_count": "rows",
    "reject_count": "rejected",
    "loaded_utc": "loaded",
    "run_id": "run",
}
_FATES = [name for name in _TITLES if name.startswith("rows_")]


def status() -> None:
    """Print the state of the database and of the services.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    database = settings().database
    record = queries.run(database)
    output = console()
    grid = summary(record, database)
    for name, value in _service_lines(database):
        grid.add_row(name, value)
    grid.add_row("Data folder", escape(str(settings().data_dir.absolute())))
    grid.add_row("Database", escape(str(database.absolute())))
    output.print(grid)
    counts = queries.row_counts(database, record["run_id"])
    fates = [name for name in _FATES if name == "rows_loaded" or counts[name].any()]
    columns = ["table_name", "source", *fates, "change"]
    output.print("", _table("Rows of the last run", counts.sort_values("table_name")[columns]))
    runs = queries.runs(database, 5)[["run_id", "source", "mode", "row_count", "reject_count"]]
    output.print("", _table("Last runs", runs))
    rejects = queries.rejects(database, record["run_id"])
    if not rejects.empty:
        columns = ["table_name", "column_name", "reason", "lost", "rejects", "for_example", "value"]
        output.print("", _table("Rejected records", rejects[columns]))


def summary(record: "pd.Series[str]", database: Path) -> Table:
    """Return a grid of a run's sources, the age of its data, and the key figures."""
    grid = Table.grid("", Column(overflow="fold"), padding=(0, 2))
    age = utc_now() - utc_instant(record["data_utc"])
    grid.add_row("Source", escape(titles(record["source"])))
    grid.add_row("Current as of", f"{record['data_utc']} ({_ago(age.total_seconds())})")
    if record["note"]:
        grid.add_row("[yellow]Note[/]", f"[yellow]{escape(record['note'])}[/]")
    for figure in key_figures(database):
        grid.add_row(figure.name, escape(str(figure)))
    return grid


def _service_lines(database: Path) -> list[tuple[str, str]]:
    """Return the age of each service's data, and when it may be requested again."""
    lines = []
    found = {row["source"]: row for row in data_dates(database).to_dict("records")}
    store = SnapshotStore(settings().raw_dir)
    for name, source in SERVICES.items():
        if own := found.get(name):
            age = _ago(86400 * own["age_days"])
            text = f"data to {own['data_utc']} ({age}), checked {own['checked_utc']}"
        else:
            text = "never reached"
        pause = Ledger(ledger_path(store, source)).read().pause_of(source.name)
        if pause.next_utc > utc_text(utc_now()):
            text += f", next request from {pause.next_utc}"
            text += f". {pause.trouble}" if pause.trouble else ""
        lines.append((escape(source.title), escape(text)))
    return lines


def _ago(seconds: float) -> str:
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} ago"
    return "just now"


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold")
    for name in frame.columns:
        is_number = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(_TITLES.get(name, name), justify="right" if is_number else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    return f"{value:,}" if isinstance(value, int) else escape(str(value))
