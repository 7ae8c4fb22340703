"""What "no dollar amount" means: the forms of the things that a text may be told to lack.

A thing that has no form here is looked for by its own words, with a value beside them.
"""

from __future__ import annotations

import re

from assistant.evaluation.told import RUNS

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty"
    "|ninety|once|twice|first"
)
_NUMBERS = rf"\b(?:\d[\d,.]*|{_WORDS}|no|each|per|both)"
_FORMS = (
    (
        ("price", "payment rate", "dollar amount", "amount of money", "charge"),
        r"[$€£]\s?\d|\bdollars?\b|\d\s?(?:USD|cents)\b",
    ),
    (("percentage",), r"\d\s?%|\bper ?cent\b"),
    (("number", "number for that"), rf"\d|\b(?:{_WORDS})\b"),
    (
        (
            "telephone number",
            "telephone number, address or hours",
            "telephone number, address or opening hours",
        ),
        r"\d{3}[-. )]+\d{3}[-. ]\d{4}|\b1[ -.]800|@\w|\b\d{5}-\d{4}\b|\b[ap]\.?m\.?\b",
    ),
    (
        ("date", "date for that"),
        r"\b(?:19|20)\d\d\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug"
        r"|sep|oct|nov|dec)[a-z]*\.? \d",
    ),
    (
        ("day from which it holds",),
        r"\b(?:effective|in (?:effect|force)|effect|begin\w*|began|start\w*|since|from|as of|after"
        r"|implement\w*|appl\w+|require\w*|new for|live|date)\b.*\b(?:19|20)?\d\d\b"
        r"|\b(?:19|20)\d\d\b.*\b(?:effective|in (?:effect|force)|effect|begin\w*|began|start\w*"
        r"|since|from|as of|after|implement\w*|appl\w+|require\w*|live)\b",
    ),
    (("size",), r"\d\s?(?:mm|cm|millimet|centimet|inch|gauge|G\b|mg|ml)"),
    (
        ("duration", "span of time", "waiting time"),
        rf"(?:\d|\b(?:{_WORDS}))[ -]?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
        r"|\b(?:once|twice)\b",
    ),
    (("number of hours",), rf"(?:\d|\b(?:{_WORDS}))[ -]?(?:\w+[ -])?(?:minutes?|hours?)\b"),
    (("reason",), r"\b(?:because|due to|reasons?|in order to|therefore|caus(?:e[sd]?|ing))\b"),
    (("age",), r"\bage[ds]?\b|\byears? old\b|\byears of age\b"),
    (("code", "code for that", "procedure code"), r"\b(?:[A-Z]\d{4}|\d{5}|\d{4}[A-Z])\b"),
    (("revenue code",), r"\b0\d{3}\b"),
    (("diagnosis code",), r"\b[A-TV-Z]\d\d\.\w{1,4}\b"),
    (("email address", "e-mail address"), r"\w@\w"),
    (("fax number",), r"\bfax\b.*\d{3}[-. )]+\d{3}[-. ]\d{4}|\d{3}[-. ]\d{4}.*\bfax\b"),
    (
        ("decision on coverage",),
        r"\bcover|\bnecess|experimental|investigational|\bcriteri|\beligib|\bpa(?:y|id)\b|\bden[iy]"
        r"|\breimburs|\bapprov",
    ),
)
MONEY = _FORMS[0][0]
_BY_NAME = {name: re.compile(form, re.IGNORECASE) for names, form in _FORMS for name in names}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_DENIED = re.compile(
    r"\b(?:not (?:found|known|confirmed|stated|seen|read|listed|visible)|no source|nobody"
    r"|does not (?:state|say|give|name)|(?:states?|gives?|names?|has|had) no|no (?:dollar|payment)"
    r"|was not|were not|unknown|would|could)\b",
    re.IGNORECASE,
)


def states(text: str, thing: str) -> bool:
    """Whether a text may state a thing: "price", "number of units", "MUE value for 0581T".

    It says yes too often rather than too seldom: what it calls missing is missing.
    """
    thing = re.sub(r"^(?:an?|the)\s+", "", thing)
    thing, _, codes = thing.partition(" for ") if thing not in _BY_NAME else (thing, "", "")
    sentences = _SENTENCE.split(text)
    if codes:
        sentences = [one for one in sentences if not _of_another(one, codes)]
    if form := _BY_NAME.get(thing):
        return any(form.search(one) and not _DENIED.search(one) for one in sentences)
    if counted := re.fullmatch(r"number of (\w+?)s?", thing):
        times = r"|\b(?:once|twice)\b" if counted[1] == "time" else ""
        form = re.compile(rf"{_NUMBERS}(?:\W+[\w'-]+){{0,4}}?\W+{counted[1]}{times}", re.IGNORECASE)
        return form.search(text) is not None
    return any(_has_value(one, thing) for one in sentences)


def tells_sum(table: str, row: str) -> bool:
    """Whether a row may have an amount of money without a sign, where what stands above the table
    (the names of its columns, its title, how the document begins) speaks of money."""
    sums = re.search(r"(?:^|\|)\s*\d[\d,]*\.\d+\s*(?=\||$)", row)
    return sums is not None and _OF_MONEY.search(table) is not None


_OF_MONEY = re.compile(
    r"\b(?:fees?|rates?|prices?|charges|allowables?|allowances?|payments|rentals?)\b", re.IGNORECASE
)


def _has_value(sentence: str, thing: str) -> bool:
    """Whether a sentence has the thing's telling words and a number, or a letter that stands alone,
    and does not deny it."""
    telling = [word for word in RUNS.findall(thing) if word.isupper() or len(word) > 4]
    words = telling or RUNS.findall(thing)
    named = all(re.search(rf"\b{re.escape(word)}", sentence, re.IGNORECASE) for word in words)
    rest = sentence
    for word in words:
        rest = re.sub(re.escape(word), " ", rest, flags=re.IGNORECASE)
    valued = re.search(r"\d|\b[A-Z]\b", rest)
    return named and valued is not None and not _DENIED.search(sentence)


_CODE = re.compile(r"\b(?:[A-Z]\d{4}|\d{5}|\d{4}[A-Z])\b")


def _of_another(sentence: str, codes: str) -> bool:
    """Whether a sentence names codes and none of these."""
    named = set(_CODE.findall(sentence.upper()))
    return bool(named) and not any(code in codes.upper() for code in named)
