"""One reader for each format: bytes in, a Draft out."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int], None]
"""Told of each piece of work as it is done, counted in pages: 1 for the text of a page, more for
what takes longer. Each piece gives the file more time, see `Limits`."""


class CannotRead(Exception):
    """A reader refuses a file. The message is a full sentence that says what to do next.

    It becomes an `UnreadableFile` in corpus/reading/read.py, where the file's name is known.
    """
