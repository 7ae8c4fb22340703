"""Marks the sentences or the table row of a passage that answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Span
from corpus.text.figures import BAR
from corpus.text.sentences import sentences
from index.shards.analysis import words_in

_WORDS = 0.3  # weight of the question's words in a sentence beside its late-interaction score
_HEADING = 10  # words at most
_ASKED = 30  # words at most of a heading that is a question
_UNDER = 0.2  # of a heading's own score, for the sentence that follows it
_FADING = 0.6  # and of that, for each sentence further on
_RUN = 55  # words that two sentences marked together have at most
_SECOND = 0.1  # weight of the lesser of two sentences: a good one beside the best tips a balance
_NAME = 8  # words at most of a column's name
_VALUE = re.compile(r"\W*[A-Z]{0,2}-?\d[\w.,%/-]*\W*")  # a figure, a code, a date
_ENDS = ".!;:,"
_ITEM = re.compile(r"[-*+•–●▪◦]\s|o\s|\(?\w{1,3}[.)]\s")
_FOLLOWS = re.compile(r"\b(?:as follows|following|below|these)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What of a passage no question changes: its sentences, the analysed words of each, which of
    them are headings or `names` of columns, and what can be marked together."""

    spans: tuple[Span, ...]
    words: tuple[frozenset[str], ...]
    asking: frozenset[int]
    names: frozenset[int]
    runs: tuple[tuple[int, ...], ...]

    def holds(self, word: str) -> bool:
        """Whether the passage has an analysed word."""
        return any(word in held for held in self.words)


@lru_cache(maxsize=1024)  # 10 MB: of a small library all passages, of a large one those in use
def prepared(text: str, headings: frozenset[str] = frozenset(), header: str = "") -> Prepared:
    """A prepared passage. `headings` are the known ones; others are recognised by their shape, as
    are the names of a table's columns where they are not told by `header`."""
    spans = sentences(text)
    asking = frozenset(_asking(text, spans, headings))
    names = frozenset(_names_told_by(header, text, spans))
    if not header:
        asking |= frozenset(_column_names(text, spans))
    words = tuple(frozenset(words_in(span.of(text))) for span in spans)
    return Prepared(spans, words, asking, names, tuple(_runs(text, spans, asking | names)))


def highlights(
    passage: Prepared,
    words: Mapping[str, float],
    scores: Sequence[float],
    more: Sequence[float] = (),
) -> tuple[Span, ...]:
    """The best sentence, or two in a row; a table row alone.

    `words` are the question's analysed words with their weights, `scores` the late-interaction
    scores of the passage's sentences, in order, as far as there are any, and `more` what each is
    worth besides (see `wanted`). Nothing is marked where no
    sentence holds a word or has a score. A heading asks, it does not answer: it is never marked,
    but speaks for what stands under it. The names of columns say the same of every row.
    """
    whole = sum(words.values()) or 1.0
    values = []
    for number, held in enumerate(passage.words):
        share = sum(weight for word, weight in words.items() if word in held) / whole
        value = _WORDS * share + (scores[number] if number < len(scores) else 0.0)
        values.append(value + (more[number] if value > 0 and number < len(more) else 0.0))
    values = _led(values, passage.asking)
    best = max(passage.runs, key=lambda run: (_worth(values, run), -run[0]), default=())
    if all(values[at] <= 0 for at in best):
        return ()
    return tuple(passage.spans[at] for at in best)


def _worth(values: Sequence[float], run: Sequence[int]) -> float:
    best, *rest = sorted((values[at] for at in run), reverse=True)
    return round(best + _SECOND * sum(rest), 6)


def _led(values: Sequence[float], asking: Collection[int]) -> list[float]:
    """The values of sentences together with a part of that of the heading they stand under."""
    led = []
    lead = 0.0
    for at, value in enumerate(values):
        if at in asking:
            above = lead if at - 1 in asking else 0.0
            lead = max(_UNDER * value, above)
            led.append(0.0)
        else:
            led.append(value + lead)
            lead *= _FADING
    return led


