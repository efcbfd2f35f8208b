"""The page Data: sources, checks, rejects, record fates and the data dictionary."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from spacex.analysis import queries, source_comparison
from spacex.analysis.source_comparison import PRECEDENCE_RULES
from spacex.dashboard.app.download import DOWNLOADS, download_url
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, badge, instant, link, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View

TABLE = Choice("table", "Table", "table_name", table="_columns", all_label="All tables")


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        FullTablePanel("Snapshots loaded", _of_run(queries.snapshots), SOURCE_COLUMNS),
        FullTablePanel(
            "Findings of the checks", _of_run(queries.findings), FINDING_COLUMNS, "None."
        ),
        FullTablePanel(
            "Rejected records", _of_run(queries.rejects), REJECT_COLUMNS, "No record was rejected."
        ),
        FullTablePanel("Records by fate", _of_run(queries.row_counts), COUNT_COLUMNS),
        FullTablePanel("Latest runs", lambda view: queries.runs(view.database.path), RUN_COLUMNS),
        PagedTablePanel("Launches by year, site and source", AGREEMENT_ROWS, state),
        FullTablePanel(
            "Launches missing from a source",
            lambda view: source_comparison.unmatched_launches(view.database.path),
            UNMATCHED_COLUMNS,
            "None.",
        ),
        FullTablePanel(
            "Contradictions on launches",
            lambda view: source_comparison.contradictions(view.database.path),
            CONTRADICTION_COLUMNS,
            "None.",
        ),
        PagedTablePanel("Contradictions on satellites", SATELLITE_CONTRADICTION_ROWS, state),
        MarkupPanel(
            lambda _: [tag("p", f"Whose value stands, {PRECEDENCE_RULES}.", class_="note")]
        ),
        PagedTablePanel("Column descriptions", COLUMN_ROWS, state),
        FullTablePanel(
            "Download",
            lambda view: _of_table(
                view, pd.DataFrame(DOWNLOADS.items(), columns=["table_name", "row"])
            ),
            (Column("Table", _download), text("row", "One row")),
        ),
    )


def _of_run(read: Callable[[Path, str], pd.DataFrame]) -> Callable[[View], pd.DataFrame]:
    """Read rows of the current run, only those of the selected table if they name one."""

    def rows(view: View) -> pd.DataFrame:
        database = view.database.path
        return _of_table(view, read(database, str(queries.run(database)["run_id"])))

    return rows


def _of_table(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    table = view[TABLE.name]
    return frame[frame["table_name"] == table] if table and "table_name" in frame else frame


def _address(row: Row) -> Node:
    """Return where a snapshot came from, as a link if it is a web address."""
    return link(row["url"], str(row["url"])) or shorten(row["url"])


def _download(row: Row) -> Node:
    name = str(row["table_name"])
    href = download_url(name)
    return tag("a", f"{name}.csv", href=href, download=f"{name}.csv") if href else name


SOURCE_COLUMNS = (
    text("source", "Source"),
    text("endpoint", "Endpoint"),
    text("origin", "Origin"),
    number("record_count", "Records"),
    number("byte_count", "Bytes"),
    instant("retrieved_utc", "Retrieved (UTC)"),
    instant("checked_utc", "Checked (UTC)"),
    Column("Address", _address),
    text("licence", "Licence"),
)
FINDING_COLUMNS = (
    badge("severity", "Severity"),
    text("table_name", "Table"),
    text("message", "Finding"),
    text("what_to_do", "What to do"),
    text("examples", "Examples"),
)
REJECT_COLUMNS = (
    text("table_name", "Table"),
    text("column_name", "Column"),
    text("reason", "Reason"),
    text("lost", "Lost"),
    number("rejects", "Records"),
    text("for_example", "Examples"),
    text("value", "Value"),
)
COUNT_COLUMNS = (
    text("table_name", "Table"),
    text("source", "Source"),
    text("endpoint", "Endpoint"),
    number("rows_in", "Records"),
    number("rows_loaded", "Loaded"),
    number("rows_rejected", "Rejected"),
    number("rows_superseded", "Superseded"),
    number("rows_duplicate", "Duplicate"),
    number("rows_out_of_scope", "Out of scope"),
    number("change", "Change"),
)
RUN_COLUMNS = (
    instant("loaded_utc", "Loaded (UTC)"),
    text("source", "Source"),
    text("mode", "Requested"),
    number("row_count", "Rows"),
    number("reject_count", "Rejected"),
    text("software_version", "Version"),
    text("note", "Note"),
)
AGREEMENT_ROWS = TableQuery(
    name="agreement",
    select="SELECT * FROM v_launch_agreement",
    columns=(
        text("year", "Year"),
        text("launchpad", "Launch site"),
        text("source", "Source"),
        number("launches", "Launches"),
        number("matched", "Also in another source"),
    ),
    search=("year", "launchpad", "source"),
    order="-year",
)
UNMATCHED_COLUMNS = (
    instant("date_utc", "Date (UTC)"),
    text("name", "Launch"),
    text("launchpad", "Launch site"),
    text("source", "Source"),
    text("missing_from", "Missing from"),
)
CONTRADICTION_COLUMNS = (
    text("name", "Launch"),
    text("attribute", "Attribute"),
    text("source", "Source"),
    text("value", "Value"),
    text("other_source", "Other source"),
    text("other_value", "Other value"),
    text("stands", "Stands"),
    text("rule", "Rule"),
)
SATELLITE_CONTRADICTION_ROWS = TableQuery(
    name="contradictions",
    select="SELECT * FROM v_satellite_contradictions",
    columns=(
        text("norad_cat_id", "NORAD id"),
        text("object_name", "Satellite"),
        text("attribute", "Attribute"),
        text("source", "Source"),
        text("value", "Value"),
        text("other_source", "Other source"),
        text("other_value", "Other value"),
        text("stands", "Stands"),
        text("reason", "Reason"),
    ),
    search=("norad_cat_id", "object_name", "attribute", "reason"),
    order="is_outdated, norad_cat_id",
)
COLUMN_ROWS = TableQuery(
    name="columns",
    select="""SELECT *, substr(table_name, 1, 1) = '_' AS is_bookkeeping FROM _columns
              WHERE {filters}""",
    columns=(
        text("table_name", "Table"),
        text("column_name", "Column"),
        text("kind", "Type"),
        text("unit", "Unit"),
        text("description", "Description"),
        text("origin", "Source field"),
    ),
    search=("table_name", "column_name", "description", "origin"),
    order="is_bookkeeping",
)

PAGE = Page(
    name="data",
    title="Data",
    lead="The sources of every figure, the rejected records and their reasons, and a description "
    "of each column. Every table can be downloaded as CSV.",
    filters=(TABLE,),
    panels=panels,
)
