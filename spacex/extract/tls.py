"""Whether this Python can make encrypted connections."""

import importlib
import sys

from spacex.errors import SettingsError


def check_tls() -> None:
    """Check that Python has its module ssl, which one built without OpenSSL lacks.

    Raises:
        SettingsError: it has not.
    """
    try:
        importlib.import_module("ssl")
    except ImportError:
        raise SettingsError(
            f"The Python at {sys.executable} has no module ssl, so that no service can be reached.",
            remedy="Use another Python, such as that of the system, and make .venv again.",
        ) from None
