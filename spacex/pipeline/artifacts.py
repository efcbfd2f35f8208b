"""The artifacts of a run in the Prefect UI: summary, row counts, checks and a link to the page."""

from pathlib import Path

import pandas as pd
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from spacex.analysis import data_dates, queries
from spacex.analysis.key_figures import key_figures
from spacex.errors import NotebookError
from spacex.extract.run_folder import Run
from spacex.settings import Settings
from spacex.units import counted


def success(settings: Settings, run: Run) -> None:
    """Create the artifacts of a published run."""
    database = settings.database
    record = queries.run(database, run.run_id)
    create_markdown_artifact(
        _summary(record, database), "run-summary", f"## What run {run.run_id} published"
    )
    counts = queries.row_counts(database, run.run_id)
    findings = queries.findings(database, run.run_id)
    create_table_artifact(_rows(counts), "row-counts", "## The records of each table, by fate")
    create_table_artifact(_rows(findings), "checks", _findings_title(len(findings)))
    create_link_artifact(
        settings.page_url(run.report),
        "Read the report",
        "run-report",
        f"## The report of run {run.run_id}",
    )


def failure(settings: Settings, run: Run, notebook: str, error: NotebookError) -> None:
    """Create the artifacts of a failed run.

    Args:
        settings: the address of the served pages.
        run: the run.
        notebook: the notebook that failed.
        error: its error.
    """
    text = f"**{notebook} stopped.** The database is unchanged.\n\n    {error.message}\n"
    create_markdown_artifact(text, "run-summary", f"## Why run {run.run_id} stopped")
    page = run.folder / f"{notebook}.html"
    if page.exists():
        create_link_artifact(
            settings.page_url(page),
            f"Read {notebook}, up to the failure",
            "failed-notebook",
            f"## The notebook that stopped run {run.run_id}",
        )


def _summary(record: "pd.Series[str]", database: Path) -> str:
    note = "".join(f"> {line}\n\n" for line in record["note"].splitlines())
    sources = [f"{title}: {text}" for title, text in data_dates.texts(database).items()]
    rows = {
        "Source": "<br>".join(sources),
        "Rows loaded": f"{int(record['row_count']):,}",
        "Records rejected": f"{int(record['reject_count']):,}",
        **{figure.name: str(figure) for figure in key_figures(database)},
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([note + "| | |", "|---|---|", *lines])


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    titled = frame.rename(
        columns={n: queries.TITLES.get(str(n), str(n)).capitalize() for n in frame}
    )
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in titled.astype(object).to_dict("records")
    ]


def _findings_title(count: int) -> str:
    found = counted(count, "finding") if count else "nothing"
    return f"## What the checks found: {found}"
