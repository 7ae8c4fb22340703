"""The JSON forms in which a store's columns hold metadata, pages and blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from corpus.document import Block, BlockKind, FoundDate, Metadata, Page, Span


def metadata_json(metadata: Metadata) -> str:
    return json.dumps(asdict(metadata), default=str, ensure_ascii=False)


def read_metadata(text: str) -> Metadata:
    raw = json.loads(text)
    for name in ("effective", "retired", "reviewed", "retrieved"):
        raw[name] = date.fromisoformat(raw[name]) if raw[name] else None
    raw["codes"] = tuple(raw["codes"])
    raw["found"] = tuple(
        FoundDate(**{**found, "value": date.fromisoformat(found["value"])})
        for found in raw["found"]
    )
    return Metadata(**raw)


def pages_json(pages: Sequence[Page]) -> str:
    return json.dumps([[page.number, page.start, page.label] for page in pages])


def read_pages(text: str) -> tuple[Page, ...]:
    return tuple(Page(number, start, label) for number, start, label in json.loads(text))


def blocks_json(blocks: Sequence[Block]) -> str:
    """Headers repeat for every row of a table, so each is written once and named by its number."""
    headers = list(dict.fromkeys(block.header for block in blocks))
    place = {header: number for number, header in enumerate(headers)}
    return json.dumps(
        {
            "headers": headers,
            "blocks": [
                [b.kind.value, b.span.start, b.span.end, b.level, place[b.header]] for b in blocks
            ],
        }
    )


def read_blocks(text: str) -> tuple[Block, ...]:
    raw = json.loads(text)
    return tuple(
        Block(BlockKind(kind), Span(start, end), level, raw["headers"][header])
        for kind, start, end, level, header in raw["blocks"]
    )
