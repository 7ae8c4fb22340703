"""Everything that a library holds, looked through by brute force: who says what, and where.

Nothing here is shared with what finds passages or judges them: no index, no analyzer, no alias.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from index.library import Library


@dataclass(frozen=True, slots=True)
class Told:
    """One document: who is behind it, its own name and everything that it says."""

    whose: str  # payer, body and publisher
    title: str
    kind: str
    payers: tuple[str, ...]
    effective: date | None
    begins_revised: bool
    declared: dict[str, Any]  # of a gap: what it says is unknown
    text: str  # with title, number and codes
    lower: str  # the same, to look a name up in quickly

    def names(self, name: str) -> bool:
        runs = RUNS.findall(name.lower())
        return all(run in self.lower for run in runs) and finds(name, self.text)


class Everything:
    """All documents of an open library, in every version."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Every version of every document."""
        return tuple(self._read())

    def _read(self) -> Iterator[Told]:
        for version in self.library.versions.values():
            metadata = version.metadata
            others = (metadata.about, metadata.publisher, metadata.written_by)
            whose = (*metadata.payers, *others)
            own = (metadata.title, metadata.number, *metadata.codes, *metadata.payers)
            text = " \n ".join((*filter(None, own), self.library.text(version.id)))
            yield Told(
                whose=" | ".join(filter(None, whose)),
                title=metadata.title,
                kind=metadata.kind or "",
                payers=metadata.payers,
                effective=metadata.effective,
                begins_revised=metadata.begins_revised,
                declared=dict(metadata.extra.get("unknown") or {}),
                text=text,
                lower=text.lower(),
            )

    @cached_property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Every passage: what stands above its words (title, headings, column names, the other
        rows of its table), and its text."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        for version in self.library.versions.values():
            for passage in self.library.passages_of(version.id):
                content = passage.content
                table = (line for line in content.text.splitlines() if " | " in line)
                above = (version.metadata.title, *content.section, content.header, *table)
                yield " \n ".join(above), content.text

    def is_named(self, name: str) -> bool:
        """Whether any document names a code, a number or a phrase, however it is spelled there; a
        long number counts without the words before it."""
        names = {name, *(one for one in name.split() if len(one) > 3 and re.search(r"\d", one))}
        if any(told.names(one) for one in names for told in self.told):
            return True
        word, number = _kind_and_number(name)
        return bool(word) and any(
            number in text and _number(number).search(text) and finds(word, above)
            for above, text in self.rows
        )

    def has_word(self, word: str) -> bool:
        return any(one.names(word) for one in self.told)

    def of_payer(self, name: str) -> tuple[Told, ...]:
        return tuple(one for one in self.told if finds(name, f"{one.whose} | {one.title}"))


# How a name may be written: its runs of letters and of digits, with anything or nothing between.
RUNS = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = r"[\s\-\u2010-\u2015.,:#()/'\u2019]*"


def finds(name: str, text: str) -> bool:
    """Whether a text has a name as words of its own, in any spelling."""
    runs = RUNS.findall(name)
    if not runs:
        return False
    pattern = _BETWEEN.join(map(re.escape, runs))
    plural = "s?" if runs[-1].isalpha() else ""
    return re.search(rf"(?<![^\W_]){pattern}{plural}(?![^\W_])", text, re.IGNORECASE) is not None


def _kind_and_number(name: str) -> tuple[str, str]:
    """A name like `modifier 24` as its word and its number; two empty texts for any other."""
    match = re.fullmatch(r"([a-z][a-z ]+?) (\S+)", name)
    return (match[1], match[2]) if match else ("", "")


def _number(number: str) -> re.Pattern[str]:
    """A number that counts nothing: `24`, and not that of `24 hours`."""
    units = "hours?|days?|weeks?|months?|years?|minutes?|percent|patients?|mm|cm|units?"
    found = rf"(?<![\w.$/]){re.escape(number)}(?![\w%]|[.,]\d|-\d|[ ](?:{units})\b)"
    return re.compile(found, re.IGNORECASE)
