"""Corpora of any size from a seed: the same bytes on every machine.

Passage `i` is base passage `i` modulo their number; from the second time on a tenth to a fifth of
its words are replaced, and every code. So a library grows as libraries do: the same rules by other
payers, for other years, in other words.
"""

import json
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from corpora.base_texts import BASE, BaseText, base_texts, new_code, vocabulary

SECTIONS_PER_FILE = 20
QUESTION_WORDS = 8
EDITED = (0.1, 0.2)
"""The least and the largest share of a passage's words that an edit replaces."""

LATE_SHARE = 0.1
"""Of the documents, those that come into force on LATE; AS_OF leaves them out."""
LATE, EARLY, AS_OF = "2025-01-01", "2020-01-01", "2024-06-01"
PAYERS = tuple(f"{name} Health Plan" for name in ("Alder", "Birch", "Cedar", "Dogwood", "Elm"))
KINDS = ("policy", "rule", "guide", "evidence")

_MOST_EDITS = 32  # words replaced in one passage


def make_passages(count: int, *, seed: int) -> Iterator[str]:
    """`count` passages of 70 to 130 words, about 150 tokens each.

    Passage `i` depends on the seed and on `i` alone.
    """
    for position in range(count):
        yield passage(position, seed=seed)


def passage(position: int, *, seed: int) -> str:
    """One passage of the corpus."""
    again, base = divmod(position, BASE)
    text = base_texts(seed)[base]
    return text.text if again == 0 else _edits(seed, again).of(base, text)


class _Edits:
    """What is replaced in every base passage the `again`-th time that it stands in a corpus."""

    def __init__(self, seed: int, again: int) -> None:
        chance = np.random.default_rng((seed, again))
        words, weights = vocabulary()
        self._words = words
        self._share = chance.uniform(*EDITED, BASE)
        self._places = chance.random((BASE, _MOST_EDITS))
        drawn = chance.random((BASE, _MOST_EDITS)) * weights[-1]
        self._drawn = np.searchsorted(np.array(weights), drawn)

    def of(self, base: int, text: BaseText) -> str:
        words = list(text.words)
        count = min(_MOST_EDITS, round(float(self._share[base]) * len(words)))
        places = self._places[base, :count].tolist()
        for chance, word in zip(places, self._drawn[base, :count].tolist(), strict=True):
            if text.free:
                words[text.free[int(chance * len(text.free))]] = self._words[word]
        for at, chance in zip(text.codes, self._places[base].tolist(), strict=False):
            words[at] = new_code(chance, words[at])
        return " ".join(words)


@lru_cache(maxsize=2)
def _edits(seed: int, again: int) -> _Edits:
    return _Edits(seed, again)


def make_questions(count: int, *, passages: int, seed: int) -> list[str]:
    """Questions of eight words: runs of words of passages that the corpus holds, stirred."""
    questions = []
    for position in range(count):
        chance = random.Random(f"question {seed} {position}")
        words = passage(chance.randrange(passages), seed=seed).replace(".", "").split()
        start = chance.randrange(len(words) - QUESTION_WORDS)
        picked = words[start : start + QUESTION_WORDS]
        chance.shuffle(picked)
        questions.append(" ".join(picked).lower() + "?")
    return questions


def make_library(folder: Path, passages: int, *, seed: int) -> int:
    """Write Markdown files whose sections are the passages of `make_passages`; the files written.

    One heading and one paragraph a section, each so long that a splitter that follows structure
    makes one passage of it.
    """
    source = make_passages(passages, seed=seed)
    files = -(-passages // SECTIONS_PER_FILE)
    for number in range(files):
        wanted = min(SECTIONS_PER_FILE, passages - number * SECTIONS_PER_FILE)
        sections = [next(source) for _ in range(wanted)]
        # A folder of 50,000 files is slow to list: a thousand files each.
        place = folder / f"part-{number // 1000:03d}"
        if number % 1000 == 0:
            place.mkdir(parents=True, exist_ok=True)
        path = place / f"policy-{number:06d}.md"
        path.write_text(_markdown(number, sections, seed=seed), encoding="utf-8")
    return files


def make_set(folder: Path, passages: int, *, questions: int, seed: int) -> None:
    """Write the same passages as a retrieval set, one document each, for the references."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as lines:
        for position, text in enumerate(make_passages(passages, seed=seed)):
            title = base_texts(seed)[position % BASE].heading
            lines.write(json.dumps({"id": f"p{position}", "title": title, "text": text}) + "\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as lines:
        for position, text in enumerate(make_questions(questions, passages=passages, seed=seed)):
            lines.write(json.dumps({"id": f"q{position}", "text": text}) + "\n")
    (folder / "qrels.tsv").write_text("query-id\tdoc-id\trelevance\n", encoding="utf-8")


def _markdown(number: int, sections: list[str], *, seed: int) -> str:
    chance = random.Random(f"document {seed} {number}")
    late = chance.random() < LATE_SHARE
    parts = [
        f"---\npayer: {chance.choice(PAYERS)}\nkind: {chance.choice(KINDS)}\n"
        f"effective: {LATE if late else EARLY}\n---\n# Policy {number}"
    ]
    first = number * SECTIONS_PER_FILE
    for at, section in enumerate(sections, first):
        parts += [f"## {base_texts(seed)[at % BASE].heading}", section]
    return "\n\n".join(parts) + "\n"
