"""The Prefect flows. Prefect reads its settings when it is imported, so they are set before."""

from spacex.pipeline.prefect_settings import set_defaults
from spacex.settings import settings

set_defaults(settings().data_dir)
