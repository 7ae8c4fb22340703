"""From what a sync starts: the generation before it, and whether that can be built upon."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from corpus.recipe import CODES, READER, SPLITTER
from corpus.text.lengths import Lengths
from index.embedded.earlier import Earlier
from index.embedded.generation import Generation
from index.errors import DamagedIndex, DamagedPointer, IndexMismatch, IndexProblem, NoIndex
from index.home import Home
from index.home.manifest import LAYOUT, read_manifest
from index.shards.dense import QUANTISER
from index.sync.past import BuiltUpon, Past

RECOGNISER = "recogniser"  # of scans; another one has only pages read again that are still pictures


TOKEN_BITS = "token_bits"
_BEFORE = {TOKEN_BITS: 8}  # what those were made with whose recipe does not say


def make_recipe(
    embedder: Mapping[str, Any], lengths: Lengths, *, token_bits: int = 8
) -> dict[str, Any]:
    """What shaped a generation. Where it differs, every document is read and split anew; of the
    `embedder` see index.model.identity and index.agreement."""
    return {
        "embedder": embedder,
        "reader": READER,
        "codes": CODES,
        "quantiser": QUANTISER,
        "splitter": SPLITTER,
        TOKEN_BITS: token_bits,
        "lengths": {"prose": lengths.prose, "rows": lengths.rows},
    }


def open_past(home: Home, *, force: bool) -> Past | None:
    """What to start from. With `force`, the newest kept one that is whole, or none."""
    try:
        return _open(home, home.current(), whole=force)
    except NoIndex:
        return None
    except DamagedPointer:
        # The first sync may have died between the generation and the pointer to it.
        kept = home.kept()
        if len(kept) == 1 and not (home.path / "CURRENT").exists():
            past = _open(home, kept[0], whole=True)
            home.point_to(kept[0])
            return past
        if not force:
            raise
    except IndexProblem:
        if not force:
            raise
    for generation in reversed(home.kept()):
        with suppress(DamagedIndex, IndexMismatch):
            return _open(home, generation, whole=True)
    return None


def _open(home: Home, number: int, *, whole: bool) -> Past:
    if read_manifest(home.folder(number)).layout < LAYOUT:
        return Earlier(home, number)
    return BuiltUpon(Generation(home, number, whole=whole))


def why_rebuild(past: Past | None, recipe: Mapping[str, Any], *, differs: str, force: bool) -> str:
    """The reason to read everything anew; "" where there is none. `differs` says why the embedder's
    vectors do not belong with the old ones."""
    if past is None:
        return ""
    if force:
        return "asked for with --force"
    if past.generation is None:
        return "the index was made by an earlier Codedesk"
    before = {**_BEFORE, **past.manifest.recipe}
    changed = {name for name in recipe if before.get(name) != recipe[name]}
    changed = changed - {"embedder"} | ({"embedder"} if differs else set())
    return f"the recipe changed: {', '.join(sorted(changed))}" if changed else ""
