"""The blocks of a document as JSON holds them: small, however many rows its tables have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from corpus.document import Block, BlockKind, Span

_Number = Annotated[int, Meta(ge=0)]


class PackedBlocks(Struct, frozen=True):
    """Headers repeat for every row of a table, so each is written once and named by its number.

    A block is its kind, start, end, level, and the number of its header.
    """

    headers: tuple[str, ...]
    blocks: tuple[tuple[BlockKind, _Number, _Number, _Number, _Number], ...]


def pack(blocks: Sequence[Block]) -> PackedBlocks:
    place = {header: number for number, header in enumerate({b.header: None for b in blocks})}
    return PackedBlocks(
        tuple(place),
        tuple((b.kind, b.span.start, b.span.end, b.level, place[b.header]) for b in blocks),
    )


def unpack(packed: PackedBlocks) -> tuple[Block, ...]:
    """The blocks that were packed. Raises ValueError where they cannot have been."""
    try:
        return tuple(
            Block(kind, Span(start, end), level, packed.headers[header])
            for kind, start, end, level, header in packed.blocks
        )
    except IndexError as error:
        raise ValueError("a block names a header that is not there") from error
