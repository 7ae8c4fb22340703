"""Blocks as JSON holds them: the same blocks, and small however long a table is."""

from __future__ import annotations

from msgspec.json import decode, encode

from corpus.document import Block, BlockKind, Span
from corpus.packed import PackedBlocks, pack, unpack


def _table(rows: int) -> tuple[Block, ...]:
    header = "Payer | Policy | Position | Effective"
    heading = Block(BlockKind.HEADING, Span(0, 5), level=2)
    spans = (Span(6 + 10 * row, 15 + 10 * row) for row in range(rows))
    return (heading, *(Block(BlockKind.ROW, span, header=header) for span in spans))


def test_packed_blocks_come_back_as_they_were() -> None:
    for blocks in ((), _table(0), _table(50)):
        assert unpack(decode(encode(pack(blocks)), type=PackedBlocks)) == blocks


def test_a_header_is_written_once_for_all_rows_of_its_table() -> None:
    text = encode(pack(_table(500))).decode()
    assert text.count("Payer | Policy") == 1
    assert len(text) < 500 * 30
