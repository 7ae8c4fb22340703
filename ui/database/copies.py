"""The records in a file of their own, as a backup holds them.

Without the jobs: what a machine did is no part of a state that can be put back, and their reports
quote what was removed from the library since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ui.database.address import Address
from ui.database.store import place_of
from ui.state.settings import Settings


def writes_copy(settings: Settings) -> Callable[[Path], None]:
    """Writes such a file, from the home's own or from the database that servers share."""
    place = place_of(settings.home)

    def write(file: Path) -> None:
        if isinstance(place, Address):
            from ui.database.moving import move

            move(place, file)
        elif place.is_file():
            with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(file)) as copy:
                source.backup(copy)
        if file.is_file():
            _leave_jobs_out(file)

    return write


def _leave_jobs_out(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete=ON")
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").fetchone():
            copy.execute("DELETE FROM jobs")
