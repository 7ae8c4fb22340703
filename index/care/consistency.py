"""Whether the parts of a generation agree: no checksum can tell, each part is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from index.embedded import EmbeddedLibrary as Library

_AT_ONCE = 4096  # passages whose vectors are looked at together
_SHOWN = 5  # examples of one kind of damage


def disagreements(library: Library) -> Iterator[str]:
    """What does not fit together, as parts of sentences; nothing in a generation that is whole."""
    counted = {**library.counted(), **{k: len(v) for k, v in library.ids().items()}}
    expected = dict(library.about.counts)
    parts = ("catalogue", "words", "vectors", "tokens")
    expected |= dict.fromkeys(parts, expected.get("passages", 0))
    for name in sorted(expected):
        if counted.get(name) != expected[name]:
            yield f"{counted.get(name)} {name} where {expected[name]} should be"
    known = set(library.ids()["passages"])
    for name, ids in library.ids().items():
        strange = known.symmetric_difference(ids)
        if strange:
            yield f"{name} and passages differ in {len(strange)} ids"
    yield from islice(_wrong_passages(library), _SHOWN)
    yield from islice(_wrong_vectors(library, sorted(known)), _SHOWN)
    lost = library.mentions_without_passage()
    if lost:
        yield f"{lost} code mentions belong to no passage"


def _wrong_passages(library: Library) -> Iterator[str]:
    for version in library.versions.values():
        text = library.text(version.id)
        at = 0
        for passage in library.passages_of(version.id):
            span = passage.content.span
            if span.end > len(text) or not library.verify(passage):
                yield f"passage {passage.id} of {version.document} is not what was split"
            if text[at : span.start].strip():
                yield f"no passage of {version.document} holds characters {at} to {span.start}"
            at = max(at, span.end)
        if text[at:].strip():
            yield f"no passage of {version.document} holds what follows character {at}"


def _wrong_vectors(library: Library, ids: list[int]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        try:
            lengths = np.linalg.norm(library.vectors(part), axis=1)
        except KeyError as error:
            yield f"passage {error} has no vector"
            continue
        for identity, length in zip(part, lengths, strict=True):
            if not abs(float(length) - 1.0) < 1e-3:
                yield f"the vector of passage {identity} has length {length:.3f}"
