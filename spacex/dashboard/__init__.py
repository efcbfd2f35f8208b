"""The dashboard: launches and satellites for people who do not write code.

Three rooms:

- `app`: the Voila server, the visitor's session, the header, health and downloads.
- `ui`: generic widgets and page state. It imports nothing of the domain.
- `pages`: one folder a page, with its page, data and charts.

`app.server` starts Voila on `notebooks/dashboard.ipynb`, which calls `show()`.
docs/extending.md explains how to add a page.
"""


def show() -> object:
    """The dashboard as a widget, for the last line of a cell; it keeps itself up to date.

    Raises:
        SettingsError: a setting makes no sense.
    """
    # Imported here: the server, which is a module of this package, needs none of the widgets.
    from spacex.dashboard.app.session import VisitorSession  # noqa: PLC0415
    from spacex.dashboard.pages import PAGES  # noqa: PLC0415
    from spacex.settings import settings  # noqa: PLC0415

    session = VisitorSession(settings().database, PAGES)
    session.watch.start()
    return session.widget
