"""The tests.

Each worker has one core, on which more threads of NumPy would only wait, and a fork loses them.
"""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported

import pandas as pd

if sys.version_info < (3, 13):  # on the newest Python, texts are those of pyarrow
    pd.options.mode.string_storage = "python"  # as in the image, which lacks pyarrow
