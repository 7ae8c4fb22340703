"""The versions of reading, codes and splitting. Raise one when equal files give other results."""

from __future__ import annotations

READER = 14  # files to documents: text, blocks, pages, metadata
CODES = 4  # which mentions are found, and how they are normalised
SPLITTER = 6  # documents to passages
