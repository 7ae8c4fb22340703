"""Shards of vectors: exact while they are few, approximate and measured when they are many."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import faiss
import numpy as np
import pytest

from index.errors import DamagedIndex
from index.filters import Allowed
from index.model.embedder import Floats, unit
from index.shards.dense import APPROXIMATE_FROM, DenseIndex
from index.shards.places import Ids
from index.shards.shard import MOST_PASSAGES, to_merge
from index.shards.tokens import TokenVectors
from index.shards.vectors import Entry, Vectors, VectorsWriter

_DIMENSION, _TOKENS, _VOCABULARY = 16, 8, 100
_MANY = APPROXIMATE_FROM + 2_000
_TASKS = Path("/proc/self/task")


def _texts(count: int, *, seed: int) -> Floats:
    """Vectors that lie in clumps, as those of texts on a few hundred subjects do."""
    subjects = np.random.default_rng(0).standard_normal((300, _DIMENSION))
    chance = np.random.default_rng(seed)
    own = chance.standard_normal((count, _DIMENSION))
    return unit((subjects[chance.integers(0, 300, count)] + 0.5 * own).astype(np.float32))


def _tokens(passage: int) -> TokenVectors:
    rows = 1 + passage % 3
    return TokenVectors(
        vectors=np.full((rows, _TOKENS), passage % 100, np.int8),
        sentences=np.ones(rows, np.uint8),
        kinds=np.array([passage % _VOCABULARY], np.int32),
    )


def _write(stem: Path, ids: Ids, vectors: Floats) -> dict[str, object]:
    writer = VectorsWriter(stem, dimension=_DIMENSION, vocabulary=_VOCABULARY)
    for identity, vector in zip(ids.tolist(), vectors, strict=True):
        writer.add(Entry(identity, vector, _tokens(identity)))
    return writer.finish()


def _open(stem: Path, how: Mapping[str, object] = MappingProxyType({})) -> Vectors:
    return Vectors(stem, dimension=_DIMENSION, token_dimension=_TOKENS, how=how)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids, Floats, dict[str, object]]:
    folder = tmp_path_factory.mktemp("000001")
    # Ids with gaps and in no order, as removals and sorting by length leave them.
    ids = np.random.default_rng(1).permutation(np.arange(7, 7 + 3 * _MANY, 3))
    vectors = _texts(_MANY, seed=2)
    return folder / "000001", ids, vectors, _write(folder / "000001", ids, vectors)


def test_a_large_shard_finds_nearly_what_an_exact_search_finds(
    large: tuple[Path, Ids, Floats, dict[str, object]],
) -> None:
    stem, ids, vectors, how = large
    assert how["search"] == "approximate"
    index = DenseIndex([_open(stem, how).dense], dimension=_DIMENSION)
    assert index.approximate
    shares = []
    for question in _texts(40, seed=3):
        truth = ids[np.argsort(-(vectors @ question), kind="stable")[:50]]
        found = index.search(question, k=200)
        shares.append(np.isin(truth, found.ids).mean())
        assert list(found.scores) == sorted(found.scores, reverse=True)
        exact = index.search(question, k=50, exact=True)
        assert set(exact.ids) == set(truth.tolist())
    assert np.mean(shares) >= 0.98


def test_filters_that_leave_few_are_exact_in_a_large_shard(
    large: tuple[Path, Ids, Floats, dict[str, object]],
) -> None:
    stem, ids, vectors, how = large
    index = DenseIndex([_open(stem, how).dense], dimension=_DIMENSION)
    kept = np.sort(np.random.default_rng(4).choice(ids, 500, replace=False))
    within = np.isin(ids, kept)
    for question in _texts(10, seed=5):
        truth = ids[within][np.argsort(-(vectors[within] @ question), kind="stable")[:20]]
        found = index.search(question, k=20, allowed=Allowed.of(kept))
        assert found.ids == tuple(truth.tolist())


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_filter_leaves_the_best_of_what_it_lets_through(
    large: tuple[Path, Ids, Floats, dict[str, object]], share: float
) -> None:
    stem, ids, vectors, how = large
    index = DenseIndex([_open(stem, how).dense], dimension=_DIMENSION)
    kept = np.sort(np.random.default_rng(4).choice(ids, int(share * len(ids)), replace=False))
    within = np.isin(ids, kept)
    shares = []
    for question in _texts(20, seed=5):
        truth = ids[within][np.argsort(-(vectors[within] @ question), kind="stable")[:20]]
        found = index.search(question, k=20, allowed=Allowed.of(kept))
        assert len(found.ids) == 20
        assert np.isin(found.ids, kept).all()
        shares.append(np.isin(truth, found.ids).mean())
    assert np.mean(shares) >= 0.98


def test_a_filter_that_leaves_nothing_finds_nothing(
    large: tuple[Path, Ids, Floats, dict[str, object]],
) -> None:
    stem, ids, vectors, how = large
    index = DenseIndex([_open(stem, how).dense], dimension=_DIMENSION)
    assert index.search(vectors[0], k=20, allowed=Allowed.of(ids[:0])).ids == ()


def test_filters_that_leave_most_find_what_is_best_of_what_they_leave(
    large: tuple[Path, Ids, Floats, dict[str, object]],
) -> None:
    stem, ids, vectors, how = large
    index = DenseIndex([_open(stem, how).dense], dimension=_DIMENSION)
    question = _texts(1, seed=6)[0]
    # All but the very nearest, so that those which are found without a filter are not allowed.
    nearest = ids[np.argsort(-(vectors @ question), kind="stable")]
    kept = np.sort(nearest[60:])
    found = index.search(question, k=20, allowed=Allowed.of(kept))
    assert len(found.ids) == 20
    assert np.isin(found.ids, nearest[60:85]).mean() >= 0.9


def test_a_large_shard_of_an_earlier_codedesk_is_searched_exactly(
    large: tuple[Path, Ids, Floats, dict[str, object]], tmp_path: Path
) -> None:
    """Its codes were others; the rows beside them are what they always were."""
    stem, ids, vectors, _ = large
    for path in stem.parent.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lists = faiss.index_factory(_DIMENSION, "IVF64,SQ8", faiss.METRIC_INNER_PRODUCT)
    lists.train(vectors)
    lists.add_with_ids(vectors, ids)
    (tmp_path / "000001.faiss").write_bytes(faiss.serialize_index(lists).data)
    earlier = {"search": "approximate", "lists": 64, "probes": 8, "recall_50": 0.99}
    index = DenseIndex([_open(tmp_path / "000001", earlier).dense], dimension=_DIMENSION)
    assert sorted(index.ids()) == sorted(ids.tolist())
    for question in _texts(5, seed=3):
        truth = ids[np.argsort(-(vectors @ question), kind="stable")[:50]]
        assert set(index.search(question, k=50).ids) == set(truth.tolist())


def test_rows_are_read_as_they_were_written_whatever_the_order_of_asking(
    large: tuple[Path, Ids, Floats, dict[str, object]],
) -> None:
    stem, ids, vectors, _ = large
    index = DenseIndex([_open(stem).dense], dimension=_DIMENSION)
    asked = [9, 3, 500, 3]
    assert np.array_equal(index.vectors(ids[asked]), vectors[asked])
    with pytest.raises(KeyError):
        index.vectors([int(ids[0]), 8])  # ids are 7, 10, 13, ...
    assert sorted(index.ids()) == sorted(ids.tolist())


def test_the_same_vectors_make_the_same_files(
    large: tuple[Path, Ids, Floats, dict[str, object]], tmp_path: Path
) -> None:
    stem, ids, vectors, how = large
    assert _write(tmp_path / "000001", ids, vectors) == how
    for path in sorted(stem.parent.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("ending", [".vectors", ".tokens", ".sentences", ".kinds"])
def test_a_flipped_bit_in_rows_is_noticed_when_they_are_looked_at(
    large: tuple[Path, Ids, Floats, dict[str, object]], tmp_path: Path, ending: str
) -> None:
    folder = tmp_path / "generations" / "000007" / "shards"
    folder.mkdir(parents=True)
    for path in large[0].parent.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    harmed = folder / f"000001{ending}"
    content = bytearray(harmed.read_bytes())
    content[0] ^= 4
    harmed.write_bytes(content)
    shard = _open(folder / "000001")
    shard.entry(1)
    with pytest.raises(DamagedIndex, match=r"Generation 7 is damaged: shards/000001.*--force"):
        shard.entry(0)


@pytest.mark.parametrize("count", [1000, _MANY], ids=["exact", "approximate"])
def test_rows_of_removed_passages_stay_and_are_never_found(count: int, tmp_path: Path) -> None:
    ids, vectors = np.arange(count), _texts(count, seed=7)
    how = _write(tmp_path / "old", ids, vectors)
    dead = np.array([3, 500, 999])
    _open(tmp_path / "old", how).without(tmp_path / "new", dead)
    assert (tmp_path / "new.tokens").samefile(tmp_path / "old.tokens")
    left = _open(tmp_path / "new", how)
    index = DenseIndex([left.dense], dimension=_DIMENSION)
    for question in (vectors[3], vectors[500]):
        for exact in (False, True):
            assert not np.isin(index.search(question, k=50, exact=exact).ids, dead).any()
    assert sorted(index.ids()) == sorted(set(range(count)) - {3, 500, 999})
    with pytest.raises(KeyError):
        index.vectors([500])
    _write(tmp_path / "anew", np.delete(ids, dead), np.delete(vectors, dead, axis=0))
    anew = _open(tmp_path / "anew")
    assert np.array_equal(left.places.frequency, anew.places.frequency), "as if never there"


def test_small_shards_are_merged_and_large_ones_are_left_alone() -> None:
    assert to_merge([50_000, 10, 10]) == []
    assert to_merge([MOST_PASSAGES, 90_000, *[20] * 9]) == list(range(2, 11))
    chosen = to_merge([60_000, *[20] * 9])
    assert chosen == list(range(1, 10))
    assert to_merge([1, 1, 2, 4, 8, 16, 32, 64, 128]) == list(range(9))


@pytest.mark.skipif(not _TASKS.is_dir(), reason="this system does not list a process's threads")
@pytest.mark.skipif(os.cpu_count() == 1, reason="there is no second core to start a thread for")
def test_a_search_starts_no_threads_whichever_thread_asks(
    large: tuple[Path, Ids, Floats, dict[str, object]], tmp_path: Path
) -> None:
    """Those that OpenMP starts by itself wait for the next search in a loop, on a whole core."""
    ids = np.arange(1, 3001, dtype=np.int64)
    _write(tmp_path / "000001", ids, _texts(len(ids), seed=8))
    shards = {"exact": _open(tmp_path / "000001"), "approximate": _open(large[0], large[3])}
    for kind, shard in shards.items():
        index = DenseIndex([shard.dense], dimension=_DIMENSION)
        question = _texts(1, seed=9)[0]

        def started(index: DenseIndex = index, question: Floats = question) -> int:
            before = {task.name for task in _TASKS.iterdir()}  # others may end meanwhile
            index.search(question, k=50)
            return len({task.name for task in _TASKS.iterdir()} - before)

        with ThreadPoolExecutor(1) as asker:
            assert asker.submit(started).result() == 0, kind
