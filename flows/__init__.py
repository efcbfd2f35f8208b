"""The Prefect flows. Prefect reads its settings when it is imported, so they are set before.

The process of a served run imports this package first; from then on it ends with its parent.
"""

import sys

from spacex.errors import SettingsError
from spacex.pipeline.parent_process import end_with_parent
from spacex.pipeline.prefect_settings import check_settings, set_defaults
from spacex.settings import settings

end_with_parent()
try:
    set_defaults(settings().data_dir, settings().log)
    check_settings()
except SettingsError as error:
    if sys.argv[0] != "-m":  # what Python sets while it imports the package of `python -m flows.…`
        raise
    raise SystemExit(str(error)) from None
