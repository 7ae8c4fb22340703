"""The table in which a passage stands, taken out whole."""

from __future__ import annotations

from assistant.tables import table_at
from corpus.document import Document, Metadata, Span
from corpus.readers.markdown import read_markdown


def document(text: str) -> Document:
    draft = read_markdown(text.encode())
    return Document("d", "", "md", draft.text, draft.blocks, (), Metadata(title="t"))


TEXT = """# Rates

Before.

| Code | | Code |
|---|---|---|
| 0581T | a | |
| 19105 | | c |

After.

| Other |
|---|
| x |
"""


def test_a_table_is_whole_with_a_name_of_its_own_for_each_column() -> None:
    held = document(TEXT)
    at = held.text.index("19105")
    table = table_at(held, Span(at, at + 5))
    assert table is not None
    assert table == table_at(held, Span(held.text.index("Code"), at)), "its head is no table"
    assert table.columns == ("Code", "Column 2", "Code (3)")
    assert [row["Code"] for row in table.rows] == ["0581T", "19105"]
    assert [row["Code (3)"] for row in table.rows] == ["", "c"]


def test_prose_stands_in_no_table() -> None:
    held = document(TEXT)
    at = held.text.index("Before")
    assert table_at(held, Span(at, at + 6)) is None
