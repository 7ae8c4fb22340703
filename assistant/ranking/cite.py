"""Hits to citations: the passage word for word, its place, its dates, and why it was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import AlsoIn, Citation, Why
from assistant.question.understand import Code, Understood
from assistant.ranking.candidates import weighed
from assistant.ranking.dated_rows import day_meant, row_that_holds
from assistant.ranking.highlight import highlights, prepared
from assistant.ranking.rank import Hit
from assistant.ranking.wanted import wanted, worth
from corpus.codes import CodeMention, how_covers
from corpus.document import Passage
from corpus.metadata.dates.spans import held_until
from index.library import Library
from index.shards.stored import StoredPassage
from index.versions import of_section


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a question every citation is compared with, looked up once."""

    codes: tuple[Code, ...]
    typed: tuple[str, ...]  # analysed words, without those that it was widened by
    weights: Mapping[str, float]  # of all its words: how telling each is here
    day: date  # that it is about
    forms: tuple[re.Pattern[str], ...]  # of what answers it

    @classmethod
    def of(cls, library: Library, understood: Understood, on: date) -> _Asked:
        return cls(
            day=day_meant(understood.query.free, on=on),
            forms=wanted(understood),
            codes=understood.codes,
            typed=tuple(word for word, weight in understood.words if weight >= 1),
            weights=dict(weighed(library, understood)),
        )


def cite(
    library: Library, hits: Sequence[Hit], understood: Understood, *, on: date
) -> tuple[Citation, ...]:
    """A citation for each hit, in order. `on` is the day of the status."""
    passages = library.passages([hit.passage for hit in hits])
    mentions: dict[int, list[CodeMention]] = {passage.id: [] for passage in passages}
    for stored in library.mentions_of([passage.id for passage in passages]):
        mentions[stored.passage].append(stored.mention)
    asked = _Asked.of(library, understood, on)
    return tuple(
        _citation(library, hit, passage, mentions[passage.id], asked, rank=rank, on=on)
        for rank, (hit, passage) in enumerate(zip(hits, passages, strict=True), 1)
    )


def _citation(
    library: Library,
    hit: Hit,
    passage: StoredPassage,
    mentions: Sequence[CodeMention],
    asked: _Asked,
    *,
    rank: int,
    on: date,
) -> Citation:
    content = passage.content
    version = library.versions[passage.version]
    ended = held_until(content.text, content.section)
    term = of_section(library.terms[version.id], content.effective, ended)
    codes = asked.codes
    made_ready = prepared(content.text, frozenset(content.section), content.header)
    more = [worth(span.of(content.text), asked.forms) for span in made_ready.spans]
    marked = highlights(made_ready, asked.weights, hit.sentences, more)
    return Citation(
        rank=rank,
        score=hit.score,
        passage=passage.id,
        text=content.text,
        highlights=tuple(
            row_that_holds(content.text, content.header, one, day=asked.day) for one in marked
        ),
        version=version,
        status=term.status(on),
        ends=term.end,
        superseded=term.superseded,
        term=term,
        section=content.section,
        header=content.header,
        page=content.page,
        page_label=content.page_label,
        span=content.span,
        codes=tuple(dict.fromkeys(_shown(mention) for mention in mentions)),
        why=Why(
            codes=tuple(code for _, code in codes if _named(mentions, code)),
            covered=tuple(_covered(content, mentions, codes)),
            words=tuple(word for word in asked.typed if made_ready.holds(word)),
            lexical=hit.lexical,
            dense=hit.dense,
            late=hit.late,
            sentence=max(hit.sentences, default=None),
        ),
        verified=library.verify(passage),
        also_in=tuple(_also_in(library, other) for other in library.passages(hit.also)),
        sure=content.sure,
        doubtful=tuple(dict.fromkeys(_shown(one) for one in mentions if one.probable)),
        starts=term.start if content.effective else None,
    )


def _also_in(library: Library, passage: StoredPassage) -> AlsoIn:
    content = passage.content
    version = library.versions[passage.version]
    return AlsoIn(version, content.page, content.page_label, content.span)


def _named(mentions: Sequence[CodeMention], code: str) -> bool:
    return any(mention.code == code and mention.coverage == "exact" for mention in mentions)


def _covered(passage: Passage, mentions: Sequence[CodeMention], codes: Sequence[Code]) -> list[str]:
    """The question's codes that the passage covers without printing them, and by what."""
    rules = [one for one in mentions if one.coverage != "blanket" or not _is_asked(passage, one)]
    found = []
    for system, code in codes:
        if _named(mentions, code):
            continue
        for mention in rules:
            if how_covers(mention, system, code) is not None:
                how = "the range" if mention.coverage != "blanket" else "the rule on"
                found.append(f"{code} by {how} {_shown(mention)}")
                break
    return found


def _is_asked(passage: Passage, mention: CodeMention) -> bool:
    """Whether a mention is in a line that ends with a question mark: a heading such as "What
    does the policy say about Category III codes?" states no rule on them."""
    rest = passage.text[mention.span.end - passage.span.start :]
    return rest.partition("\n")[0].rstrip().endswith("?")


def _shown(mention: CodeMention) -> str:
    if mention.coverage == "blanket":
        return f"all {mention.system.value} codes {mention.code}"
    return f"{mention.code}-{mention.last}" if mention.last else mention.code
