"""The passage that prints the day from which a document holds, where a question asks for that of
the document: "when does the joint procedures policy take effect?"

Most passages of a document say more of the question's words than the line at its top that answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Citation
from assistant.question.kinds import kinds_asked
from assistant.question.names.identifiers import identifiers_in
from assistant.question.understand import Understood
from assistant.ranking.rank import Hit, Question
from assistant.verdict.meeting import Looked
from assistant.verdict.put_in import put_in
from corpus.codes import CodeSystem
from corpus.text.sentences import sentences
from index.filters import Filters
from index.library import Library
from index.versions import Version

_DOCUMENTS = 2  # of the first hits
_TEXT = re.compile(
    r"\b(?:polic(?:y|ies)|bulletin|guide(?:line)?s?|manual|document|determination|lcd|ncd|article|toolkit"
    r"|handbook|notice|cpb|update|it|edition)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b[A-Z]{1,5}[ -]?\d{2,}[\w.-]*")  # of a policy, in place of its name
_NUMBERS = (CodeSystem.POLICY, CodeSystem.LCD, CodeSystem.NCD, CodeSystem.ARTICLE)


def asks_own_day(understood: Understood) -> bool:
    """Whether a question asks from when a document holds, and not something that it tells of."""
    question = understood.query.free
    if not any(kind.name == "start" for kind in kinds_asked(question, {})):
        return False
    other = any(one.kind.system is not CodeSystem.POLICY for one in identifiers_in(question))
    other = other or any(system not in _NUMBERS for system, _ in understood.codes)
    return not other and (_TEXT.search(question) or _NUMBER.search(question)) is not None


def with_own_day(
    library: Library, question: Question, filters: Filters, hits: Sequence[Hit], *, within: int
) -> list[Hit]:
    """The hits, among the first `within` of which stand the passages that print that day."""
    if not asks_own_day(question.understood):
        return list(hits)
    first = library.version_of([hit.passage for hit in hits[:within]])
    versions = [library.versions[one] for one in dict.fromkeys(first)][:_DOCUMENTS]
    printing = [one for version in versions for one in _printing(library, version)]
    return put_in(library, question, filters, hits, printing, within=within)


def own_day(looked: Sequence[Looked], first: int) -> int:
    """The passage that prints the day of the document of the first one, by their positions; the
    first, where none does."""
    document = looked[first].citation.version.id
    for at, one in enumerate(looked):
        if one.citation.version.id == document and prints_day(one.citation):
            return at
    return first


def prints_day(citation: Citation) -> bool:
    text = _plain(citation.text)
    return any(_plain(said) in text for said in _sentences(citation.version))


def with_day_marked(citation: Citation) -> Citation:
    """A citation that prints the day of its document, with that marked."""
    said = [_plain(one) for one in _sentences(citation.version)]
    spans = [(span, _plain(span.of(citation.text))) for span in sentences(citation.text)]
    marked = tuple(
        span
        for span, text in spans
        if any(text and (text in one or one in text) and re.search(r"\d", text) for one in said)
    )
    return replace(citation, highlights=marked) if marked else citation


def _printing(library: Library, version: Version) -> Iterator[int]:
    sentences = [_plain(said) for said in _sentences(version)]
    if sentences:
        for passage in library.passages_of(version.id):
            text = _plain(passage.content.text)
            if any(said in text for said in sentences):
                yield passage.id


def _sentences(version: Version) -> list[str]:
    return [one.sentence for one in version.metadata.found if one.field == "effective"]


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w", text.lower()))
