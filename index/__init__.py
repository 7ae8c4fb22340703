"""Passages to a generation: embedding, lexical and dense indexes, atomic publishing, search."""

import corpus  # noqa: F401  # before numpy: it sets how many threads that may start
