"""Which stretches of a document are sections about one thing of several: the articles of a
newsletter, the changes of a bulletin, the questions of an FAQ. What each says dates only that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.document import Block

# Headings that go on with the subject of the document; they tell of nothing else.
_GOES_ON = re.compile(
    r"[\W\d]*(?:contacts?|questions\??$|background|summary|overview|details?|introduction|purpose|scope"
    r"|action|next steps|more|further|additional|resources|references|key|help|reason|attachments?"
    r"|(?:revision |version |policy )?history|related|disclaimer|effective|dates?"
    r"|(?:what|who|why|when|how|where)\b.{0,16}\b(?:chang|affect|do\b|act|means?|happen|impact|new\b|effect"
    r"|appl|need to|this mean|contact|prepare)\w*)\b",
    re.IGNORECASE,
)
_ABOUT_DATES = re.compile(r"\b(?:effective|dates?|term|history)\b", re.IGNORECASE)


def sections_of_one_thing(text: str, blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """From and to of each section that has others beside it which are about something else.

    The first heading is the document's title, whatever its level.
    """
    headings = [block for block in blocks if block.level]
    if not any(_tells(text, one) for one in headings[1:]):
        return ()
    return tuple(_apart(text, headings))


def _apart(text: str, headings: Sequence[Block]) -> Iterator[tuple[int, int]]:
    for at, heading in enumerate(headings):
        level = heading.level
        others = (one for one in headings[1:] if one is not heading and one.level == level)
        if not _tells(text, heading) or not any(_tells(text, one) for one in others):
            continue
        if at == 0 and not _is_headed(text, heading):
            continue
        after = (one.span.start for one in headings[at + 1 :] if one.level <= level)
        yield heading.span.end, next(after, len(text))


def _is_headed(text: str, first: Block) -> bool:
    """Whether something stands above the first heading, as a newsletter's name does."""
    return bool(text[: first.span.start].strip())


def _tells(text: str, heading: Block) -> bool:
    """Whether a heading names a subject of its own."""
    said = heading.span.of(text)
    return not _GOES_ON.match(said) and not _ABOUT_DATES.search(said)
