"""A shard: what is removed from it is gone from its files, and the rest is as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.codes import CodeSystem, codes_in
from corpus.document import Block, BlockKind, Document, Metadata, Passage, Span
from index.shards.analysis import analyze
from index.shards.arrays import read_arrays, write_arrays
from index.shards.lexical import LexicalIndex
from index.shards.shard import Shard, ShardWriter, Sizes
from index.shards.texts import TEXTS, Content, Texts
from index.shards.tokens import TokenVectors
from index.shards.vectors import Entry

_SIZES = Sizes(dimension=8, token_dimension=4)
_TEXTS = {
    1: "The first policy covers 19105 on Mondays.",
    2: "The xylographic policy covers 0581T on Tuesdays.",
    3: "The third policy covers 0581T on Wednesdays.",
}


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    writer = ShardWriter(tmp_path / "making", _SIZES, vocabulary=10)
    for version, text in _TEXTS.items():
        span = Span(0, len(text))
        document = Document(
            id=f"policies/{version}.md",
            sha256="",
            format="md",
            text=text,
            blocks=(Block(BlockKind.PARAGRAPH, span),),
            pages=(),
            metadata=Metadata(title=f"Title {version}"),
            places=b"places of %d" % version,
        )
        first = 10 * version
        mentions = [(first, mention) for mention in codes_in(document)]
        passage = Passage(span, text, context=f"Title {version}")
        writer.begin(Content.of(version, document, first, [passage], mentions))
        vector = np.eye(8, dtype=np.float32)[version]
        tokens = TokenVectors(
            np.full((2, 4), version, np.int8),
            np.ones(2, np.uint8),
            np.array([version], np.int32),
        )
        writer.add(Entry(first, vector, tokens))
    name = writer.finish()
    (tmp_path / "making").rename(tmp_path / name)
    return Shard(tmp_path / name, _SIZES)


def test_a_shard_gives_back_what_was_written(shard: Shard) -> None:
    assert shard.texts.versions == [1, 2, 3]
    for version, text in _TEXTS.items():
        assert shard.texts.text(version) == text
        assert shard.texts.passage(version, 10 * version).content.text == text
        assert shard.texts.about(version).metadata.title == f"Title {version}"
        assert shard.texts.places(version) == b"places of %d" % version
    naming = shard.mentions.naming(CodeSystem.CATEGORY_III, "0581T")
    assert shard.mentions.passages[naming].tolist() == [20, 30]


def test_what_is_removed_stands_in_no_file_and_its_vectors_are_never_found(
    shard: Shard, tmp_path: Path
) -> None:
    name = shard.without(tmp_path / "making", [2])
    (tmp_path / "making").rename(tmp_path / name)
    left = Shard(tmp_path / name, _SIZES)
    for path in left.folder.rglob("*"):
        if path.is_file():
            assert b"xylographic" not in path.read_bytes(), path
            assert b"Title 2" not in path.read_bytes(), path
            assert b"places of 2" not in path.read_bytes(), path
    assert left.texts.versions == [1, 3]
    with pytest.raises(KeyError):
        left.texts.text(2)
    naming = left.mentions.naming(CodeSystem.CATEGORY_III, "0581T")
    assert left.mentions.passages[naming].tolist() == [30]
    words = LexicalIndex(left.words)
    assert words.document_frequency(analyze("xylographic")[0]) == 0
    assert words.document_frequency(analyze("policy")[0]) == 2
    assert sorted(words.ids()) == [10, 30]
    assert left.vectors.places.ids.tolist() == [10, 30]
    assert left.vectors.places.frequency.tolist() == [0, 1, 0, 1, *[0] * 6]
    with pytest.raises(KeyError):
        list(left.vectors.entries([20]))


def test_a_version_is_written_to_another_shard_as_it_was(shard: Shard, tmp_path: Path) -> None:
    writer = ShardWriter(tmp_path / "making", _SIZES, vocabulary=10)
    for version in (1, 3):
        writer.take(shard, version)
    other = tmp_path / writer.finish()
    (tmp_path / "making").rename(other)
    taken = Shard(other, _SIZES)
    assert taken.content(3) == shard.content(3)
    assert taken.texts.places(3) == b"places of 3"
    ((mine,), (theirs,)) = (list(one.vectors.entries([30])) for one in (taken, shard))
    assert np.array_equal(mine.vector, theirs.vector)
    assert np.array_equal(mine.tokens.vectors, theirs.tokens.vectors)


def test_a_shard_from_before_places_were_kept_has_none_and_is_written_on_all_the_same(
    shard: Shard, tmp_path: Path
) -> None:
    arrays = read_arrays(shard.folder / TEXTS)
    older = {name: array for name, array in arrays.items() if not name.startswith("spots")}
    copy = shutil.copytree(shard.folder, tmp_path / "older", ignore=shutil.ignore_patterns(TEXTS))
    write_arrays(copy / TEXTS, older)
    (copy / "spots.records").unlink()
    texts = Texts(copy)
    assert texts.places(1) == b"" and texts.text(1) == _TEXTS[1]
    assert texts.content(1, []).records["spots"] == b""
    (tmp_path / "left").mkdir()
    texts.without(tmp_path / "left", [2])
    assert Texts(tmp_path / "left").text(3) == _TEXTS[3]
