"""What people said of documents: kept, applied as one step or not at all, logged, taken back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import CodedeskError
from index.home import Home
from index.library import Library
from index.opening import open_library
from ui.confirming.book import Book, Refused, newest_of, told_in
from ui.confirming.checks import Change
from ui.confirming.names import add_name, remove_name

HOSTILE = "<script>document.title='owned'</script>\u202e [x](javascript:alert(1))"


@pytest.fixture
def library(read_home: Path) -> Iterator[Library]:
    """The small library; `docs/` stands for a folder that Codedesk only reads."""
    with open_library(Home(read_home)) as opened:
        yield opened


@pytest.fixture
def book(kept: Path, read_home: Path) -> Iterator[Book]:
    """The book of a home to which the library's documents are another's."""
    opened = Book(kept, own="elsewhere")
    yield opened
    opened.close()


@pytest.fixture
def own(home: Path, both: None) -> Iterator[Book]:
    """The book of a home in whose own folder the documents lie."""
    opened = Book(home)
    yield opened
    opened.close()


def _payer(book: Book, library: Library, document: str = "library/units.pdf") -> object:
    return book.known_of(newest_of(library)[document])["payer"]


def test_what_was_said_is_kept_with_old_and_new_value_who_and_when_and_changes_no_file(
    book: Book, library: Library, read_home: Path
) -> None:
    before = {path: path.read_bytes() for path in (read_home / "library").iterdir()}
    change = Change("library/lakeside.md", "payer", "Lakeside Mutual")
    edit = book.apply(library, [change], what="test")
    assert edit is not None
    [noted] = edit.changes
    assert (noted.old, noted.new) == ("Lakeside Health", "Lakeside Mutual")
    assert edit.who and edit.at.endswith("+00:00")
    assert book.edits() == [edit]
    assert {path: path.read_bytes() for path in (read_home / "library").iterdir()} == before
    assert book.apply(library, [change], what="again") is None


def test_of_several_changes_all_are_made_or_none(book: Book, library: Library) -> None:
    changes = [
        Change("library/units.pdf", "payer", "Plan"),
        Change("library/lakeside.md", "retired", "2020-01-01"),
        Change("library/none.md", "payer", "Plan"),
        Change("library/units.pdf", "extra", "x"),
    ]
    with pytest.raises(Refused) as refused:
        book.apply(library, changes, what="test")
    assert {one.document for one in refused.value.problems} == {
        "library/lakeside.md",
        "library/none.md",
        "library/units.pdf",
    }
    assert (book.told(), book.edits()) == ({}, [])


def test_an_edit_of_the_own_folder_goes_into_the_sidecar_and_comes_out_again(
    own: Book, library: Library, home: Path
) -> None:
    sidecar = home / "library" / "units.pdf.meta.toml"
    own.apply(library, [Change("library/units.pdf", "payer", "One")], what="test")
    own.apply(library, [Change("library/units.pdf", "payer", None)], what="test")
    assert "payer" not in tomllib.loads(sidecar.read_text("utf-8"))
    assert own.told()["library/units.pdf"][0].value is None
    own.undo()
    assert tomllib.loads(sidecar.read_text("utf-8"))["payer"] == "One"
    own.undo()
    assert "payer" not in tomllib.loads(sidecar.read_text("utf-8"))
    assert (own.told(), told_in(home)) == ({}, {})


def test_where_one_sidecar_cannot_be_written_none_is(
    own: Book, library: Library, home: Path
) -> None:
    folder = home / "library"
    (folder / "units.pdf.meta.toml").write_text("not = [toml", "utf-8")
    changes = [
        Change("library/checklist.docx", "payer", "Plan"),
        Change("library/units.pdf", "payer", "Plan"),
    ]
    with pytest.raises(CodedeskError, match=r"units\.pdf\.meta\.toml cannot be read"):
        own.apply(library, changes, what="test")
    assert not (folder / "checklist.docx.meta.toml").exists()
    assert own.edits() == []


def test_an_undo_is_an_edit_too_and_refuses_to_take_back_what_was_edited_since(
    book: Book, library: Library
) -> None:
    first = book.apply(library, [Change("library/units.pdf", "payer", "One")], what="test")
    second = book.apply(library, [Change("library/units.pdf", "payer", "Two")], what="test")
    assert first and second
    with pytest.raises(CodedeskError, match="edited again since"):
        book.undo(first.number)
    back = book.undo()
    assert (back.undoes, back.changes[0].new) == (second.number, "One")
    assert book.edit(second.number).undone == back.number
    with pytest.raises(CodedeskError, match="undone already"):
        book.undo(second.number)
    book.undo(back.number)
    assert _payer(book, library) == "Two"
    assert book.edit(second.number).undone is None
    book.undo()
    book.undo()
    assert _payer(book, library) is None
    with pytest.raises(CodedeskError, match="no edit to undo"):
        book.undo()


def test_what_a_person_writes_is_kept_as_it_was_written(book: Book, library: Library) -> None:
    book.apply(library, [Change("library/units.pdf", "title", HOSTILE)], what="test")
    assert book.known_of(newest_of(library)["library/units.pdf"])["title"] == HOSTILE


def test_what_was_said_of_a_deleted_file_is_not_said_of_the_next_one_of_its_name(
    book: Book, library: Library
) -> None:
    book.apply(library, [Change("library/units.pdf", "payer", "One")], what="test")
    book.forget("library/units.pdf")
    assert _payer(book, library) is None


def test_what_was_said_of_a_deleted_file_is_said_again_when_it_comes_back(
    book: Book, library: Library
) -> None:
    book.apply(library, [Change("library/units.pdf", "payer", "One")], what="test")
    said = book.told()["library/units.pdf"]
    book.forget("library/units.pdf")
    book.remember("library/units.pdf", said)
    assert _payer(book, library) == "One"


def test_a_file_of_records_that_is_none_stops_a_sync_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite3").write_bytes(b"no database, by far" * 100)
    with pytest.raises(CodedeskError, match="codedesk restore"):
        told_in(tmp_path)


def test_a_name_is_added_as_its_own_or_as_another_one_and_taken_out_again(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text("# ours\n[[body]]\nname = 'Quiet Plan'\n", "utf-8")
    before = path.read_text("utf-8")
    one = add_name(path, 'Loud "Plan"\nInc.')
    other = add_name(path, "Cigna of Elsewhere", of="Cigna")
    assert (one.name, other.name, other.printed) == (
        'Loud "Plan" Inc.',
        "Cigna",
        ("Cigna of Elsewhere",),
    )
    with pytest.raises(CodedeskError, match="already"):
        add_name(path, "Cigna of Elsewhere", of="Cigna")
    remove_name(path, one)
    remove_name(path, other)
    assert path.read_text("utf-8") == before
    with pytest.raises(CodedeskError, match="by hand"):
        remove_name(path, one)


def test_a_rename_is_noted_moves_what_was_said_and_is_no_edit_to_undo(
    book: Book, library: Library
) -> None:
    book.apply(library, [Change("library/units.pdf", "payer", "One")], what="test")
    book.rename({"library/units.pdf": "library/mue.md"})
    noted = book.edits()[0]
    assert noted.of_files
    assert (noted.changes[0].old, noted.changes[0].new) == ("library/units.pdf", "library/mue.md")
    assert _payer(book, library, "library/mue.md") == "One"
    with pytest.raises(CodedeskError, match="became of files"):
        book.undo(noted.number)
    book.undo()
    assert book.told() == {}
