"""Documents introduce themselves: whose they are, title, number, kind, line, with the evidence."""

from __future__ import annotations

import io

import openpyxl
import pytest

from corpus.errors import CodedeskError
from corpus.metadata.identity.face import face_of
from corpus.metadata.identity.find import find_identity
from corpus.metadata.identity.names import Names, read_names
from corpus.readers.plain import plain_draft
from corpus.reading.pool import ReadJob, read_all
from corpus.reading.read import read_file

HEADED = "{name}\n\nMedical Policy: Knee braces\n\n{name} covers a brace.\n\n© 2025 {name}\n"


@pytest.fixture
def pages(make_pdf, write_lines):
    """A PDF of three pages with a running header."""

    def making(header: str, *titles: str) -> bytes:
        def page(number: int):
            def draw(canvas):
                canvas.setFont("Helvetica", 8)
                canvas.drawString(72, 765, header)
                if titles and number == 1:
                    write_lines(titles, size=18, top=700)(canvas)
                write_lines([f"Rule {number} of the text, which is about braces."], top=600)(canvas)

            return draw

        return make_pdf(*map(page, (1, 2, 3)))

    return making


@pytest.mark.parametrize(
    "name",
    [
        "Prairie States Health Plan",
        "Harbor Mutual Insurance Company",
        "Blue Cross & Blue Shield of the Northern Plains",
        "Great Basin Benefit Administrators",
        "Ohio Department of Medicaid",
        "Aetna",
    ],
)
def test_a_payer_is_found_by_its_form_or_its_name_where_it_speaks(read, name):
    metadata = read("a.txt", HEADED.format(name=name)).metadata
    assert (metadata.payer, metadata.publisher) == (name, name)
    found = next(one for one in metadata.stated if one.field == "payer")
    assert name in found.sentence
    assert found.sure >= 0.75
    assert not found.confirmed


def _workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("names", [("Commercial", "Medicare"), ("Cedar gold", "Cedar silver")])
@pytest.mark.parametrize("above", [(), (["Rates of the first sheet"],)])
def test_no_sheet_gives_its_name_to_a_workbook_of_several(read, names, above):
    """Else the rows of the second sheet would stand under the name of the first."""
    rows = [*above, ["CPT", "Position"], ["0581T", "not covered"], ["19105", "covered"]]
    first, second = names
    metadata = read("rules-2031.xlsx", _workbook((first, rows), (second, rows[-3:]))).metadata
    assert metadata.title == "rules 2031"


def test_a_sheet_gives_its_name_to_a_workbook_whose_others_are_empty(read):
    rows = [["CPT", "Position"], ["0581T", "not covered"], ["19105", "covered"]]
    book = _workbook(("Cryoablation codes", rows), ("Sheet2", []))
    assert read("rules-2031.xlsx", book).metadata.title == "Cryoablation codes"


def test_a_contents_page_at_the_front_gives_the_title_of_what_it_lists(read, make_pdf, write_lines):
    def page(canvas):
        write_lines(["2031 Complete Table of Contents"], size=16, top=740)(canvas)
        write_lines(["Harbor Claims Editing Manual"], top=715)(canvas)
        write_lines(["General background ........ 3", "Appeals ........ 8"], top=660)(canvas)

    def body(canvas):
        write_lines(["General background"], size=16, top=740)(canvas)
        write_lines(["Harbor edits every claim before it is paid, by these rules."], top=700)(
            canvas
        )

    assert read("a.pdf", make_pdf(page, body)).metadata.title == "Harbor Claims Editing Manual"


def test_without_the_list_of_names_their_forms_still_work():
    text = HEADED.format(name="Prairie States Health Plan")
    found = find_identity(face_of(plain_draft(text), "a.txt"), Names(()))
    assert ("payer", "Prairie States Health Plan") in {(one.field, one.value) for one in found}


def test_a_library_adds_names_that_have_no_form(tmp_path):
    names = tmp_path / "names.toml"
    names.write_text(
        '[[body]]\nname = "Quillway"\nrole = "payer"\nprinted = ["Quillway", "QW Benefits"]\n'
        'domains = ["qw.example"]\n'
    )
    path = tmp_path / "a.txt"
    path.write_text("QW Benefits\n\nMedical Policy: Braces\n\nQW Benefits covers a brace.\n")
    assert read_file(path, document_id="a.txt").metadata.payer is None
    known = read_names(names)
    assert read_file(path, document_id="a.txt", names=known).metadata.payer == "Quillway"
    ((_, read),) = read_all([ReadJob(path, "a.txt")], names=known)
    assert read.metadata.payer == "Quillway"


