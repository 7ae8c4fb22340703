"""What a reader leaves out of a file's text, counted, and told in the document's warnings."""

from __future__ import annotations

from collections import Counter

STRUCK = "Struck-out text was left out ({places})."
DELETED = "Text deleted in tracked changes was left out ({places})."
HIDDEN = "Hidden text was left out ({places})."
COMMENTS = "Comments were left out: they are no text of the document ({places})."
BANNERS = "Notices about cookies were left out ({places})."


class LeftOut:
    """Counts places by the sentence that tells of them; other sentences are kept as they are."""

    def __init__(self) -> None:
        self._places: Counter[str] = Counter()
        self._told: dict[str, None] = {}

    def add(self, what: str, places: int = 1) -> None:
        """Count text that was left out; `what` is one of the sentences above."""
        self._places[what] += places

    def tell(self, sentence: str) -> None:
        """A sentence of its own, told once."""
        self._told[sentence] = None

    def warnings(self) -> tuple[str, ...]:
        counted = (
            what.format(places="in 1 place" if places == 1 else f"in {places:,} places")
            for what, places in self._places.items()
            if places
        )
        return (*counted, *self._told)
