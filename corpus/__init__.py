"""Files to documents to passages: reading, metadata, codes, dates, splitting."""

import os

# Set before numpy is first loaded: each question has one thread, and the pool that OpenBLAS would
# start for products this small costs twelve times their work, and fights with other askers' pools.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
