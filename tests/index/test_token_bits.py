"""Token vectors in four bits: half as large, nearly the same; the same however often written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.home import Home
from index.model.embedder import Embedder
from index.model.source import ConvertedModel
from index.opening import open_library
from index.shards.tokens import packed, unpacked
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport

_rows = arrays(np.int8, (3, 64), elements=st.integers(-127, 127))


@given(_rows)
def test_each_part_is_within_a_fourteenth_of_the_largest(rows: np.ndarray) -> None:
    most = np.abs(rows.astype(int)).max(axis=1, keepdims=True)
    apart = np.abs(unpacked(packed(rows)).astype(int) - rows)
    assert (apart <= most / 14 + 0.5).all()
    assert packed(rows).nbytes == 3 * 33


@given(_rows)
def test_what_was_packed_once_is_the_same_packed_again(rows: np.ndarray) -> None:
    rows[:, 0] = 16  # the least that the largest of 64 parts of a unit vector can be
    once = packed(rows)
    assert (packed(unpacked(once)) == once).all()


def _sync(home: Home, folder: Path, embedder: Embedder) -> SyncReport:
    return sync(home, [(None, folder)], embedder=lambda: embedder, settings=SyncSettings())


def _tokens(home: Home) -> int:
    folder = home.folder(home.current())
    return sum(path.stat().st_size for path in folder.rglob("vectors.tokens"))


def test_an_index_in_four_bits_is_made_kept_and_left_again(
    home: Path, tmp_path: Path, model: ConvertedModel
) -> None:
    usual = Embedder(model, threads=1)
    small = Embedder(model, threads=1, token_bits=4)
    folder = tmp_path / "rules"
    folder.mkdir()
    for number in range(12):
        text = f"# Rule {number}\n\nPlan {number} pays 0581T {number + 1} times a year.\n"
        (folder / f"{number}.md").write_text(text, "utf-8")
    asked = usual.query("How often does plan 7 pay?")
    at = Home(home)
    _sync(at, folder, usual)
    large = _tokens(at)
    with open_library(at) as library:
        before = library.late(asked, library.ids()["catalogue"])
    report = _sync(at, folder, small)
    assert report.rebuilt == "the recipe changed: token_bits"
    assert _tokens(at) == large // 64 * 33
    with open_library(at) as library:
        ids = library.ids()["catalogue"]
        after = library.late(asked, ids)
    assert np.abs(before.scores - after.scores).max() < 0.02
    assert before.scores.argmax() == after.scores.argmax()
    (folder / "3.md").unlink()  # its shard is written anew, from what is packed
    (folder / "new.md").write_text("# New\n\nIt is new.\n", "utf-8")
    assert _sync(at, folder, small).embedded == 1
    kept = dict(zip(ids, after.matches, strict=True))
    with open_library(at) as library:
        left = [identity for identity in library.ids()["catalogue"] if identity in kept]
        again = library.late(asked, left)
    assert len(left) == 11
    assert (again.matches == np.stack([kept[identity] for identity in left])).all()
    assert _sync(at, folder, usual).rebuilt == "the recipe changed: token_bits"
