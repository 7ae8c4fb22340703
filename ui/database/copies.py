"""The records in a file of their own, as a backup holds them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ui.state.settings import Settings


def writes_copy(settings: Settings) -> Callable[[Path], None] | None:
    """Writes such a file from the database that servers share; None where the home has its own."""
    address = settings.records_address()
    if address is None:
        return None

    def write(file: Path) -> None:
        from ui.database.moving import move

        move(address, file)

    return write
