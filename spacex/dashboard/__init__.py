"""The dashboard: launches and satellites for people who do not write code.

- `app`: the Voila server, the visitor's session, the header, health check and downloads.
- `ui`: generic widgets and page state, without knowledge of the domain.
- `pages`: a folder for each page, with its page, data and charts.
- `http_api`: the HTTP API for scripts, a server of its own.
- `static_edition`: the pages as plain files, without a server.

`app.server` serves `notebooks/dashboard.ipynb`, which calls `show()`. docs/extending.md explains
how to add a page, to the project or of one's own.
"""

import os
from pathlib import Path

VIEWS_VARIABLE = "DASHBOARD_COMPUTED_VIEWS"
"""Environment variable with the folder in which the kernels of a server share computed views."""


def show() -> object:
    """Return the dashboard as a widget that follows the published database.

    Raises:
        SettingsError: a setting is invalid.
    """
    # The server imports this package but needs no widgets.
    from spacex.dashboard.app.own_pages import own_pages  # noqa: PLC0415
    from spacex.dashboard.app.session import VisitorSession  # noqa: PLC0415
    from spacex.dashboard.pages import PAGES  # noqa: PLC0415
    from spacex.settings import settings  # noqa: PLC0415
    from spacex.warehouse.kept_connection import keep_connections  # noqa: PLC0415

    keep_connections(_views_folder())
    own = own_pages(settings().own_pages_dir, {page.name for page in PAGES})
    session = VisitorSession(settings().database, [*PAGES, *own])
    session.watch.start()
    return session.widget


def _views_folder() -> Path:
    """Return the folder of computed views; outside the server, as in JupyterLab, one of our own."""
    if folder := os.environ.get(VIEWS_VARIABLE):
        return Path(folder)
    from spacex.notebook.temporary_folder import temporary_folder  # noqa: PLC0415

    return temporary_folder()
