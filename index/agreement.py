"""Whether an embedder's vectors belong with those of a library.

Another model's never do. The same model's do where they are near enough, whatever runs it: a newer
OpenVINO, another precision, a graphics processor. What was once found near enough is noted down in
the home, so that who asks does not wait for a comparison.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from corpus.text.split import embedded_text
from index.errors import IndexMismatch
from index.home import Home
from index.home.durable import write_durably
from index.library import Library
from index.model.embedder import Embedder
from index.model.identity import are_near, is_near, is_same_model

ACCEPTED = "engines.json"
_SAMPLED = 4  # versions of which a passage is compared, where an index holds no probes


def require_agreement(home: Home, library: Library, embedder: Embedder) -> None:
    """Raises IndexMismatch, which says what differs."""
    built = library.about.recipe.get("embedder")
    if differs := disagreement(home, built, embedder, lambda: library):
        raise IndexMismatch(f"{differs} Run `codedesk sync` to make it anew.")


def disagreement(home: Home, built: Any, embedder: Embedder, opened: Callable[[], Library]) -> str:
    """Why the embedder's vectors do not belong with those of a library, in a sentence; '' where
    they do. `built` is what the library says of its embedder; it is `opened` only where that is
    not enough."""
    if not is_same_model(built, embedder.card):
        return (
            "The index was made with another model than the one that is set "
            f"({_named(built)}, not {embedder.card.name} {embedder.card.revision})."
        )
    assert isinstance(built, Mapping)  # else it is no model at all
    if built.get("engine") == embedder.engine:
        return ""
    mark = _mark(built, embedder)
    accepted = _accepted(home)
    if mark in accepted:
        return ""
    if not _is_near(built, opened, embedder):
        return (
            f"The index was made by {built.get('engine')}; {embedder.engine}, which runs the "
            "model here, gives other vectors of the same texts, too far from those."
        )
    with suppress(OSError):  # a home that cannot be written to: compared again the next time
        content = json.dumps(sorted({*accepted, mark}), indent=1)
        write_durably(home.path / ACCEPTED, content.encode())
    return ""


def _is_near(built: Mapping[str, Any], opened: Callable[[], Library], embedder: Embedder) -> bool:
    if "probes" in built:
        return is_near(built, embedder)
    library = opened()  # the index itself is the probe: some of its passages
    versions = sorted(library.versions)
    chosen = versions[:: max(1, len(versions) // _SAMPLED)][:_SAMPLED]
    found = [passages[0] for version in chosen if (passages := library.passages_of(version))]
    texts = [embedded_text(passage.content) for passage in found]
    return are_near(library.vectors([passage.id for passage in found]), embedder, texts)


def _mark(built: Mapping[str, Any], embedder: Embedder) -> str:
    whole = json.dumps([built, embedder.engine], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _accepted(home: Home) -> set[str]:
    try:
        known = json.loads((home.path / ACCEPTED).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return {mark for mark in known if isinstance(mark, str)} if isinstance(known, list) else set()


def _named(recipe: object) -> str:
    if not isinstance(recipe, Mapping):
        return "unknown"
    return f"{recipe.get('model')} {recipe.get('revision')}"
