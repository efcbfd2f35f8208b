"""Health check: load the page and verify that it contains the dashboard.

The status code is not enough, because a page whose notebook failed is also served with 200.
"""

import contextlib
import urllib.error
import urllib.request
from urllib.parse import urljoin

from spacex.dashboard.app.server import KERNEL_ID, DashboardError
from spacex.settings import DASHBOARD_COMMAND

READY = 'data-dashboard="ready"'
"""Marks a page whose notebook has created the dashboard."""


def check(url: str, timeout_s: float = 30) -> None:
    """Load the page as a visitor does, then shut down its kernel.

    Raises:
        DashboardError: the server does not respond, or the page does not contain the dashboard.
    """
    # Without the proxies of the environment, and with the cookie that the kernel belongs to.
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
    )
    try:
        with browser.open(url, timeout=timeout_s) as response:
            page = response.read().decode()
    except OSError as error:
        raise DashboardError(
            f"The dashboard at {url} does not respond: {error}.",
            remedy=f"Start it with `{DASHBOARD_COMMAND}`.",
        ) from None
    _shut_down_kernels(browser, url, page, timeout_s)
    if READY not in page:
        raise DashboardError(
            f"The page at {url} does not show the dashboard.",
            remedy="See the server's log for the reason.",
        )


def _shut_down_kernels(
    browser: urllib.request.OpenerDirector, url: str, page: str, timeout_s: float
) -> None:
    """Shut down the page's kernel, as the browser does when the page is closed."""
    for kernel_id in KERNEL_ID.findall(page):
        shutdown = urljoin(url, f"voila/api/shutdown/{kernel_id}")
        request = urllib.request.Request(shutdown, data=b"", method="POST")  # noqa: S310
        with contextlib.suppress(OSError):
            browser.open(request, timeout=timeout_s).close()
