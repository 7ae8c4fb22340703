"""Looks, in every sync, which of the documents it read are versions of others.

Each is compared with the few that share a key with it, so that a sync costs what it reads.
"""

from __future__ import annotations

from corpus.text.sketch import sketch_of
from index.editions.likeness import Likeness
from index.editions.pairs import judge
from index.embedded.catalogue_writing import CatalogueWriter
from index.embedded.generation import Generation


class Editions:
    """The documents that were read, to be judged when all are there. `before` knows the others."""

    def __init__(self, catalogue: CatalogueWriter, before: Generation | None) -> None:
        self._catalogue = catalogue
        self._before = before
        self._read: dict[str, tuple[int, Likeness]] = {}

    def add(self, likeness: Likeness, ordinal: int) -> None:
        """Of several versions of a document, the newest is the one that is compared."""
        known = self._read.get(likeness.document)
        if known is None or known[0] < ordinal:
            self._read[likeness.document] = ordinal, likeness

    def judge_all(self) -> None:
        keys = {document: one.keys() for document, (_, one) in self._read.items()}
        for document, held in keys.items():
            self._catalogue.set_keys(document, held)
        for document, held in keys.items():
            _, one = self._read[document]
            for name in self._catalogue.sharing(document, held):
                other = self._likeness(name)
                pair = judge(one, other) if other else None
                if pair is not None:
                    self._catalogue.add_pair(pair)

    def _likeness(self, document: str) -> Likeness | None:
        """One that was read now, or before."""
        if document in self._read:
            return self._read[document][1]
        listed = list(self._before.catalogue.versions_of([document])) if self._before else []
        if self._before is None or not listed:
            return None
        newest = max(listed, key=lambda one: one.ordinal)
        texts = self._before.shard(newest.shard).texts
        sketch = texts.about(newest.id).sketch or sketch_of(texts.text(newest.id))
        return Likeness(document, newest.metadata, sketch)
