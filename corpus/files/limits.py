"""How much time, memory and space one file may take before reading it stops."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file. Sizes are bytes, times are seconds of processor time.

    Time grows with the file: each page done gives time for the next. A long file may take long; a
    small file that expands without end may not.
    """

    seconds: float = 30.0
    seconds_per_megabyte: float = 2.0
    seconds_per_page: float = 0.1
    seconds_per_scan: float = 30.0  # to recognise one page; 0 recognises none
    most_seconds: float = 900.0
    patience: float = 10.0  # wall time over processor time: the machine may be busy
    memory: int = 1_610_612_736  # 1.5 GiB of address space
    file_bytes: int = 200 * MEGABYTE
    decompressed_bytes: int = 200 * MEGABYTE
    member_bytes: int = 100 * MEGABYTE  # of one file inside a DOCX or XLSX
    members: int = 5_000  # files inside a DOCX or XLSX
    ratio: int = 200  # decompressed : compressed, once a member is larger than 10 MB
    pages: int = 50_000
    characters: int = 50_000_000
    cells: int = 5_000_000
    nesting: int = 5_000  # HTML elements inside one another
    written_bytes: int = 1_048_576

    def seconds_for(self, size: int, *, pages: int = 0) -> float:
        """Seconds of processor time for a file of `size` bytes, with `pages` pages of work done."""
        scaled = self.seconds_per_megabyte * size / MEGABYTE + self.seconds_per_page * pages
        return min(self.seconds + scaled, max(self.most_seconds, self.seconds))


STANDARD = Limits()
