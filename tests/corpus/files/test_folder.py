"""What of a folder is read, and what is told instead."""

from __future__ import annotations

import hashlib
import os
import socket
import unicodedata
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files.folder import list_files
from corpus.text.clean import printable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "library"
    inside.mkdir()
    return inside


def names(folder: Path) -> list[str]:
    return [file.name for file in list_files(folder)[0]]


def refused(folder: Path) -> dict[str, str]:
    return {error.path: error.reason for error in list_files(folder)[1]}


def put(folder: Path, *files: str) -> None:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def test_files_are_listed_by_name_in_all_folders(folder):
    put(folder, "b.md", "a.txt", "sub/c.pdf", "sub/deep/d.CSV")
    assert names(folder) == ["a.txt", "b.md", "sub/c.pdf", "sub/deep/d.CSV"]
    assert refused(folder) == {}


def passed_over(folder: Path) -> dict[str, str]:
    return {error.path: error.reason for error in list_files(folder)[2]}


def test_hidden_files_sidecars_and_temporary_files_are_passed_over(folder):
    put(folder, ".hidden.md", ".git/a.md", "a.md", "a.md.meta.toml", "a.meta.toml")
    put(folder, "~$a.docx", "a.md~", "a.md.swp", "a.md.part", "#a.md#", "Thumbs.db")
    assert names(folder) == ["a.md"] and refused(folder) == {}


def test_what_is_passed_over_is_told_but_for_sidecars(folder):
    put(folder, ".hidden.md", ".git/a.md", "a.md", "a.md.meta.toml", "~$a.docx", "a.md~", "#b.md#")
    told = passed_over(folder)
    assert set(told) == {".hidden.md", ".git", "~$a.docx", "a.md~", "#b.md#"}
    assert "hidden" in told[".git"] and "open in Office" in told["~$a.docx"]
    assert all(reason.endswith(".") for reason in told.values())


def test_a_sign_in_a_name_or_the_name_of_a_folder_hides_no_document(folder):
    put(folder, "#0581T update.md", "#old/rule.md", "work.tmp/in.md", "x.bak/in.md", "Rule 7~.md")
    assert names(folder) == [
        "#0581T update.md",
        "#old/rule.md",
        "Rule 7~.md",
        "work.tmp/in.md",
        "x.bak/in.md",
    ]
    assert passed_over(folder) == {}


@pytest.mark.parametrize(
    "name",
    ["$RECYCLE.BIN", "@eaDir", "System Volume Information", ".snapshot", "~snapshot", "#recycle"],
)
def test_what_a_store_keeps_of_deleted_and_older_files_is_left_out_and_told(folder, name):
    put(folder, f"{name}/a.md", f"sub/{name}/b.md", "a.md")
    assert names(folder) == ["a.md"]
    assert set(passed_over(folder)) == {name, f"sub/{name}"}


def test_an_unknown_format_is_told_with_those_that_are_supported(folder):
    put(folder, "a.exe", "README")
    assert "Files ending in .exe cannot be read." in refused(folder)["a.exe"]
    assert "PDF, DOCX, XLSX, CSV, HTML, Markdown and text" in refused(folder)["README"]


@pytest.mark.trust(17)
def test_links_out_of_the_folder_and_in_circles_are_not_followed(folder, tmp_path):
    put(folder, "sub/a.md")
    put(tmp_path, "outside/secret.md")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "out.md").symlink_to(tmp_path / "outside/secret.md")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "circle").symlink_to(folder)
    (folder / "sub/up").symlink_to(folder)
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    assert names(folder) == ["sub/a.md"]
    told = refused(folder)
    assert {name for name, reason in told.items() if "leads out of the folder" in reason} == {
        "out",
        "out.md",
        "passwd.txt",
    }
    assert set(told) == {"out", "out.md", "passwd.txt", "circle", "sub/up", "self.md", "gone.md"}


@pytest.mark.trust(17)
def test_pipes_sockets_and_devices_are_told_and_never_opened(folder):
    os.mkfifo(folder / "pipe.md")
    (folder / "zero.txt").symlink_to("/dev/zero")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # a socket's path is at most 108 bytes
    try:
        server.bind("socket.md")
    finally:
        os.chdir(here)
        server.close()
    told = refused(folder)
    assert names(folder) == []
    assert "pipe" in told["pipe.md"] and "socket" in told["socket.md"]
    assert "leads out" in told["zero.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_told(folder):
    put(folder, "closed/a.md")
    (folder / "closed").chmod(0)
    try:
        assert "permissions" in refused(folder)["closed"]
    finally:
        (folder / "closed").chmod(0o700)


@pytest.mark.parametrize(
    "name",
    ["line\nend.md", "\x1b[31mred.md", "Полис.md", "保険.md", "\u202egpj.md", "é" * 126 + ".md"],
)
def test_odd_names_are_listed_as_they_are_and_shown_on_one_line(folder, name):
    put(folder, name)
    assert names(folder) == [name]
    shown = printable(name)
    assert shown.isprintable() and "\u202e" not in shown


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes(folder):
    raw = os.fsencode(folder) + b"/caf\xe9.md"
    Path(os.fsdecode(raw)).write_text("x")
    assert [printable(name) for name in names(folder)] == ["caf\\xe9.md"]


@pytest.mark.parametrize("newer", ["\U0001fae8", "\U0001fae9", "\U00010d40", "\U0002ebf0"])
def test_a_character_newer_than_this_python_is_shown_as_every_other_python_shows_it(newer):
    """Added to Unicode after version 14, which Python 3.11 knows."""
    assert printable(f"policy {newer}.md") == f"policy {newer}.md"


def test_how_every_character_is_shown_does_not_depend_on_this_python():
    """Document ids are made of it; this sum was taken on Python 3.11, 3.12 and 3.13."""
    shown = "\n".join(printable(chr(code)) for code in range(0x110000))
    assert hashlib.sha256(shown.encode()).hexdigest() == (
        "2cfbff407f5008592ae5007a230552a723d8487e21fd56f72fc25c41eed40dd8"
    )


def test_of_the_characters_that_this_python_knows_all_hidden_ones_and_no_others_are_escaped():
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    for character in map(chr, range(0x110000)):
        kind = unicodedata.category(character)
        if kind != "Cn":
            assert (printable(character) != character) is (kind in hidden), hex(ord(character))


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(UnreadableFile, match="no such folder"):
        list_files(tmp_path / "nowhere")
    put(tmp_path, "file.md")
    with pytest.raises(UnreadableFile, match="not a folder"):
        list_files(tmp_path / "file.md")
