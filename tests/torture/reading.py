"""Reads one file as a sync does, up to its passages, and says what became of it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from corpus.codes import codes_in
from corpus.document import Document
from corpus.errors import BadMetadata, UnreadableFile
from corpus.reading.messages import Read, answer_in, line
from corpus.reading.read import read_file
from corpus.text.pieces import Sizer
from corpus.text.split import split

DOCUMENT, PICTURE, REFUSED = "became a document", "needs OCR", "refused with a reason"


def outcome(path: Path, sizer: Sizer) -> str:
    """Read a file and all that follows from it. Any error but a refusal comes through."""
    try:
        document = read_file(path, document_id=f"library/{path.name}")
    except UnreadableFile as error:
        check_reason(error.reason)
        return REFUSED
    except BadMetadata as error:
        check_reason(str(error))
        return REFUSED
    check_document(document)
    told = answer_in(line(Read.of(document)))
    assert isinstance(told, Read) and told.whole() == document
    check_passages(document, sizer)
    return DOCUMENT if document.blocks else PICTURE


def check_reason(reason: str) -> None:
    """A refusal is a sentence for people, on one line."""
    assert reason.endswith(".") and reason.isprintable(), reason
    assert len(reason) < 600 and "Traceback" not in reason, reason


def check_document(document: Document) -> None:
    """What is true of every document, whatever it was read from."""
    text = document.text
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert document.metadata.title
    assert document.blocks or document.needs_ocr
    at = 0
    for block in document.blocks:
        assert block.span.start >= at and block.span.end <= len(text)
        assert block.span.of(text).strip() == block.span.of(text)
        assert not text[at : block.span.start].strip()
        at = block.span.end
    assert not text[at:].strip()
    assert [page.number for page in document.pages] == list(range(1, len(document.pages) + 1))


def check_passages(document: Document, sizer: Sizer) -> None:
    """Together the passages hold every character that is not blank, word for word."""
    at = 0
    for passage in split(document, sizer):
        assert passage.span.of(document.text) == passage.text
        assert not document.text[at : passage.span.start].strip()
        at = max(at, passage.span.end)
    assert not document.text[at:].strip()
    for mention in codes_in(document):
        assert mention.span.of(document.text).strip()
