"""Checks that read the passages shown: what they lack, whose they are, when they hold."""

from __future__ import annotations

import re
from datetime import date

from assistant.answer import Answer, Citation
from assistant.evaluation.things import MONEY, states, tells_sum
from assistant.evaluation.told import RUNS, Everything, finds


def _shown(citation: Citation) -> str:
    """A passage with what stands above it, and what its document is known to be."""
    metadata = citation.version.metadata
    own = (metadata.title, metadata.number or "", *metadata.payers, *citation.section)
    return " \n ".join((*own, citation.header, *citation.why.codes, citation.text))


def _looked_at(said: dict[str, str], answer: Answer) -> tuple[Citation, ...]:
    """The nearest passage where the sentence is of one, else all that are shown."""
    one = said["which"] in ("nearest passage", "marked words", "passage shown")
    return answer.citations[:1] if one else answer.citations


def lack_name(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    few = _looked_at(said, answer)
    texts = map(_marked if said["which"] == "marked words" else _shown, few)
    return bool(few) and not any(finds(said["name"], text) for text in texts)


def lack_words(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    few = _looked_at(said, answer)
    words = re.findall("\u201c(.+?)\u201d", said["words"])
    return bool(few and words) and not any(
        finds(word, _shown(one)) for word in words for one in few
    )


def lack_thing(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
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


def not_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and not finds(
        said["payer"], " | ".join(filter(None, (*first.payers, first.about, first.title)))
    )


def is_on_lines(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the first passage's document is for these lines of business, as it says itself."""
    first = answer.citations[0].version.metadata if answer.citations else None
    lines = said["lines"].split(" and ")
    return first is not None and (
        set(lines) == set(first.line_of_business) or all(finds(one, first.title) for one in lines)
    )


def named_in_marks_alone(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    marked = _marked(answer.citations[0]) if answer.citations else ""
    return finds(said["name"], marked) and not finds(said["name"], answer.question)


def holds_from(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    if first is None or not said["day"]:
        return first is not None and first.effective is None
    revised = first.begins_revised == bool(said["revised"])
    return first.effective == date.fromisoformat(said["day"]) and revised


def held_at_another_time(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether a day lies outside the time in which the nearest document is known to hold."""
    if not answer.citations:
        return False
    first, day = answer.citations[0].version.metadata, date.fromisoformat(said["day"])
    ends = [end for end in (first.retired, first.copy_of) if end is not None]
    begins_later = first.effective is None or first.effective > day
    return begins_later or (bool(ends) and min(ends) < day)


def is_to_come(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether the words shown first, or the document that they are of, begin after a day."""
    if not answer.citations:
        return False
    first, day = answer.citations[0], date.fromisoformat(said["day"])
    metadata = first.version.metadata
    if metadata.begins_revised != bool(said["revised"]):
        return False
    return any(one is not None and one > day for one in (first.starts, metadata.effective))


def is_proposal(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and first.standing == "proposed"


def tells_of_the_text(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
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


def is_copy(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    first = answer.citations[0].version.metadata if answer.citations else None
    return first is not None and first.copy_of == date.fromisoformat(said["day"])


def says_itself(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    unsure = r"\bnot (?:know|known|confirmed|visible|seen|found|stated?|read)\b|cut off|\bno "
    text = answer.citations[0].text if answer.citations else ""
    return re.search(unsure, text, re.IGNORECASE) is not None


def is_declared(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
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
