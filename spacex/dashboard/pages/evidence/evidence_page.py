"""The page How we know: the key figures with their rules, the coverage and the credits."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from spacex.analysis import queries
from spacex.analysis.key_figures import KeyFigure, key_figures
from spacex.analysis.source_coverage import coverage
from spacex.dashboard.app.download import download_url
from spacex.dashboard.ui.formatting import format_instant, shorten
from spacex.dashboard.ui.markup import Node, tag, with_dates
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import STACKED, Column, Row, day, instant, link, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import charts
from spacex.notebook.run_index import PAGE as PAGE_OF_RUNS
from spacex.notebook.run_index import PAGES_OF_A_RUN
from spacex.settings import settings
from spacex.sources import credits_of
from spacex.warehouse.views import tables_of

HEADINGS = ("Figure", "Sources and coverage", "Rule", "Uncertainty", "What would change it")


def figures(view: View) -> Sequence[Node]:
    """Return the table of the key figures: value, coverage, rule, uncertainty and revision."""
    head = tag("tr", *(tag("th", each, scope="col") for each in HEADINGS))
    rows = [_figure(each) for each in key_figures(view.database.path)]
    table = tag("table", tag("caption", PAGE.title), tag("thead", head), tag("tbody", *rows))
    kind = {"class_": "scroll stacked", "role": "region", "aria_label": PAGE.title}
    return [tag("h3", "The key figures"), tag("div", table, tabindex="0", **kind)]


def _figure(figure: KeyFigure) -> Node:
    name = tag(
        "th",
        tag("span", figure.name),
        tag("b", figure.value),
        tag("span", *with_dates(figure.note), class_="note"),
        scope="row",
    )
    lines = [tag("li", *with_dates(line)) for line in figure.coverage] or [tag("li", "none")]
    contents: Sequence[Node] = (
        tag("ul", *lines),
        tag("span", figure.rule, " ", _counted_in(figure.tables)),
        figure.uncertainty,
        figure.revision,
    )
    cells = (
        tag("td", content, data_label=heading)
        for heading, content in zip(HEADINGS[1:], contents, strict=True)
    )
    return tag("tr", name, *cells)


def _counted_in(names: Sequence[str]) -> Node:
    """Return the tables and views of a figure, as downloads, with the tables that views read."""
    listed: list[Node] = []
    for name in names:
        url = download_url(name)
        shown = tag("a", name, href=url, download=f"{name}.csv") if url else name
        tables = [each for each in tables_of(name) if each != name and not each.startswith("_")]
        read = f", made of {', '.join(tables)}" if tables else ""
        listed += ["; " if listed else "Counted in ", shown, read]
    return tag("span", *listed, ".")


def trace(view: View) -> Sequence[Node]:
    """Return the run that the figures are of, with links to its notebooks and report."""
    run = queries.run(view.database.path)
    folder = settings().runs_dir / run["run_id"]
    pages = [
        tag("a", title, href=f"reports/{folder.name}/{name}.html", target="_blank", rel="noopener")
        for name, title in sorted(PAGES_OF_A_RUN.items())
        if (folder / f"{name}.html").is_file()
    ]
    links = [part for each in pages for part in (", ", each)][1:]
    executed = [" Executed notebooks: ", *links, "."] if pages else []
    return [
        tag("h3", "From the figures to their sources"),
        tag(
            "p",
            "All of them are of run ",
            tag("code", run["run_id"]),
            ", loaded ",
            tag("time", format_instant(run["loaded_utc"])),
            " UTC.",
            *executed,
            " Its snapshots, below, are in the data folder as they were received, compressed; ",
            tag("code", "zcat FILE | sha256sum"),
            " computes the digest of one.",
        ),
    ]


def reports(_view: View) -> Sequence[Node]:
    """Return a link to the pages of all runs, if there are any."""
    if not (settings().runs_dir / PAGE_OF_RUNS).exists():
        return []
    link = tag("a", "reports of all runs", href="reports/", target="_blank", rel="noopener")
    return [tag("p", "The ", link, " tell what each run fetched, rejected and found.")]


def covered(view: View) -> alt.TopLevelSpec:
    """Return the periods that each source covers, by subject."""
    return charts.coverage(coverage(view.database.path))


def credit(view: View) -> Sequence[Node]:
    """Return the credit of each source of the database."""
    lines = [tag("li", each) for each in credits_of(_sources(view))]
    return [tag("h3", "Credits"), tag("ul", *lines, class_="credits")]


def _sources(view: View) -> list[str]:
    return view.database.query("SELECT source FROM v_sources ORDER BY 1")["source"].tolist()


def panels(_state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(figures),
        MarkupPanel(trace),
        FullTablePanel("Snapshots of this run", _raw_files, RAW_FILE_COLUMNS, stack=STACKED),
        MarkupPanel(reports),
        ChartPanel(
            "What the sources cover",
            covered,
            "A bar is a period in which a source would have reported an event. Outside the bars, "
            "nothing is known, and no zero is claimed.",
            wide=True,
        ),
        FullTablePanel(
            "The covered periods",
            lambda view: coverage(view.database.path),
            COVERAGE_COLUMNS,
            stack=STACKED,
        ),
        MarkupPanel(credit),
    )


def _raw_files(view: View) -> pd.DataFrame:
    database = view.database.path
    return queries.raw_files(database, str(queries.run(database)["run_id"]))


def _address(row: Row) -> Node:
    return link(row["url"], str(row["url"])) or shorten(row["url"])


RAW_FILE_COLUMNS = (
    text("source", "Source"),
    text("endpoint", "Endpoint"),
    instant("retrieved_utc", "Retrieved (UTC)"),
    text("path", "File"),
    text("sha256", "SHA-256"),
    Column("Address", _address),
)
COVERAGE_COLUMNS = (
    text("subject", "Subject"),
    text("source", "Source"),
    day("from_utc", "From"),
    day("to_utc", "To"),
    text("ends_at", "Ends at"),
)

PAGE = Page(
    name="evidence",
    title="How we know",
    lead="Where each key figure comes from, what it counts, how sure it is, and what would change "
    "it.",
    filters=(),
    panels=panels,
)
