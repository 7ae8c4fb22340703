"""PDF."""

from __future__ import annotations

import io
from typing import Any

import pypdf

from corpus.clean import tidy_lines
from corpus.document import BlockKind
from corpus.draft import Draft, DraftBuilder
from corpus.limits import STANDARD, Limits


def read_pdf(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    reader = pypdf.PdfReader(io.BytesIO(data))
    builder = DraftBuilder()
    labels = reader.page_labels
    found: dict[str, Any] = {"title": reader.metadata.title} if reader.metadata else {}
    for number, page in enumerate(reader.pages, start=1):
        builder.page(number, labels[number - 1])
        for part in tidy_lines(page.extract_text()).split("\n\n"):
            builder.add(BlockKind.PARAGRAPH, part)
    return builder.draft(found=found)
