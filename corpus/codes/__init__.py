"""Codes in text: every spelling, ranges, blanket rules, and no look-alikes."""

from corpus.codes.cover import bounds, covers, how_covers, sort_key
from corpus.codes.finding.finder import codes_in, find_codes
from corpus.codes.question import codes_in_question, normalise
from corpus.codes.systems import CodeMention, CodeSystem, Coverage

__all__ = [
    "CodeMention",
    "CodeSystem",
    "Coverage",
    "bounds",
    "codes_in",
    "codes_in_question",
    "covers",
    "find_codes",
    "how_covers",
    "normalise",
    "sort_key",
]
