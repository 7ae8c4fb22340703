"""Headings: which lines are some, their numbers, and how they nest, in every format."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.document import BlockKind, Document
from corpus.readers.headings.contents import contents_of
from corpus.readers.headings.nesting import Doubt, Heading, nested
from corpus.readers.headings.number import number_of
from corpus.readers.headings.refused import is_no_heading

Lines = Sequence[tuple[str, str, float]]  # font's end, text, size


def outline(document: Document) -> list[tuple[int, str]]:
    return [
        (block.level, " ".join(block.span.of(document.text).split()))
        for block in document.blocks
        if block.kind is BlockKind.HEADING
    ]


def levels(*texts: str, look: int = 1) -> list[int]:
    return nested([Heading(text, look) for text in texts])


def page_of(lines: Lines) -> Callable[[Canvas], None]:
    """Lines from the top, 26 points apart."""

    def draw(canvas: Canvas) -> None:
        y = 740.0
        for font, text, size in lines:
            canvas.setFont(f"Times-{font}", size)
            canvas.drawString(72, y, text)
            y -= 26

    return draw


BODY = ("Roman", "Payment is made for services that a physician orders for the patient.", 10.0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60.2.1 - Scope of the Benefit", "60.2.1"),
        ("40.7- Individuals in Custody", "40.7"),
        ("230.2.9 Peer Support", "230.2.9"),
        ("4.1. SYSTEM AVAILABILITY", "4.1"),
        ("A.3 Definitions", "A.3"),
        ("Chapter 6 - Hospital Services", "Chapter 6"),
        ("CHAPTER V", "Chapter V"),
        ("Chapter V Surgery", "Chapter V"),
        ("Article IV. Payment", "Article IV"),
        ("Appendix B: Documentation", "Appendix B"),
        ("10.Multiple Modifiers", "10"),
        ("(b) Physician Bills", "b"),
        ("ii. Appropriate Documentation", "ii"),
        ("1 INTRODUCTION", "1"),
        ("Part B Drugs and Biologicals", ""),
        ("42 CFR 438 Subpart H", ""),
        ("U.S. Food and Drug Administration", ""),
        ("90 days after the date", ""),
        ("10.5 mg of the drug", ""),
        ("Section 50 of this chapter says", ""),
        ("Coverage Rationale", ""),
    ],
)
def test_the_number_is_the_one_that_is_printed(text, number):
    assert number_of(text) == number


def test_what_has_a_longer_number_stands_under_the_shorter_one_whatever_it_looks_like():
    numbers = [
        "10 - One",
        "10.1 - Two",
        "10.1.1 - Three",
        "10.1.2 - Four",
        "10.2 - Five",
        "20 - Six",
    ]
    assert levels(*numbers) == [1, 2, 3, 3, 2, 1]
    large = [Heading(text, look) for text, look in zip(numbers, (2, 1, 3, 1, 2, 3), strict=True)]
    assert nested(large) == [1, 2, 3, 3, 2, 1]


def test_a_number_that_counts_on_stands_beside_the_one_before_never_under_it():
    assert levels("1. One", "A. Two", "B. Three", "2. Four", "A. Five", "3. Six") == [
        1, 2, 2, 1, 2, 1,
    ]  # fmt: skip


def test_an_outline_that_puts_a_sibling_under_its_sibling_is_put_right_by_the_numbers():
    wrong = [("3. Three", 2), ("A. First", 3), ("4. Four", 3), ("A. First", 2), ("5. Five", 1)]
    assert nested([Heading(text, 1, level) for text, level in wrong]) == [1, 2, 1, 2, 1]


def test_a_letter_that_may_be_a_numeral_is_read_as_what_counts_on():
    texts = [f"{letter}. Title" for letter in "ABCDEFGHIJ"]
    assert levels("Chapter I - One", *texts, "Chapter II - Two") == [1, *[2] * 10, 1]
    assert levels("I. One", "A. Two", "II. Three", "III. Four") == [1, 2, 1, 1]


def test_an_appendix_ends_the_section_before_it():
    assert levels("Section I. One", "1. Two", "A. Three", "Appendix A: Four", "1. Five") == [
        1, 2, 3, 1, 2,
    ]  # fmt: skip


def test_a_title_without_a_number_is_part_of_a_section_whose_count_goes_on():
    assert levels("10.1 One", "Hepatitis B", "10.2 Two", "References") == [1, 2, 1, 1]


def test_levels_that_the_author_gave_are_kept_where_no_number_speaks_against_them():
    told = [("Policy", 1), ("Scope", 3), ("Codes", 3), ("Notes", 2)]
    assert nested([Heading(text, level, told=True) for text, level in told]) == [1, 3, 3, 2]


def test_a_doubtful_line_is_a_heading_only_in_a_place_of_its_own_in_the_count():
    def heading(text: str, doubt: Doubt = Doubt.NONE, *, follows: bool = False) -> Heading:
        return Heading(text, 2, doubt=doubt, follows=follows)

    first = [heading("I. Need", Doubt.SURE), heading("II. Doubt"), heading("III. More", Doubt.SURE)]
    assert nested(first) == [1, 1, 1]
    items = [
        heading("2. Sure"),
        heading("1. Apply ice", Doubt.SURE),
        heading("2. Give the drug", Doubt.SURE, follows=True),
        heading("3. Call", Doubt.SURE, follows=True),
        heading("3. Sure"),
    ]
    assert nested(items) == [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "(Rev. 12425; Issued: 12-21-23; Effective: 01-01-24)",
        "(Rev.267, Issued: 02-04-2020, Effective: 01-01-2020)",
        "(Rev. 1, 10-01-03)",
        "EFFECTIVE DATE: 11|01|2023",
        "Revision Date (Medicaid): 1/1/2025",
        "October 2025 Version 4.0",
        "Number: 0208",
        "b. Physician Recertification Requirements.--",
        "The capitation rates must be sound for every cell of every population of the state.",
    ],
)
def test_marks_of_revision_fields_and_sentences_are_no_headings(text):
    assert is_no_heading(text)


def test_a_mark_of_revision_stands_in_its_section_and_not_in_its_title(read, make_pdf):
    document = read(
        "a.pdf",
        make_pdf(
            page_of(
                [
                    ("Bold", "10 - Scope of the Benefit", 14),
                    ("Bold", "(Rev. 82; Issued: 02-08-08; Effective: 01-01-08)", 12),
                    BODY,
                    ("Bold", "10.1 - Limits (Rev. 220, Issued: 01-15-16)", 14),
                    BODY,
                ]
            )
        ),
    )
    assert outline(document) == [(1, "10 - Scope of the Benefit"), (2, "10.1 - Limits")]
    assert "(Rev. 220, Issued: 01-15-16)" in document.text


def test_a_contents_page_names_headings_and_has_none(read, make_pdf):
    contents = [
        ("Bold", "Table of Contents", 12),
        *[("Bold", f"{at} Title {word} " + "." * 60 + f" {at}", 12) for at, word in PAIRS],
    ]
    body = [line for at, word in PAIRS for line in (("Bold", f"{at} Title {word}", 12), BODY)]
    document = read("a.pdf", make_pdf(page_of(contents), page_of(body)))
    assert outline(document) == [
        (1, "Table of Contents"),
        *[(1, f"{at} Title {word}") for at, word in PAIRS],
    ]


PAIRS = [(1, "One"), (2, "Two"), (3, "Three"), (4, "Four")]


def test_a_title_in_plain_letters_is_known_from_the_contents_page(read, make_pdf):
    contents = [
        ("Bold", "Table of Contents", 12),
        *[("Roman", f"{at}.1 Title {word} " + "." * 60 + f" {at}", 10.0) for at, word in PAIRS],
    ]
    body = [line for at, word in PAIRS for line in (("Roman", f"{at}.1 Title {word}", 10.0), BODY)]
    document = read("a.pdf", make_pdf(page_of(contents), page_of(body)))
    assert [text for _, text in outline(document)][1:] == [f"{at}.1 Title {w}" for at, w in PAIRS]


def test_contents_without_page_numbers_end_where_their_first_title_comes_again():
    pages = [
        ["Manual", "Table of Contents", "10 - One", "10.1 - Two", "20 - Three"],
        ["30 - Four", "10 - One", "Text of the section."],
    ]
    found = contents_of(pages)
    assert found.lines == {(0, 2), (0, 3), (0, 4), (1, 0)}
    assert set(found.titles) == {"10 - One", "10.1 - Two", "20 - Three", "30 - Four"}


def test_a_contents_page_that_lists_nothing_does_not_swallow_the_text_after_it():
    text = "A brace is covered where the criteria are met."
    assert contents_of([["Table of Contents", "Knee Braces", *[text] * 9]]).lines == frozenset()


def test_a_chapter_and_the_title_below_it_are_one_heading(read, make_pdf):
    lines = [
        ("Bold", "Chapter II", 12.0), ("Bold", "Anesthesia Services", 12.0),
        ("Bold", "A. Introduction", 12.0), BODY,
        ("Bold", "B. Standard Coding", 12.0), BODY,
    ]  # fmt: skip
    assert outline(read("a.pdf", make_pdf(page_of(lines)))) == [
        (1, "Chapter II Anesthesia Services"),
        (2, "A. Introduction"),
        (2, "B. Standard Coding"),
    ]


def test_bold_capitals_are_headings_above_bold_ones_though_their_letters_are_smaller(
    read, make_pdf
):
    lines = [
        ("Bold", "POLICY STATEMENT", 8.5), BODY,
        ("Bold", "Bundled Services", 10.0), BODY,
        ("Bold", "COVERAGE", 8.5), BODY,
    ]  # fmt: skip
    assert outline(read("a.pdf", make_pdf(page_of(lines)))) == [
        (1, "POLICY STATEMENT"),
        (2, "Bundled Services"),
        (1, "COVERAGE"),
    ]


def word(*paragraphs: tuple[str, str]) -> bytes:
    document = docx.Document()
    for style, text in paragraphs:
        if style == "bold":
            document.add_paragraph().add_run(text).bold = True
        else:
            document.add_paragraph(text, style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_numbers_nest_headings_that_all_have_one_style_or_tag(read):
    titles = ["10 Scope", "10.1 Limits", "A. Age", "B. Sex", "10.2 Units", "20 Codes"]
    wanted = [(1, "10 Scope"), (2, "10.1 Limits"), (3, "A. Age"), (3, "B. Sex"), (2, "10.2 Units"),
              (1, "20 Codes")]  # fmt: skip
    paragraphs = [pair for text in titles for pair in (("Heading 1", text), ("Normal", "Text."))]
    assert outline(read("a.docx", word(*paragraphs))) == wanted
    page = "".join(f"<h1>{text}</h1><p>Text.</p>" for text in titles)
    assert outline(read("a.html", f"<title>T</title>{page}")) == wanted
    assert outline(read("a.md", "\n\n".join(f"# {text}\n\nText." for text in titles))) == wanted


def test_a_bold_paragraph_is_a_heading_below_those_with_a_level_and_a_bold_remark_is_none(read):
    document = read(
        "a.docx", word(("Heading 1", "Policy"), ("bold", "Scope"), ("Normal", "Text."),
                       ("bold", "This is important: read it."), ("Normal", "More."))
    )  # fmt: skip
    assert outline(document) == [(1, "Policy"), (2, "Scope")]
    page = "<h1>Policy</h1><p><b>Scope</b></p><p>Text.</p><p><b>Note:</b></p><p>A <b>bold</b> word"
    assert outline(read("a.html", f"<title>T</title>{page}")) == [(1, "Policy"), (2, "Scope")]
    text = "# Policy\n\n**Scope**\n\nText.\n\n**Note:**\n\nA **bold** word."
    assert outline(read("a.md", text)) == [(1, "Policy"), (2, "Scope")]


def test_numbered_lines_of_a_text_are_headings_and_its_lists_are_none(read):
    text = """
COVERAGE RATIONALE

1. Scope

The policy tells what is paid.

1.1 Limits

90 days after the date of service the claim is denied.

2. Codes

1. Apply ice

2. Call the plan

10.5 mg of the drug is one unit.
"""
    assert outline(read("a.txt", text)) == [
        (1, "COVERAGE RATIONALE"),
        (2, "1. Scope"),
        (3, "1.1 Limits"),
        (2, "2. Codes"),
    ]
