"""What became of a hostile file, in a word or two, from the reason that a sync gives for it."""

from __future__ import annotations

import re

_FATES = (
    (r"needed more than .* seconds", "stopped: time"),
    (r"GB of memory", "stopped: memory"),
    (r"larger than any real page|unpacks to", "stopped: unpacked size"),
    (r"MB, more than the limit", "stopped: file size"),
    (r"pages, more than|more than .* pages", "stopped: pages"),
    (r"characters", "stopped: characters"),
    (r"cells", "stopped: cells"),
    (r"nested|inside one another", "stopped: nesting"),
    (r"password|encrypted", "refused: protected"),
    (r"leads out of the folder|leads outside", "refused: leads outside"),
    (r"leads back|leads to a folder|leads nowhere|link to another", "refused: link in a circle"),
    (r"pipe|device|socket|regular file", "refused: no file"),
    (r"entities", "refused: XML entities"),
    (r"name says|old Office|ending in|format|binary", "refused: another format"),
    (r"empty|zero bytes|no text", "refused: empty"),
    (r"is gone", "refused: gone"),
    (r"changed while", "refused: changing"),
    (r"damaged|no pages|No page|cannot be read", "refused: damaged"),
)


def fate(reason: str | None) -> str:
    """A short word for a reason; None was read."""
    if reason is None:
        return "read"
    return next((told for words, told in _FATES if re.search(words, reason)), "refused: other")
