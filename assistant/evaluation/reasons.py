"""Proves the sentences around an answer true, or says which ones it could not prove.

It knows nothing of how they were made: it reads the sentence as a person does and looks through the
texts and the metadata of every document. A sentence whose form it does not know is not proved, so
that none can be shown that nothing checks. `FORMS` is the list of those it knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assistant.answer import Answer, Citation, Verdict
from assistant.question.kinds import kinds_asked
from assistant.question.things import Thing, standard_things
from index.filters import Filters
from index.library import Library


@dataclass(frozen=True, slots=True)
class _Told:
    """One document: who is behind it, its own name and everything that it says."""

    whose: str  # payer, body and publisher
    title: str
    kind: str
    payer: str
    effective: date | None
    declared: dict[str, Any]  # of a gap: what it says is unknown
    text: str  # with title, number and codes
    lower: str  # the same, to look a name up in quickly

    def names(self, name: str) -> bool:
        runs = _RUNS.findall(name.lower())
        return all(run in self.lower for run in runs) and _finds(name, self.text)


class Reasons:
    """A checker for one open library. `unproven` gives the sentences that are not proved."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def unproven(self, answer: Answer) -> tuple[str, ...]:
        """The sentences of an answer that are untrue or of no known form."""
        sentences = (*answer.missing, *answer.suggestions, *answer.warnings)
        return tuple(one for one in sentences if not self.proves(one, answer))

    def proves(self, sentence: str, answer: Answer) -> bool:
        """Whether a sentence about an answer is true."""
        if sentence in _ADVICE or sentence in self._library.warnings:
            return True
        for form, check in FORMS:
            if match := form.fullmatch(sentence):
                return check(self, match, answer)
        return False

    @cached_property
    def told(self) -> tuple[_Told, ...]:
        """Every version of every document."""
        return tuple(self._read())

    def _read(self) -> Iterator[_Told]:
        for version in self._library.versions.values():
            metadata = version.metadata
            whose = (metadata.payer, metadata.about, metadata.publisher, metadata.written_by)
            own = (metadata.title, metadata.number, *metadata.codes, metadata.payer)
            text = " \n ".join((*filter(None, own), self._library.text(version.id)))
            yield _Told(
                whose=" | ".join(filter(None, whose)),
                title=metadata.title,
                kind=metadata.kind or "",
                payer=metadata.payer or "",
                effective=metadata.effective,
                declared=dict(metadata.extra.get("unknown") or {}),
                text=text,
                lower=text.lower(),
            )

    @cached_property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Every passage: what stands above its words (title, headings, column names, the other
        rows of its table), and its text."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        for version in self._library.versions.values():
            for passage in self._library.passages_of(version.id):
                content = passage.content
                table = (line for line in content.text.splitlines() if " | " in line)
                above = (version.metadata.title, *content.section, content.header, *table)
                yield " \n ".join(above), content.text

    def is_named(self, name: str) -> bool:
        """Whether any document names a code, a number or a phrase, however it is spelled there; a
        long number counts without the words before it."""
        names = {name, *(one for one in name.split() if len(one) > 3 and re.search(r"\d", one))}
        if any(told.names(one) for one in names for told in self.told):
            return True
        word, number = _kind_and_number(name)
        return bool(word) and any(
            number in text and _number(number).search(text) and _finds(word, above)
            for above, text in self.rows
        )

    def has_word(self, word: str) -> bool:
        return any(one.names(word) for one in self.told)

    def of_payer(self, name: str) -> tuple[_Told, ...]:
        return tuple(one for one in self.told if _finds(name, f"{one.whose} | {one.title}"))

    def left_by(self, answer: Answer) -> int:
        """How many documents the filters of an answer leave, counted again."""
        filters = answer.searched.filters
        return self._library.select(
            Filters(
                on=answer.as_of,
                payers=_texts(filters.get("payers")),
                kinds=_texts(filters.get("kinds")),
                documents=_texts(filters.get("documents")),
                include_all=bool(filters.get("include_all")),
            )
        ).documents


Check = Callable[[Reasons, "re.Match[str]", Answer], bool]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


# How a name may be written: its runs of letters and of digits, with anything or nothing between.
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = r"[\s\-\u2010-\u2015.,:#()/'\u2019]*"


def _finds(name: str, text: str) -> bool:
    """Whether a text has a name as words of its own, in any spelling."""
    runs = _RUNS.findall(name)
    if not runs:
        return False
    pattern = _BETWEEN.join(map(re.escape, runs))
    plural = "s?" if runs[-1].isalpha() else ""
    return re.search(rf"(?<![^\W_]){pattern}{plural}(?![^\W_])", text, re.IGNORECASE) is not None


