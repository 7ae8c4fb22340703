"""Whether the database that several servers share can be reached now."""

from __future__ import annotations

from corpus.errors import CodedeskError
from ui.database.store import Store
from ui.state.settings import Settings


def are_reached(settings: Settings) -> bool | None:
    """None where the records are the home's own."""
    try:
        address = settings.records_address()
        if address is None:
            return None
        Store(address).rows("SELECT 1")
    except CodedeskError:
        return False
    return True
