"""A question in Spanish is told by its small words, and answered with a request for English."""

from __future__ import annotations

import pytest

from assistant.evaluation.golden import read_golden
from assistant.question.words.language import SPANISH, please_ask_in_english


def never(word: str) -> float:
    """A library that is not written in Spanish."""
    return 0.0


@pytest.mark.parametrize(
    "question",
    [
        "¿Cubre Medicare la crioablación de mama?",
        "que codigo se usa para congelar un tumor de mama",
        "cuanto paga Cigna por 0581T",
        "necesito saber si hay que pedir autorización",
    ],
)
def test_spanish_is_asked_for_in_english(question: str) -> None:
    assert please_ask_in_english(question, never) == SPANISH.please


@pytest.mark.parametrize(
    "question",
    [
        "bcbs la fibroadenoma cryo eligible?",
        "De Novo date for ProSense",
        "what is the de novo request for la plans",
        "0581T",
        "",
        "¿0581T?",
    ],
)
def test_english_with_a_foreign_word_is_english(question: str) -> None:
    assert please_ask_in_english(question, never) == ""


def test_no_english_golden_question_is_taken_for_spanish() -> None:
    asked = [one for one in read_golden() if one.near != "spanish"]
    assert [one.id for one in asked if please_ask_in_english(one.question, never)] == []


def test_a_library_in_spanish_is_asked_in_spanish() -> None:
    assert please_ask_in_english("que cubre la póliza para el seno", lambda word: 0.3) == ""
