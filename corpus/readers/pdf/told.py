"""What a PDF's warnings say: pages that could not be read, and what was left out of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from corpus.readers.pdf.page import PageRead

_MOST_NAMED = 20
_LONGEST = 120  # characters of a quotation


def told_of(pages: Sequence[PageRead]) -> Iterator[str]:
    """The sentences on what the text of these pages lacks."""
    yield from _problems(pages)
    for what, count in _LEFT_OUT:
        amounts = [count(page) for page in pages]
        if total := sum(amounts):
            yield what.format(
                count=f"{total:,}", where=_where([bool(amount) for amount in amounts])
            )
    for number, page in enumerate(pages, start=1):
        if page.struck:
            yield f"Left out as struck through, on page {number}: {page.struck[:_LONGEST]}"


_LEFT_OUT: tuple[tuple[str, Callable[[PageRead], int]], ...] = (
    (
        "Left out as nobody sees them (white, invisible, covered or of a layer that is switched "
        "off): {count} letters on {where}.",
        lambda page: page.hidden,
    ),
    (
        "Left out as they stand outside the page: {count} letters on {where}.",
        lambda page: page.outside,
    ),
    (
        "Letters whose font does not say what they are: {count} on {where}.",
        lambda page: page.unknown,
    ),
    (
        "Comments are not part of the text: {count} on {where}. Open the file to read them.",
        lambda page: page.comments,
    ),
)


def _where(chosen: Sequence[bool]) -> str:
    numbers = [str(number) for number, on in enumerate(chosen, start=1) if on]
    more = " and more" if len(numbers) > _MOST_NAMED else ""
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:_MOST_NAMED])}{more}"


def _problems(pages: Sequence[PageRead]) -> Iterator[str]:
    found: dict[str, list[bool]] = {}
    for at, page in enumerate(pages):
        if page.problem is not None:
            found.setdefault(page.problem, [False] * len(pages))[at] = True
    for problem, chosen in found.items():
        yield f"{_where(chosen).capitalize()} could not be read: {problem}."
