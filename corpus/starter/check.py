"""Check the starter library itself: `python -m corpus.starter.check [FOLDER]`.

Prints a table of every document with its length and reading level, then the facts that no document
cites; complaints go to standard error. Exit 1 when there is any.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.metadata.sidecar import read_sidecar, split_front_matter
from corpus.reading.read import read_file, sidecar_paths
from corpus.starter import DOCUMENTS, HERE
from corpus.starter.checking.complaints import complaints, fact_ids
from corpus.starter.checking.duplicates import near_duplicates
from corpus.starter.checking.reading_level import grade
from corpus.starter.checking.unknowns import contradictions

_SIDECAR = ".meta.toml"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file and what was found about it. `document` is None where it could not be read."""

    name: str
    document: Document | None
    complaints: tuple[str, ...]


def load_facts(path: Path = HERE / "facts.toml") -> dict[str, Any]:
    """Fact id to its tag, subject and sources."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def check_library(folder: Path, *, facts: Mapping[str, Any]) -> tuple[Checked, ...]:
    """Every document below `folder`, in order of its path, with the complaints about it."""
    checked = [_check(path, folder=folder, facts=facts) for path in _documents(folder)]
    texts = {one.name: one.document.text for one in checked if one.document}
    beside: dict[str, list[str]] = {}
    for one, other, likeness in near_duplicates(texts):
        beside.setdefault(one, []).append(f"{likeness:.0%} the same as {other}")
    for name, said in contradictions([one.document for one in checked if one.document]):
        beside.setdefault(name, []).append(said)
    orphans = [
        Checked(path.relative_to(folder).as_posix(), None, ("a sidecar without its file",))
        for path in sorted(folder.rglob(f"*{_SIDECAR}"))
        if not path.with_name(path.name.removesuffix(_SIDECAR)).is_file()
    ]
    return (
        *(
            Checked(one.name, one.document, (*one.complaints, *beside.get(one.name, ())))
            for one in checked
        ),
        *orphans,
    )


def left_out(checked: Iterable[Checked], *, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that no document cites."""
    cited = {fact for one in checked if one.document for fact in fact_ids(one.document)}
    return tuple(fact for fact in facts if fact not in cited)


def _documents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not path.name.endswith(_SIDECAR):
            yield path


def _check(path: Path, *, folder: Path, facts: Mapping[str, Any]) -> Checked:
    name = path.relative_to(folder).as_posix()
    try:
        document = read_file(path, document_id=name)
        written = _written(path)
        found = tuple(complaints(document, written=written, facts=facts, path=path))
    except CodedeskError as error:
        return Checked(name, None, (str(error),))
    return Checked(name, document, found)


def _written(path: Path) -> dict[str, Any]:
    """The metadata a person wrote: the sidecar's over the front matter's."""
    fields: dict[str, Any] = {}
    if path.suffix in (".md", ".txt"):
        fields, _ = split_front_matter(path.read_text(encoding="utf-8"))
    for sidecar in sidecar_paths(path):
        if sidecar.is_file():
            return {**fields, **read_sidecar(sidecar.read_bytes())}
    return fields


def _table(checked: Iterable[Checked]) -> Iterator[str]:
    yield f"{'document':<58} {'kind':<9} {'words':>5} {'grade':>5}  complaints"
    for one in checked:
        kind, words, level = "unread", "", ""
        if one.document:
            kind = one.document.metadata.kind or "none"
            words = str(len(one.document.text.split()))
            found = grade(one.document)
            level = "" if found is None else f"{found:.1f}"
        row = f"{one.name:<58} {kind:<9} {words:>5} {level:>5}  {len(one.complaints) or ''}"
        yield row.rstrip()


def _summary(checked: tuple[Checked, ...], *, facts: Mapping[str, Any]) -> Iterator[str]:
    documents = [one.document for one in checked if one.document]
    grades = [found for one in documents if (found := grade(one)) is not None]
    unused = left_out(checked, facts=facts)
    yield f"{len(documents)} documents, {sum(len(one.text.split()) for one in documents)} words"
    if grades:
        yield f"reading grade: median {median(grades):.1f}, hardest {max(grades):.1f}"
    yield f"facts cited: {len(facts) - len(unused)} of {len(facts)}"
    if unused:
        yield f"facts that no document cites: {' '.join(unused)}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the starter library.")
    parser.add_argument("folder", type=Path, nargs="?", default=DOCUMENTS)
    folder = parser.parse_args(arguments).folder
    facts = load_facts()
    checked = check_library(folder, facts=facts)
    for line in (*_table(checked), "", *_summary(checked, facts=facts)):
        sys.stdout.write(f"{line}\n")
    for one in checked:
        for complaint in one.complaints:
            sys.stderr.write(f"{one.name}: {complaint}\n")
    return 1 if any(one.complaints for one in checked) else 0


if __name__ == "__main__":
    sys.exit(main())
