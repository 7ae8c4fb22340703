"""How well codes are found: precision and recall for each system, on texts and on whole pages.

A labelled file holds one JSON object a line: `text`, `half`, and `mentions` with `start`, `end`,
`system`, `code`, and where they apply `coverage`, `last` and `probable`. A found mention
is right when the system, the code, the end of a range and the place all agree; one that is off by
a character is wrong twice, once as found and once as missed.

The finder was adjusted on the `tune` half. The lines of the `held_out` half were written before
what they test was changed, and only their counts were looked at; a line whose outcome was read
moves to `tune`. Lines that stand alone, without a heading or a neighbour, are harder
than documents are. At first sight .40 of the CPT codes in 32 such held-out lines were found (18 of
45, precision .90); after the finder was changed, 33 of 33 in 27 new ones (precision .77) and, last,
39 of 39 in 34 (precision .93). Half of those lines hold a look-alike and nothing else.

Labelled pages are of other people's documents, and are scored where those are at hand.
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
from pathlib import Path
from typing import Any, Literal

from corpus.codes import CodeMention, codes_in, find_codes
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.contents import file_sum
from corpus.files.folder import list_files
from corpus.files.limits import STANDARD
from corpus.reading.read import read_file
from corpus.starter import LABELLED_CODES, LABELLED_PAGES

Half = Literal["tune", "held_out"]
Key = tuple[str, str, str, str | None, int, int]  # system, code, coverage, last, start, end
PageKey = tuple[str, str, str, str | None]  # system, code, coverage, last


@dataclass(frozen=True, slots=True)
class CodeScore:
    """Counts for one system: labelled and found, found but not labelled, labelled but not found."""

    system: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None when nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """The share of what is labelled that was found; None when nothing is labelled."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def score_codes(path: Path = LABELLED_CODES, *, half: Half | None = None) -> tuple[CodeScore, ...]:
    """One score a system, in alphabetical order, and last one called `all`."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in _rows(path, half):
        found, labelled = _found(row["text"]), set(map(_key, row["mentions"]))
        right.update(key[0] for key in found & labelled)
        wrong.update(key[0] for key in found - labelled)
        missed.update(key[0] for key in labelled - found)
    return by_system(right, wrong, missed)


def by_system(
    right: Counter[str], wrong: Counter[str], missed: Counter[str]
) -> tuple[CodeScore, ...]:
    """Counts by system as scores, in alphabetical order, and last their sum, called `all`."""
    systems = sorted({*right, *wrong, *missed})
    every = CodeScore("all", right.total(), wrong.total(), missed.total())
    return (*(CodeScore(one, right[one], wrong[one], missed[one]) for one in systems), every)


def disagreements(
    path: Path = LABELLED_CODES, *, half: Half | None = None
) -> Iterable[tuple[str, Key]]:
    """Every wrong and every missed mention as (`wrong: ` or `missed: ` and the text, its key)."""
    for row in _rows(path, half):
        found, labelled = _found(row["text"]), set(map(_key, row["mentions"]))
        yield from ((f"wrong: {row['text']}", key) for key in sorted(found - labelled, key=str))
        yield from ((f"missed: {row['text']}", key) for key in sorted(labelled - found, key=str))


def _rows(path: Path, half: Half | None) -> Iterable[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if half is None or row.get("half") == half:
            yield row


def _found(text: str) -> set[Key]:
    return {
        (str(one.system), one.code, one.coverage, one.last, one.span.start, one.span.end)
        for one in find_codes(text)
    }


def _key(label: Mapping[str, Any]) -> Key:
    coverage, last = label.get("coverage", "exact"), label.get("last")
    return label["system"], label["code"], coverage, last, label["start"], label["end"]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """What a person found on one page; `page` is None where a document has none."""

    document: str
    sha256: str
    page: int | None
    half: Half
    codes: tuple[PageKey, ...]
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
            codes=tuple(map(_labelled_key, row["codes"])),
            look_alikes=tuple(written for written, _ in row.get("look_alikes", ())),
        )
        for row in rows
    )


def _at_hand(folder: Path, wanted: set[str]) -> dict[str, Path]:
    """The files of the folder that are labelled, by their sha-256."""
    found = {}
    for file in list_files(folder)[0]:
        sha256 = file_sum(file.path, most=STANDARD.file_bytes)
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
    labelled, found = Counter(page.codes), Counter(map(_page_key, mentions))
    for counter, keys in zip(
        counts, (labelled & found, found - labelled, labelled - found), strict=True
    ):
        for key, number in keys.items():
            counter[key[0]] += number
    wrong = found - labelled
    written = Counter(_written(mentions, wrong, text))
    return (written & Counter(page.look_alikes)).total()


def _written(mentions: Iterable[CodeMention], wrong: Counter[PageKey], text: str) -> Iterator[str]:
    return (one.span.of(text) for one in mentions if _page_key(one) in wrong)


def _page_key(mention: CodeMention) -> PageKey:
    return str(mention.system), mention.code, mention.coverage, mention.last


def _labelled_key(row: Sequence[Any]) -> PageKey:
    system, code, *rest = row
    if rest == ["blanket"]:
        return system, code, "blanket", None
    return system, code, "range" if rest else "exact", rest[0] if rest else None
