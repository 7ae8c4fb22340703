"""How long passages are to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a passage should be, in tokens: of prose, and of table rows put together.

    Chosen by measuring retrieval on the tuning sets; the embedder's limit holds besides.
    """

    prose: int = 145
    rows: int = 64
