"""Checks that look through the whole library: what no document names, whose documents there are."""

from __future__ import annotations

import re
from datetime import date

from assistant.answer import Answer
from assistant.evaluation.told import Everything, finds
from index.filters import Filters


def names_nowhere(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not everything.is_named(said["name"])


def words_nowhere(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    words = re.findall("\u201c(.+?)\u201d", said["words"])
    return bool(words) and not any(map(everything.has_word, words))


def no_document_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not everything.of_payer(said["payer"])


def theirs_lack(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    theirs = everything.of_payer(said["payer"])
    return bool(theirs) and not any(one.names(said["name"]) for one in theirs)


def begins(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    theirs = [one for one in everything.told if finds(said["payer"], " | ".join(one.payers))]
    known = [one.effective for one in theirs if one.effective is not None]
    if len(known) != len(theirs) or min(known, default=None) != date.fromisoformat(said["day"]):
        return False
    first = [one for one in theirs if one.effective == min(known)]
    return all(one.begins_revised for one in first) == bool(said["revised"])


def all_retired(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether every version that is of a payer had ended by the day asked about, the last then."""
    versions = everything.library.versions.values()
    theirs = [one.id for one in versions if finds(said["payer"], one.metadata.payer or "")]
    ends = [everything.library.terms[one].end for one in theirs]
    known = [end for end in ends if end is not None and end <= answer.as_of]
    return len(known) == len(ends) > 0 and max(known) == date.fromisoformat(said["day"])


def payers_listed(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    every = {payer for one in everything.told for payer in one.payers}
    rest = said["payers"]
    for payer in sorted(every, key=len)[::-1]:
        rest = rest.replace(payer, "")
    return not rest.strip(", ") and len(every) >= int(said["more"] or 0)


def titles_exist(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether titles joined by semicolons, which a title may hold too, are documents' titles."""
    rest = said["titles"]
    for title in sorted({one.title for one in everything.told}, key=len)[::-1]:
        rest = rest.replace(title, "")
    return not rest.strip("; ")


def is_english(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return any(one.names("the") for one in everything.told)


def nothing_left(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
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
