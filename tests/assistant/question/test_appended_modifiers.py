"""A modifier written as it is appended to a code is no word to be left out."""

from __future__ import annotations

import pytest

from assistant.question.words.operators import parse_query


@pytest.mark.parametrize("searching", [True, False])
@pytest.mark.parametrize("typed", ["bilateral -50 on one line", "claim -RT?", "is -Q0, needed"])
def test_a_modifier_after_a_minus_is_searched_for(typed: str, searching: bool) -> None:
    query = parse_query(typed, searching=searching)
    assert (query.free, query.without) == (typed, ())


@pytest.mark.parametrize("word", ["benign", "19105", "rt", "MRI"])
def test_any_other_word_after_a_minus_is_left_out(word: str) -> None:
    assert parse_query(f"breast -{word}").without == (word,)
