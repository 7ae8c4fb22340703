"""Proves the sentences around an answer true, or says which ones it could not prove.

It knows nothing of how they were made: it reads the sentence as a person does and looks through the
texts and the metadata of every document. A sentence whose form it does not know is not proved, so
that none can be shown that nothing checks. `_FORMS` is the list of those it knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answer import Answer
from assistant.evaluation.checks import asked, library, shown
from assistant.evaluation.told import Everything
from index.library import Library


class Reasons:
    """A checker for one open library. `unproven` gives the sentences that are not proved."""

    def __init__(self, of: Library) -> None:
        self._everything = Everything(of)

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
    (rf"No document(?: in the library)? has the words? {_QUOTED}\.", library.words_nowhere),
    (rf"No document(?: in the library)? (?:names|mentions) {_NAME}\.", library.names_nowhere),
    (r"The library has no document of (?P<payer>.+)\.", library.no_document_of),
    (
        r"The library has documents of (?P<payer>.+), but none of them (?:says anything on|names)"
        r" (?P<name>(?!this\b).+)\.",
        library.theirs_lack,
    ),
    (rf"The library's documents of (?P<payer>.+) hold{_REVISED} from {_DAY} on\.", library.begins),
    (
        rf"The library's documents of (?P<payer>.+) are all retired, the last since {_DAY}\.",
        library.all_retired,
    ),
    (
        r"Payers of which the library has documents: (?P<payers>.+?)(?: and (?P<more>\d+) more)?\.",
        library.payers_listed,
    ),
    (r"About .+? the library has: (?P<titles>.+)\.", library.titles_exist),
    (r"Ask about \u201c(?P<titles>.+)\u201d\.", library.titles_exist),
    (r"The library's documents are in English: ask in English\.", library.is_english),
    (r"No document is left to search: .+\.", library.nothing_left),
    (rf"No document is in force on {_DAY}\.", library.nothing_left),
    (r"The library is empty\.", library.nothing_left),
    (
        rf"No (?P<which>passage) (?:that comes near|shown) (?:names|speaks of) {_NAME}\.",
        shown.lack_name,
    ),
    (rf"The {_WHICH} do(?:es)? not (?:name|speak of) {_NAME}\.", shown.lack_name),
    (rf"The {_WHICH} do(?:es)? not (?:have the words?|say) {_QUOTED}\.", shown.lack_words),
    (rf"The {_WHICH} (?:names?|states?) no (?P<thing>.+)\.", shown.lack_thing),
    (
        rf"The {_WHICH} does not state (?P<thing>.+?) \(\u201c.+\u201d\)\.",
        shown.lack_thing,
    ),
    (r"The nearest passage is not of (?P<payer>.+)\.", shown.not_of),
    (r"The nearest passage is of a document on (?P<lines>.+)\.", shown.is_on_lines),
    (
        r"The marked words are of (?P<name>.+), which the question does not name\.",
        shown.named_in_marks_alone,
    ),
    (
        rf"The nearest passage is of a document (?:that holds{_REVISED} from {_DAY} on"
        r"|without a date from which it holds)\.",
        shown.holds_from,
    ),
    (
        rf"The nearest passage(?P<revised>, as revised,)? is not in force on {_DAY}\.",
        shown.is_to_come,
    ),
    (r"The nearest passage is of a draft or a proposal\.", shown.is_proposal),
    (
        r"The nearest passage only tells of the text itself, or where to look\.",
        shown.tells_of_the_text,
    ),
    (rf"The nearest passage is of a copy of {_DAY}\.", shown.is_copy),
    (rf"The nearest passage does not say what held on {_DAY}\.", shown.held_at_another_time),
    (r"The nearest passage says itself that this is not known\.", shown.says_itself),
    (r"The library says that this is not known: \u201c(?P<title>.+)\u201d\.", shown.is_declared),
    (
        r"This part is not answered: \u201c(?P<typed>.+)\u201d\. Ask it by itself\.",
        asked.in_question,
    ),
    (
        r"\u201c(?P<typed>.+)\u201d was looked up by itself: check that its passage is of your"
        r" case\.",
        asked.in_question,
    ),
    (
        r"The question points to something that it does not name: \u201c(?P<typed>.+)\u201d\."
        r" Name it\.",
        asked.in_question,
    ),
    (
        r"The question takes for granted: \u201c(?P<typed>.+)\u201d\. Check that first\.",
        asked.in_question,
    ),
    (
        r"The question names too little to tell what answers it: a code, a payer, a subject\.",
        asked.names_little,
    ),
    (r"It is not sure that the nearest passage answers the question\.", asked.is_unsure),
    (r"No passage was found that has what the question demands\.", asked.nothing_cited),
    (
        rf"The question asks about the past, so it is answered as of {_DAY}\. Another day can be"
        r" given beside the question\.",
        asked.is_as_of,
    ),
    (
        rf"As of {_DAY}, \u201c(?P<title>.+)\u201d{_REVISED} answers this\.",
        asked.held_then_and_not_now,
    ),
    (rf"Ask as of {_DAY}\.", asked.is_offered),
    (r"Search without the filter on (?P<filters>[a-z ]+)\.", asked.has_filter),
)
