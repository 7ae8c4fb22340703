"""Words that are only grammar, told by how they are spelled."""

from __future__ import annotations

import pytest

from assistant.question.words.grammar import is_grammar, without_grammar


@pytest.mark.parametrize(
    "word", ["under", "Through", "whilst", "ought", "partly", "moreover", "does", "themselves"]
)
def test_a_word_of_a_closed_class_is_grammar(word: str) -> None:
    assert is_grammar(word)


@pytest.mark.parametrize(
    "word", ["part", "exception", "total", "practice", "provider", "pending", "modifier", "plus1"]
)
def test_a_word_that_only_shares_a_stem_with_one_is_not(word: str) -> None:
    assert not is_grammar(word)


def test_what_names_something_is_left_of_a_text() -> None:
    said = "What status indicator does 0581T have under OPPS, however?"
    assert without_grammar(said).split() == ["status", "indicator", "0581T", "OPPS,", "?"]
