"""The Prefect flows. Prefect reads its settings when it is imported, so they are set before."""

import sys

from spacex.errors import SettingsError
from spacex.pipeline.prefect_settings import set_defaults
from spacex.settings import settings

try:
    set_defaults(settings().data_dir, settings().log)
except SettingsError as error:
    if sys.argv[0] != "-m":  # what Python sets while it imports the package of `python -m flows.…`
        raise
    raise SystemExit(str(error)) from None
