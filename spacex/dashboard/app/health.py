"""Whether the dashboard shows itself: an answer is not enough, for a failed page answers, too."""

import contextlib
import re
import urllib.error
import urllib.request
from urllib.parse import urljoin

from spacex.dashboard.app.server import DashboardError
from spacex.settings import DASHBOARD_COMMAND

READY = 'data-dashboard="ready"'
"""What stands in the page, if the notebook has made the dashboard."""

_KERNEL = re.compile(r'"kernelId": "([\w-]+)"')


def check(url: str, timeout_s: float = 30) -> None:
    """Read the page as a visitor would, and leave nothing behind.

    Args:
        url: the address of the dashboard, with its scheme.
        timeout_s: longest wait for an answer.

    Raises:
        DashboardError: there is no answer, or the page does not show the dashboard.
    """
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as answer:  # noqa: S310  # our own page
            page = answer.read().decode()
    except OSError as error:
        raise DashboardError(
            f"The dashboard at {url} does not answer: {error}.",
            remedy=f"Start it: `{DASHBOARD_COMMAND}`.",
        ) from None
    _leave(url, page, timeout_s)
    if READY not in page:
        raise DashboardError(
            f"The page at {url} does not show the dashboard.", remedy="The server's log says why."
        )


def _leave(url: str, page: str, timeout_s: float) -> None:
    """End the kernel that was started for us, as the browser does when a page is closed."""
    for kernel_id in _KERNEL.findall(page):
        address = urljoin(url, f"voila/api/shutdown/{kernel_id}")
        request = urllib.request.Request(address, data=b"", method="POST")  # noqa: S310
        with contextlib.suppress(OSError):
            urllib.request.urlopen(request, timeout=timeout_s).close()  # noqa: S310
