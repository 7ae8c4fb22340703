"""Long and wide tables as passages: every row whole, with its header, found by its words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import BlockKind, Document, Metadata
from corpus.readers.draft import DraftBuilder
from corpus.text.lengths import Lengths
from corpus.text.split import embedded_text, searched_text, split
from tests.corpus.text.test_split import LENGTHS, Words


def table(header: str, rows: list[str]) -> Document:
    builder = DraftBuilder()
    builder.add(BlockKind.ROW, header)
    for row in rows:
        builder.add(BlockKind.ROW, row, header=header)
    draft = builder.draft()
    return Document("d/x.csv", "0" * 64, "csv", draft.text, draft.blocks, (), Metadata("Fees"))


def test_a_row_of_sixty_columns_stays_whole_with_the_names_of_all_of_them() -> None:
    names = " | ".join(["Code", "Name", *(f"Locality {n}" for n in range(58))])
    rows = [
        " | ".join([f"{10000 + r}", f"kind {r}", *(f"{r}{n}.50" for n in range(58))])
        for r in range(20)
    ]
    sizer = Words()
    passages = [p for p in split(table(names, rows), sizer) if p.text[0] == "1"]
    assert "\n".join(p.text for p in passages) == "\n".join(rows)
    for passage in passages:
        assert passage.header == names
        assert passage.context == "Fees\nCode | Name"
        embedded = embedded_text(passage)
        assert passage.text.split(" | ")[0] in embedded and ".50" not in embedded
        assert len(sizer.token_offsets(embedded)) <= sizer.limit
        assert "Locality 57" in searched_text(passage) and ".50" in searched_text(passage)


def test_the_text_keeps_its_places_where_figures_are_not_embedded() -> None:
    names = " | ".join(["Code", *(f"Locality {n}" for n in range(60)), "Note"])
    rows = [" | ".join(["0581T", *["7.5"] * 60, "by report"])]
    passage = next(p for p in split(table(names, rows), Words()) if p.text[0] == "0")
    front = len(passage.context) + 1
    embedded = embedded_text(passage)
    assert embedded.index("by report") - front == passage.text.index("by report")


def test_of_a_long_table_the_columns_of_words_and_codes_are_embedded() -> None:
    rows = [f"{10000 + n} | name {n} | {n}.25 | ${n},100" for n in range(600)]
    passages = split(table("Code | Name | Weight | Rate", rows), Words())
    assert all(p.context == "Fees\nCode | Name" for p in passages)
    assert all(".25" not in embedded_text(p) for p in passages if p.header)
    assert "\n".join(p.text for p in passages).split("\n")[1:] == rows
    few = split(table("Code | Name | Weight | Rate", rows[:20]), Words())
    assert any(".25" in embedded_text(p) for p in few)


def test_the_names_of_columns_are_no_passage_without_a_row_under_them() -> None:
    names = "Code | Name | Note on what a whole admission costs at most in the year of the file"
    rows = [f"{10000 + n} | name {n} | x" for n in range(900)]
    first = split(table(names, rows), Words())[0]
    assert first.text.startswith(f"{names}\n10000 | name 0 | x")


def test_each_part_of_a_row_that_is_too_long_has_its_names_and_what_names_the_row() -> None:
    rule = "It is paid once for each breast and each day of care. " * 6
    document = table("Code | Rule | Form", [f"0581T | {rule.strip()} | B-7"])
    parts = [p for p in split(document, Words(), lengths=Lengths(30, 12)) if p.header]
    assert parts[0].header == "Code" and parts[0].text.startswith("0581T")
    assert {p.header for p in parts[1:-1]} == {"0581T: Rule"}
    assert parts[-1].header == "0581T: Form" and parts[-1].text == "B-7"
    assert all(p.header in p.context for p in parts)


CELLS = st.lists(st.sampled_from(["", "0581T", "12.5", "words of it", "x" * 70]), min_size=1)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=12), st.booleans())
def test_passages_of_any_table_cover_it_and_stay_within_the_limit(
    rows: list[list[str]], wide: bool
) -> None:
    header = " | ".join(f"Column {n} of it" for n in range(40 if wide else 3))
    document = table(header, [" | ".join(row) for row in rows])
    sizer = Words()
    covered: set[int] = set()
    for passage in split(document, sizer, lengths=LENGTHS):
        assert passage.span.of(document.text) == passage.text
        assert len(sizer.token_offsets(embedded_text(passage))) <= sizer.limit
        covered.update(range(passage.span.start, passage.span.end))
    text = document.text
    assert not [n for n, sign in enumerate(text) if not sign.isspace() and n not in covered]
