"""Files that are no documents by their kind: never opened, and known until they are gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.audience.rules import change_rules, read_rules
from index.audience.sight import Sight
from index.home import Home
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport

Write = Callable[[Path, str], Path]
SLIDES = "papers/slides.odp"


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    root = tmp_path / "papers"
    write(root / "cryo.md", "# Cryoablation\n\nBill 0581T once per breast.\n")
    write(root / "slides.odp", "what a program for slides wrote")
    return root


@pytest.fixture
def run(home: Path, embedder: Embedder) -> Callable[..., SyncReport]:
    def synced(*folders: Path) -> SyncReport:
        return sync(
            Home(home),
            [(None, path) for path in folders],
            embedder=lambda: embedder,
            settings=SyncSettings(workers=1),
        )

    return synced


def _unread(home: Path, sight: Sight | None = None) -> list[tuple[str, str]]:
    library = open_library(Home(home))
    if sight is not None:
        library = library.without(library.audiences(read_rules(home)).hidden_from(sight))
    found = [(state.document, state.reason) for state in library.files() if state.is_unread]
    library.close()
    return found


def _names(home: Path, sight: Sight | None = None) -> list[str]:
    return [name for name, _ in _unread(home, sight)]


def test_a_file_of_no_kind_that_is_read_is_known_to_the_library_with_its_reason(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    first = run(folder)
    assert _unread(home) == [(one["path"], one["reason"]) for one in first.failed]
    assert _names(home) == [SLIDES]
    assert "odp" in _unread(home)[0][1]
    second = run(folder)
    assert (second.failed, second.generation) == (first.failed, first.generation)


def test_it_stays_known_while_another_folder_is_synced_and_while_its_own_is_away(
    run: Callable[..., SyncReport], folder: Path, home: Path, tmp_path: Path, write: Write
) -> None:
    run(folder)
    other = write(tmp_path / "rules/ncci.txt", "NCCI bundles what is done together.").parent
    assert [one["path"] for one in run(other).failed] == [SLIDES]
    assert _names(home) == [SLIDES]


def test_it_is_forgotten_when_it_is_gone_and_is_no_removed_document(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    run(folder)
    (folder / "slides.odp").unlink()
    report = run(folder)
    assert (report.failed, report.removed) == ([], [])
    assert _names(home) == []


def test_a_document_that_becomes_a_pipe_is_removed_and_known_as_one(
    run: Callable[..., SyncReport], folder: Path, home: Path, write: Write
) -> None:
    run(folder)
    (folder / "cryo.md").unlink()
    os.mkfifo(folder / "cryo.md")
    report = run(folder)
    assert report.removed == ["papers/cryo.md"]
    assert _names(home) == ["papers/cryo.md", SLIDES]
    (folder / "cryo.md").unlink()
    write(folder / "cryo.md", "# Cryoablation\n\nBill 0581T once per breast.\n")
    assert run(folder).added == ["papers/cryo.md"]
    assert _names(home) == [SLIDES]


def test_who_is_in_none_of_its_groups_does_not_learn_its_name(
    run: Callable[..., SyncReport], folder: Path, home: Path, write: Write
) -> None:
    write(folder / "rates.odp", "contract rates")
    write(folder / "rates.meta.toml", 'groups = ["contracts"]\n')
    run(folder)
    stranger, member = Sight(frozenset({"billing"})), Sight(frozenset({"contracts"}))
    assert _names(home, stranger) == [SLIDES]
    assert _names(home, member) == ["papers/rates.odp", SLIDES]
    write(folder / "slides.meta.toml", 'groups = ["contracts"]\n')
    run(folder)
    assert _names(home, stranger) == []
    assert _names(home, member) == ["papers/rates.odp", SLIDES]


def test_a_rule_of_its_folder_hides_it_at_once(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    run(folder)
    change_rules(home, lambda rules: rules.with_rule("papers", ["contracts"]))
    assert _names(home, Sight(frozenset({"billing"}))) == []
