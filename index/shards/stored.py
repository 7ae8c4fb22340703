"""What a generation's store holds, as values: passages, mentions, files, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from corpus.codes import CodeMention
from corpus.document import Passage
from corpus.text.split import embedded_text
from index.versions import day_of


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage and where it comes from. `sum` is the sha-256 of its text when it was split."""

    id: int
    version: int
    ordinal: int
    content: Passage
    sum: bytes


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of a file at the last sync. `state`: indexed, needs_ocr, failed, or refused: it
    was never opened, since it is no document by its kind. `sidecar` is the sum of its metadata
    file, or '', and after it that of what a person said beside it.

    `stamp` are the numbers by which the file and its metadata file are known not to have changed;
    () where they cannot be trusted.
    """

    document: str
    folder: str
    sha256: str
    sidecar: str
    state: str
    reason: str
    stamp: tuple[int, ...] = ()

    @property
    def is_unread(self) -> bool:
        return self.state in ("failed", "refused")


@dataclass(frozen=True, slots=True)
class Event:
    """A document that a sync removed, or dates that a person moved. `what`: removed or dates;
    `detail` names the dates; `codes` are those that were named exactly; `at` is when it was seen,
    as in Version."""

    at: date | datetime
    document: str
    payer: str | None
    what: str
    detail: str
    codes: tuple[str, ...]

    @property
    def on(self) -> date:
        """The day on which it was seen, where this is asked."""
        return day_of(self.at)


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A code mention and the passage that holds it; its span counts in the document's text."""

    passage: int
    version: int
    mention: CodeMention


@dataclass(frozen=True, slots=True)
class Seen:
    """When and where a version was first read. `sidecar` is the sum of its metadata file, or ''."""

    ordinal: int
    at: date | datetime
    path: str
    sidecar: str


def content_key(passage: Passage) -> bytes:
    """Equal for passages with equal vectors. It saves work; it never decides identity."""
    return blake2b(embedded_text(passage).encode(), digest_size=16).digest()
