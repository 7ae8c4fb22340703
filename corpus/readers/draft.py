"""What a format's reader hands back, and the builder that keeps offsets right while text grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.document import Block, BlockKind, Page, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's content before it is named: text, structure, and the metadata found inside the file.

    `found` uses the field names of `Metadata`; values are strings, dates or lists of strings.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    found: Mapping[str, Any] = field(default_factory=dict)
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


class DraftBuilder:
    """Appends blocks one after another, a blank line between, and remembers where each stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []

    def page(self, number: int, label: str | None = None) -> None:
        """Begin a page: what is added next stands on it."""
        start = self._length + (2 if self._parts else 0)
        self._pages.append(Page(number, start, label))

    def add(self, kind: BlockKind, text: str, *, level: int = 0, header: str = "") -> None:
        """Add a block; blank text adds nothing. Leading and trailing white space is dropped."""
        text = text.strip()
        if not text:
            return
        between = ""
        if self._parts:
            rows = kind is BlockKind.ROW and self._blocks[-1].kind is BlockKind.ROW
            between = "\n" if rows and self._pages_unchanged() else "\n\n"
        start = self._length + len(between)
        self._parts += [between, text]
        self._length = start + len(text)
        self._blocks.append(Block(kind, Span(start, self._length), level, header))

    def _pages_unchanged(self) -> bool:
        """Whether no page began since the last block: a page start assumes a blank line."""
        return not self._pages or self._pages[-1].start <= self._length

    def draft(self, **rest: Any) -> Draft:
        return Draft("".join(self._parts), tuple(self._blocks), tuple(self._pages), **rest)
