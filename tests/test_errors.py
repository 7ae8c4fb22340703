"""Whatever is wrong, a person reads what happened and what to do; never a traceback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.home import Home
from index.home.manifest import read_manifest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def indexed(home: Path, codedesk: Command, tmp_path: Path) -> Path:
    """A folder that is in the index."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "cryo.md").write_text("# Cryoablation\n\nBill 0581T once per breast.\n")
    done = codedesk("sync", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def _told(done: subprocess.CompletedProcess[str], *, code: int = 1) -> str:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout == ""
    return " ".join(done.stderr.split())


@pytest.mark.trust("errors")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("keep = ", "cannot be read"),
        ("keep = 'three'", "`keep` must be of type int"),
        ("keep = 0", "`keep` must be more than 0"),
        ("kepe = 3", "`kepe`, which is no setting"),
        ("precision = 'f8'", "`precision` is auto, f32, bf16 or int8"),
        ("model = '/no/such/model'", "no sentence-transformers model at /no/such/model"),
        ("model = 'no-such-model'", "no sentence-transformers model at no-such-model"),
        ("pages = -1", "`pages` must be more than 0"),
        ("\x00\x01", "cannot be read"),
    ],
)
def test_damaged_settings_are_named_with_the_way_to_mend_them(
    text: str, words: str, home: Path, codedesk: Command, tmp_path: Path
) -> None:
    (home / "settings.toml").write_text(text)
    told = _told(codedesk("sync", str(tmp_path)))
    assert words in told
    assert any(word in told for word in ("settings.toml", "remove the setting"))


@pytest.mark.trust("errors")
def test_a_folder_that_is_not_there_is_named(codedesk: Command, tmp_path: Path) -> None:
    told = _told(codedesk("sync", str(tmp_path / "nowhere")))
    assert "nowhere does not exist. Name the folder" in told


@pytest.mark.trust("errors")
def test_a_known_folder_that_is_missing_is_reported_and_the_rest_goes_on(
    indexed: Path, codedesk: Command
) -> None:
    indexed.rename(indexed.with_name("moved"))
    done = codedesk("sync")
    assert done.returncode == 3, done.stderr
    words = " ".join(done.stdout.split())
    assert "is missing. Its documents stay in the index as they were." in words
    assert "codedesk forget FOLDER" in words
    assert "problem folders:" in " ".join(codedesk("doctor").stdout.split())


@pytest.mark.trust("errors")
def test_an_index_of_another_model_says_so(indexed: Path, home: Path, codedesk: Command) -> None:
    folder = Home(home).folder(1)
    manifest = read_manifest(folder)
    other = {**dict(manifest.recipe["embedder"]), "model": "another", "revision": "0000"}
    replace(manifest, recipe={**manifest.recipe, "embedder": other}).write(folder)
    told = _told(codedesk("ask", "Is 0581T billed once?"))
    assert "made with another model" in told
    assert "another 0000" in told and "`codedesk sync`" in told
    assert "made with another model" in " ".join(codedesk("doctor").stdout.split())
    synced = codedesk("sync", str(indexed))
    assert synced.returncode == 0, synced.stderr
    assert "the recipe changed: embedder" in synced.stdout
    assert codedesk("ask", "How often is 0581T billed?").returncode in (0, 4)


@pytest.mark.trust("errors")
@pytest.mark.parametrize("part", ["reader", "codes", "splitter"])
def test_an_index_of_another_reader_answers_until_the_next_sync_reads_anew(
    part: str, indexed: Path, home: Path, codedesk: Command
) -> None:
    folder = Home(home).folder(1)
    manifest = read_manifest(folder)
    replace(manifest, recipe={**manifest.recipe, part: 0}).write(folder)
    assert codedesk("ask", "How often is 0581T billed?").returncode in (0, 4)
    synced = json.loads(codedesk("sync", str(indexed), "--json").stdout)
    assert synced["rebuilt"] == f"the recipe changed: {part}"
    assert synced["generation"] == 2
    assert synced["embedded"] == 0  # the texts are the same, so their vectors are
    assert read_manifest(Home(home).folder(2)).recipe == manifest.recipe
    assert json.loads(codedesk("sync", str(indexed), "--json").stdout)["rebuilt"] == ""


