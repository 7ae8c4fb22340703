"""A document with what is made of it for an index: its passages, and the codes that it names."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from corpus.codes.systems import CodeMention
from corpus.document import Document, Passage
from corpus.text.lengths import Lengths


class Dividing(Struct, frozen=True):
    """How to divide a document, as another process can be told: the file of the tokenizer, how many
    tokens the embedder reads of a text, and the lengths of passages."""

    tokenizer: str
    limit: int
    lengths: Lengths


class Divided(Struct, frozen=True):
    """A document, its passages in order, its codes in the order of their places, a sketch of its
    text, and the short forms that it explains, each with what it stands for."""

    document: Document
    passages: tuple[Passage, ...]
    mentions: tuple[CodeMention, ...]
    sketch: bytes
    short_forms: tuple[tuple[str, str], ...] = ()


def without_texts(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The same, smaller: their texts are in the document's, at their spans."""
    return tuple(replace(passage, text="") for passage in passages)


def with_texts(passages: tuple[Passage, ...], document: Document) -> tuple[Passage, ...]:
    text = document.text
    return tuple(replace(passage, text=passage.span.of(text)) for passage in passages)
