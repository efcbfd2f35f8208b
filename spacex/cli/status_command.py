"""`spacex status`: show what the database holds, its sources and its age."""

import json
from pathlib import Path

import pandas as pd
from rich.markup import escape
from rich.table import Column, Table

from spacex.analysis import data_dates, queries
from spacex.analysis.data_age import data_ages, health
from spacex.analysis.history import archive_sentence
from spacex.analysis.key_figures import key_figures
from spacex.analysis.queries import TITLES
from spacex.cli.console import console
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.run_index import last_ended, last_ended_run
from spacex.settings import settings
from spacex.sources import SERVICES
from spacex.units import utc_now, utc_text

_FATES = [name for name in TITLES if name.startswith("rows_")]


def status(*, max_age_h: float | None, as_json: bool) -> int:
    """Print the state of the database and of the services.

    Args:
        max_age_h: greatest age that counts as fresh, h; None: that of the settings, without effect
            on the exit code.
        as_json: print JSON for programs instead of tables.

    Returns:
        1 if a greatest age is given and data are older or missing; 0 otherwise.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    config = settings().model_copy(update={"max_age_h": max_age_h} if max_age_h else {})
    found = health(config) | last_ended_run(config.runs_dir)
    if as_json:
        folders = {
            "data_folder": config.data_dir.absolute(),
            "database": config.database.absolute(),
        }
        print(json.dumps(found | folders, indent=2, default=str))  # noqa: T201 - for programs
    else:
        _print_status()
        for each in data_ages(config) if max_age_h else ():
            if each.is_stale:
                console().print(f"[red]✗[/] {escape(str(each))}")
    return int(max_age_h is not None and not found["is_fresh"])


def _print_status() -> None:
    database = settings().database
    record = queries.run(database)
    output = console()
    grid = summary(record, database)
    ended = last_ended(settings().runs_dir)
    if ended and ended.failure:
        text = f"The run {ended.run_id} {ended.verb}: {ended.failure}"
        grid.add_row("[red]Last run[/]", f"[red]{escape(text)}[/]")
    if services := _service_lines(database, record["as_of_utc"] or ""):
        grid.add_row("Services", escape("\n".join(services)))
    if archive := archive_sentence(database):
        grid.add_row("Archive", escape(archive))
    grid.add_row("Data folder", escape(str(settings().data_dir.absolute())))
    grid.add_row("Database", escape(str(database.absolute())))
    output.print(grid)
    counts = queries.row_counts(database, record["run_id"])
    fates = [name for name in _FATES if name == "rows_loaded" or counts[name].any()]
    columns = ["table_name", "source", *fates, "change"]
    output.print("", _table("Rows of the last run", counts.sort_values("table_name")[columns]))
    runs = queries.runs(database, 5)[["run_id", "source", "mode", "row_count", "reject_count"]]
    output.print("", _table("Last published runs", runs))
    rejects = queries.rejects(database, record["run_id"])
    if not rejects.empty:
        columns = ["table_name", "column_name", "reason", "lost", "rejects", "for_example", "value"]
        output.print("", _table("Rejected records", rejects[columns]))


def summary(record: "pd.Series[str]", database: Path) -> Table:
    """Return a grid of the sources, with the date of their data, and the key figures."""
    grid = Table.grid("", Column(overflow="fold"), padding=(0, 2))
    sources = "\n".join(f"{title}: {text}" for title, text in data_dates.texts(database).items())
    grid.add_row("Source", escape(sources))
    if record["note"]:
        grid.add_row("[yellow]Note[/]", f"[yellow]{escape(record['note'])}[/]")
    for figure in key_figures(database):
        grid.add_row(figure.name, escape(str(figure)))
    return grid


def _service_lines(database: Path, as_of_utc: str) -> list[str]:
    """Return which services have no data in the database, and when each may be requested again."""
    lines = []
    loaded = set(queries.view(database, "v_sources")["source"])
    store = SnapshotStore(settings().raw_dir)
    for name, source in SERVICES.items():
        found = [] if name in loaded else [_absence(as_of_utc, is_stored=store.has_any(name))]
        pause = Ledger(ledger_path(store, source)).read().pause_of(source.name)
        if pause.next_utc > utc_text(utc_now()):
            trouble = f". {pause.trouble}" if pause.trouble else ""
            found.append(f"next request from {pause.next_utc}{trouble}")
        if found:
            lines.append(f"{source.title}: {', '.join(found)}")
    return lines


def _absence(as_of_utc: str, *, is_stored: bool) -> str:
    """Return why the database has no data of a service."""
    if not is_stored:
        return "never reached"
    if as_of_utc:
        return f"reached; its data were stored after {as_of_utc[:10]} and are left out"
    return "reached; its data are not in the database"


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold")
    for name in frame.columns:
        is_number = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(TITLES.get(name, name), justify="right" if is_number else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    return f"{value:,}" if isinstance(value, int) else escape(str(value))
