"""SpaceX Insights: a notebook workbench over SpaceX and Starlink open data."""

import sys

__version__ = "0.1.0"

# Charts and notebooks are checked by jsonschema, which compiles a grammar of internationalised web
# addresses whenever it finds this package: a second of every kernel, for a check nobody asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
