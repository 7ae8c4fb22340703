"""Two versions compared: which parts are equal, changed or in one of them only, word by word.

The parts are the blocks of the text (a paragraph, a list item, a table row), not the passages cut
from it: one word more at the beginning moves the borders of all passages after it, and a reader
would see changes where there are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.document import BlockKind, Document, Span
from index.shards.stored import StoredPassage

_WORD = re.compile(r"\w+")
_ALIKE = 0.5  # the least share of common words of two parts that count as one, changed
_ALIKE_IN_SECTION = 0.35  # the same where both stand under the same headings
_SPACED_WORDS = re.compile(r"\s*\S+|\s+")
_MANY = 2000  # words; longer parts are compared without regard to order
_COMMON = 200  # a word in more parts than this tells nothing about which belong together


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a document and where it stands; `passage` is the one that holds its beginning.
    `is_row`: its cells stand apart by bars that are the reader's, not the document's."""

    text: str
    span: Span
    section: tuple[str, ...]
    page: int | None
    page_label: str | None
    passage: int
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """Parts in the order of their document; equal ones, moved or not, are left out."""

    added: tuple[Part, ...]
    removed: tuple[Part, ...]
    changed: tuple[tuple[Part, Part], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is the same in both texts, or is in one of them only."""

    what: Literal["same", "removed", "added"]
    text: str


def parts_of(document: Document, passages: Sequence[StoredPassage]) -> list[Part]:
    """The document's blocks, each with the section and page of the passage it begins in."""
    starts = [passage.content.span.start for passage in passages]
    parts = []
    for block in document.blocks:
        at = max(0, bisect_right(starts, block.span.start) - 1)
        page = document.page_at(block.span.start)
        parts.append(
            Part(
                text=block.span.of(document.text),
                span=block.span,
                section=passages[at].content.section,
                page=page.number if page else None,
                page_label=page.label if page else None,
                passage=passages[at].id,
                is_row=block.kind is BlockKind.ROW,
            )
        )
    return parts


def align(before: Sequence[Part], after: Sequence[Part]) -> Alignment:
    """Pair equal parts in order, then those that only moved, then the most alike of the rest."""
    removed, added = _unequal(before, after)
    pairs = _pairs([before[at] for at in removed], [after[at] for at in added])
    left = {removed[one] for one, _ in pairs}
    right = {added[other] for _, other in pairs}
    changed = sorted((added[other], removed[one]) for one, other in pairs)
    return Alignment(
        added=tuple(after[at] for at in added if at not in right),
        removed=tuple(before[at] for at in removed if at not in left),
        changed=tuple((before[one], after[other]) for other, one in changed),
    )


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The runs in order. What is the same and what was added make up `after`, character by
    character; what is the same and what was removed make up `before`, white space aside."""
    old, new = _spaced_words(before), _spaced_words(after)
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in old],
        [word.strip() for word in new],
        autojunk=max(len(old), len(new)) > _MANY,  # then frequent words are not matched one by one
    )
    pieces: list[Piece] = []
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
            continue
        if old_end > old_start:
            # The first word of a text has no white space in front: two would run together.
            glued = new_start < len(new) and not new[new_start][0].isspace()
            between = " " if glued and not old[old_end - 1][-1].isspace() else ""
            pieces.append(Piece("removed", "".join(old[old_start:old_end]) + between))
        if new_end > new_start:
            pieces.append(Piece("added", "".join(new[new_start:new_end])))
    return tuple(pieces)


def _spaced_words(text: str) -> list[str]:
    """The words, each with the white space in front of it: together they are the text."""
    return _SPACED_WORDS.findall(text)


def _unequal(before: Sequence[Part], after: Sequence[Part]) -> tuple[list[int], list[int]]:
    """The positions of parts with no equal in the other version; white space does not count."""
    old = [_plain(part) for part in before]
    new = [_plain(part) for part in after]
    removed: list[int] = []
    added: list[int] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what != "equal":
            removed += range(old_start, old_end)
            added += range(new_start, new_end)
    moved = Counter(old[at] for at in removed) & Counter(new[at] for at in added)
    return _without(removed, old, moved), _without(added, new, moved)


def _without(positions: Iterable[int], texts: Sequence[str], moved: Counter[str]) -> list[int]:
    left = Counter(moved)
    kept = []
    for at in positions:
        if left[texts[at]] > 0:
            left[texts[at]] -= 1
        else:
            kept.append(at)
    return kept


def _pairs(before: Sequence[Part], after: Sequence[Part]) -> list[tuple[int, int]]:
    """Positions of parts that are alike enough to be one part, changed; each is used once."""
    scored = []
    for one, other in _candidates(before, after):
        same_section = before[one].section == after[other].section
        likeness = _likeness(before[one].text, after[other].text)
        if likeness >= (_ALIKE_IN_SECTION if same_section else _ALIKE):
            scored.append((-likeness - 0.1 * same_section, abs(one - other), one, other))
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, one, other in sorted(scored):
        if one not in used[0] and other not in used[1]:
            pairs.append((one, other))
            used[0].add(one)
            used[1].add(other)
    return pairs


def _candidates(before: Sequence[Part], after: Sequence[Part]) -> Iterable[tuple[int, int]]:
    """Pairs worth comparing: each old part with the few new ones that share most words with it."""
    holding: dict[str, list[int]] = defaultdict(list)
    for other, part in enumerate(after):
        for word in _vocabulary(part.text):
            holding[word].append(other)
    for one, part in enumerate(before):
        shared: Counter[int] = Counter()
        for word in _vocabulary(part.text):
            if len(holding.get(word, ())) <= _COMMON:
                shared.update(holding.get(word, ()))
        for other, _ in shared.most_common(5):
            yield one, other


def _vocabulary(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common, in 0..1; in order where they are few."""
    old = [word.casefold() for word in _WORD.findall(one)]
    new = [word.casefold() for word in _WORD.findall(other)]
    if max(len(old), len(new)) > _MANY:
        return 2 * (Counter(old) & Counter(new)).total() / (len(old) + len(new))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    # The quick ratio is never less than the exact one, and much cheaper.
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE_IN_SECTION else 0.0


def _plain(part: Part) -> str:
    return " ".join(part.text.split())
