"""What of this room shapes an index. Count a number up when the same file gives something else."""

from __future__ import annotations

READER = 3  # files to documents: text, blocks, pages, metadata
CODES = 3  # which mentions are found, and how they are normalised
SPLITTER = 4  # documents to passages
