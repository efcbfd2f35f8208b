"""The page Data: where the figures come from, what was refused, and what each column means."""

from collections.abc import Sequence

import pandas as pd

from spacex.analysis import queries, source_comparison
from spacex.dashboard.app.download import DOWNLOADS, download_url
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, badge, instant, link, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View

TABLE = Choice("table", "Table", "table_name", table="_columns", all_label="All tables")


def sources(view: View) -> pd.DataFrame:
    """The stored answers the database was built from."""
    return queries.snapshots(view.database.path, _run(view))


def runs(view: View) -> pd.DataFrame:
    """The latest runs."""
    return queries.runs(view.database.path)


def counts(view: View) -> pd.DataFrame:
    """What became of the rows of the tables chosen."""
    return _chosen(view, queries.row_counts(view.database.path, _run(view)))


def findings(view: View) -> pd.DataFrame:
    """What the checks found in the tables chosen."""
    return _chosen(view, queries.findings(view.database.path, _run(view)))


def rejects(view: View) -> pd.DataFrame:
    """What was refused of the tables chosen, and why."""
    return _chosen(view, queries.rejects(view.database.path, _run(view)))


def unmatched(view: View) -> pd.DataFrame:
    """Launches that one source has and another lacks."""
    return source_comparison.unmatched_launches(view.database.path)


def contradictions(view: View) -> pd.DataFrame:
    """What two sources tell otherwise of one launch."""
    return source_comparison.contradictions(view.database.path)


def downloads(view: View) -> pd.DataFrame:
    """Every table and view, and what a row of it is."""
    return _chosen(view, pd.DataFrame(DOWNLOADS.items(), columns=["table_name", "row"]))


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        FullTablePanel("Where the data come from", sources, SOURCE_COLUMNS),
        FullTablePanel("What the checks found", findings, FINDING_COLUMNS, "Nothing to report."),
        FullTablePanel("Rejected records", rejects, REJECT_COLUMNS, "No record was rejected."),
        FullTablePanel("What became of each table's rows", counts, COUNT_COLUMNS),
        FullTablePanel("The latest runs", runs, RUN_COLUMNS),
        PagedTablePanel(
            "Launches flown by year and site, as each source has them", AGREEMENT_ROWS, state
        ),
        FullTablePanel("Launches that one source lacks", unmatched, UNMATCHED_COLUMNS, "None."),
        FullTablePanel(
            "What sources tell otherwise", contradictions, CONTRADICTION_COLUMNS, "Nothing."
        ),
        PagedTablePanel("What each column means", COLUMN_ROWS, state),
        FullTablePanel(
            "Download",
            downloads,
            (Column("Table", _download), text("row", "One row is")),
        ),
    )


def _run(view: View) -> str:
    return str(queries.run(view.database.path)["run_id"])


def _chosen(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    table = view[TABLE.name]
    return frame[frame["table_name"] == table] if table else frame


def _address(row: Row) -> Node:
    """Where an answer came from: a link if it is a web address."""
    return link(row["url"], str(row["url"])) or shorten(row["url"])


def _download(row: Row) -> Node:
    name = str(row["table_name"])
    href = download_url(name)
    return tag("a", f"{name}.csv", href=href, download=f"{name}.csv") if href else name


SOURCE_COLUMNS = (
    text("source", "Source"),
    text("endpoint", "List"),
    text("origin", "How it came"),
    number("record_count", "Records"),
    number("byte_count", "Bytes"),
    instant("retrieved_utc", "Retrieved (UTC)"),
    instant("checked_utc", "Known current (UTC)"),
    Column("Address", _address),
    text("licence", "Terms"),
)
FINDING_COLUMNS = (
    badge("severity", "Severity"),
    text("table_name", "Table"),
    text("message", "Finding"),
    text("examples", "For example"),
)
REJECT_COLUMNS = (
    text("table_name", "Table"),
    text("column_name", "Column"),
    text("reason", "Reason"),
    number("rejects", "Rows"),
    text("for_example", "For example"),
    text("value", "Value"),
)
COUNT_COLUMNS = (
    text("table_name", "Table"),
    text("source", "Source"),
    text("endpoint", "From the list"),
    number("rows_in", "Rows in"),
    number("rows_loaded", "Loaded"),
    number("rows_rejected", "Refused"),
    number("rows_superseded", "Another source's preferred"),
    number("rows_duplicate", "Repeated"),
    number("rows_out_of_scope", "Of others"),
    number("change", "Change"),
)
RUN_COLUMNS = (
    instant("loaded_utc", "Loaded (UTC)"),
    text("source", "Source"),
    text("mode", "Asked for"),
    instant("data_utc", "Data of (UTC)"),
    number("row_count", "Rows"),
    number("reject_count", "Refused"),
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
        number("matched", "Another source has them, too"),
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
)
COLUMN_ROWS = TableQuery(
    name="columns",
    select="""SELECT *, substr(table_name, 1, 1) = '_' AS is_bookkeeping FROM _columns
              WHERE {filters}""",
    columns=(
        text("table_name", "Table"),
        text("column_name", "Column"),
        text("kind", "Holds"),
        text("unit", "Unit"),
        text("description", "Meaning"),
        text("origin", "Field of the source"),
    ),
    search=("table_name", "column_name", "description", "origin"),
    order="is_bookkeeping",
)

PAGE = Page(
    name="data",
    title="Data",
    lead="Where every figure comes from, what was refused and why, and what each column means. "
    "Any table can be taken along as CSV.",
    filters=(TABLE,),
    panels=panels,
)
