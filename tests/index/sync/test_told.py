"""What a person said of documents beside their files, through syncs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from corpus.document import Metadata
from corpus.metadata.told import Told, Value
from index.home import Home
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport

POLICY = """---
payer: Wrong Plan
retired: 2024-06-01
---
# Ablation

Effective date: January 5, 2020

Bill 0581T once per breast.
"""
Run = Callable[..., SyncReport]
Words = Mapping[str, Sequence[Told]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "policies"
    root.mkdir()
    (root / "a.md").write_text(POLICY, "utf-8")
    return root


@pytest.fixture
def run(home: Path, embedder: Embedder, folder: Path) -> Run:
    def synced(told: Words, **settings: object) -> SyncReport:
        return sync(
            Home(home),
            [(None, folder)],
            embedder=lambda: embedder,
            settings=SyncSettings(told=told, **settings),  # type: ignore[arg-type]
        )

    return synced


def _said(path: Path, **fields: Value) -> list[Told]:
    digest = sha256(path.read_bytes()).hexdigest()
    return [Told(name, value, digest) for name, value in fields.items()]


def _known(home: Path, document: str) -> Metadata:
    with open_library(Home(home)) as library:
        chain = [v for v in library.versions.values() if v.document == document]
        return library.document(max(chain, key=lambda one: one.ordinal).id).metadata


def test_a_persons_word_wins_over_the_file_and_what_is_found_and_goes_when_it_is_taken_back(
    run: Run, home: Path, folder: Path
) -> None:
    run({})
    assert _known(home, "policies/a.md").found[0].field == "effective"
    words = {"policies/a.md": _said(folder / "a.md", payer="Right Plan", effective="2025-02-01")}
    assert run(words).changed == ["policies/a.md"]
    known = _known(home, "policies/a.md")
    assert (known.payer, known.effective) == ("Right Plan", date(2025, 2, 1))
    assert known.retired is None, "a day of the file that contradicts the one a person gave"
    assert (known.told, known.found) == (("effective", "payer"), ())
    assert run(words).unchanged == 1
    assert run({}).changed == ["policies/a.md"]
    assert _known(home, "policies/a.md").payer == "Wrong Plan"
    assert (folder / "a.md").read_text("utf-8") == POLICY


def test_what_a_person_said_is_not_known_stays_empty_though_it_is_found(
    run: Run, home: Path, folder: Path
) -> None:
    words = {"policies/a.md": _said(folder / "a.md", payer=None, effective=None)}
    run(words)
    known = _known(home, "policies/a.md")
    assert (known.payer, known.effective, known.found) == (None, None, ())


def test_a_new_title_stands_above_the_passages_too(run: Run, home: Path, folder: Path) -> None:
    run({})
    run({"policies/a.md": _said(folder / "a.md", title="Cryoablation of the breast")})
    with open_library(Home(home)) as library:
        [version] = library.versions
        contexts = [stored.content.context for stored in library.passages_of(version)]
    assert all("Cryoablation of the breast" in context for context in contexts)


def test_of_the_next_version_only_what_is_true_of_the_document_still_holds(
    run: Run, home: Path, folder: Path
) -> None:
    words = {"policies/a.md": _said(folder / "a.md", payer="Right Plan", effective="2025-02-01")}
    run(words)
    (folder / "a.md").write_text(POLICY.replace("once", "twice"), "utf-8")
    run(words)
    known = _known(home, "policies/a.md")
    assert (known.payer, known.effective, known.told) == (
        "Right Plan",
        date(2020, 1, 5),
        ("payer",),
    )


def test_it_follows_a_file_that_was_renamed_and_says_under_which_name(
    run: Run, home: Path, folder: Path
) -> None:
    words = {"policies/a.md": _said(folder / "a.md", payer="Right Plan")}
    run(words)
    heard: dict[str, str] = {}
    (folder / "a.md").rename(folder / "b.md")
    run(words, renamed=heard.update)
    assert _known(home, "policies/b.md").payer == "Right Plan"
    assert heard == {"policies/a.md": "policies/b.md"}


def test_a_copy_that_was_there_before_takes_nothing_over_from_a_file_that_goes(
    run: Run, home: Path, folder: Path
) -> None:
    (folder / "copy.md").write_text(POLICY, "utf-8")
    words = {"policies/a.md": _said(folder / "a.md", payer="Right Plan")}
    run(words)
    (folder / "a.md").unlink()
    run(words)
    assert _known(home, "policies/copy.md").payer == "Wrong Plan"


def test_a_rebuild_keeps_what_was_said(run: Run, home: Path, folder: Path) -> None:
    words = {"policies/a.md": _said(folder / "a.md", payer="Right Plan")}
    run(words)
    run(words, force=True)
    assert _known(home, "policies/a.md").payer == "Right Plan"


def test_naming_the_writer_keeps_what_was_found(run: Run, home: Path, folder: Path) -> None:
    words = {"policies/a.md": _said(folder / "a.md", written_by="Jane Smith")}
    run({})
    before = _known(home, "policies/a.md")
    run(words)
    after = _known(home, "policies/a.md")
    assert after.written_by == "Jane Smith"
    assert (after.stated, after.doubtful, after.found) == (
        before.stated,
        before.doubtful,
        before.found,
    )
