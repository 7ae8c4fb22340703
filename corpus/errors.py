"""The errors a person can act on. Every message says what happened and what to do next.

CodedeskError
├── UnreadableFile        one file could not be read; the run goes on
├── BadMetadata           a sidecar or front matter has a wrong field or value
├── BadQuery              (assistant) a query that cannot be parsed, with the place
├── IndexProblem          (index) the index is missing, damaged, locked or of another recipe
└── ModelProblem          (index) the embedding model is missing or not the one it should be
"""

from __future__ import annotations


class CodedeskError(Exception):
    """The base of every error that is shown to a person as a sentence, never as a traceback."""


class UnreadableFile(CodedeskError):
    """One file of the library could not be read. `path` is the file, `reason` a whole sentence."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class BadMetadata(CodedeskError):
    """Metadata with an unknown field, or with a value that the field cannot hold."""
