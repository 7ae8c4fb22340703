"""What several nodes found, put together as one machine would have found it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.cluster import questions as q
from index.embedded.library import in_order
from index.shards.lexical import Ranked
from index.shards.places import Ids
from index.shards.stored import StoredMention
from index.shards.tokens import Late

_NONE, _NOTHING = np.empty(0, np.int64), np.empty(0, np.float64)


def best(parts: Sequence[q.Hits], k: int) -> Ranked:
    """The best of all: by score, equal ones by id."""
    ids = np.concatenate([_NONE, *(np.array(part.ranked.ids, np.int64) for part in parts)])
    scores = np.concatenate([_NOTHING, *(np.array(part.ranked.scores) for part in parts)])
    order = np.lexsort((ids, -scores))[:k]
    return Ranked(tuple(ids[order].tolist()), tuple(scores[order].tolist()))


def joined(parts: Sequence[q.Arrays]) -> Ids:
    return np.concatenate([_NONE, *(part.arrays[0].array() for part in parts)])


def mentions(parts: Iterable[q.FoundMentions]) -> list[StoredMention]:
    return in_order(mention for part in parts for mention in part.mentions)


def late(parts: Iterable[tuple[Ids, q.Lates]], *, passages: int, tokens: int) -> Late:
    """Each part with the places of its passages among all that were asked about."""
    scores = np.full(passages, -1.0)
    matches = np.full((passages, tokens), -1.0, np.float32)
    owners, numbers, alone = [_NONE], [_NONE], [_NOTHING]
    for at, said in parts:
        scores[at] = said.scores.array()
        matches[at] = said.matches.array()
        owners.append(at[said.owner.array()])
        numbers.append(said.number.array())
        alone.append(said.alone.array())
    owner, number = np.concatenate(owners), np.concatenate(numbers)
    order = np.lexsort((number, owner))
    return Late(scores, owner[order], number[order], np.concatenate(alone)[order], matches)