def _kind_and_number(name: str) -> tuple[str, str]:
    """A name like `modifier 24` as its word and its number; two empty texts for any other."""
    match = re.fullmatch(r"([a-z][a-z ]+?) (\S+)", name)
    return (match[1], match[2]) if match else ("", "")


def _number(number: str) -> re.Pattern[str]:
    """A number that counts nothing: `24`, and not that of `24 hours`."""
    units = "hours?|days?|weeks?|months?|years?|minutes?|percent|patients?|mm|cm|units?"
    found = rf"(?<![\w.$/]){re.escape(number)}(?![\w%]|[.,]\d|-\d|[ ](?:{units})\b)"
    return re.compile(found, re.IGNORECASE)


def _shown(citation: Citation) -> str:
    metadata = citation.version.metadata
    own = (metadata.title, metadata.number or "", metadata.payer or "", *citation.section)
    return " \n ".join((*own, citation.header, *citation.why.codes, citation.text))


def _names_nowhere(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return not reasons.is_named(match["name"])


def _words_nowhere(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    words = re.findall("\u201c(.+?)\u201d", match["words"])
    return bool(words) and not any(map(reasons.has_word, words))


def _shown_lack(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return not any(_finds(match["name"], _shown(one)) for one in answer.citations)


def _shown_have_no(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """Of a kind of thing that has a form; for any other nothing is proved."""
    form = THINGS.get(match["thing"])
    few = answer.citations if match["which"].endswith("s shown") else answer.citations[:1]
    return form is not None and not any(form.search(one.text) for one in few)


def _year_not_spoken_of(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return bool(answer.citations) and match["year"] not in _shown(answer.citations[0])


def _no_document_of(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return not reasons.of_payer(match["payer"])


def _theirs_lack(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    theirs = reasons.of_payer(match["payer"])
    return bool(theirs) and not any(one.names(match["name"]) for one in theirs)


def _begins(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    days = [one.effective for one in reasons.told if _finds(match["payer"], one.payer)]
    known = [day for day in days if day is not None]
    return len(known) == len(days) > 0 and min(known) == date.fromisoformat(match["day"])


def _payers_listed(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    every = {one.payer for one in reasons.told if one.payer}
    listed = match["payers"]
    there = [payer for payer in every if payer in listed]
    rest = re.sub("|".join(map(re.escape, sorted(there, key=len)[::-1])) or "$", "", listed)
    others = int(match["more"] or 0)
    return not rest.strip(", ") and (not others or len(every) >= others)


def _titles_exist(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """Whether titles joined by semicolons, which a title may hold too, are documents' titles."""
    rest = match["titles"]
    for title in sorted({one.title for one in reasons.told}, key=len)[::-1]:
        rest = rest.replace(title, "")
    return not rest.strip("; ")


def _is_declared(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """Whether the first passage is of a gap with this title that declares something that the
    question names: a code, a payer, a thing."""
    first = answer.citations[:1]
    if not first or first[0].version.metadata.title != match["title"]:
        return False
    gaps = [one for one in reasons.told if one.title == match["title"] and one.kind == "gap"]
    declared = [gap.declared for gap in gaps]
    names = (name for one in declared for names in one.values() for name in names)
    words = {word for name in names for word in _RUNS.findall(str(name).lower()) if len(word) > 1}
    asked = set(_RUNS.findall(answer.question.lower()))
    return bool(gaps) and (not any(declared) or bool(words & asked))


def _in_question(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    typed = " ".join(match["typed"].split()).casefold()
    return typed in " ".join(answer.question.split()).casefold()


def _nothing_left(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return reasons.left_by(answer) == 0


def _is_as_of(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return answer.as_of.isoformat() == match["day"]


def _has_filter(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    keys = {"payer": "payers", "kind": "kinds", "document": "documents"}
    return all(answer.searched.filters.get(keys[one]) for one in match["filters"].split(" and "))


def _says_itself(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    unsure = (
        r"\bnot (?:know|known|confirmed|visible|seen|found|stated?|read)\b|cut off|holds no|\bno "
    )
    return bool(answer.citations) and bool(
        re.search(unsure, answer.citations[0].text, re.IGNORECASE)
    )


def _is_english(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return any(one.names("the") for one in reasons.told)


def _names_little(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return not re.search(r"\d{2}", answer.question)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"

# Sentences that tell nothing about the library: what to do, or to ask in English.
_ADVICE = frozenset(
    {
        "Esta biblioteca responde solo en ingl\u00e9s: por favor, haga la pregunta en ingl\u00e9s.",
        "Ask for another day with --as-of, or find retired ones with include:retired.",
        "Ask for the day of service with --as-of, where the answer depends on the date.",
    }
)

# What "no dollar amount" and its like mean. What has no form here cannot be told to be missing.
THINGS = {
    name: re.compile(form, re.IGNORECASE)
    for names, form in (
        (
            ("a price", "a payment rate", "dollar amount", "a dollar amount"),
            r"\$\s?\d|\bdollars?\b",
        ),
        (("a percentage", "percentage"), r"\d\s?%|\bper ?cent\b"),
        (("a number for that", "number", "a number"), r"\d"),
        (("a telephone number", "telephone number"), r"\d{3}[-. )]+\d{3}[-. ]\d{4}|\b1[ -.]800"),
        (
            ("a date for that", "date", "a date"),
            r"\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug"
            r"|sep|oct|nov|dec)[a-z]*\.? \d",
        ),
        (("a size", "size"), r"\d\s?(?:mm|cm|millimet|centimet|inch|gauge|G\b|mg|ml)"),
        (
            ("how long that takes", "duration", "a duration", "span of time"),
            r"\b(?:minutes?|hours?|days?|weeks?|months?|years?)\b",
        ),
        (("an age", "age"), r"\bage[ds]?\b|\byears? old\b|\byears of age\b"),
        (("a code for that", "code", "a code"), r"\b(?:[A-Z]\d{2,4}[A-Z]?|\d{4,5}[A-Z]?)\b"),
        (("address", "an address", "email address"), r"@|\b\d{5}(?:-\d{4})?\b"),
    )
    for name in names
}


def _first_of(answer: Answer) -> str:
    return _shown(answer.citations[0]) if answer.citations else ""


def _first_lacks(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """The first citation does not have a name, or one of the words of a list."""
    words = re.findall("\u201c(.+?)\u201d", match["name"]) or [match["name"]]
    return bool(answer.citations) and not any(_finds(one, _first_of(answer)) for one in words)


def _first_states_no(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """The first citation states no value of a thing that billing has a name for, or none beside
    the code; a value that it says not to be known is none."""
    thing = next((one for one in standard_things().all if one.shown == match["thing"]), None)
    if thing is None or not answer.citations:
        return False
    text = answer.citations[0].text
    codes = (match["codes"] or "").split(" or ") if match["codes"] else []
    said = _first_of(answer)
    if not any(_finds(word, said) for word in (*thing.words, *thing.near)):
        return True
    if codes and not any(_finds(code, said) for code in codes):
        return True
    values = thing.value.finditer(text) if thing.value is not None else ()
    return all(_is_unsure(text, value, codes, thing) for value in values)


def _is_unsure(text: str, value: re.Match[str], codes: list[str], thing: Thing) -> bool:
    """Whether a value is no value of the thing: its sentence or row says that it is not known, or
    names neither the code nor the thing."""
    start = max(text.rfind(". ", 0, value.start()), text.rfind("\n", 0, value.start())) + 1
    ends = [at for at in (text.find(". ", value.start()), text.find("\n", value.start())) if at > 0]
    sentence = text[start : min(ends, default=len(text))]
    named = not codes or any(_finds(code, sentence) for code in codes)
    told = any(_finds(word, sentence) for word in (*thing.words, *thing.near))
    return not (named and told) or _UNSURE.search(sentence) is not None


_UNSURE = re.compile(
    r"\b(?:no source|not (?:confirmed|known|found|stated|listed)|no longer found|were not|was not"
    r"|outside this library|nobody|would|presumably|where the|if)\b",
    re.IGNORECASE,
)


def _first_names_no(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """The first citation, or what is marked of it, has no thing of a general kind."""
    shown = match["thing"]
    parts = (answer.question, *re.split(r"\band\b|[,;?]", answer.question))
    asked = (kind for part in parts for kind in kinds_asked(part, {}))
    forms = [kind.says for kind in asked if kind.shown == shown]
    if not forms or not answer.citations:
        return False
    first = answer.citations[0]
    text = " ".join(span.of(first.text) for span in first.highlights)
    if match["what"] == "nearest passage names":
        text = first.text
    return not any(form.search(text) for form in forms)


def _in_who(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """The first citation has not the verb of "who signs"."""
    verb = match["name"].split()[-1]
    stem = re.sub(r"(?:s|ed|ing)$", "", verb.lower())
    return bool(answer.citations) and stem not in answer.citations[0].text.lower()


def _first_is_not_of(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """The first citation is of a document with another payer, or with none."""
    return bool(answer.citations) and answer.citations[0].version.metadata.payer != match["payer"]


def _first_is_undated(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return bool(answer.citations) and answer.citations[0].version.metadata.effective is None


def _first_holds_from(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    if not answer.citations:
        return False
    return answer.citations[0].version.metadata.effective == date.fromisoformat(match["day"])


def _first_is_a_copy_of(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    if not answer.citations:
        return False
    return answer.citations[0].version.metadata.copy_of == date.fromisoformat(match["day"])


def _is_judged(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    """What tells how sure the desk is tells nothing of the library."""
    return answer.verdict is not Verdict.ANSWERED


def _nothing_shown(reasons: Reasons, match: re.Match[str], answer: Answer) -> bool:
    return not answer.citations


FORMS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (
        _form(r"No document in the library has the words? (?P<words>\u201c.+\u201d)\."),
        _words_nowhere,
    ),
    (_form(r"No document(?: in the library)? (?:names|mentions) (?P<name>.+)\."), _names_nowhere),
    (_form(r"No passage (?:that comes near|shown) names (?P<name>.+)\."), _shown_lack),
    (_form(r"No passage (?:that comes near|shown) speaks of (?P<name>.+)\."), _shown_lack),
    (_form(r"The passages shown do not name (?P<name>.+)\."), _shown_lack),
    (
        _form(r"The (?P<which>passages? shown) names? no (?P<thing>.+)\."),
        _shown_have_no,
    ),
    (
        _form(r"The (?P<which>nearest passage) does not state (?P<thing>.+?) \(\u201c.+\u201d\)\."),
        _shown_have_no,
    ),
    (_form(r"The nearest passage does not speak of (?P<year>\d{4})\."), _year_not_spoken_of),
    (
        _form(r"The nearest passage does not have the words? (?P<name>\u201c.+\u201d)\."),
        _first_lacks,
    ),
    (_form(r"The nearest passage does not name (?P<name>.+)\."), _first_lacks),
    (_form(r"The nearest passage does not say \u201cwho (?P<name>.+)\u201d\."), _in_who),
    (
        _form(
            r"The nearest passage states no (?P<thing>.+?)"
            r"(?: for (?P<codes>[\w.]+(?: or [\w.]+)*))?\."
        ),
        _first_states_no,
    ),
    (
        _form(r"The (?P<what>nearest passage names|marked words state) no (?P<thing>.+)\."),
        _first_names_no,
    ),
    (_form(r"The nearest passage is not of (?P<payer>.+)\."), _first_is_not_of),
    (
        _form(r"The nearest passage is of a document without a date from which it holds\."),
        _first_is_undated,
    ),
    (
        _form(rf"The nearest passage is of a document that holds from {_DAY} on\."),
        _first_holds_from,
    ),
    (_form(rf"The nearest passage is of a copy of {_DAY}\."), _first_is_a_copy_of),
    (_form(r"The nearest passage covers too little of the question to be sure\."), _is_judged),
    (_form(r"No passage was found that has what the question demands\."), _nothing_shown),
    (
        _form(
            r"The question points to something that it does not name: \u201c(?P<typed>.+)\u201d\."
            r" Name it\."
        ),
        _in_question,
    ),
    (_form(r"The nearest passage says itself that this is not known\."), _says_itself),
    (
        _form(
            r"The library has documents of (?P<payer>.+), but none of them"
            r" (?:says anything on|names) (?P<name>(?!this\b).+)\."
        ),
        _theirs_lack,
    ),
    (_form(r"The library has no document of (?P<payer>.+)\."), _no_document_of),
    (_form(rf"The library's documents of (?P<payer>.+) hold from {_DAY} on\."), _begins),
    (_form(r"The library says that this is not known: \u201c(?P<title>.+)\u201d\."), _is_declared),
    (
        _form(
            r"The question names too little to tell what answers it: a code, a payer, a subject\."
        ),
        _names_little,
    ),
    (
        _form(r"This part is not answered: \u201c(?P<typed>.+)\u201d\. Ask it by itself\."),
        _in_question,
    ),
    (
        _form(
            r"\u201c(?P<typed>.+)\u201d was looked up by itself: check that its passage is of your"
            r" case\."
        ),
        _in_question,
    ),
    (_form(r"No document is left to search: .+\."), _nothing_left),
    (_form(rf"No document is in force on {_DAY}\."), _nothing_left),
    (_form(r"The library is empty\."), _nothing_left),
    (_form(r"The library's documents are in English: ask in English\."), _is_english),
    (_form(r"Search without the filter on (?P<filters>[a-z ]+)\."), _has_filter),
    (
        _form(
            r"Payers of which the library has documents: (?P<payers>.+?)"
            r"(?: and (?P<more>\d+) more)?\."
        ),
        _payers_listed,
    ),
    (_form(r"About .+? the library has: (?P<titles>.+)\."), _titles_exist),
    (_form(r"Ask about \u201c(?P<titles>.+)\u201d\."), _titles_exist),
    (
        _form(
            rf"The question asks about the past, so it is answered as of {_DAY}\. Another day can"
            r" be given beside the question\."
        ),
        _is_as_of,
    ),
)
