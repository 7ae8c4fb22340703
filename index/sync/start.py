"""From what a sync starts: the generation before it, and whether that can be built upon."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from corpus.recipe import CODES, READER, SPLITTER
from corpus.text.split import Lengths
from index.errors import DamagedIndex, DamagedPointer, IndexMismatch, IndexProblem, NoIndex
from index.home import Home
from index.library import Library
from index.opening import open_library
from index.shards.dense import QUANTISER


def make_recipe(embedder: Mapping[str, Any], lengths: Lengths) -> dict[str, Any]:
    """What shaped a generation. Where it differs, every document is read and split anew; of the
    `embedder` see index.model.identity and index.agreement."""
    return {
        "embedder": embedder,
        "reader": READER,
        "codes": CODES,
        "quantiser": QUANTISER,
        "splitter": SPLITTER,
        "lengths": {"prose": lengths.prose, "rows": lengths.rows},
    }


def old_library(home: Home, *, force: bool) -> Library | None:
    """The generation to start from. With `force`, the newest kept one that is whole, or none."""
    try:
        return open_library(home)
    except NoIndex:
        return None
    except DamagedPointer:
        # The first sync may have died between the generation and the pointer to it.
        kept = home.kept()
        if len(kept) == 1 and not (home.path / "CURRENT").exists():
            library = Library(home, kept[0])
            home.point_to(kept[0])
            return library
        if not force:
            raise
    except IndexProblem:
        if not force:
            raise
    for generation in reversed(home.kept()):
        with suppress(DamagedIndex, IndexMismatch):
            return Library(home, generation)
    return None


def why_rebuild(
    old: Library | None, recipe: Mapping[str, Any], *, differs: str, force: bool
) -> str:
    """The reason to read everything anew; "" where there is none. `differs` says why the embedder's
    vectors do not belong with the old ones."""
    if old is None:
        return ""
    if force:
        return "asked for with --force"
    changed = {name for name in recipe if old.manifest.recipe.get(name) != recipe[name]}
    changed = changed - {"embedder"} | ({"embedder"} if differs else set())
    return f"the recipe changed: {', '.join(sorted(changed))}" if changed else ""
