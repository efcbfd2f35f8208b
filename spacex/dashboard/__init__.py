"""The dashboard: for everyone who wants to look at launches and satellites without code.

How it is made:

- `server` starts Voila on `notebooks/dashboard.ipynb`, which calls `show()` and no more.
- `visit.Visit` holds the widgets of one visitor: head, navigation and the pages. It watches the
  database file and shows everything anew when it is replaced.
- `state.State` is what the visitor has chosen: a flat list of texts, as in the page's address.
- `page.Page` is a page: filters, and panels that show what the filters choose.

How a page is added:

1. Write `pages/<name>.py` that ends in `PAGE = Page(name=…, title=…, lead=…, filters=…, panels=…)`.
2. Add it to `PAGES` in `pages/__init__.py`. The browser tests then open it, too.

The filters are `Choice` and `Span` (see `filters`); those of one name share what is chosen, on
whatever page. `panels` is a function that makes the page's panels for one visitor:

    def by_version(view: View) -> alt.Chart:
        rows = view.rows(
            "SELECT version, count(*) AS satellites FROM v_starlink WHERE {chosen} GROUP BY version"
        )
        return charts.by_version(rows)

    def panels(state: State) -> Sequence[Panel]:
        return (Figure("Satellites by version", by_version, "How to read it."),)

`{chosen}` is the filters' condition, with its values bound. `Figure` is a chart, `Words` is markup,
`Table` is searched and leafed through, `Listing` shows all its rows; anything with a `widget` and a
method `show(view)` is a panel. Text goes to the browser as text: markup is made with `tag`, never
as HTML. `Figure.chart.put(rows=frame)` gives a drawn chart new rows without drawing it anew, and
`move` new values in some columns alone. `Controls` is a panel of sliders, choices and boxes to
type in.
"""


def show() -> object:
    """The dashboard as a widget, for the last line of a cell; it keeps itself up to date.

    Raises:
        SettingsError: a setting makes no sense.
    """
    # Imported here: the server, which is a module of this package, needs none of the widgets.
    from spacex.dashboard.app.session import Visit  # noqa: PLC0415
    from spacex.dashboard.pages import PAGES  # noqa: PLC0415
    from spacex.settings import settings  # noqa: PLC0415

    visit = Visit(settings().database, PAGES)
    visit.watch.start()
    return visit.widget
