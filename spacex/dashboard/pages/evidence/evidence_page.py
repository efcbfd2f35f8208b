"""The page How we know: the key figures with their rules, the coverage and the credits."""

from collections.abc import Sequence

import altair as alt

from spacex.analysis.key_figures import KeyFigure, key_figures
from spacex.analysis.source_coverage import coverage
from spacex.dashboard.ui.markup import Node, tag, with_dates
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import STACKED, day, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import charts
from spacex.notebook.run_index import PAGE as PAGE_OF_RUNS
from spacex.settings import settings
from spacex.sources import credits_of

HEADINGS = ("Figure", "Sources and coverage", "Rule", "Uncertainty", "What would change it")


def figures(view: View) -> Sequence[Node]:
    """Return the table of the key figures: value, coverage, rule, uncertainty and revision."""
    head = tag("tr", *(tag("th", each, scope="col") for each in HEADINGS))
    rows = [_figure(each) for each in key_figures(view.database.path)]
    table = tag("table", tag("caption", PAGE.title), tag("thead", head), tag("tbody", *rows))
    return [tag("h3", "The key figures"), tag("div", table, class_="stacked")]


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
        figure.rule,
        figure.uncertainty,
        figure.revision,
    )
    cells = (
        tag("td", content, data_label=heading)
        for heading, content in zip(HEADINGS[1:], contents, strict=True)
    )
    return tag("tr", name, *cells)


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