def _runs(text: str, spans: Sequence[Span], asking: Collection[int]) -> Iterator[tuple[int, ...]]:
    """What can be marked: each sentence and, where they are short, two that follow each other."""
    for at, span in enumerate(spans):
        if at in asking:
            continue
        after = at + 1
        last = after == len(spans) or after in asking
        introduces = not last and _introduces(span.of(text), spans[after].of(text))
        if not introduces:
            yield (at,)
        if last:
            continue
        if introduces:
            yield (at, *_introduced(text, spans, after, asking))
            yield from ((at, item) for item in _items(text, spans, after, asking))
            continue
        rows = _is_row(text, span) or _is_row(text, spans[after])
        if not rows and len(text[span.start : spans[after].end].split()) <= _RUN:
            yield (at, after)


def _introduces(sentence: str, following: str) -> bool:
    """Whether a sentence only introduces what follows: it is never marked alone."""
    if " | " in sentence:
        return False
    return sentence.endswith(":") or (
        _FOLLOWS.search(sentence) is not None and _ITEM.match(following) is not None
    )


def _items(text: str, spans: Sequence[Span], at: int, asking: Collection[int]) -> Iterator[int]:
    """The items of a list: each may be the one that answers."""
    for number in range(at, len(spans)):
        if number in asking or not _ITEM.match(spans[number].of(text)):
            return
        yield number


def _introduced(
    text: str, spans: Sequence[Span], at: int, asking: Collection[int]
) -> Iterator[int]:
    """What follows an introduction, up to what can be marked together."""
    words = 0
    for number in range(at, len(spans)):
        words += len(spans[number].of(text).split())
        if number in asking or (number > at and words > _RUN):
            return
        yield number


def _names_told_by(header: str, text: str, spans: Sequence[Span]) -> Iterator[int]:
    """The rows of which every cell stands in the name of its column: a name may come from two."""
    columns = header.split(BAR) if header else []
    for at, span in enumerate(spans if len(columns) > 1 else ()):
        cells = span.of(text).split(BAR)
        if len(cells) == len(columns) and all(map(_stands_in, cells, columns)):
            yield at


def _stands_in(cell: str, name: str) -> bool:
    return f" {cell.strip()} " in f" {name} "


def _column_names(text: str, spans: Sequence[Span]) -> Iterator[int]:
    """The first row of each table, where it reads like names: few words, no figure, no code."""
    for at, span in enumerate(spans[:-1]):
        opens = at == 0 or not _is_row(text, spans[at - 1])
        if opens and _is_row(text, span) and _is_row(text, spans[at + 1]):
            cells = span.of(text).split(" | ")
            if not any(_VALUE.fullmatch(cell) or len(cell.split()) > _NAME for cell in cells):
                yield at


def _is_row(text: str, span: Span) -> bool:
    """A table row answers alone."""
    return " | " in span.of(text)


def _asking(text: str, spans: Sequence[Span], headings: Collection[str]) -> set[int]:
    """The sentences that are headings."""
    found = set()
    for at, span in enumerate(spans):
        if " ".join(span.of(text).split()) in headings:
            found.add(at)
            continue
        start = text.rfind("\n", 0, span.start) + 1
        line, _, rest = text[start:].partition("\n")
        opens = not text[:start].strip() or text[:start].endswith("\n\n")
        if _is_question(line, opens=opens) or (opens and _is_heading(line, rest.strip())):
            found.add(at)
    return found


def _is_question(line: str, *, opens: bool) -> bool:
    """A line that ends with a question mark and opens a paragraph, or is nothing but a question."""
    line = line.strip()
    short = len(line.split()) <= _ASKED
    return line.endswith("?") and short and (opens or not re.search(r"[.!?]\s", line))


def _is_heading(line: str, rest: str) -> bool:
    """A few words without an end before something longer; of short lines, none heads the next."""
    return bool(rest) and _is_label(line) and not _is_label(rest.partition("\n")[0])


def _is_label(line: str) -> bool:
    line = line.strip()
    few = len(line.split()) <= _HEADING
    return few and line[-1:] not in _ENDS and " | " not in line and not _ITEM.match(line)
