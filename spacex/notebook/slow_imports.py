"""Modules of other packages that take long to import, for something nothing here uses."""

import sys


def leave_out() -> None:
    """Keep JSON Schema from importing a grammar of web addresses, which takes over a second."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
