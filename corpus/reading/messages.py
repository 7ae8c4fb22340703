"""What a reading process is asked and what it answers, a line of JSON each.

Never pickle, which runs code: whoever answers has read a stranger's file. Every line is checked
against its type before any of it is believed.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder, encode
from msgspec.structs import replace

from corpus.codes.systems import CodeMention
from corpus.divided import Divided, Dividing, with_texts, without_texts
from corpus.document import Document, Passage
from corpus.files.limits import Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Value
from corpus.packed import PackedBlocks, pack, unpack
from corpus.readers import Scan


class Request(Struct, frozen=True):
    """Read this file, and divide it where it is said how. `path` holds the bytes that the system
    knows it by: they may be no text. `told` is what a person said of it, `names` are those that the
    library knows besides the pack's."""

    path: bytes
    id: str
    size: int
    limits: Limits
    dividing: Dividing | None = None
    told: dict[str, Value] = field(default_factory=dict)
    names: tuple[Body, ...] = ()

    @property
    def file(self) -> Path:
        return Path(os.fsdecode(self.path))


class Started(Struct, frozen=True, tag="started"):
    """The process is up and its limits are set."""


class Pages(Struct, frozen=True, tag="pages"):
    """The work done so far, counted in pages; recognising a page counts as many. `scan` is the
    page that is being recognised now."""

    done: int
    scan: Scan | None = None


class Read(Struct, frozen=True, tag="read"):
    """The document, its blocks apart, packed; and its passages without their texts, its codes,
    the sketch of its text and its short forms, where it was divided."""

    document: Document
    blocks: PackedBlocks
    passages: tuple[Passage, ...] = ()
    mentions: tuple[CodeMention, ...] = ()
    sketch: bytes = b""
    short_forms: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(document: Document) -> Read:
        return Read(replace(document, blocks=()), pack(document.blocks))

    @staticmethod
    def of_divided(divided: Divided) -> Read:
        return replace(
            Read.of(divided.document),
            passages=without_texts(divided.passages),
            mentions=divided.mentions,
            sketch=divided.sketch,
            short_forms=divided.short_forms,
        )

    def whole(self) -> Document:
        """Raises ValueError where the blocks are none."""
        return replace(self.document, blocks=unpack(self.blocks))

    def divided(self) -> Divided:
        """Raises ValueError where the blocks are none."""
        document = self.whole()
        passages = with_texts(self.passages, document)
        return Divided(document, passages, self.mentions, self.sketch, self.short_forms)


WRONG_METADATA = "Its metadata is wrong."  # begins the reason


class Failed(Struct, frozen=True, tag="failed"):
    """The file cannot be read; `reason` is a sentence."""

    reason: str


class OutOfMemory(Struct, frozen=True, tag="memory"):
    """It needed more than it may have. Nothing is sure after this: the process ends."""


Answer = Started | Pages | Read | Failed | OutOfMemory
_REQUESTS = Decoder(Request)
_ANSWERS: Decoder[Answer] = Decoder(Answer)


def line(message: Request | Answer) -> bytes:
    return encode(message) + b"\n"


def request_in(line: bytes) -> Request:
    return _REQUESTS.decode(line)


def answer_in(line: bytes) -> Answer:
    """Raises ValueError for what is no answer."""
    try:
        return _ANSWERS.decode(line)
    except (DecodeError, RecursionError) as error:
        raise ValueError(f"not an answer: {error}") from error
