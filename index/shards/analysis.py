"""The words of a text as the index holds them: stemmed and in lower case."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import tantivy

from corpus.text.marks import without_marks

_LONGEST = 64  # characters of a word; longer ones are no words


def analyze(text: str) -> list[str]:
    """The stemmed, lower-case words of a text, as the index holds them."""
    analyzer = getattr(_own, "analyzer", None)
    if analyzer is None:
        analyzer = _own.analyzer = english()
    return list(analyzer.analyze(without_marks(text)))


def words_in(text: str) -> set[str]:
    """The distinct words that `analyze` gives, several times as fast: a spelling is analysed once.

    Texts are parted at spaces and signs of ASCII, as the analyser does; the rest is left to it.
    """
    spellings = set(_SPELLING.findall(text))
    return {word for spelling in spellings for word in analyzed(spelling)}


_SPELLING = re.compile(r"[A-Za-z0-9\u0080-\U0010ffff]+")


@lru_cache(maxsize=50_000)  # 10 MB; English prose has fewer in use
def analyzed(spelling: str) -> tuple[str, ...]:
    """The words of one spelling; what was analysed lately is kept."""
    return tuple(analyze(spelling))


# One analyser for each thread: making one costs as much as analysing fifty words.
_own = threading.local()


def english() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
