"""Texts to vectors with the converted model: one forward pass gives every vector of a text.

The passage vector is the pooled one; the token vectors beside it serve late interaction and, pooled
by sentence, the highlight. All vectors of one text come from the same pass.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.text.tokens import Tokens
from index.home import Home
from index.model.engine import Engine, in_words, runtime
from index.model.source import (
    DEFAULT_MODEL,
    FILES,
    TOKENIZER,
    ConvertedModel,
    ModelCard,
    converted_model,
)

if TYPE_CHECKING:
    from index.model.torch_engine import TorchEngine

Floats = NDArray[np.float32]
_TEXTS_AT_ONCE = 2048  # sorted by length together, so that a batch holds texts of one length


@dataclass(frozen=True, slots=True)
class Embedding:
    """What one forward pass gives for one text.

    `vector`: shape (dimension,), unit length. `tokens`: shape (tokens, token dimension), unit rows:
    the last hidden states, projected, without the special tokens. `offsets`: shape (tokens, 2),
    each token's characters in the text, and `ids` its number in the model's vocabulary.
    """

    vector: Floats
    tokens: Floats
    offsets: NDArray[np.int32]
    ids: NDArray[np.int32]


class Embedder:
    """Runs a converted model on the processor. Safe to share between threads.

    `threads` is how many of the processor's one text or batch may use; `streams` how many batches
    run at once, 0 as many as the processor has room for. A desk wants one thread and one stream:
    many ask it, and other programs want the processor too. `precision` is f32, bf16 or auto: bf16
    where the processor has it; so is all of an int8 model that is not in eight bits. With a
    `device` torch runs the model there, not OpenVINO on the processor. An index that it makes
    keeps each part of a token's vector in `token_bits`, 8 or 4.
    """

    def __init__(
        self,
        model: ConvertedModel,
        *,
        threads: int = 1,
        streams: int = 0,
        precision: str = "auto",
        device: str | None = None,
        token_bits: int = 8,
    ) -> None:
        self.card: ModelCard = model.card
        self._model = model  # holds its folder
        self._folder = model.folder
        self._source = model.source
        self.device = device
        self.token_bits = token_bits
        self._threads = threads
        fitting = max(1, (os.cpu_count() or 1) // threads) if device is None else 1
        self._streams = streams or fitting
        self.precision = precision
        self._lock = threading.Lock()
        self._engine: Engine | TorchEngine | None = None

    @property
    def dimension(self) -> int:
        return self.card.dimension

    @property
    def files(self) -> dict[str, Path]:
        """The files of the converted model, by name."""
        return {name: self._folder / name for name in FILES}

    @cached_property
    def projection(self) -> Floats:
        """What brings hidden states to token vectors, shape (dimension, token dimension)."""
        return np.asarray(np.load(self._folder / "projection.npy", allow_pickle=False), np.float32)

    @cached_property
    def limit(self) -> int:
        """How many tokens of a text's own the model reads; the special ones are taken off."""
        specials = len(self._tokenizer.encode("").ids)
        prompt = len(self._tokenizer.encode(self.card.passage_prompt).ids) - specials
        return self.card.limit - specials - prompt

    @cached_property
    def sizer(self) -> Tokens:
        """What measures text in this model's tokens."""
        return Tokens(self._folder / TOKENIZER, limit=self.limit)

    @cached_property
    def _tokenizer(self) -> Any:
        """Read when it is first needed: the model's getting ready does not wait for it."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.card.limit)
        return tokenizer

    @cached_property
    def words(self) -> frozenset[str]:
        """The whole words of the model's vocabulary, in small letters: those that people know."""
        return frozenset(word.lower() for word in self._tokenizer.get_vocab() if word.isalpha())

    def query(self, question: str) -> Embedding:
        """The question's vectors."""
        return self.queries((question,))[0]

    def queries(self, questions: Sequence[str]) -> list[Embedding]:
        """The vectors of a few questions, by one pass: two take a third longer than one."""
        prompt = self.card.query_prompt
        batch = enumerate(self._tokenizer.encode_batch([prompt + one for one in questions]))
        return [embedding for _, embedding in self._run(list(batch), prompt=len(prompt))]

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """Each text's position in `texts` and its vectors, in the order in which they are ready.

        A text longer than the limit is cut at it. Texts of one length go through the model
        together; while it runs, the next ones are tokenised and the caller works on the last ones.
        """
        with (
            ThreadPoolExecutor(1) as tokenising,
            ThreadPoolExecutor(self._streams) as running,
        ):
            ahead: deque[Future[list[tuple[int, Embedding]]]] = deque()
            for batch in self._batches(texts, tokenising):
                ahead.append(running.submit(self._run, batch))
                if len(ahead) > self._streams:  # one waits, so that no stream ever does
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()

    def _batches(
        self, texts: Sequence[str], tokenising: ThreadPoolExecutor
    ) -> Iterator[list[tuple[int, Any]]]:
        """Texts of one length, as their positions and encodings; the next are tokenised ahead."""
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        parts = (texts[start : start + _TEXTS_AT_ONCE] for start in starts)
        ahead = [tokenising.submit(self._encode, part) for part in islice(parts, 1)]
        for start in starts:
            encodings = ahead.pop().result()
            ahead += [tokenising.submit(self._encode, part) for part in islice(parts, 1)]
            lengths = [len(encoding.ids) for encoding in encodings]
            for batch in _batches(lengths, most=self._ready().tokens_a_batch):
                yield [(start + position, encodings[position]) for position in batch]

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        prompt = self.card.passage_prompt
        return list(self._tokenizer.encode_batch([prompt + text for text in texts]))

    def _run(
        self, batch: list[tuple[int, Any]], *, prompt: int | None = None
    ) -> list[tuple[int, Embedding]]:
        """Each text's position and vectors. Of `prompt` characters in front nothing is told; by
        default those of a passage's prompt."""
        longest = max(len(encoding.ids) for _, encoding in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, (_, encoding) in enumerate(batch):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        prompt = len(self.card.passage_prompt) if prompt is None else prompt
        vectors, tokens = self._ready().vectors(ids, mask)
        return [
            (position, _embedding(vectors[row], tokens[row], encoding, prompt))
            for row, (position, encoding) in enumerate(batch)
        ]

    def begin(self) -> None:
        """Make the model ready in another thread, while the caller does something else."""
        runtime()  # here: two threads that import at once only wait for each other
        threading.Thread(target=self._warm, name="compiling").start()

    def _warm(self) -> None:
        with suppress(Exception):  # who asks meets the same trouble, and can be told of it
            self._ready()

    def _ready(self) -> Engine | TorchEngine:
        """The compiled model; the first caller compiles it, and others wait."""
        with self._lock:
            if self._engine is None:
                self._engine = self._started()
            return self._engine

    def _started(self) -> Engine | TorchEngine:
        if self.device is not None:
            from index.model.torch_engine import TorchEngine  # seconds: who asks never waits for it

            return TorchEngine(
                self._source, self.projection, pooling=self.card.pooling, device=self.device
            )
        return Engine(
            self._folder,
            threads=self._threads,
            streams=self._streams,
            precision=self.precision,
        )

    @cached_property
    def engine(self) -> str:
        """What runs the model, in words; equal words, equal vectors. It is not started for them."""
        if self.device is not None:
            return f"torch {version('torch')} on {self.device}"
        named = in_words(self.precision)
        return named if self.card.weights == "float32" else f"{named}, {self.card.weights}"


def asker(
    home: Home, *, model: str = DEFAULT_MODEL, threads: int = 1, precision: str = "auto"
) -> Embedder:
    """The embedder of a desk, which gets ready beside whatever its caller does next.

    Raises ModelProblem. Without an index it raises NoIndex or DamagedPointer instead: what cannot
    answer needs no model, whose first conversion takes half a minute.
    """
    if not home.kept():
        home.current()
    made = Embedder(
        converted_model(home.models, name=model, precision=precision),
        threads=threads,
        streams=1,
        precision=precision,
    )
    made.begin()
    return made


def _embedding(vector: Floats, tokens: Floats, encoding: Any, prompt: int) -> Embedding:
    """One text of a batch; what lies behind its last token is padding."""
    own = np.array(encoding.special_tokens_mask, bool) == 0
    offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2) - prompt
    own &= offsets[:, 0] >= 0
    return Embedding(
        vector=vector,
        tokens=tokens[: len(own)][own],
        offsets=offsets[own],
        ids=np.array(encoding.ids, np.int32)[own],
    )


def unit(vector: Floats) -> Floats:
    """The vector, or each row, at length 1; a zero vector stays zero."""
    norm = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(norm, 1e-12), np.float32)


def _batches(lengths: Sequence[int], *, most: int) -> Iterator[list[int]]:
    """Positions grouped by length, longest first, so that padding is little and memory known:
    `most` is how many tokens a batch may have."""
    order = sorted(range(len(lengths)), key=lambda position: (-lengths[position], position))
    start = 0
    while start < len(order):
        size = max(1, most // lengths[order[start]])
        yield order[start : start + size]
        start += size
