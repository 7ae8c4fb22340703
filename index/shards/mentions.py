"""The code mentions of a shard, in columns: by passage, and by what they name.

Most mentions say what many others say, so each distinct one (system, code, range, coverage) is
written once, in order of its system and code, and a mention is a passage, a place and its number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeMention, CodeSystem, bounds, covers, sort_key
from corpus.document import Span
from index.shards.arrays import read_arrays, write_arrays
from index.shards.places import Ids

MENTIONS = "mentions.arrays"
_EVERYTHING = ("", "~")  # bounds of a rule that only `covers` can decide
_NOWHERE = Span(0, 1)

Kind = tuple[str, str, str | None, str, bool]  # system, code, last, coverage, probable
Numbers = NDArray[np.int32]


def write_mentions(folder: Path, mentions: Iterable[tuple[int, CodeMention]]) -> None:
    """Write the mentions of passages, which come by passage and then by place."""
    number: dict[Kind, int] = {}
    rows = [
        (passage, one.span.start, one.span.end, number.setdefault(_kind(one), len(number)))
        for passage, one in mentions
    ]
    order = sorted(number, key=lambda kind: (_key(*kind[:2]), kind[2] or "", kind[3], kind[4]))
    place = np.empty(len(order), np.int32)
    place[[number[kind] for kind in order]] = np.arange(len(order), dtype=np.int32)
    columns = np.array(rows, np.int64).reshape(-1, 4)
    write_arrays(
        folder / MENTIONS,
        _arrays(columns[:, 0], columns[:, 1:3], place[columns[:, 3]], order),
    )


def _arrays(
    passages: Ids, spans: Ids, kinds: Numbers, order: Sequence[Kind]
) -> dict[str, NDArray[Any]]:
    texts = [json.dumps(kind, ensure_ascii=False).encode() for kind in order]
    limits = [_limits(_mention(kind, _NOWHERE)) for kind in order]
    wide = [at for at, (low, high) in enumerate(limits) if low != high]
    return {
        "passages": passages,
        "spans": spans.astype(np.int32),
        "kinds": kinds,
        "by_kind": np.argsort(kinds, kind="stable").astype(np.int32),
        "first_of_kind": np.searchsorted(np.sort(kinds), np.arange(len(order) + 1)),
        "keys": _strings([_key(*kind[:2]) for kind in order]),
        "texts": np.frombuffer(b"".join(texts), np.uint8),
        "text_ends": np.array([0, *accumulate(map(len, texts))], np.int64),
        "wide": np.array(wide, np.int32),
        "wide_systems": _strings([order[at][0].encode() for at in wide]),
        "wide_lows": _strings([limits[at][0].encode() for at in wide]),
        "wide_highs": _strings([limits[at][1].encode() for at in wide]),
    }


class Mentions:
    """The open mentions of a shard. Safe to share between threads: nothing is ever written."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self.passages: Ids = arrays["passages"]  # of each mention, ascending
        self._kinds: Numbers = arrays["kinds"]
        self._known: dict[int, Kind] = {}

    @classmethod
    def opened(cls, folder: Path) -> Mentions:
        return cls(read_arrays(folder / MENTIONS))

    def __len__(self) -> int:
        return len(self.passages)

    def naming(self, system: CodeSystem, code: str) -> Ids:
        """The numbers of the mentions that name the code, or cover it by a range or a rule."""
        exact = self._exactly(system.value, code)
        kinds = {at for at in exact if self._kind(at)[3] == "exact"}
        kinds |= {
            at
            for at in {*exact, *self._wide(system, code)} - kinds
            if covers(_mention(self._kind(at), _NOWHERE), system, code)
        }
        return self._of_kinds(sorted(kinds))

    def printing(self, codes: Sequence[str]) -> Ids:
        """The numbers of the mentions that print any of these codes, of whatever system."""
        kinds = (
            at for code in codes for system in CodeSystem for at in self._exactly(system, code)
        )
        return self._of_kinds(sorted({at for at in kinds if self._kind(at)[3] == "exact"}))

    def within(self, first: int, last: int) -> Ids:
        """The numbers of the mentions in the passages `first` to `last`, the last left out."""
        start, end = np.searchsorted(self.passages, [first, last])
        return np.arange(start, end)

    def printed(self) -> tuple[Ids, NDArray[np.str_]]:
        """The passage and the code of every mention that prints one."""
        kinds = [self._kind(at) for at in range(len(self._arrays["keys"]))]
        codes = np.array([kind[1] for kind in kinds] or [""])
        exact = np.array([kind[3] == "exact" for kind in kinds] or [False])[self._kinds]
        return self.passages[exact], codes[self._kinds[exact]]

    def read(self, numbers: Ids) -> list[tuple[int, CodeMention]]:
        """Mentions by number, each with its passage."""
        spans = self._arrays["spans"][numbers].tolist()
        kinds = self._kinds[numbers].tolist()
        return [
            (passage, _mention(self._kind(kind), Span(*span)))
            for passage, span, kind in zip(
                self.passages[numbers].tolist(), spans, kinds, strict=True
            )
        ]

    def without(self, folder: Path, passages: Ids) -> None:
        """Write those of all other passages into another folder; nothing else stays readable."""
        write_arrays(folder / MENTIONS, self._left(passages))

    def cut(self, passages: Ids) -> Mentions:
        """Those of all other passages."""
        return Mentions(self._left(passages))

    def _left(self, passages: Ids) -> dict[str, NDArray[Any]]:
        kept = ~np.isin(self.passages, passages)
        used, kinds = np.unique(self._kinds[kept], return_inverse=True)
        order = [self._kind(at) for at in used.tolist()]
        spans = self._arrays["spans"][kept]
        return _arrays(self.passages[kept], spans, kinds.astype(np.int32), order)

    def _exactly(self, system: str, code: str) -> range:
        key = np.bytes_(_key(system, code))
        keys = self._arrays["keys"]
        return range(np.searchsorted(keys, key), np.searchsorted(keys, key, side="right"))

    def _wide(self, system: CodeSystem, code: str) -> list[int]:
        arrays, key = self._arrays, np.bytes_(sort_key(system, code).encode())
        may = arrays["wide_systems"] == np.bytes_(system.value.encode())
        may &= (arrays["wide_lows"] <= key) & (arrays["wide_highs"] >= key)
        return [int(at) for at in arrays["wide"][may]]

    def _of_kinds(self, kinds: Sequence[int]) -> Ids:
        firsts, order = self._arrays["first_of_kind"], self._arrays["by_kind"]
        parts = [order[firsts[kind] : firsts[kind + 1]] for kind in kinds]
        return np.sort(np.concatenate([np.empty(0, np.int64), *parts]))

    def _kind(self, at: int) -> Kind:
        known = self._known.get(at)
        if known is None:
            start, end = self._arrays["text_ends"][at : at + 2].tolist()
            known = self._known[at] = tuple(json.loads(self._arrays["texts"][start:end].tobytes()))
        return known


def _kind(mention: CodeMention) -> Kind:
    return (
        mention.system.value,
        mention.code,
        mention.last,
        mention.coverage,
        mention.probable,
    )


def _mention(kind: Kind, span: Span) -> CodeMention:
    system, code, last, coverage, probable = kind
    return CodeMention(
        code=code,
        system=CodeSystem(system),
        span=span,
        coverage=coverage,  # type: ignore[arg-type]  # as it was written
        last=last,
        probable=probable,
    )


def _limits(mention: CodeMention) -> tuple[str, str]:
    return bounds(mention) or _EVERYTHING


def _key(system: str, code: str) -> bytes:
    return f"{system}\t{code}".encode()


def _strings(values: Sequence[bytes]) -> NDArray[np.bytes_]:
    return np.array(values or [b""])[: len(values)]
