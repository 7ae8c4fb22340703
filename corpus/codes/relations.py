"""Codes that belong together, read from a file that people edit: what "see also" shows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.codes import CodeSystem, normalise
from corpus.errors import BadMetadata
from corpus.packs import billing

SHIPPED = billing.RELATED_CODES

# What a code is to the other one, and the other one to it.
_BACK = {
    "benign": "malignant",
    "unlisted": "specific",
    "device": "procedure",
    "add-on": "first",
    "successor": "predecessor",
    "diagnosis": "procedure",
    "other-method": "other-method",
    "other-organ": "other-organ",
    "other-guidance": "other-guidance",
    "other-side": "other-side",
}
_FIELDS = ("code", "other", "kind", "reason", "fact", "source_url")


@dataclass(frozen=True, slots=True)
class Relation:
    """`other` is the `kind` of `code`: the benign counterpart of it, its device, its successor."""

    code: str
    other: str
    system: CodeSystem  # of the other code
    kind: str
    reason: str
    fact: str
    source_url: str


def related(code: str, files: Iterable[Path] = (SHIPPED,)) -> tuple[Relation, ...]:
    """The relations of a code, in the order of the files, seen from either end.

    The code may be in any spelling; other text has no relations. Raises BadMetadata
    for a file that holds a relation without a source or of an unknown kind.
    """
    read = normalise(code)
    if read is None:
        return ()
    every = (relation for path in files for relation in relations(path))
    return tuple(relation for relation in every if relation.code == read[1])


@cache
def relations(path: Path = SHIPPED) -> tuple[Relation, ...]:
    """All relations of a file, each followed by its way back. Raises BadMetadata with the place."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("relation", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadMetadata(f"{path.name} cannot be read as TOML: {problem}.") from problem
    return tuple(
        relation
        for number, row in enumerate(rows, start=1)
        for relation in _both_ways(row, f"{path.name}, relation {number}")
    )


def _both_ways(row: object, place: str) -> tuple[Relation, Relation]:
    if not isinstance(row, dict):
        raise BadMetadata(f"{place}: write it as a table, [[relation]].")
    missing = [name for name in _FIELDS if not isinstance(row.get(name), str) or not row[name]]
    if missing:
        raise BadMetadata(f"{place}: add {', '.join(missing)}.")
    if row["kind"] not in _BACK:
        raise BadMetadata(f"{place}: kind is {row['kind']!r}; use one of {', '.join(_BACK)}.")
    code, other = normalise(row["code"]), normalise(row["other"])
    if code is None or other is None:
        wrong = row["code"] if code is None else row["other"]
        raise BadMetadata(f"{place}: {wrong!r} is not a code.")
    said = (row["reason"], row["fact"], row["source_url"])
    return (
        Relation(code[1], other[1], other[0], row["kind"], *said),
        Relation(other[1], code[1], code[0], _BACK[row["kind"]], *said),
    )
