"""Finds what a library states although one of its gaps calls it unknown.

A gap says what nobody had confirmed when it was written; a hospital's own file may state it. So
where a gap is among the first passages and the question asks for a named thing of a code (the
status indicator of 0581T), every passage that names the code is read for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.question.names.naming import Naming
from assistant.question.understand import Understood
from assistant.question.words.grammar import without_grammar
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.phrases import plain
from assistant.question.words.silent import SILENT
from assistant.ranking.rank import Hit, Question
from assistant.verdict.put_in import put_in
from assistant.verdict.requirements import Need, requirements
from assistant.verdict.stating import states_itself
from index.filters import Filters
from index.library import Library
from index.shards.analysis import analyze
from index.versions import Version

_READ = 500  # passages that name the code; a text that names it oftener states it near the top
_BEGINS = 1500  # characters of a document that say what its tables are of


def with_overruling(
    library: Library,
    naming: Naming,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    *,
    within: int,
) -> list[Hit]:
    """The hits, among the first `within` of which stand the passages that overrule a gap there."""
    first = hits[:within]
    gaps = [one for one in _versions(library, first) if one.metadata.kind == "gap"]
    if not gaps:
        return list(hits)
    needs = requirements(question.understood, naming)
    about = named_with_gaps(question.understood, gaps, needs)
    stating = set(_stating(library, needs, filters, about))
    return put_in(library, question, filters, hits, stating, within=within)


def _versions(library: Library, hits: Sequence[Hit]) -> list[Version]:
    return [library.versions[one] for one in library.version_of([hit.passage for hit in hits])]


def named_with_gaps(
    understood: Understood, gaps: Sequence[Version], needs: Sequence[Need]
) -> frozenset[str]:
    """What else the gaps' titles and the question both name, analysed: of "ASC rate of 0581T" the
    ASC, which a file of another payment system does not have."""
    things = (need.name for need in needs if need.thing is not None and not need.thing.marked)
    codes = (need.name for need in needs if need.code is not None)
    compared = frozenset(analyze(" ".join((*things, *codes))))
    titles = frozenset(analyze(" ".join(one.metadata.title for one in gaps)))
    asked = frozenset(analyze(without_grammar(understood.query.free)))
    return (asked & titles) - compared - NEUTRAL - SILENT


def _stating(
    library: Library, needs: Sequence[Need], filters: Filters, about: frozenset[str]
) -> Iterator[int]:
    """The passages of no gap that state every thing asked for beside one of the codes, in a
    document that begins with the words of what it is `about`."""
    codes = [need.code for need in needs if need.code is not None]
    asked = [need.thing for need in needs if need.thing is not None and not need.thing.marked]
    things = [thing for thing in asked if thing.form]
    if not codes or not things or any(thing.soft for thing in things):
        return
    names = tuple(plain(code) for _, code in codes)
    naming = {one for code in codes for one in library.passages_naming(*code, filters).tolist()}
    for passage in library.passages(sorted(naming)[:_READ]):
        content, version = passage.content, library.versions[passage.version]
        if version.metadata.kind == "gap":
            continue
        begins = library.text(version.id)[:_BEGINS] if " | " in content.text else ""
        above = " ".join((version.metadata.title, *content.section, content.header, begins))
        if all(states_itself(content, thing, names, opening=above) for thing in things) and (
            about <= frozenset(analyze(f"{above} {content.text}"))
        ):
            yield passage.id
