"""Divides a document that was read: into passages, and the codes that it names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from corpus.codes import codes_in
from corpus.divided import Divided, Dividing
from corpus.document import Document
from corpus.text.lengths import Lengths
from corpus.text.pieces import Sizer
from corpus.text.short_forms import short_forms
from corpus.text.sketch import sketch_of
from corpus.text.split import split
from corpus.text.tokens import Tokens


def divide(document: Document, sizer: Sizer, lengths: Lengths) -> Divided:
    """The passages and the codes of a document. Equal documents give equal ones."""
    text = document.text
    return Divided(
        document,
        tuple(split(document, sizer, lengths=lengths)),
        codes_in(document),
        sketch_of(text),
        tuple(short_forms(text)),
    )


def divide_as(document: Document, dividing: Dividing) -> Divided:
    """The same where only the tokenizer's file is known."""
    return divide(document, _sizer(dividing), dividing.lengths)


@lru_cache(maxsize=1)
def _sizer(dividing: Dividing) -> Tokens:
    return Tokens(Path(dividing.tokenizer), limit=dividing.limit)