def test_names_that_are_none_are_refused_with_what_to_write(tmp_path):
    path = tmp_path / "names.toml"
    assert read_names(path) == ()
    path.write_text('[[body]]\nname = "Quillway"\nrole = "insurer"\n')
    with pytest.raises(CodedeskError, match="write one of payer"):
        read_names(path)


def test_a_payer_that_is_only_mentioned_is_not_the_payer(read):
    text = "Notes on braces\n\nAetna and Cigna answer within two days.\n\nHumana needs the order.\n"
    metadata = read("a.txt", text).metadata
    assert metadata.payer is None
    assert metadata.publisher is None


def test_of_two_payers_that_could_both_speak_none_is_taken_and_both_wait(read):
    text = "Aetna\n\nAetna covers a brace.\n\nCigna\n\nCigna covers a brace.\n"
    metadata = read("a.txt", text).metadata
    assert metadata.payer is None
    waiting = {one.value for one in metadata.doubtful if one.field == "payer"}
    assert waiting == {"Aetna", "Cigna"}


def test_a_running_header_that_the_text_keeps_once_tells_the_payer(read, pages):
    metadata = read("a.pdf", pages("Summit Ridge Health Plan | Medical Policy", "Braces")).metadata
    assert metadata.payer == "Summit Ridge Health Plan"
    assert metadata.title == "Braces"
    assert metadata.kind == "policy"


def test_a_chapter_is_in_the_title_and_the_manual_is_of_its_programme(read, make_pdf, write_lines):
    heads = ["Medicare Benefit Policy Manual", "Chapter 6 - Hospital Services"]
    page = write_lines(heads, size=18)
    data = make_pdf(page, write_lines(["Aetna is cited here."]))
    metadata = read("download (3).pdf", data).metadata
    assert metadata.title == "Medicare Benefit Policy Manual, Chapter 6 - Hospital Services"
    assert metadata.part == "Chapter 6"
    assert (metadata.publisher, metadata.payer) == ("CMS", "Medicare")
    assert metadata.line_of_business == ("Medicare",)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Policy Number: MP-204  Effective: 1/1/2025", "MP-204"),
        ("Coverage Policy Number: 0540", "0540"),
        ("Guideline #: CG-SURG-61", "CG-SURG-61"),
        ("Bulletin No. 2025-14", "2025-14"),
        ("Call us at the number on the card, 24 hours a day.", None),
        ("Great Basin, Reno, NV 89505", None),
    ],
)
def test_a_number_stands_behind_its_label(read, line, number):
    assert read("a.txt", f"Knee braces\n\n{line}\n\nText.\n").metadata.number == number


@pytest.mark.parametrize(
    "useless", ["Microsoft Word - x_final(2).docx", "Untitled", "URL", "scan0042.pdf"]
)
def test_a_title_is_never_a_files_name_an_address_or_the_contents(
    read, make_pdf, write_lines, useless
):
    def page(canvas):
        canvas.setTitle(useless)
        lines = ["www.prairiestates.org", "Table of Contents", "Knee Braces"]
        write_lines(lines[:1], size=18, top=740)(canvas)
        write_lines(lines[1:2], size=18, top=700)(canvas)
        write_lines(lines[2:], size=18, top=660)(canvas)
        write_lines(["A brace is covered where the criteria are met."] * 9, top=600)(canvas)

    assert read("a.pdf", make_pdf(page)).metadata.title == "Knee Braces"


def test_what_a_person_wrote_stays_and_who_wrote_the_words_is_not_looked_for(read):
    text = HEADED.format(name="Aetna")
    sidecar = 'payer = "Cigna"\ntitle = "Mine"\n'
    metadata = read("a.txt", text, sidecar=sidecar).metadata
    assert (metadata.payer, metadata.title) == ("Cigna", "Mine")
    told = read("b.txt", text, sidecar='written_by = "Jo"\n').metadata
    assert told.payer is None
    assert told.stated == ()


def test_a_line_of_business_is_taken_where_the_document_says_for_whom_it_is(read):
    text = HEADED.format(name="Aetna") + "\nLine of Business: Commercial, Medicare Advantage\n"
    metadata = read("a.txt", text).metadata
    assert set(metadata.line_of_business) == {"commercial", "Medicare Advantage"}
