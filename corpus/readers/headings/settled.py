"""The blocks of a document with its headings settled: which are headings, and how they nest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.document import Block, BlockKind, Span
from corpus.readers.headings.nesting import Heading, nested
from corpus.readers.headings.number import numbers_of

Clues = Mapping[int, Heading]  # of the blocks that are headings, by their place among the blocks


def settled(blocks: Sequence[Block], clues: Clues, others: Mapping[int, BlockKind]) -> list[Block]:
    """The blocks with the levels of their headings; `others` is what a doubtful one is if it is no
    heading after all.

    "Chapter V" and the title below it are one heading.
    """
    places = sorted(clues)
    levels = dict(zip(places, nested([clues[at] for at in places]), strict=True))
    result: list[Block] = []
    label = -1  # the block that is a chapter's label without its title
    for at, block in enumerate(blocks):
        level = levels.get(at)
        if level == 0:
            block = _changed(block, others.get(at, BlockKind.PARAGRAPH), 0)
        elif level is not None:
            heading = clues[at]
            if label == at - 1 >= 0 and heading.follows and not numbers_of(heading.text):
                above = result.pop()
                span = Span(above.span.start, block.span.end)
                block = Block(BlockKind.HEADING, span, above.level)
            else:
                block = _changed(block, BlockKind.HEADING, level)
                label = at if _is_label(heading.text) else -2
        result.append(block)
    return result


def _changed(block: Block, kind: BlockKind, level: int) -> Block:
    return Block(kind, block.span, level, block.header)


def _is_label(text: str) -> bool:
    readings = numbers_of(text)
    return bool(readings) and bool(readings[0].label) and not readings[0].title.strip()
