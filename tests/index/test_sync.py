"""Sync: what is added, changed, removed and unchanged; what is embedded again and what is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.codes import CodeSystem
from index.embedded import EmbeddedLibrary
from index.errors import IndexLocked, IndexProblem
from index.filters import Filters
from index.home import Home
from index.home.generations import discard
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from index.sync.writing import Progress, silent
from index.versions import today

Write = Callable[[Path, str], Path]


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    root = tmp_path / "policies"
    write(root / "cryo.md", "# Cryoablation\n\nBill 0581T once per breast.\n")
    write(root / "side.md", "# Sides\n\nRT is the right breast, LT the left one.\n")
    return root


@pytest.fixture
def run(home: Path, embedder: Embedder) -> Callable[..., SyncReport]:
    def synced(
        *folders: Path,
        forget: Path | None = None,
        progress: Progress = silent,
        **settings: object,
    ) -> SyncReport:
        return sync(
            Home(home),
            [(None, path) for path in folders],
            embedder=lambda: embedder,
            settings=SyncSettings(**settings),  # type: ignore[arg-type]
            progress=progress,
            forget=[forget] if forget else [],
        )

    return synced


def _open(home: Path) -> EmbeddedLibrary:
    return open_library(Home(home))


def test_a_first_sync_adds_every_document_and_a_second_one_does_nothing(
    run: Callable[..., SyncReport], folder: Path
) -> None:
    first = run(folder)
    assert first.added == ["policies/cryo.md", "policies/side.md"]
    assert (first.documents, first.generation) == (2, 1)
    assert first.embedded == first.passages > 0
    second = run(folder)
    assert (second.added, second.changed, second.removed) == ([], [], [])
    assert (second.unchanged, second.embedded, second.generation) == (2, 0, 1)


def test_only_the_passages_that_changed_are_embedded_again(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path
) -> None:
    long = "\n\n".join(f"## Part {n}\n\nRule {n} on 0581T." for n in range(9))
    write(folder / "long.md", f"# Long\n\n{long}\n")
    before = run(folder)
    write(folder / "long.md", f"# Long\n\n{long}\n\n## Part 9\n\nA new rule.\n")
    after = run(folder)
    assert after.changed == ["policies/long.md"]
    assert after.embedded == 1
    assert after.passages > before.passages  # the earlier version stays searchable
    library = _open(home)
    versions = [v for v in library.versions.values() if v.document == "policies/long.md"]
    assert [v.ordinal for v in versions] == [1, 2]
    library.close()


def test_a_reused_vector_is_the_one_that_embedding_would_give(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path, embedder: Embedder
) -> None:
    from corpus.text.split import embedded_text

    run(folder)
    write(folder / "cryo.md", "# Cryoablation\n\nBill 0581T once per breast.\n\n## New\n\nMore.\n")
    assert run(folder).embedded == 1
    library = _open(home)
    for identity in library.ids()["passages"]:
        (stored,) = library.passages([identity])
        ((_, fresh),) = embedder.passages([embedded_text(stored.content)])
        (kept,) = library.vectors([identity])
        np.testing.assert_allclose(kept, fresh.vector, atol=2e-5)
    library.close()


def test_a_removed_file_is_gone_from_texts_words_vectors_and_codes(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path, embedder: Embedder
) -> None:
    write(folder / "canary.md", "# Canary\n\nThe xylographic canary bills 19105.\n")
    run(folder)
    (folder / "canary.md").unlink()
    report = run(folder)
    assert report.removed == ["policies/canary.md"]
    library = _open(home)
    everything = Filters(on=today(), include_all=True)
    assert library.by_words([("xylograph", 1.0)], everything, k=5).ids == ()
    assert library.naming(CodeSystem.CPT, "19105", everything) == []
    question = embedder.query("xylographic canary")
    texts = [
        stored.content.text
        for stored in library.passages(library.by_meaning(question.vector, everything, k=50).ids)
    ]
    assert texts and not any("canary" in text for text in texts)
    current = Home(home).folder(library.generation)
    held = [path for path in current.rglob("*") if path.is_file()]
    assert not any(b"xylographic" in path.read_bytes() for path in held)
    library.close()


def test_equal_files_are_both_indexed_and_reported_as_duplicates(
    run: Callable[..., SyncReport], folder: Path, write: Write
) -> None:
    write(folder / "again.md", (folder / "cryo.md").read_text())
    report = run(folder)
    assert report.duplicates == [{"path": "policies/cryo.md", "of": "policies/again.md"}]
    assert report.documents == 3


def test_passages_that_are_equal_in_one_sync_are_embedded_once(
    folder: Path, run: Callable[..., SyncReport], home: Path
) -> None:
    (folder / "again.md").write_bytes((folder / "cryo.md").read_bytes())
    report = run(folder)
    assert (report.passages, report.embedded) == (3, 2)
    library = _open(home)
    texts = {
        identity: library.passages([identity])[0].content for identity in library.ids()["passages"]
    }
    one, other = (identity for identity, passage in texts.items() if "0581T" in passage.text)
    vectors = library.vectors([one, other])
    assert np.array_equal(vectors[0], vectors[1])
    library.close()


def test_equal_passages_far_apart_in_one_sync_are_embedded_once(
    run: Callable[..., SyncReport],
    tmp_path: Path,
    write: Write,
    home: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are in other batches and in other shards, which are small here."""
    from corpus.text.split import embedded_text
    from index.shards.tokens import small

    monkeypatch.setattr("index.sync.writing._EMBED_AT_ONCE", 4)
    monkeypatch.setattr("index.sync.shards.MOST_PASSAGES", 9)
    equal = "# Rule\n\n" + "\n\n".join(f"## Part {n}\n\nBill it {n} times." for n in range(3))
    root = tmp_path / "copies"
    for number in range(8):
        write(root / f"{number}-copy.md", equal)
        write(root / f"{number}-other.md", f"# Other\n\nNumber {number} is of another kind.\n")
    report = run(root)
    assert (report.passages, report.embedded) == (8 * 3 + 8, 3 + 8)
    library = _open(home)
    for identity in library.ids()["passages"]:
        (stored,) = library.passages([identity])
        ((_, fresh),) = embedder.passages([embedded_text(stored.content)])
        vector, tokens = library.vectors_of(identity)
        np.testing.assert_allclose(vector, fresh.vector, atol=2e-5)
        wanted = small(fresh, stored.content)
        np.testing.assert_allclose(tokens.vectors, wanted.vectors, atol=1)
        assert np.array_equal(tokens.sentences, wanted.sentences)
        assert np.array_equal(tokens.kinds, wanted.kinds)
    library.close()


