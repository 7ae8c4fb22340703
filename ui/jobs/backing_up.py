"""A backup as the command line and the pages make it."""

from __future__ import annotations

from pathlib import Path

from index.care.backup import Done, back_up
from index.home import Home
from ui.database.copies import writes_copy
from ui.state import trash
from ui.state.settings import Settings


def back_up_home(settings: Settings, file: Path) -> Done:
    """Write a backup. What is over its term in the trash is removed before: a backup holds what can
    be taken back, and nothing that was to be gone. Raises like back_up."""
    trash.empty(settings.home, days=settings.trash_days)
    return back_up(Home(settings.home), file, records=writes_copy(settings))
