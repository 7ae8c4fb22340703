"""Which model made an index, and whether what runs it here gives the same vectors.

A model is what it is made of: the sums of its files, and how its vectors are taken from it. What
runs it (OpenVINO or torch, a version, a precision, a device) rounds in its own way. So an index
keeps the vectors of a few texts beside the name of the engine that made it, and another engine is
as good where its vectors of them are near enough.

Measured on 581 texts (passages and questions of two libraries, codes, one letter, other scripts)
with all-MiniLM-L6-v2, as 1 - cosine with the vectors of OpenVINO in float32: in bf16 at most
0.00004 for texts and 0.00011 for tokens, by torch below 0.000001; with weights in int8 (NNCF 3.4)
0.0011 to 0.017. So the bounds keep the precisions of one model together, and int8 out, which is
told apart by its name already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from index.model.embedder import Embedder, Embedding, Floats
from index.model.source import INT8, ModelCard

APART = 0.0002  # 1 - cosine of the vectors of a text, at most
_TOKENS_APART = 0.0006
PROBES = (
    "Is cryoablation of the breast covered?",
    "0581T J9271 C50.911 99213-25 HCPCS L8680 | $1,204.50 | 2026-01-31",
    "The patient must have failed at least two lines of systemic therapy, unless it was not "
    "tolerated or is contraindicated; the reasons are documented in the medical record. " * 12,
    "née Müller – 5 µg/kg ≤ 3×, (a) or (b)",
)
_FIRST = 8  # tokens of each probe whose vectors are kept
_SCALE = 10_000  # numbers are kept as whole ones: 0.0001 apart is 1 - cosine 0.0000002
_NOT_COMPARED = ("model", "engine", "probes")
# Version 1 of the projection: the leading axes of the word embeddings.
_PROJECTION = 1


def recipe(embedder: Embedder) -> dict[str, Any]:
    """What an index keeps of its embedder, but for the probes. Starts no engine."""
    return {"model": embedder.card.name, **_identity(embedder.card), "engine": embedder.engine}


def probed(embedder: Embedder) -> dict[str, Any]:
    """The whole recipe: with what the engine makes of the probes."""
    found = _embedded(embedder, PROBES)
    probes = [{"vector": _written(one.vector), "tokens": _written(_first(one))} for one in found]
    return {**recipe(embedder), "probes": probes}


def is_same_model(built: object, card: ModelCard) -> bool:
    """Whether an index whose recipe this is was made by this model, whatever ran it."""
    if not isinstance(built, Mapping):
        return False
    known = _identity(card)
    if "source" not in built:  # as it was before the sums were kept
        known = {name: known[name] for name in built if name in known}
        is_int8 = INT8 in str(built.get("engine"))
        return "revision" in known and known.items() <= built.items() and is_int8 == _int8(card)
    return known == {name: built[name] for name in built if name not in _NOT_COMPARED}


def is_near(built: Mapping[str, Any], embedder: Embedder) -> bool:
    """Whether the engine makes of the probes what the one that made the index did."""
    for kept, found in zip(built["probes"], _embedded(embedder, PROBES), strict=True):
        if _apart(_read(kept["vector"]), found.vector[None]) > APART:
            return False
        if _apart(_read(kept["tokens"]), _first(found)) > _TOKENS_APART:
            return False
    return True


def are_near(vectors: Floats, embedder: Embedder, texts: Sequence[str]) -> bool:
    """The same for the vectors of texts that an index holds."""
    found = [one.vector for one in _embedded(embedder, texts)]
    return not found or _apart(vectors, np.stack(found)) <= APART


def _identity(card: ModelCard) -> dict[str, Any]:
    return {
        "revision": card.revision,
        "source": card.source,
        "weights": INT8 if _int8(card) else card.weights,
        "dimension": card.dimension,
        "token_dimension": card.token_dimension,
        "projection": _PROJECTION,
        "vocabulary": card.vocabulary,
        "limit": card.limit,
        "pooling": card.pooling,
        "query_prompt": card.query_prompt,
        "passage_prompt": card.passage_prompt,
    }


def _int8(card: ModelCard) -> bool:
    return card.weights.startswith(INT8)


def _embedded(embedder: Embedder, texts: Sequence[str]) -> list[Embedding]:
    return [one for _, one in sorted(embedder.passages(texts), key=lambda pair: pair[0])]


def _first(one: Embedding) -> Floats:
    return one.tokens[:_FIRST]


def _apart(kept: Floats, found: Floats) -> float:
    """The largest 1 - cosine of the rows."""
    kept, found = (rows / np.linalg.norm(rows, axis=-1, keepdims=True) for rows in (kept, found))
    return float((1 - (kept * found).sum(axis=-1)).max())


def _written(numbers: Floats) -> str:
    """Whole numbers as text, so that the manifest stays short; a row on each line."""
    whole = np.rint(np.atleast_2d(numbers) * _SCALE).astype(int)
    return "\n".join(" ".join(map(str, row)) for row in whole.tolist())


def _read(text: str) -> Floats:
    rows = [[float(number) for number in row.split()] for row in text.split("\n")]
    return np.array(rows, np.float32)
