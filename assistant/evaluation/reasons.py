"""Proves the sentences around an answer true, or says which ones it could not prove.

It knows nothing of how they were made: it reads the sentence as a person does and looks through the
texts and the metadata of every document. A sentence whose form it does not know is not proved, so
that none can be shown that nothing checks. `_FORMS` is the list of those it knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.answer import Answer, Citation, Verdict
from assistant.evaluation.things import MONEY, states, tells_sum
from assistant.evaluation.told import RUNS, Everything, finds
from index.filters import Filters
from index.library import Library
from index.versions import Status


class Reasons:
    """A checker for one open library. `unproven` gives the sentences that are not proved."""

    def __init__(self, library: Library) -> None:
        self._everything = Everything(library)

    def unproven(self, answer: Answer) -> tuple[str, ...]:
        """The sentences of an answer that are untrue or of no known form."""
        sentences = (*answer.missing, *answer.suggestions, *answer.warnings)
        return tuple(one for one in sentences if not self.proves(one, answer))

    def proves(self, sentence: str, answer: Answer) -> bool:
        """Whether a sentence about an answer is true."""
        if sentence in _ADVICE or sentence in self._everything.library.warnings:
            return True
        for form, check in _FORMS:
            if match := re.fullmatch(form, sentence, re.DOTALL):
                return check(self._everything, match.groupdict(), answer)
        return False


Check = Callable[[Everything, dict[str, str], Answer], bool]


# Of the whole library


def _names_nowhere(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not everything.is_named(said["name"])


def _words_nowhere(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    words = re.findall("\u201c(.+?)\u201d", said["words"])
    return bool(words) and not any(map(everything.has_word, words))


def _no_document_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not everything.of_payer(said["payer"])


def _theirs_lack(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    theirs = everything.of_payer(said["payer"])
    return bool(theirs) and not any(one.names(said["name"]) for one in theirs)


def _begins(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    theirs = [one for one in everything.told if finds(said["payer"], " | ".join(one.payers))]
    known = [one.effective for one in theirs if one.effective is not None]
    if len(known) != len(theirs) or min(known, default=None) != date.fromisoformat(said["day"]):
        return False
    first = [one for one in theirs if one.effective == min(known)]
    return all(one.begins_revised for one in first) == bool(said["revised"])


def _all_retired(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether every version that is of a payer had ended by the day asked about, the last then."""
    versions = everything.library.versions.values()
    theirs = [one.id for one in versions if finds(said["payer"], one.metadata.payer or "")]
    ends = [everything.library.terms[one].end for one in theirs]
    known = [end for end in ends if end is not None and end <= answer.as_of]
    return len(known) == len(ends) > 0 and max(known) == date.fromisoformat(said["day"])


