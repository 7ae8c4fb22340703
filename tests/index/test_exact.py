"""A score is the same to the bit, whatever it is computed with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Allowed
from index.model.embedder import Floats, unit
from index.shards.dense import APPROXIMATE_FROM, DenseIndex
from index.shards.exact import can_be_best, cosines, rounding
from index.shards.lexical import LexicalIndex, Ranked
from index.shards.places import Ids
from index.shards.tokens import TokenIndex, TokenVectors
from index.shards.vectors import Entry, Vectors, VectorsWriter
from index.shards.words import Words, WordsWriter

_DIMENSION, _TOKENS, _VOCABULARY = 384, 64, 500
_COUNT = 1500


def _unit_rows(count: int, dimension: int, *, seed: int) -> Floats:
    """Rows of which many are nearly equal, so that many scores are."""
    chance = np.random.default_rng(seed)
    subjects = chance.standard_normal((20, dimension))
    own = 0.001 * chance.standard_normal((count, dimension))
    return unit((subjects[chance.integers(0, 20, count)] + own).astype(np.float32))


def _tokens(passage: int) -> TokenVectors:
    chance = np.random.default_rng(passage)
    rows = int(chance.integers(0, 40))
    vectors = 127 * unit(chance.standard_normal((rows, _TOKENS)).astype(np.float32))
    return TokenVectors(
        vectors=np.round(vectors).astype(np.int8),
        sentences=np.sort(chance.integers(0, 6, rows)).astype(np.uint8),
        kinds=np.unique(chance.integers(0, _VOCABULARY, rows)).astype(np.int32),
    )


def _write(folder: Path, parts: Sequence[Ids], vectors: Floats) -> list[Vectors]:
    """A shard of each part of the passages, which are numbered from 0."""
    folder.mkdir()
    shards = []
    for number, part in enumerate(parts, 1):
        stem = folder / f"{number:06d}"
        writer = VectorsWriter(stem, dimension=_DIMENSION, vocabulary=_VOCABULARY)
        for identity in part.tolist():
            writer.add(Entry(identity, vectors[identity], _tokens(identity)))
        how = writer.finish()
        shards.append(Vectors(stem, dimension=_DIMENSION, token_dimension=_TOKENS, how=how))
    return shards


_VECTORS = _unit_rows(_COUNT, _DIMENSION, seed=1)
_QUESTION = _unit_rows(1, _DIMENSION, seed=1)[0]


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> list[list[Vectors]]:
    """The same passages in one shard, and in others in other orders."""
    folder = tmp_path_factory.mktemp("layouts")
    mixed = np.random.default_rng(2).permutation(_COUNT)
    cuts = np.sort(np.random.default_rng(3).choice(np.arange(1, _COUNT), 6, replace=False))
    return [
        _write(folder / "one", [np.arange(_COUNT)], _VECTORS),
        _write(folder / "mixed", [mixed], _VECTORS),
        _write(folder / "many", np.split(mixed, cuts), _VECTORS),
    ]


def _dense(shards: Sequence[Vectors]) -> DenseIndex:
    return DenseIndex([shard.dense for shard in shards], dimension=_DIMENSION)


@given(st.integers(0, 10**6), st.integers(1, 300))
def test_a_cosine_does_not_depend_on_the_rows_beside_it(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    rows = _unit_rows(count, int(chance.integers(2, 500)), seed=seed)
    other = unit(rows[0] + 0.1 * rows[-1])
    together = cosines(rows, other)
    some = chance.permutation(count)[: chance.integers(1, count + 1)]
    assert cosines(rows[some], other).tobytes() == together[some].tobytes()
    assert cosines(np.asfortranarray(rows), other).tobytes() == together.tobytes()
    pairs = cosines(rows, np.stack([other, rows[0]]))
    assert pairs[:, 0].tobytes() == together.tobytes()
    axes = chance.permutation(rows.shape[1])
    assert cosines(rows[:, axes], other[axes]).tobytes() == together.tobytes()
    assert abs(rows @ other - together).max() <= rounding(rows.shape[1])


def test_a_float32_product_does() -> None:
    """What the rounding is for: without it this very test would pass, and the others be empty."""
    alone = np.array([row @ _QUESTION for row in _VECTORS])
    assert (alone != _VECTORS @ _QUESTION).any()


@given(st.integers(0, 10**6), st.integers(1, 60))
def test_none_of_the_best_is_left_out_however_near_its_score(seed: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    true = chance.integers(0, 30, 50) / 100
    known = (true + chance.uniform(-0.02, 0.02, 50)).astype(np.float32)
    kept = can_be_best(known, k=k, within=0.021)
    least = np.sort(true)[::-1][min(k, 50) - 1]
    assert kept[true >= least].all()


@pytest.mark.parametrize("k", [1, 20, 200, 1400])
def test_the_best_are_the_same_to_the_bit_in_any_shards_and_under_any_filter(
    layouts: list[list[Vectors]], k: int
) -> None:
    scores = cosines(_VECTORS, _QUESTION)
    chance = np.random.default_rng(k)
    for share in (None, 0.05, 0.5, 0.999):
        kept = np.arange(_COUNT)
        if share is not None:
            kept = np.sort(chance.choice(_COUNT, int(share * _COUNT), replace=False))
        best = kept[np.lexsort((kept, -scores[kept]))[:k]]
        for shards in layouts:
            allowed = None if share is None else Allowed.of(kept)
            for exact in (False, True):
                found = _dense(shards).search(_QUESTION, k=k, allowed=allowed, exact=exact)
                assert found == Ranked(tuple(best.tolist()), tuple(scores[best].tolist()))


def test_what_codes_find_has_the_scores_of_an_exact_search(tmp_path: Path) -> None:
    many = APPROXIMATE_FROM + 10
    vectors = _unit_rows(many, _DIMENSION, seed=4)
    (shard,) = _write(tmp_path / "large", [np.arange(many)], vectors)
    assert shard.dense.approximate
    scores = cosines(vectors, _QUESTION)
    everything = Allowed.of(np.arange(0, many, 2))
    few = Allowed.of(np.arange(0, many, 20))
    for allowed in (None, everything, few):
        found = _dense([shard]).search(_QUESTION, k=200, allowed=allowed)
        assert list(found.scores) == scores[list(found.ids)].tolist()
    best = few.ids[np.lexsort((few.ids, -scores[few.ids]))[:200]]
    assert found.ids == tuple(best.tolist())


@pytest.mark.parametrize("seed", range(8))
def test_late_interaction_does_not_depend_on_the_passages_beside_it(
    layouts: list[list[Vectors]], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    asked = unit(chance.standard_normal((int(chance.integers(1, 40)), _TOKENS)).astype(np.float32))
    kinds = chance.integers(0, _VOCABULARY, len(asked)).astype(np.int32)
    alone: dict[int, tuple[bytes, tuple[float, ...]]] = {}
    one, *others = (TokenIndex([shard.tokens for shard in shards]) for shards in layouts)
    weights = one.weights(kinds)
    for passage in chance.choice(_COUNT, 120, replace=False).tolist():
        late = one.late(asked, weights, [passage])
        alone[passage] = (late.scores[0].tobytes(), late.sentences(0))
    for tokens in (one, *others):
        assert tokens.weights(kinds).tobytes() == weights.tobytes()
        for size in (2, 7, 100):
            passages = chance.permutation(list(alone))[:size].tolist()
            late = tokens.late(asked, weights, passages)
            for at, passage in enumerate(passages):
                assert (late.scores[at].tobytes(), late.sentences(at)) == alone[passage]
    mixed = chance.permutation(len(asked))
    again = one.late(asked[mixed], weights[mixed], list(alone))
    assert [score.tobytes() for score in again.scores] == [score for score, _ in alone.values()]


_WORDS = [f"word{number}" for number in range(60)]


def _text(passage: int) -> str:
    chance = np.random.default_rng(passage % 1200)  # some say the same
    common = 1 / np.arange(1, len(_WORDS) + 1)
    length = int(chance.integers(3, 120))
    return " ".join(chance.choice(_WORDS, length, p=common / common.sum()).tolist())


def _segments(folder: Path, parts: Sequence[Ids]) -> LexicalIndex:
    """The words of the passages, each part in an index of its own as syncs one after the other
    leave them."""
    for number, part in enumerate(parts):
        writer = WordsWriter(folder / str(number))
        for passage in part.tolist():
            writer.add(Words(passage, 1 + passage % 7, _text(passage)))
        writer.finish()
    return LexicalIndex([folder / str(number) / "00" for number in range(len(parts))])


def _weighted(seed: int) -> tuple[tuple[str, float], ...]:
    chance = np.random.default_rng(seed)
    words = chance.choice(_WORDS, int(chance.integers(1, 30)), replace=False).tolist()
    return tuple((word, float(chance.choice([1.0, 0.3, 0.7]))) for word in words)


def test_scores_of_words_do_not_depend_on_the_segments_in_which_passages_lie(
    tmp_path: Path,
) -> None:
    mixed = np.random.default_rng(5).permutation(_COUNT)
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    one = _segments(tmp_path / "one", [np.arange(_COUNT)])
    many = _segments(tmp_path / "many", np.split(mixed, [900, 1300, 1450]))
    for seed in range(60):
        weighted = _weighted(seed)
        for k in (1, 10, 200):
            assert one.search(weighted, k=k) == many.search(weighted, k=k)
        all_found = one.search(weighted, k=_COUNT)
        assert one.search(weighted, k=10).ids == all_found.ids[:10]
        assert sorted(one.matching(weighted).tolist()) == sorted(all_found.ids)
        phrase = " ".join(_WORDS[:2])
        found = one.search(weighted, k=30, phrases=[phrase], without=[_WORDS[-1]])
        assert found == many.search(weighted, k=30, phrases=[phrase], without=[_WORDS[-1]])
