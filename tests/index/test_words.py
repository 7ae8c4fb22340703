"""The words of a text, all at once and by their spellings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.shards.analysis import analyze, words_in

PROSE = "The biopsies of CPT® 0581T-26, naïve patients' “cryo–ablations” (5 µg) and ﬁbro_adenoma №7"


def test_the_words_of_prose_are_those_of_the_index() -> None:
    assert words_in(PROSE) == set(analyze(PROSE))
    assert {"biopsi", "0581t", "26", "naiv"} <= words_in(PROSE)


@given(st.text(max_size=200))
def test_the_words_of_any_text_are_those_of_the_index(text: str) -> None:
    assert words_in(text) == set(analyze(text))
