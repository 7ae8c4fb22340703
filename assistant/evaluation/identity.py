"""How well documents introduce themselves: what is found in each, against what a person read.

A labelled file holds one JSON object a line: `file` (the end of its path), `half` (`tune` or
`held_out`), `expect`, the fields of the metadata with what the document prints of itself, and
`sections`, headings as [number, title]. A value is a text, a list of texts that must all be found,
{"any": [...]} where several are right, or null where the document does not say: then whatever is
found is invented. Null among several means that an empty field is right too. A field that is not
labelled is not scored.

Wrong is worse than empty, so both are counted, and apart.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.evaluation.code_score import Half
from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.metadata.identity.calling import known
from corpus.reading.pool import ReadJob, read_all

RIGHT, WRONG, EMPTY, UNSAID, INVENTED = "right", "wrong", "empty", "unsaid", "invented"
_NAMES = ("payer", "publisher", "other_payers")
_NUMBERED = re.compile(r"^(?:(?:chapter|section|part|appendix)\s+)?([\w.§()]+?)[.:)]?\s*[-–—:]?\s+")


@dataclass(frozen=True, slots=True)
class Label:
    """What a person read on a document's face."""

    file: str
    half: Half
    expect: Mapping[str, Any]
    sections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for one field of one document, and what that is worth."""

    file: str
    half: Half
    field: str
    verdict: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Counts for a field. Where the document says it: right, wrong, empty. Where it does not:
    unsaid if nothing was found, invented otherwise."""

    half: Half
    field: str
    right: int
    wrong: int
    empty: int
    unsaid: int
    invented: int


@dataclass(frozen=True, slots=True)
class IdentityScore:
    """The scores of each half by field; `judged` are all that are not right. `absent` are labelled
    files that are in none of the folders, `unreadable` those that could not be read, with why."""

    documents: int
    scores: tuple[FieldScore, ...]
    judged: tuple[Judged, ...]
    absent: tuple[str, ...]
    unreadable: tuple[str, ...]


def read_labels(path: Path) -> list[Label]:
    """Raises CodedeskError with the line that is not as it should be."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CodedeskError(f"The labels in {path} cannot be read: {error}.") from error
    labels = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            labels.append(_label(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CodedeskError(
                f"Line {number} of the labels is not as it should be ({error!r}). Each line is a "
                "JSON object with file, half (tune or held_out) and expect."
            ) from error
    return labels


def score_identity(
    labels: Sequence[Label], folders: Sequence[Path], *, workers: int | None = None
) -> IdentityScore:
    """Read every labelled file that is in one of the folders, and count."""
    places = {label.file: _place(label.file, folders) for label in labels}
    present = [label for label in labels if places[label.file] is not None]
    jobs = [ReadJob(path, label.file) for label in present if (path := places[label.file])]
    judged: list[Judged] = []
    unreadable = []
    for label, (_, read) in zip(present, read_all(jobs, workers=workers), strict=True):
        if isinstance(read, Document):
            judged += [*_judged(label, read), *_sections(label, read)]
        else:
            unreadable.append(str(read))
    return IdentityScore(
        documents=len(present) - len(unreadable),
        scores=_counted(judged),
        judged=tuple(one for one in judged if one.verdict not in (RIGHT, UNSAID)),
        absent=tuple(label.file for label in labels if places[label.file] is None),
        unreadable=tuple(unreadable),
    )


def _label(raw: Mapping[str, Any]) -> Label:
    half = raw["half"]
    if half not in ("tune", "held_out"):
        raise ValueError(f"half is {half!r}")
    sections = tuple((str(number), str(title)) for number, title in raw.get("sections", ()))
    return Label(str(raw["file"]), half, dict(raw["expect"]), sections)


def _place(file: str, folders: Sequence[Path]) -> Path | None:
    """The labelled file in the first folder that has it, there or deeper."""
    name = Path(file).name
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.name == name and path.as_posix().endswith(f"/{file}") and path.is_file():
                return path
    return None


def _judged(label: Label, document: Document) -> Iterator[Judged]:
    for field, expected in label.expect.items():
        found = getattr(document.metadata, field, None)
        verdict = _verdict(field, expected, found)
        yield Judged(label.file, label.half, field, verdict, _shown(expected), _shown(found))


def _verdict(field: str, expected: Any, found: Any) -> str:
    choices = expected["any"] if isinstance(expected, Mapping) else [expected]
    if not found:
        return UNSAID if None in choices else EMPTY
    got = _plain(field, found)
    if any(got == _plain(field, choice) for choice in choices if choice):
        return RIGHT
    return INVENTED if choices == [None] else WRONG


def _plain(field: str, value: Any) -> Any:
    """A value as it is compared: without case, marks, "and" and forms of companies."""
    if isinstance(value, list | tuple):
        return frozenset(_plain(field, one) for one in value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    if field in _NAMES:
        return known(text)
    text = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    return "".join(filter(str.isalnum, text))


def _sections(label: Label, document: Document) -> Iterator[Judged]:
    """Whether a heading of the document has the number, and the title with it."""
    headings: dict[str, set[str]] = {}
    for block in document.blocks:
        text = block.span.of(document.text) if block.level else ""
        number = _NUMBERED.match(text)
        if number:
            headings.setdefault(number[1].casefold(), set()).add(_plain("", text[number.end() :]))
    for number_said, title in label.sections:
        titles = headings.get(number_said.casefold(), set())
        verdict = RIGHT if _plain("", title) in titles else WRONG if titles else EMPTY
        said = f"{number_said} {title}"
        yield Judged(label.file, label.half, "section", verdict, said, ", ".join(sorted(titles)))


def _counted(judged: Sequence[Judged]) -> tuple[FieldScore, ...]:
    counts: dict[tuple[Half, str], Counter[str]] = {}
    for one in judged:
        counts.setdefault((one.half, one.field), Counter())[one.verdict] += 1
    return tuple(
        FieldScore(half, field, *(count[name] for name in (RIGHT, WRONG, EMPTY, UNSAID, INVENTED)))
        for (half, field), count in sorted(counts.items(), key=lambda item: item[0][0] != "tune")
    )


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return " or ".join(map(_shown, value["any"]))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
