"""What asks for the same is answered the same: verdict and first document do not change.

Of what asks nothing of the library (chatter, another subject, another language) only the verdict is
compared: no document is nearer to it than another.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.golden import Golden, read_golden
from corpus.packs import billing
from corpus.starter import DOCUMENTS
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for wordings.py beside the tests
from wordings import WAYS, Ways, synonyms_of

_PAIRS = 96  # of a question and a form of it, for each way
_UNCHANGED = 0.97
_UNMOVED = 0.98  # by documents of other subjects

_FAR = ("site", "evidence", "procedure")  # folders that are taken away

_NO_SUBJECT = ("chatter", "off topic", "spanish")

Outcome = tuple[Verdict, str | None]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder) -> Home:
    """Three generations: the starter library, that beside texts of other subjects, and part of it
    alone."""
    folder = tmp_path_factory.mktemp("invariance")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    settings = SyncSettings(workers=1)

    def publish(*folders: tuple[str, Path]) -> None:
        sync(home, folders, embedder=lambda: embedder, settings=settings)

    publish(("starter", DOCUMENTS))
    publish(("starter", DOCUMENTS), ("others", _others(folder / "others")))
    publish(("starter", _part(folder / "part")))
    return home


@pytest.fixture(scope="module")
def desk(home: Home) -> Desk:
    return Desk(home, generation=1)


@pytest.fixture(scope="module")
def plain(desk: Desk) -> dict[str, Outcome]:
    """What the golden questions come to as they stand; without a document where none is near."""
    found = {one.question: _outcome(desk, one.question) for one in _questions()}
    idle = {one.question for one in _questions() if one.near in _NO_SUBJECT}
    return {asked: (was[0], None) if asked in idle else was for asked, was in found.items()}


def _same(now: Outcome, before: Outcome) -> bool:
    return now == before or (before[1] is None and now[0] == before[0])


def _questions() -> list[Golden]:
    return [one for one in read_golden() if not one.as_of]


def _outcome(desk: Desk, question: str) -> Outcome:
    answer = desk.ask(question, k=1)
    return answer.verdict, answer.citations[0].version.document if answer.citations else None


def _pairs(ways: Ways) -> list[tuple[str, str]]:
    """Questions and their forms, the same few of them in every run."""
    every = [(one.question, form) for one in _questions() for form in ways(one.question)]
    return random.Random(_PAIRS).sample(every, min(_PAIRS, len(every)))


# What does not hold yet, with the share measured on 2026-11-29. One that holds has to leave; one
# less than two hundredths below may come to hold by a document that changed.
_NOT_YET = {
    "synonyms": 0.938,
}


def _way(name: str) -> object:
    share = _NOT_YET.get(name)
    if share is None:
        return name
    strict = share < _UNCHANGED - 0.02
    mark = pytest.mark.xfail(reason=f"unchanged for {share:.3f}", strict=strict)
    return pytest.param(name, marks=mark)


@pytest.mark.parametrize("way", [_way(name) for name in (*WAYS, "synonyms")])
def test_the_same_said_in_another_way_is_answered_the_same(
    way: str, desk: Desk, plain: dict[str, Outcome]
) -> None:
    ways = WAYS[way] if way in WAYS else synonyms_of(billing.table("vocabulary")["entry"])
    pairs = _pairs(ways)
    changed = [form for question, form in pairs if not _same(_outcome(desk, form), plain[question])]
    assert pairs
    share = 1 - len(changed) / len(pairs)
    assert share >= _UNCHANGED, f"{way}: {share:.3f} of {len(pairs)}; changed: {changed}"


_SUBJECTS = {
    "owls": ("barn owl", "hunts voles over meadows at night", "lays five eggs in April"),
    "bread": ("rye bread", "is baked for an hour on a hot stone", "keeps fresh for five days"),
    "bicycles": ("touring bicycle", "carries bags on both wheels", "wants its chain oiled weekly"),
    "bridges": ("stone bridge", "spans the river in three arches", "was rebuilt after the flood"),
    "gardens": ("herb garden", "needs six hours of sun", "is watered early in the morning"),
    "trains": ("night train", "leaves the harbor at nine", "arrives before breakfast"),
    "tents": ("mountain tent", "stands in strong wind", "weighs less than two loaves"),
    "violins": ("violin", "is tuned in fifths", "was carved from maple and spruce"),
}


def _others(folder: Path) -> Path:
    """Forty documents of other subjects."""
    folder.mkdir()
    for subject, (name, first, second) in _SUBJECTS.items():
        for number in range(5):
            text = (
                f"# On {subject}, part {number + 1}\n\n## What is a {name} like?\n\n"
                f"The {name} of district {number + 1} {first}. It {second}. People there are fond "
                f"of it, and a booklet on {subject} is sold at the town hall.\n\n"
                f"## Who looks after {subject}?\n\nA club of {number + 12} members does.\n"
            )
            (folder / f"{subject}-{number}.md").write_text(text, "utf-8")
    return folder


def _part(folder: Path) -> Path:
    """The starter library without the folders `_FAR`."""
    for path in sorted(DOCUMENTS.rglob("*")):
        inside = path.relative_to(DOCUMENTS)
        if path.is_file() and inside.parts[0] not in _FAR:
            (folder / inside).parent.mkdir(parents=True, exist_ok=True)
            (folder / inside).write_bytes(path.read_bytes())
    return folder


def test_documents_of_other_subjects_beside_them_change_nothing(
    home: Home, plain: dict[str, Outcome]
) -> None:
    with Desk(home, generation=2) as beside:
        changed = [asked for asked, was in _few(plain) if not _same(_outcome(beside, asked), was)]
    assert 1 - len(changed) / len(list(_few(plain))) >= _UNMOVED, changed


def test_documents_of_other_subjects_taken_away_change_nothing(
    home: Home, desk: Desk, plain: dict[str, Outcome]
) -> None:
    """Those are of another subject that a question does not find among its first ten."""
    asked = [question for question, _ in _few(plain) if not _finds_far(desk, question)]
    with Desk(home, generation=3) as alone:
        changed = [one for one in asked if not _same(_outcome(alone, one), plain[one])]
    assert len(asked) > 50
    assert 1 - len(changed) / len(asked) >= _UNMOVED, changed


def _few(plain: dict[str, Outcome]) -> Iterator[tuple[str, Outcome]]:
    return islice(list(plain.items())[::2], 150)


def _finds_far(desk: Desk, question: str) -> bool:
    found = (citation.version.document for citation in desk.ask(question, k=10).citations)
    return any(document.split("/")[1] in _FAR for document in found)


_BUS = (
    "# Buses of Elm Valley\n\n## When does the last bus leave?\n\nThe last bus leaves at 11 pm.\n\n"
    "## What does a ticket cost?\n\nA ticket costs $2; children ride for free.\n"
)
_PAYER = (
    "---\ntitle: Alpha Health on chairs\npayer: Alpha Health\nkind: policy\n---\n"
    "# Alpha Health on chairs\n\n## Are chairs covered?\n\nAlpha Health covers no chairs.\n"
)
_ASKED = (
    "when does the last bus leave",
    "how much is a ticket",
    "do children pay on the bus",
    "what is a barn owl like",
    "how long does rye bread keep fresh",
    "when does the night train leave the harbor",
    "who is the mayor of Elm Valley",
    "how fast does the night train go",
    "what does a violin cost",
    "how many owls live in Elm Valley",
    "where do bus drivers eat lunch",
    "is smoking allowed on the bus",
)


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder
) -> Sequence[Desk]:
    """A library without payers, and the same with one document that has one."""
    folder = tmp_path_factory.mktemp("town")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    library = _others(folder / "library")
    (library / "bus.md").write_text(_BUS, "utf-8")
    settings = SyncSettings(workers=1)
    sync(home, [("town", library)], embedder=lambda: embedder, settings=settings)
    (library / "chairs.md").write_text(_PAYER, "utf-8")
    sync(home, [("town", library)], embedder=lambda: embedder, settings=settings)
    return Desk(home, generation=1), Desk(home, generation=2)


def test_one_document_with_a_payer_changes_no_other_answer(town: Sequence[Desk]) -> None:
    without, beside = town
    assert [_outcome(beside, one) for one in _ASKED] == [_outcome(without, one) for one in _ASKED]
