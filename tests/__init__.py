"""The tests.

Each worker has one core, on which more threads of NumPy would only wait, and a fork loses them.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported
