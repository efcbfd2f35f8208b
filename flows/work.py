"""Take runs from the work pool, as one more worker beside the process of `flows.serve`.

`python -m flows.work` needs the name of the pool in SPACEX_WORK_POOL. It executes this flow alone,
whatever entry point, pull steps and variables the server names.
"""

import sys

from spacex.settings import settings
from spacex.settings.log import announce

from .serve import work

if __name__ == "__main__":
    if not settings().work_pool:
        announce("SPACEX_WORK_POOL is not set: name the work pool.", settings().log, sys.stderr)
        raise SystemExit(1)
    work(settings().work_pool)
