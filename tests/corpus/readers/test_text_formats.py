"""Markdown, text, HTML and CSV."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpus.errors import UnreadableFile


def test_markdown_gives_headings_paragraphs_items_and_rows(read, shown):
    document = read(
        "a.md",
        "# Title *x*\n\nA [link](http://e.x) and\nmore.\n\n- one\n- two\n\n"
        "| Code | Rate |\n|---|---|\n| `0581T` | 5 |\n",
    )
    assert shown(document) == [
        ("heading", "Title x"),
        ("paragraph", "A link and more."),
        ("item", "- one"),
        ("item", "- two"),
        ("row", "Code | Rate"),
        ("row", "0581T | 5"),
    ]
    assert document.blocks[-1].header == "Code | Rate"
    assert document.metadata.title == "Title x"


def test_markdown_keeps_code_and_numbers_of_lists(read, shown):
    document = read("a.md", "3. c\n4. d\n\n```\nx  = 1\n```\n")
    assert shown(document) == [("item", "3. c"), ("item", "4. d"), ("paragraph", "x  = 1")]


def test_html_drops_scripts_navigation_and_the_hidden(read, shown):
    page = (
        "<html><head><title>The page</title><style>p{}</style></head><body><nav>menu</nav>"
        "<script>alert(1)</script><h2>Scope</h2>loose <b>te</b>xt<p hidden>secret</p>"
        "<p style='display: none'>secret</p><p aria-hidden=true>secret</p>"
        "<ul><li>one<li>two</ul><!-- secret --></body></html>"
    )
    document = read("a.html", page)
    assert shown(document) == [
        ("heading", "Scope"),
        ("paragraph", "loose text"),
        ("item", "- one"),
        ("item", "- two"),
    ]
    assert document.metadata.title == "The page"


def test_an_html_cell_that_spans_rows_is_said_in_each_row(read, shown):
    page = (
        "<html><table><tr><th>Payer<th>Code</tr><tr><td rowspan=2>Aetna<td>0581T</tr>"
        "<tr><td>19105</tr></table></html>"
    )
    document = read("a.html", page)
    assert [text for _, text in shown(document)] == [
        "Payer | Code",
        "Aetna | 0581T",
        "Aetna | 19105",
    ]
    assert document.blocks[-1].header == "Payer | Code"


def test_html_in_an_old_encoding_is_read_as_it_declares(read):
    page = "<html><meta charset='windows-1251'><p>Привет, это полис страхования</p>".encode(
        "cp1251"
    )
    assert "Привет, это полис" in read("a.html", page).text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_rows_carry_the_column_names_whatever_the_delimiter(read, delimiter):
    lines = [["Code", "Note"], ["0581T", "new, and; odd"], ["19105", "old"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    document = read("a.csv", text)
    assert document.text == "Code | Note\n0581T | new, and; odd\n19105 | old"
    assert [block.header for block in document.blocks] == ["", "Code | Note", "Code | Note"]


def test_a_csv_without_column_names_has_no_header(read):
    assert [block.header for block in read("a.csv", "0581T,5\n19105,7\n").blocks] == ["", ""]


def test_text_has_paragraphs_items_and_underlined_headings(read, shown):
    document = read("a.txt", "Scope\n=====\n\nOne line\nand its end.\n\n- a\n- b\n  goes on\n")
    assert [kind for kind, _ in shown(document)] == ["heading", "paragraph", "item", "item"]


def test_the_line_under_a_heading_of_a_text_file_is_no_word_of_it(read, shown):
    document = read("a.txt", "Scope\n=====\n\nCodes\n-----\nPlan A pays 0581T.\n")
    assert shown(document) == [
        ("heading", "Scope"),
        ("heading", "Codes"),
        ("paragraph", "Plan A pays 0581T."),
    ]


def test_markdown_nested_deeper_than_its_parser_goes_is_kept(read):
    nested = "\n".join("  " * depth + f"- item{depth}" for depth in range(150))
    assert "item149" in read("a.md", nested).text
    assert "x" in read("b.md", ">" * 5_000 + "x").text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"]
)
def test_text_in_any_usual_encoding_is_the_same_text(read, encoding):
    assert read("a.txt", "naïve café – §438.608".encode(encoding)).text == "naïve café – §438.608"


def test_what_is_invisible_or_misleads_is_not_in_the_text(read):
    text = (
        "co\u00adding \u202e0581T\u202c of\ufb01ce\x00\x1b[31m\u200bx "
        "\u2066y\u2069 cafe\u0301\r\nend"
    )
    assert read("a.md", text).text == "coding 0581T office [31mx y café end"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b" \n\t ", "white space"),
        ("a.txt", b"\0" * 100, "zero bytes"),
        ("a.txt", bytes(range(256)) * 9, "binary"),
        ("a.txt", b"%PDF-1.7\n", "it is PDF"),
        ("a.pdf", b"<!DOCTYPE html><html></html>", "it is HTML"),
        ("a.pdf", b"just text", "damaged"),
        ("a.pdf", b"just text", "says PDF, but it holds plain text"),
        ("a.docx", b"just text", "Rename it to end in .txt"),
        ("a.pdf", b"1 0 obj\n<< >>\nendobj\n", "The PDF file is damaged"),
        ("a.docx", b"PK\x03\x04cut", "damaged or was cut short"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "old Word",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
            "old Excel",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "PNG image"),
        ("a.txt", b"\xff\xd8\xff\xe0", "JPEG image"),
        ("a.csv", b"{\\rtf1 x}", "rich text"),
        ("a.exe", b"MZ", "not supported"),
        ("a.html", b"<html><script>x</script></html>", "no text"),
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(read, name, data, words):
    with pytest.raises(UnreadableFile, match=words) as caught:
        read(name, data)
    assert caught.value.path.endswith(name)
    assert caught.value.reason.endswith(".") and len(caught.value.reason.split(". ")) >= 2


def test_a_code_or_a_year_may_name_a_column_of_text_or_figures(read):
    page = (
        "<html><table><tr><td>Stage<td>0581T<td>2025</tr>"
        "<tr><td>Use<td>yes<td>5</tr></table></html>"
    )
    assert read("a.html", page).blocks[-1].header == "Stage | 0581T | 2025"
    page = "<html><table><tr><td>Use<td>0581T</tr><tr><td>Use<td>19105</tr></table></html>"
    assert read("b.html", page).blocks[-1].header == ""


def test_a_table_typed_with_bars_is_rows_under_their_names(read, shown):
    typed = "Codes\n\n| Code | Rule |\n|---|---|\n| 0581T | paid |\n| 19105 | denied | late |\n"
    document = read("a.txt", typed + "\nBelow it.\n\n| Alone | Named |\n|---|\n")
    rows = [block for block in document.blocks if block.kind == "row"]
    assert [row.span.of(document.text) for row in rows] == [
        "Code | Rule",
        "0581T | paid",
        "19105 | denied | late",
        "Alone | Named",
    ]
    assert rows[1].header == "Code | Rule"
    assert "|---|" not in document.text


def _rows(document):
    return [
        (block.header, block.span.of(document.text))
        for block in document.blocks
        if block.kind == "row"
    ]


def test_a_table_whose_columns_are_ruled_with_dashes_keeps_an_empty_place_empty(read):
    typed = (
        "Fees in dollars\n"
        "CODE    HOSPITAL    OFFICE  NOTE\n"
        "------  --------  --------  ----------\n"
        "0581T     912.40  5,120.00  once a day\n"
        "19105             1,988.30\n"
        "19499     340.00            by report\n"
        "--------------------------------------\n"
        "All amounts are invented."
    )
    document = read("a.txt", typed)
    names = "CODE | HOSPITAL | OFFICE | NOTE"
    assert _rows(document) == [
        ("", names),
        (names, "0581T | 912.40 | 5,120.00 | once a day"),
        (names, "19105 |  | 1,988.30"),
        (names, "19499 | 340.00 |  | by report"),
    ]
    assert document.text.startswith("Fees in dollars\n")
    assert document.text.endswith("All amounts are invented.")
    assert "---" not in document.text


def test_a_ruled_table_may_have_names_of_two_lines_and_words_wider_than_its_rule(read):
    typed = (
        "         Hospital  Office\n"
        "Code         rate    rate\n"
        "====     ========  ======\n"
        "0581T       12.50\n"
        "19105                8.75\n"
    )
    assert [row for _, row in _rows(read("a.txt", "Rates\n\n" + typed))] == [
        "Code | Hospital rate | Office rate",
        "0581T | 12.50",
        "19105 |  | 8.75",
    ]


def test_a_table_between_two_rules_is_named_by_what_stands_between_them(read):
    typed = "=====  =====\nCode   Units\n=====  =====\n0581T      1\n=====  =====\n"
    assert [row for _, row in _rows(read("a.txt", typed))] == ["Code | Units", "0581T | 1"]


def test_dashes_over_words_that_keep_to_no_columns_make_no_table(read):
    words = "Signed by -- and for\n--- ---\nthe medical director of the plan."
    document = read("a.txt", words)
    assert _rows(document) == []
    assert document.text == words


def test_an_office_file_whose_list_of_parts_does_not_unpack_is_told_to_be_damaged(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types>" + "a part " * 200 + "</Types>")
    data = bytearray(packed.getvalue())
    start = 30 + len("[Content_Types].xml")  # behind the head of its only member
    data[start : start + 20] = b"\xff" * 20
    with pytest.raises(UnreadableFile, match="damaged or was cut short"):
        read("a.xlsx", bytes(data))


def test_columns_that_blanks_alone_part_keep_their_empty_places(read):
    text = (
        "Rates of the plan\n"
        "Code     Hospital     Office     Note\n"
        "0581T    912.40       5,120.00   once per breast\n"
        "19105                 1,988.30\n"
        "19499    340.00                  by report\n"
    )
    document = read("a.txt", text)
    rows = [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]
    header = "Code | Hospital | Office | Note"
    assert rows == [
        ("", header),
        (header, "0581T | 912.40 | 5,120.00 | once per breast"),
        (header, "19105 |  | 1,988.30"),
        (header, "19499 | 340.00 |  | by report"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "19105         between the names       1,988.30",
        "A sentence that keeps to no columns at all.",
    ],
)
def test_lines_that_leave_the_places_of_the_names_are_no_table(read, line):
    text = f"Code     Hospital     Office     Note\n0581T    912.40       5.00       x\n{line}\n"
    assert all(block.kind != "row" for block in read("a.txt", text).blocks)


@pytest.mark.parametrize(
    "typed",
    [
        "+-------+------+\n| Code  | Auth |\n+-------+------+\n| 0581T | yes  |\n| 19105 | no   |\n"
        "+-------+------+\n",
        "┌───────┬──────┐\n│ Code  │ Auth │\n├───────┼──────┤\n│ 0581T │ yes  │\n│ 19105 │ no   │\n"
        "└───────┴──────┘\n",
        "Code\tAuth\tUnits\n0581T\tyes\n19105\tno\n",
    ],
)
def test_a_table_that_is_drawn_with_signs_or_tabs_is_rows_under_their_names(read, typed):
    document = read("a.txt", f"Codes of Elm\n\n{typed}\nThe end of it.\n")
    names = "Code | Auth | Units" if "\t" in typed else "Code | Auth"
    rows = [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]
    assert rows == [("", names), (names, "0581T | yes"), (names, "19105 | no")]
    assert "+" not in document.text
    assert "─" not in document.text


def test_between_two_rules_of_a_drawn_table_stands_one_row(read):
    rule = "+-------+------------+\n"
    typed = (
        f"{rule}| Code  | Rule       |\n{rule}| 0581T | once       |\n|       | per breast |\n"
        f"{rule}| 19105 | twice      |\n{rule}"
    )
    document = read("a.txt", typed)
    assert document.text == "Code | Rule\n0581T | once per breast\n19105 | twice"