def _payers_listed(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    every = {payer for one in everything.told for payer in one.payers}
    rest = said["payers"]
    for payer in sorted(every, key=len)[::-1]:
        rest = rest.replace(payer, "")
    return not rest.strip(", ") and len(every) >= int(said["more"] or 0)


def _titles_exist(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether titles joined by semicolons, which a title may hold too, are documents' titles."""
    rest = said["titles"]
    for title in sorted({one.title for one in everything.told}, key=len)[::-1]:
        rest = rest.replace(title, "")
    return not rest.strip("; ")


def _is_english(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return any(one.names("the") for one in everything.told)


def _nothing_left(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the filters of an answer leave nothing, counted again."""
    filters = answer.searched.filters
    left = Filters(
        on=answer.as_of,
        payers=_texts(filters.get("payers")),
        kinds=_texts(filters.get("kinds")),
        documents=_texts(filters.get("documents")),
        include_all=bool(filters.get("include_all")),
    )
    return everything.library.select(left).documents == 0


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


# Of the passages shown


def _shown(citation: Citation) -> str:
    """A passage with what stands above it, and what its document is known to be."""
    metadata = citation.version.metadata
    own = (metadata.title, metadata.number or "", *metadata.payers, *citation.section)
    return " \n ".join((*own, citation.header, *citation.why.codes, citation.text))


def _looked_at(said: dict[str, str], answer: Answer) -> tuple[Citation, ...]:
    """The nearest passage where the sentence is of one, else all that are shown."""
    one = said["which"] in ("nearest passage", "marked words", "passage shown")
    return answer.citations[:1] if one else answer.citations


def _lack_name(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    few = _looked_at(said, answer)
    texts = map(_marked if said["which"] == "marked words" else _shown, few)
    return bool(few) and not any(finds(said["name"], text) for text in texts)


def _lack_words(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    few = _looked_at(said, answer)
    words = re.findall("\u201c(.+?)\u201d", said["words"])
    return bool(few and words) and not any(
        finds(word, _shown(one)) for word in words for one in few
    )


def _lack_thing(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    few = _looked_at(said, answer)
    texts = [_marked(one) if said["which"] == "marked words" else one.text for one in few]
    if said["thing"] in MONEY and any(_tells_sum(everything, one) for one in few):
        return False
    return bool(few) and not any(states(text, said["thing"]) for text in texts)


def _tells_sum(everything: Everything, citation: Citation) -> bool:
    """Whether a row of a passage has an amount of money, by what its table is said to be of."""
    begins = everything.library.text(citation.version.id)[:_BEGINS]
    table = " ".join((citation.version.metadata.title, citation.header, *citation.section, begins))
    rows = (line for line in citation.text.splitlines() if " | " in line)
    return any(tells_sum(f"{table} {citation.text}", row) for row in rows)


_BEGINS = 1500  # characters in which a document says what its tables are of


def _marked(citation: Citation) -> str:
    return "\n".join(span.of(citation.text) for span in citation.highlights)


def _not_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and not finds(
        said["payer"], " | ".join(filter(None, (*first.payers, first.about, first.title)))
    )


def _holds_from(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    if first is None or not said["day"]:
        return first is not None and first.effective is None
    revised = first.begins_revised == bool(said["revised"])
    return first.effective == date.fromisoformat(said["day"]) and revised


def _held_at_another_time(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether a day lies outside the time in which the nearest document is known to hold."""
    if not answer.citations:
        return False
    first, day = answer.citations[0].version.metadata, date.fromisoformat(said["day"])
    ends = [end for end in (first.retired, first.copy_of) if end is not None]
    begins_later = first.effective is None or first.effective > day
    return begins_later or (bool(ends) and min(ends) < day)


def _is_to_come(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the words shown first, or the document that they are of, begin after a day."""
    if not answer.citations:
        return False
    first, day = answer.citations[0], date.fromisoformat(said["day"])
    metadata = first.version.metadata
    if metadata.begins_revised != bool(said["revised"]):
        return False
    return any(one is not None and one > day for one in (first.starts, metadata.effective))


def _is_proposal(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and first.standing == "proposed"


def _tells_of_the_text(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the marked words, or the heading above them, speak of a text: its parts, its owner,
    another place to look."""
    words = (
        r"\b(?:see|refer|visit|access|consult|contents|references|bibliography|history|change"
        r"|transmittals?|copyright|rights?|proprietary|licensee|copied|distribution|section|chapter"
        r"|manual|policy|page|table|website|sources?|citations)\b|\u00a9|\d$"
    )
    few = answer.citations[:1]
    return any(
        re.search(words, " ".join((*one.section[-1:], _marked(one))), re.IGNORECASE) for one in few
    )


def _is_copy(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and first.copy_of == date.fromisoformat(said["day"])


def _says_itself(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    unsure = r"\bnot (?:know|known|confirmed|visible|seen|found|stated?|read)\b|cut off|\bno "
    text = answer.citations[0].text if answer.citations else ""
    return re.search(unsure, text, re.IGNORECASE) is not None


def _is_declared(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the first passage is of a gap with this title that declares something that the
    question names: a code, a payer, a thing."""
    first = answer.citations[:1]
    if not first or first[0].version.metadata.title != said["title"]:
        return False
    gaps = [one for one in everything.told if one.title == said["title"] and one.kind == "gap"]
    names = (name for gap in gaps for some in gap.declared.values() for name in some)
    words = {word for name in names for word in RUNS.findall(str(name).lower()) if len(word) > 1}
    asked = set(RUNS.findall(answer.question.lower()))
    return bool(gaps) and (not any(gap.declared for gap in gaps) or bool(words & asked))


# Of the question and of the answer itself


def _in_question(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    typed = " ".join(said["typed"].split()).casefold()
    return typed in " ".join(answer.question.split()).casefold()


def _names_little(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not re.search(r"\d{2}", answer.question)


def _is_unsure(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """It tells how sure the desk is, which its verdict says."""
    return bool(answer.citations) and answer.verdict is not Verdict.ANSWERED


def _is_as_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return answer.as_of.isoformat() == said["day"]


def _held_then_and_not_now(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether words of a document with this title hold on the day named and not on the day asked
    about."""
    library, day = everything.library, date.fromisoformat(said["day"])
    named = [
        one
        for one, version in library.versions.items()
        if version.metadata.title == said["title"]
        and (not said["revised"] or version.metadata.begins_revised)
        and library.terms[one].status(answer.as_of) in (Status.FUTURE, Status.RETIRED)
    ]
    return any(library.terms[one].status(day) is Status.IN_FORCE for one in named)


def _is_offered(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return any(f"As of {said['day']}," in one for one in answer.missing)


def _has_filter(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    keys = {"payer": "payers", "kind": "kinds", "document": "documents"}
    named = said["filters"].split(" and ")
    return all(one in keys and answer.searched.filters.get(keys[one]) for one in named)


def _nothing_cited(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not answer.citations


# Sentences that tell nothing about the library: what to do, or to ask in English.
_ADVICE = frozenset(
    {
        "Esta biblioteca responde solo en ingl\u00e9s: por favor, haga la pregunta en ingl\u00e9s.",
        "Ask for another day with --as-of, or find retired ones with include:retired.",
        "Ask for the day of service with --as-of, where the answer depends on the date.",
    }
)

_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_REVISED = r"(?P<revised> as revised)?"
_QUOTED = "(?P<words>\u201c.+\u201d)"
_WHICH = r"(?P<which>nearest passage|marked words|passages? shown)"
_NAME = r"(?P<name>.+)"

_FORMS: tuple[tuple[str, Check], ...] = (
    (rf"No document(?: in the library)? has the words? {_QUOTED}\.", _words_nowhere),
    (rf"No document(?: in the library)? (?:names|mentions) {_NAME}\.", _names_nowhere),
    (r"The library has no document of (?P<payer>.+)\.", _no_document_of),
    (
        r"The library has documents of (?P<payer>.+), but none of them (?:says anything on|names)"
        r" (?P<name>(?!this\b).+)\.",
        _theirs_lack,
    ),
    (rf"The library's documents of (?P<payer>.+) hold{_REVISED} from {_DAY} on\.", _begins),
    (
        rf"The library's documents of (?P<payer>.+) are all retired, the last since {_DAY}\.",
        _all_retired,
    ),
    (
        r"Payers of which the library has documents: (?P<payers>.+?)(?: and (?P<more>\d+) more)?\.",
        _payers_listed,
    ),
    (r"About .+? the library has: (?P<titles>.+)\.", _titles_exist),
    (r"Ask about \u201c(?P<titles>.+)\u201d\.", _titles_exist),
    (r"The library's documents are in English: ask in English\.", _is_english),
    (r"No document is left to search: .+\.", _nothing_left),
    (rf"No document is in force on {_DAY}\.", _nothing_left),
    (r"The library is empty\.", _nothing_left),
    (rf"No (?P<which>passage) (?:that comes near|shown) (?:names|speaks of) {_NAME}\.", _lack_name),
    (rf"The {_WHICH} do(?:es)? not (?:name|speak of) {_NAME}\.", _lack_name),
    (rf"The {_WHICH} do(?:es)? not (?:have the words?|say) {_QUOTED}\.", _lack_words),
    (rf"The {_WHICH} (?:names?|states?) no (?P<thing>.+)\.", _lack_thing),
    (
        rf"The {_WHICH} does not state (?P<thing>.+?) \(\u201c.+\u201d\)\.",
        _lack_thing,
    ),
    (r"The nearest passage is not of (?P<payer>.+)\.", _not_of),
    (
        rf"The nearest passage is of a document (?:that holds{_REVISED} from {_DAY} on"
        r"|without a date from which it holds)\.",
        _holds_from,
    ),
    (rf"The nearest passage(?P<revised>, as revised,)? is not in force on {_DAY}\.", _is_to_come),
    (r"The nearest passage is of a draft or a proposal\.", _is_proposal),
    (
        r"The nearest passage only tells of the text itself, or where to look\.",
        _tells_of_the_text,
    ),
    (rf"The nearest passage is of a copy of {_DAY}\.", _is_copy),
    (rf"The nearest passage does not say what held on {_DAY}\.", _held_at_another_time),
    (r"The nearest passage says itself that this is not known\.", _says_itself),
    (r"The library says that this is not known: \u201c(?P<title>.+)\u201d\.", _is_declared),
    (r"This part is not answered: \u201c(?P<typed>.+)\u201d\. Ask it by itself\.", _in_question),
    (
        r"\u201c(?P<typed>.+)\u201d was looked up by itself: check that its passage is of your"
        r" case\.",
        _in_question,
    ),
    (
        r"The question points to something that it does not name: \u201c(?P<typed>.+)\u201d\."
        r" Name it\.",
        _in_question,
    ),
    (
        r"The question takes for granted: \u201c(?P<typed>.+)\u201d\. Check that first\.",
        _in_question,
    ),
    (
        r"The question names too little to tell what answers it: a code, a payer, a subject\.",
        _names_little,
    ),
    (r"It is not sure that the nearest passage answers the question\.", _is_unsure),
    (r"No passage was found that has what the question demands\.", _nothing_cited),
    (
        rf"The question asks about the past, so it is answered as of {_DAY}\. Another day can be"
        r" given beside the question\.",
        _is_as_of,
    ),
    (
        rf"As of {_DAY}, \u201c(?P<title>.+)\u201d{_REVISED} answers this\.",
        _held_then_and_not_now,
    ),
    (rf"Ask as of {_DAY}\.", _is_offered),
    (r"Search without the filter on (?P<filters>[a-z ]+)\.", _has_filter),
)