def test_a_bad_file_is_reported_again_until_it_changes_and_never_stops_the_rest(
    run: Callable[..., SyncReport], folder: Path
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / "empty.txt").write_bytes(b"")
    for _ in range(2):
        report = run(folder)
        assert {entry["path"] for entry in report.failed} == {
            "policies/broken.pdf",
            "policies/empty.txt",
        }
        assert all(entry["reason"].endswith(".") for entry in report.failed)
        assert report.documents == 2


def test_a_file_that_becomes_unreadable_keeps_its_last_good_version(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    run(folder)
    (folder / "cryo.md").write_bytes(b"\x00\x01\x02" * 50)
    report = run(folder)
    assert [entry["path"] for entry in report.failed] == ["policies/cryo.md"]
    library = _open(home)
    assert "policies/cryo.md" in {v.document for v in library.versions.values()}
    library.close()


def test_other_folders_stay_and_a_missing_one_keeps_its_documents(
    run: Callable[..., SyncReport], folder: Path, tmp_path: Path, write: Write
) -> None:
    run(folder)
    other = tmp_path / "rules"
    write(other / "ncci.txt", "NCCI bundles what is usually done together.")
    assert run(other).documents == 3
    folder.rename(tmp_path / "unplugged")
    write(other / "more.txt", "One more rule.")
    assert run(other).documents == 4
    with pytest.raises(IndexProblem, match="does not exist"):
        run(folder)


def test_a_folder_can_be_forgotten(
    run: Callable[..., SyncReport], folder: Path, tmp_path: Path, write: Write
) -> None:
    other = tmp_path / "rules"
    write(other / "ncci.txt", "NCCI bundles what is usually done together.")
    run(folder, other)
    report = run(forget=other)
    assert (report.removed, report.documents) == (["rules/ncci.txt"], 2)


def test_a_dry_run_says_what_would_happen_and_publishes_nothing(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    report = run(folder, dry_run=True)
    assert report.added == ["policies/cryo.md", "policies/side.md"]
    assert not report.published
    assert Home(home).kept() == []


def test_a_second_writer_is_told_who_holds_the_lock(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    with Home(home).writing(), pytest.raises(IndexLocked, match=str(os.getpid())):
        run(folder)


def test_metadata_changed_beside_a_file_is_taken_up_without_a_new_version(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path
) -> None:
    run(folder)
    write(folder / "cryo.md.meta.toml", 'title = "Cryo policy"\npayer = "Cigna"\n')
    report = run(folder)
    assert report.changed == ["policies/cryo.md"]
    library = _open(home)
    (version,) = [v for v in library.versions.values() if v.document == "policies/cryo.md"]
    assert (version.metadata.payer, version.ordinal) == ("Cigna", 1)
    library.close()


def test_a_file_whose_size_and_time_are_as_they_were_is_read_only_when_asked(
    run: Callable[..., SyncReport], folder: Path
) -> None:
    path = folder / "cryo.md"
    os.utime(path, ns=(1, 1_700_000_000_000_000_000))
    run(folder)
    known = path.stat()
    with path.open("r+b") as file:  # the same file, of the same size
        file.write(b"# Cryoablatoin")
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert run(folder).changed == []
    assert run(folder, trust_times=False).changed == ["policies/cryo.md"]


def test_a_file_that_was_written_just_before_a_sync_is_read_again_by_the_next(
    run: Callable[..., SyncReport], folder: Path
) -> None:
    """It may have been written once more within the same tick of the disk's clock."""
    path = folder / "cryo.md"
    run(folder)
    known = path.stat()
    with path.open("r+b") as file:
        file.write(b"# Cryoablatoin")
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert run(folder).changed == ["policies/cryo.md"]


def test_force_makes_everything_anew_with_the_same_passages(
    run: Callable[..., SyncReport], folder: Path, home: Path
) -> None:
    first = run(folder)
    library = _open(home)
    before = [library.document(v).text for v in sorted(library.versions)]
    library.close()
    again = run(folder, force=True)
    assert (again.embedded, again.unchanged) == (first.embedded, 2)
    library = _open(home)
    assert [library.document(v).text for v in sorted(library.versions)] == before
    library.close()


def test_many_small_syncs_merge_their_shards_and_lose_nothing(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path
) -> None:
    for number in range(11):
        write(folder / f"note-{number}.txt", f"Note number {number} on the modifier.")
        run(folder)
    library = _open(home)
    shards = library.about.searched
    assert len(shards) <= 9
    ids = library.ids()["passages"]
    assert library.vectors(ids).shape[0] == len(ids) == library.size
    library.close()


def test_a_named_folder_that_moved_is_the_same_folder(
    home: Path, embedder: Embedder, folder: Path, tmp_path: Path
) -> None:
    def synced(path: Path) -> SyncReport:
        return sync(
            Home(home),
            [("starter", path)],
            embedder=lambda: embedder,
            settings=SyncSettings(),
        )

    synced(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    report = synced(moved)
    assert (report.added, report.unchanged, report.documents) == ([], 2, 2)
    library = _open(home)
    assert dict(library.folders()) == {"starter": str(moved)}
    library.close()


def test_a_folder_that_is_called_library_is_not_taken_for_the_homes_own(
    run: Callable[..., SyncReport], tmp_path: Path, write: Write
) -> None:
    other = tmp_path / "library"
    write(other / "note.txt", "One rule.")
    assert run(other).added == ["library-2/note.txt"]


def test_what_could_not_be_read_is_read_again_alone_when_asked(
    run: Callable[..., SyncReport], folder: Path
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    assert len(run(folder).failed) == 1
    read: list[str] = []

    def watch(step: str, done: int, total: int, what: str = "", /) -> None:
        read.extend([what] if what else [])

    assert len(run(folder, progress=watch).failed) == 1
    assert read == []
    again = run(folder, progress=watch, retry=True)
    assert read == ["policies/broken.pdf"]
    assert (again.unchanged, again.embedded, len(again.failed)) == (2, 0, 1)


def test_a_generation_that_is_not_approved_waits_beside_the_one_that_answers(
    run: Callable[..., SyncReport], folder: Path, home: Path, write: Write
) -> None:
    asked: list[int] = []

    def refuse(generation: int) -> bool:
        asked.append(generation)
        assert EmbeddedLibrary(Home(home), generation).size > 0, "it can be asked before it answers"
        return False

    assert run(folder, approve=refuse).published, "there is nothing that the first one could worsen"
    write(folder / "cryo.md", "# Cryoablation\n\nBill 0581T twice per breast.\n")
    held = run(folder, approve=refuse)
    assert (asked, held.held, held.published, held.generation) == ([2], 2, False, 1)
    assert (Home(home).current(), Home(home).kept()) == (1, [1, 2])
    with pytest.raises(IndexProblem):
        discard(Home(home), 1)
    discard(Home(home), 2)
    assert Home(home).kept() == [1]
    assert run(folder).changed == ["policies/cryo.md"], "what waited is not taken for known"


def test_a_file_that_is_moved_or_renamed_keeps_its_versions_its_history_and_its_events(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path
) -> None:
    run(folder)
    write(folder / "cryo.md", "# Cryoablation\n\nBill 0581T once per side.\n")
    run(folder)
    write(folder / "cryo.md.meta.toml", "effective = 2025-01-01\n")
    run(folder)
    with _open(home) as library:
        before = [v for v in library.versions.values() if v.document == "policies/cryo.md"]
        texts = {version.id: library.text(version.id) for version in before}
        events = library.events()
    assert [event.document for event in events] == ["policies/cryo.md"]
    (folder / "2025").mkdir()
    for name in ("cryo.md", "cryo.md.meta.toml"):
        (folder / name).rename(folder / "2025" / name)
    report = run(folder)
    assert report.moved == [{"path": "policies/2025/cryo.md", "from": "policies/cryo.md"}]
    assert (report.added, report.changed, report.removed, report.unchanged) == ([], [], [], 1)
    with _open(home) as library:
        after = [v for v in library.versions.values() if v.document == "policies/2025/cryo.md"]
        assert not [v for v in library.versions.values() if v.document == "policies/cryo.md"]
        assert [(v.ordinal, v.seen) for v in after] == [(v.ordinal, v.seen) for v in before]
        assert {version.id: library.text(version.id) for version in after} == texts
        assert after[-1].path == str(folder / "2025" / "cryo.md")
        assert [event.document for event in library.events()] == ["policies/2025/cryo.md"]
        assert {state.document for state in library.files()} == {
            "policies/2025/cryo.md",
            "policies/side.md",
        }
    assert (run(folder).unchanged, run(folder, force=True).moved) == (2, [])


def test_a_move_is_seen_while_everything_is_made_anew(
    run: Callable[..., SyncReport], folder: Path, write: Write, home: Path
) -> None:
    run(folder)
    write(folder / "cryo.md", "# Cryoablation\n\nBill 0581T once per side.\n")
    run(folder)
    (folder / "cryo.md").rename(folder / "renamed.md")
    report = run(folder, force=True)
    assert report.moved == [{"path": "policies/renamed.md", "from": "policies/cryo.md"}]
    with _open(home) as library:
        known = sorted((v.document, v.ordinal) for v in library.versions.values())
    assert known == [
        ("policies/renamed.md", 1),
        ("policies/renamed.md", 2),
        ("policies/side.md", 1),
    ]


def test_a_copy_is_no_move_and_of_equal_files_those_that_keep_their_names_are_moved(
    run: Callable[..., SyncReport], folder: Path, write: Write
) -> None:
    same = (folder / "cryo.md").read_text("utf-8")
    write(folder / "copy.md", same)
    report = run(folder)
    write(folder / "again.md", same)
    assert run(folder).moved == []
    (folder / "again.md").unlink()
    run(folder)
    (folder / "in").mkdir()
    for name in ("cryo.md", "copy.md"):
        (folder / name).rename(folder / "in" / name)
    report = run(folder)
    assert report.moved == [
        {"path": "policies/in/copy.md", "from": "policies/copy.md"},
        {"path": "policies/in/cryo.md", "from": "policies/cryo.md"},
    ]
    assert (report.added, report.removed) == ([], [])
