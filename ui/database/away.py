"""The database of the records cannot be reached."""

from __future__ import annotations

from ui.access.refused import Refused
from ui.database.address import Address

AGAIN = 2  # seconds before it is tried again


class RecordsAway(Refused):
    def __init__(self, where: Address, reason: str) -> None:
        super().__init__(
            503,
            f"The records at {where} cannot be reached: {reason}. Questions are answered without "
            "being noted until then. See that the database runs and what `records` in "
            "settings.toml names.",
            {"Retry-After": str(AGAIN)},
        )
