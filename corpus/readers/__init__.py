"""One reader for each format: bytes in, a Draft out."""

from __future__ import annotations


class CannotRead(Exception):
    """A reader's own refusal. The text is a whole sentence that says what to do next.

    It becomes an `UnreadableFile` in corpus/reading/read.py, where the file's name is known.
    """
