"""A Document as JSON and back: how it travels between processes. Never pickle, it runs code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from corpus.document import Block, BlockKind, Document, FoundDate, Metadata, Page, Span

_DATES = ("effective", "retired", "reviewed", "retrieved")
_STRINGS = ("title", "publisher", "payer", "kind", "number", "source_url")


def to_json(document: Document) -> str:
    """One line of ASCII JSON."""
    return json.dumps(
        {
            "id": document.id,
            "sha256": document.sha256,
            "format": document.format,
            "text": document.text,
            "blocks": [
                [block.kind.value, block.span.start, block.span.end, block.level, block.header]
                for block in document.blocks
            ],
            "pages": [[page.number, page.start, page.label] for page in document.pages],
            "metadata": metadata_to_plain(document.metadata),
            "needs_ocr": document.needs_ocr,
            "warnings": document.warnings,
        }
    )


def from_json(line: str) -> Document:
    """The Document that `to_json` wrote. Raises ValueError for anything else."""
    return from_plain(json.loads(line))


def from_plain(plain: Any) -> Document:
    """The Document in what JSON made of `to_json`'s line. Raises ValueError for anything else."""
    try:
        return Document(
            id=_text(plain["id"]),
            sha256=_text(plain["sha256"]),
            format=_text(plain["format"]),
            text=_text(plain["text"]),
            blocks=tuple(map(_block, plain["blocks"])),
            pages=tuple(Page(int(n), int(start), label) for n, start, label in plain["pages"]),
            metadata=metadata_from_plain(plain["metadata"]),
            needs_ocr=tuple(map(int, plain["needs_ocr"])),
            warnings=tuple(map(_text, plain["warnings"])),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a document: {error}") from error


def metadata_to_plain(metadata: Metadata) -> dict[str, Any]:
    """Metadata as JSON can hold it; dates as YYYY-MM-DD."""
    return {
        **{name: getattr(metadata, name) for name in _STRINGS},
        **{name: _day(getattr(metadata, name)) for name in _DATES},
        "codes": list(metadata.codes),
        "found": [[f.field, f.value.isoformat(), f.sentence, f.page] for f in metadata.found],
        "extra": dict(metadata.extra),
    }


def metadata_from_plain(plain: Mapping[str, Any]) -> Metadata:
    """The Metadata that `metadata_to_plain` wrote."""
    strings: dict[str, Any] = {name: plain[name] for name in _STRINGS}
    dates: dict[str, Any] = {name: _date(plain[name]) for name in _DATES}
    return Metadata(
        **strings,
        **dates,
        codes=tuple(plain["codes"]),
        found=tuple(
            FoundDate(field, date.fromisoformat(value), sentence, page)
            for field, value, sentence, page in plain["found"]
        ),
        extra=dict(plain["extra"]),
    )


def _block(plain: list[Any]) -> Block:
    kind, start, end, level, header = plain
    return Block(BlockKind(kind), Span(int(start), int(end)), int(level), _text(header))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value is not None else None