@pytest.mark.trust("errors")
def test_an_index_of_a_newer_version_says_so(indexed: Path, home: Path, codedesk: Command) -> None:
    folder = Home(home).folder(1)
    replace(read_manifest(folder), layout=99).write(folder)
    for arguments in (("ask", "Is 0581T billed once?"), ("sync", str(indexed)), ("status",)):
        told = _told(codedesk(*arguments))
        assert "made by a newer Codedesk. Upgrade this one" in told
    forced = codedesk("sync", str(indexed), "--force")
    assert forced.returncode == 0, forced.stderr


@pytest.mark.trust("errors")
def test_a_changed_model_is_refused(indexed: Path, home: Path, codedesk: Command) -> None:
    shared = (home / "models").resolve()
    (home / "models").unlink()
    for folder in filter(Path.is_dir, shared.iterdir()):
        (home / "models" / folder.name).mkdir(parents=True)
        for path in folder.iterdir():
            if path.is_file():
                (home / "models" / folder.name / path.name).symlink_to(path)
    (tokenizer,) = (home / "models").glob("*/tokenizer.json")
    content = tokenizer.read_bytes()
    tokenizer.unlink()
    tokenizer.write_bytes(content.replace(b"breast", b"breasd"))
    words = "is damaged (tokenizer.json). Delete that folder"
    done = codedesk("doctor")
    assert done.returncode == 1
    assert words in " ".join(done.stdout.split())
    assert words in _told(codedesk("sync", str(indexed)))


@pytest.mark.trust("errors")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "The question is empty."),
        (" \t ", "The question is empty."),
        ("why " * 600, "The question has 2,400 characters; the most is 2,000."),
        ("Is 0581T\x1b[31m covered?", "holds control characters"),
        ("Is 0581T\x07 covered?", "holds control characters"),
    ],
)
def test_what_is_no_question_is_refused_in_words(
    question: str, words: str, indexed: Path, codedesk: Command
) -> None:
    for command in ("ask", "search"):
        assert words in _told(codedesk(command, question))


@pytest.mark.trust("errors")
@pytest.mark.parametrize("character", ["\x00", "\x9b", "\udcff"])
def test_characters_that_are_no_text_never_reach_the_index(
    character: str, indexed: Path, home: Path
) -> None:
    with pytest.raises(CodedeskError, match="control characters or bytes that are no text"):
        Desk(Home(home)).ask(f"Is 0581T{character} covered?")


@pytest.mark.trust("errors")
@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", b"is 0581T \xff covered"),
        ("search", b"\xff\xfe"),
        ("show", b"\xff"),
        ("code", b"05\xff81T"),
        ("ask", b"covered?", b"--payer", b"\xff"),
        ("sync", b"/tmp/\xff"),
        ("backup", b"/nowhere/\xff/b"),
        ("restore", b"/nowhere/\xff"),
    ],
)
def test_bytes_that_are_no_text_give_a_sentence(
    arguments: tuple[str | bytes, ...], indexed: Path, codedesk: Command
) -> None:
    done = codedesk(*arguments)
    assert done.returncode in (0, 1, 2, 4), done.stderr
    assert "Traceback" not in done.stderr
    assert "error of its own" not in done.stderr


@pytest.mark.trust("errors")
def test_an_error_that_nobody_foresaw_is_logged_and_said_in_a_sentence(
    indexed: Path, home: Path, codedesk: Command, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import sqlite3\n"
        "def connect(*a, **k): raise sqlite3.ProgrammingError('for patient John Smith')\n"
        "sqlite3.connect = connect\n"
    )
    done = codedesk("status", environment={"PYTHONPATH": str(broken)})
    told = _told(done)
    assert "met an error of its own (ProgrammingError)" in told
    log = home / "errors.log"
    assert str(log) in told
    assert log.stat().st_mode & 0o077 == 0
    assert "ProgrammingError" in log.read_text() and "John Smith" not in log.read_text()
