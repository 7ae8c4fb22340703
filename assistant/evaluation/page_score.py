"""How well codes are found on pages of other people's documents, where those are at hand.

Their text is not ours to pass on, so the labels name a document by its sha-256 and give what a
person read on a page: `codes` as [system, code], [system, first, last] for a range, or
[system, class, "blanket"]; `look_alikes` as [what is written, what it is]. Pages were chosen at
random, and some for their look-alikes, before anybody saw what is found on them, and each page was
labelled whole. At that first sight 226 of 226 CPT codes of the held-out half were found and none
too many, 7 of 8 HCPCS codes with one too many, and 28 of 30 modifiers.

A code counts as often as it stands on its page; where on the page is not compared.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from assistant.evaluation.code_score import CodeScore, Half, by_system
from corpus.codes import CodeMention, codes_in
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.folder import list_files
from corpus.reading.read import read_file
from corpus.starter import LABELLED_PAGES

Key = tuple[str, str, str, str | None]  # system, code, coverage, last


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """What a person found on one page; `page` is None where a document has none."""

    document: str
    sha256: str
    page: int | None
    half: Half
    codes: tuple[Key, ...]
    look_alikes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageScore:
    """The scores of both halves, how many look-alikes were taken for codes, and which labelled
    documents were not in the folder (those pages are not scored) or could not be read."""

    pages: int
    scores: Mapping[Half, tuple[CodeScore, ...]]
    look_alikes: int
    taken: int
    absent: tuple[str, ...]
    unreadable: tuple[UnreadableFile, ...]


def score_pages(folder: Path, labels: Path = LABELLED_PAGES) -> PageScore:
    """Read the labelled documents that `folder` holds and compare. Raises nothing for a document
    that is absent or cannot be read: both are in the result."""
    pages = read_pages(labels)
    paths, unreadable = _at_hand(folder, {page.sha256 for page in pages}), []
    counts: dict[Half, tuple[Counter[str], Counter[str], Counter[str]]] = {}
    scored: list[LabelledPage] = []
    taken = 0
    for sha256, path in paths.items():
        try:
            document = read_file(path, document_id=path.name)
        except UnreadableFile as error:
            unreadable.append(error)
            continue
        of_page = _by_page(document)
        for page in (one for one in pages if one.sha256 == sha256):
            scored.append(page)
            triple = counts.setdefault(page.half, (Counter(), Counter(), Counter()))
            taken += _compare(page, of_page[page.page], document.text, triple)
    return PageScore(
        pages=len(scored),
        scores={half: by_system(*triple) for half, triple in sorted(counts.items(), reverse=True)},
        look_alikes=sum(len(page.look_alikes) for page in scored),
        taken=taken,
        absent=tuple(sorted({one.document for one in pages if one.sha256 not in paths})),
        unreadable=tuple(unreadable),
    )


def read_pages(labels: Path = LABELLED_PAGES) -> tuple[LabelledPage, ...]:
    """The labels of a file, one page a line."""
    rows = (json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines())
    return tuple(
        LabelledPage(
            document=row["document"],
            sha256=row["sha256"],
            page=row["page"],
            half=row["half"],
            codes=tuple(map(_label, row["codes"])),
            look_alikes=tuple(written for written, _ in row.get("look_alikes", ())),
        )
        for row in rows
    )


def _at_hand(folder: Path, wanted: set[str]) -> dict[str, Path]:
    """The files of the folder that are labelled, by their sha-256."""
    found = {}
    for file in list_files(folder)[0]:
        with file.path.open("rb") as opened:
            sha256 = file_digest(opened, "sha256").hexdigest()
        if sha256 in wanted:
            found[sha256] = file.path
    return found


def _by_page(document: Document) -> defaultdict[int | None, list[CodeMention]]:
    found: defaultdict[int | None, list[CodeMention]] = defaultdict(list)
    for mention in codes_in(document):
        page = document.page_at(mention.span.start)
        found[page.number if page else None].append(mention)
    return found


def _compare(
    page: LabelledPage,
    mentions: Sequence[CodeMention],
    text: str,
    counts: tuple[Counter[str], Counter[str], Counter[str]],
) -> int:
    """Add the page to the counts; how many of its look-alikes were taken for codes."""
    labelled, found = Counter(page.codes), Counter(map(_found, mentions))
    for counter, keys in zip(
        counts, (labelled & found, found - labelled, labelled - found), strict=True
    ):
        for key, number in keys.items():
            counter[key[0]] += number
    wrong = found - labelled
    written = Counter(_written(mentions, wrong, text))
    return (written & Counter(page.look_alikes)).total()


def _written(mentions: Iterable[CodeMention], wrong: Counter[Key], text: str) -> Iterator[str]:
    return (one.span.of(text) for one in mentions if _found(one) in wrong)


def _found(mention: CodeMention) -> Key:
    return str(mention.system), mention.code, mention.coverage, mention.last


def _label(row: Sequence[Any]) -> Key:
    system, code, *rest = row
    if rest == ["blanket"]:
        return system, code, "blanket", None
    return system, code, "range" if rest else "exact", rest[0] if rest else None
