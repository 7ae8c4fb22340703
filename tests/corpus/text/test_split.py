"""Passages: exact spans, nothing lost, within the embedder's limit, along the structure."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.document import Block, BlockKind, Document, Metadata, Span
from corpus.readers.draft import DraftBuilder
from corpus.text.lengths import Lengths
from corpus.text.sentences import sentences
from corpus.text.split import embedded_text, split


class Words:
    """A sizer whose tokens are words and single signs, as a word-piece tokenizer begins."""

    limit = 60

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        found = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
        return np.array(found, np.int32).reshape(-1, 2)


KINDS = st.sampled_from(list(BlockKind))
LENGTHS = Lengths(prose=30, rows=12)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    builder = DraftBuilder()
    page = 0
    for kind, text, turn in draw(
        st.lists(st.tuples(KINDS, st.text(max_size=200), st.booleans()), max_size=25)
    ):
        if turn:
            page += 1
            builder.page(page, f"p{page}")
        level = draw(st.integers(1, 3)) if kind is BlockKind.HEADING else 0
        header = "Code | Meaning" if kind is BlockKind.ROW else ""
        builder.add(kind, text, level=level, header=header)
    draft = builder.draft()
    return Document(
        "d/x.md", "0" * 64, "md", draft.text, draft.blocks, draft.pages, Metadata("A title")
    )


@settings(max_examples=300, deadline=None)
@given(documents())
def test_passages_are_exact_cover_everything_and_stay_in_order(document: Document) -> None:
    passages = split(document, Words(), lengths=LENGTHS)
    covered = set()
    for passage in passages:
        assert passage.span.of(document.text) == passage.text
        covered.update(range(passage.span.start, passage.span.end))
    missed = [i for i, char in enumerate(document.text) if not char.isspace() and i not in covered]
    assert not missed
    assert [p.span for p in passages] == sorted(p.span for p in passages)


@settings(max_examples=300, deadline=None)
@given(documents())
def test_what_is_embedded_stays_within_the_limit(document: Document) -> None:
    sizer = Words()
    for passage in split(document, sizer, lengths=LENGTHS):
        assert len(sizer.token_offsets(embedded_text(passage))) <= sizer.limit


def _document(*blocks: tuple[BlockKind, str, int, str]) -> Document:
    builder = DraftBuilder()
    for kind, text, level, header in blocks:
        builder.add(kind, text, level=level, header=header)
    draft = builder.draft()
    return Document("d/x.md", "0" * 64, "md", draft.text, draft.blocks, (), Metadata("Guide"))


def test_the_heading_path_travels_with_the_passage_and_is_embedded() -> None:
    document = _document(
        (BlockKind.HEADING, "Modifiers", 1, ""),
        (BlockKind.PARAGRAPH, "All of them.", 0, ""),
        (BlockKind.HEADING, "Modifier 50", 2, ""),
        (BlockKind.PARAGRAPH, "Both sides.", 0, ""),
    )
    last = split(document, Words())[-1]
    assert last.section == ("Modifiers", "Modifier 50")
    assert embedded_text(last) == "Guide > Modifiers\nModifier 50\n\nBoth sides."


def test_a_table_row_carries_its_header() -> None:
    document = _document(
        (BlockKind.ROW, "RT | right", 0, "Modifier | Use"),
        (BlockKind.ROW, "LT | left", 0, "Modifier | Use"),
    )
    passages = split(document, Words(), lengths=Lengths(prose=30, rows=3))
    assert [p.text for p in passages] == ["RT | right", "LT | left"]
    assert all(p.header == "Modifier | Use" for p in passages)
    assert all("Modifier | Use" in embedded_text(p) for p in passages)


def test_a_passage_never_reaches_over_a_page() -> None:
    builder = DraftBuilder()
    for number in (1, 2):
        builder.page(number, f"{number}")
        builder.add(BlockKind.PARAGRAPH, f"Short text of page {number}.")
    draft = builder.draft()
    document = Document(
        "d/x.pdf", "0" * 64, "pdf", draft.text, draft.blocks, draft.pages, Metadata("Guide")
    )
    assert [(p.page, p.text) for p in split(document, Words())] == [
        (1, "Short text of page 1."),
        (2, "Short text of page 2."),
    ]


def test_a_line_above_the_first_heading_is_no_passage_of_its_own() -> None:
    line = (BlockKind.PARAGRAPH, "Alder Health Plan AH-12 v4", 0, "")
    rest = ((BlockKind.HEADING, "Wheelchairs", 1, ""), (BlockKind.PARAGRAPH, "Covered.", 0, ""))
    assert [p.section for p in split(_document(line, *rest), Words())] == [("Wheelchairs",)]
    for more in ("A letter says something.", "No sentence, but with more words than a line " * 2):
        document = _document((BlockKind.PARAGRAPH, more, 0, ""), *rest)
        assert [p.section for p in split(document, Words())] == [(), ("Wheelchairs",)]


def test_a_word_longer_than_any_passage_is_still_covered() -> None:
    text = "x" * 30_000
    document = Document(
        "d/x.txt",
        "0" * 64,
        "txt",
        text,
        (Block(BlockKind.PARAGRAPH, Span(0, len(text))),),
        (),
        Metadata("Long"),
    )
    assert "".join(p.text for p in split(document, Words())) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use RT for it. Use LT for it.", ["Use RT for it.", "Use LT for it."]),
        ("No. Cigna does not pay. Ask.", ["No. Cigna does not pay.", "Ask."]),
        ("See C50.411 vs. C50.412 for sides.", ["See C50.411 vs. C50.412 for sides."]),
        ("It pays 1.5 units. 2 units do not.", ["It pays 1.5 units.", "2 units do not."]),
        ("One line\nanother line", ["One line", "another line"]),
        ("Ask Dr. Smith. Then bill.", ["Ask Dr. Smith.", "Then bill."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected
