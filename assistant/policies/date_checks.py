"""Finds dates that contradict each other, for `codedesk doctor`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

from corpus.document import FoundDate
from corpus.metadata.dates import all_dates
from index.library import Library
from index.versions import Version

_FIELDS = ("effective", "retired", "reviewed")


def date_problems(library: Library) -> list[str]:
    """Overlapping and contradicting dates, a sentence each; empty when there are none."""
    return [
        *_within_versions(library),
        *_between_versions(library),
        *_against_the_text(library),
        *_same_number(library),
    ]


def _within_versions(library: Library) -> Iterator[str]:
    """Effective after retired. Metadata that says so is refused when it is read; a date in the
    text that contradicts the other one is left out of the metadata, and reported here."""
    for version in _in_order(library):
        stated = all_dates(library.text(version.id), version.pages)
        effective, effective_from = _date(version, "effective", stated)
        retired, retired_from = _date(version, "retired", stated)
        if effective and retired and effective > retired:
            yield (
                f"{_named(version)} is effective from {effective}{effective_from}, after it is "
                f"retired on {retired}{retired_from}. Correct one of them."
            )


def _date(version: Version, name: str, stated: Sequence[FoundDate]) -> tuple[date | None, str]:
    """A date as metadata, else as the text states it, and then the sentence."""
    given: date | None = getattr(version.metadata, name)
    if given is not None:
        return given, ""
    for found in stated:
        if found.field == name:
            where = f", page {found.page}" if found.page else ""
            return found.value, f" (“{found.sentence}”{where})"
    return None, ""


def _between_versions(library: Library) -> Iterator[str]:
    chains: dict[str, list[Version]] = defaultdict(list)
    for version in _in_order(library):
        chains[version.document].append(version)
    for chain in chains.values():
        dated = [version for version in chain if version.metadata.effective]
        for earlier, later in pairwise(dated):
            yield from _out_of_order(earlier, later)


def _out_of_order(earlier: Version, later: Version) -> Iterator[str]:
    before, after = earlier.metadata.effective, later.metadata.effective
    if before is None or after is None or before < after:
        return
    both = f"{later.document}: version {later.ordinal}"
    if before == after:
        yield (
            f"{both} has the same effective date as version {earlier.ordinal}, {after}. The older "
            "words then count as never in force: give the new ones their own date, or ignore this "
            "if only the file was corrected."
        )
    else:
        yield (
            f"{both} is effective from {after}, before version {earlier.ordinal}, which is from "
            f"{before}. Correct one of them."
        )


def _against_the_text(library: Library) -> Iterator[str]:
    """Dates that a person gave, where the text of the document states another one."""
    for version in _in_order(library):
        metadata = version.metadata
        guessed = {found.field for found in metadata.found}
        given: dict[str, date] = {
            name: getattr(metadata, name)
            for name in _FIELDS
            if getattr(metadata, name) and name not in guessed
        }
        if not given:
            continue
        stated = all_dates(library.text(version.id), version.pages)
        for name, value in given.items():
            found = [one for one in stated if one.field == name]
            if found and not any(_agree(name, value, one) for one in found):
                where = f" on page {found[0].page}" if found[0].page else ""
                yield (
                    f"{_named(version)} is given as {name} {value}, but its text says "
                    f"{found[0].value}{where}: “{found[0].sentence}”"
                )


def _agree(name: str, given: date, stated: FoundDate) -> bool:
    """A review that a person knows of may be later than the one in the text. Where the text says
    the last day in force, it or the next one may be given as the end."""
    if name == "reviewed":
        return given >= stated.value
    return given == stated.value or (stated.last and given == stated.value + timedelta(1))


def _same_number(library: Library) -> Iterator[str]:
    """Two documents of one payer with one policy number that are in force on the same days."""
    numbered: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for version in _in_order(library):
        number = version.metadata.number
        for payer in version.metadata.payers if library.terms[version.id].start else ():
            if number:
                numbered[payer.casefold(), number.casefold()].append(version)
    # Two that share two payers are told of once.
    yield from dict.fromkeys(
        said for versions in numbered.values() for said in _overlaps(library, versions)
    )


def _overlaps(library: Library, versions: Sequence[Version]) -> Iterator[str]:
    for one, other in combinations(versions, 2):
        first, second = library.terms[one.id], library.terms[other.id]
        if one.document == other.document or first.start is None or second.start is None:
            continue
        start = max(first.start, second.start)
        ends = [end for end in (first.end, second.end) if end is not None]
        end = min(ends, default=None)
        if end is None or start < end:
            until = f" until {end}" if end else ""
            yield (
                f"{_named(one)} and {_named(other)} are both {_shared(one, other)} "
                f"{one.metadata.number} and both in force from {start}{until}. Retire the older "
                "one."
            )


def _shared(one: Version, other: Version) -> str:
    theirs = {payer.casefold() for payer in other.metadata.payers}
    return " and ".join(payer for payer in one.metadata.payers if payer.casefold() in theirs)


def _in_order(library: Library) -> list[Version]:
    return sorted(
        library.versions.values(), key=lambda version: (version.document, version.ordinal)
    )


def _named(version: Version) -> str:
    """The document, and its version where it has had another one."""
    return version.document if version.ordinal == 1 else f"{version.document} ({version.ordinal})"
