"""What a run leaves in the Prefect UI: row counts, checks, a summary, and the page to open."""

from pathlib import Path

import pandas as pd
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from spacex.analysis import queries
from spacex.analysis.key_figures import key_figures
from spacex.errors import NotebookError
from spacex.extract.run_folder import Run
from spacex.settings import settings
from spacex.sources import titles


def success(run: Run, report: Path) -> None:
    """The artifacts of a run that was published."""
    database = settings().database
    record = queries.run(database, run.run_id)
    create_markdown_artifact(_summary(record, database), "run-summary", "What was published")
    counts = queries.row_counts(database, run.run_id)
    findings = queries.findings(database, run.run_id)
    create_table_artifact(_rows(counts), "row-counts", "in = loaded + rejected, for each table")
    create_table_artifact(_rows(findings), "checks", "What the checks found")
    create_link_artifact(_link(report), "Run report", "run-report", "The report of this run")


def failure(run: Run, notebook: str, error: NotebookError) -> None:
    """The artifacts of a run that stopped: why, and the notebook as far as it got."""
    text = f"**{notebook} stopped.** The database is as it was.\n\n    {error.message}\n"
    create_markdown_artifact(text, "run-summary", "Why the run stopped")
    page = run.folder / f"{notebook}.html"
    if page.exists():
        create_link_artifact(_link(page), f"{notebook}, as far as it got", "failed-notebook")


def _link(page: Path) -> str:
    """The page's address where the folder of runs is served; else its file."""
    base = settings().reports_url.rstrip("/")
    return f"{base}/{page.parent.name}/{page.name}" if base else page.absolute().as_uri()


def _summary(record: "pd.Series[str]", database: Path) -> str:
    note = f"> {record['note']}\n\n" if record["note"] else ""
    rows = {
        "Source": titles(record["source"]),
        "Current as of": record["data_utc"],
        "Rows loaded": f"{int(record['row_count']):,}",
        "Rows refused": f"{int(record['reject_count']):,}",
        **{figure.name: str(figure) for figure in key_figures(database)},
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([note + "| | |", "|---|---|", *lines])


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.astype(object).to_dict("records")
    ]
