"""One reader for each format: bytes in, a Draft out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture of a page that is being recognised: the page, and of how many it is which."""

    page: int
    number: int
    count: int


class Progress(Protocol):
    """Told of each piece of work as it is done, counted in pages: 1 for the text of a page, more
    for what takes longer. Each piece gives the file more time, see `Limits`."""

    def __call__(self, pages: int, /, scan: Scan | None = None) -> None: ...


class CannotRead(Exception):
    """A reader refuses a file. The message is a full sentence that says what to do next.

    It becomes an `UnreadableFile` in corpus/reading/read.py, where the file's name is known.
    """
