"""What stands beside a question and asks nothing changes neither verdict nor first document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.golden import read_golden
from assistant.question.words.grammar import is_grammar
from corpus.starter import DOCUMENTS
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

_QUESTIONS = 40
_UNCHANGED = 0.95  # see docs/quality.md for what each list showed at its first look

_TUNED_ON = (
    "Mrs Lopez: {}",
    "hi team happy Friday {}",
    "{} for my grandma",
    "Sir, {}",
    "Good morning Dr. Patel, {}",
    "{} thanks a bunch, Kelly",
    "need this before lunch, {}",
    "URGENT!! {}",
)
_LOOKED_AT_SECOND = (
    "Ms. Okafor: {}",
    "Hello all, hope everyone is enjoying the sunshine. {}",
    "{} Many thanks, Priya",
    "so sorry to bother you again, {}",
    "Dear Prof Nguyen {}",
    "{} it's for my neighbor",
    "my supervisor keeps asking: {}",
    "{} - merry Christmas to you and yours",
)
_LOOKED_AT_THIRD = (
    "Miss Abernathy, {}",
    "good evening colleagues, {}",
    "{} Cheers, Dmitri",
    "pls help asap!! {}",
    "Hey Rosalind! {}",
    "{} (asking on behalf of my father-in-law)",
    "our intern was wondering: {}",
    "{} have a wonderful weekend",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder) -> Desk:
    """A desk on the starter library."""
    home = Home(tmp_path_factory.mktemp("harmless") / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    settings = SyncSettings(workers=1)
    sync(home, [("starter", DOCUMENTS)], embedder=lambda: embedder, settings=settings)
    return Desk(home)


@pytest.mark.parametrize("forms", [_TUNED_ON, _LOOKED_AT_SECOND, _LOOKED_AT_THIRD])
def test_courtesy_haste_and_names_change_nothing(desk: Desk, forms: tuple[str, ...]) -> None:
    golden = [one.question for one in read_golden() if not one.as_of]
    step = len(golden) // _QUESTIONS
    unchanged, changed = 0, list[str]()
    for question in golden[::step][:_QUESTIONS]:
        plain = _outcome(desk, question)
        for form in forms:
            asked = form.format(question)
            if _outcome(desk, asked) == plain:
                unchanged += 1
            else:
                changed.append(asked)
    assert unchanged / (unchanged + len(changed)) >= _UNCHANGED, changed


def _outcome(desk: Desk, question: str) -> tuple[Verdict, str | None]:
    answer = desk.ask(question)
    return answer.verdict, answer.citations[0].version.document if answer.citations else None


@pytest.mark.parametrize(
    "question",
    [
        "does Cigna cover unicorn therapy",
        "Hi team, does Cigna cover unicorn therapy? Thanks, Kelly",
        "Ozempic: prior auth form?",
        "Unicorn therapy, does Cigna cover it?",
        "vacation policy",
        "does Cigna have a unicorn policy",
        "happy Friday",
        "thank you so much, Mrs Lopez",
    ],
)
def test_an_unknown_subject_is_not_taken_for_courtesy(desk: Desk, question: str) -> None:
    assert desk.ask(question).verdict is not Verdict.ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "good faith estimate for 0581T",
        "nurse practitioner bills 0581T?",
        "emergency cryoablation code",
        "SIR: position statement on the breast",
        "Cigna: is 0581T covered?",
        "is MPG043.27 still good",
        "Dr numbed the pt, then the case was called off, facility modifier?",
        "thanks for telling me the code for kidney cryoablation",
        "who does breast cryo in Tulsa",
        "hello",
    ],
)
def test_what_tells_something_stays_part_of_the_question(desk: Desk, question: str) -> None:
    assert desk.serving().known.reading.asked(question) == question


_WITH_GRAMMAR = (
    "{} nevertheless",
    "notwithstanding all that, {}",
    "{} underneath and amongst others",
    "furthermore and thereafter, {}",
)
_LACKING = re.compile("(?:does not have|has) the words? (?P<words>“.+”)\\.")


@pytest.mark.parametrize("form", _WITH_GRAMMAR)
def test_no_sentence_calls_a_word_that_is_only_grammar_lacking(desk: Desk, form: str) -> None:
    asked = [form.format(one.question) for one in read_golden() if one.decline][:40]
    told = " ".join(sentence for one in asked for sentence in desk.ask(one, k=1).missing)
    lacking = [found["words"] for found in _LACKING.finditer(told)]
    words = [word for some in lacking for word in re.findall("“(.+?)”", some)]
    assert words
    assert not [word for word in words if is_grammar(word)]
