"""Texts to vectors with the converted model: one forward pass gives every vector of a text.

The passage vector is the pooled one; the token vectors beside it serve late interaction and, pooled
by sentence, the highlight. All vectors of one text come from the same pass.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.engine import compiled
from index.model import ConvertedModel, ModelCard

Floats = NDArray[np.float32]
_TOKENS_A_BATCH = 4096  # padded; larger batches gain nothing on a CPU and cost memory
_TEXTS_AT_ONCE = 2048  # sorted by length together, so that a batch holds texts of one length


@dataclass(frozen=True, slots=True)
class Embedding:
    """What one forward pass gives for one text.

    `vector`: shape (dimension,), unit length. `tokens`: shape (tokens, dimension), the raw last
    hidden states without the special tokens. `offsets`: shape (tokens, 2), each token's characters
    in the text, and `ids` its number in the model's vocabulary.
    """

    vector: Floats
    tokens: Floats
    offsets: NDArray[np.int32]
    ids: NDArray[np.int32]


class Embedder:
    """Runs a converted model on the processor. Safe to share between threads.

    `threads` is for one text or batch; a desk that answers many people wants 1, an indexer all.
    `precision` is f32 or bf16; `auto` takes bf16 where the processor has it.
    """

    def __init__(self, model: ConvertedModel, *, threads: int = 0, precision: str = "auto") -> None:
        self.card: ModelCard = model.card
        self._folder = model.folder
        self._tokenizer = self._load_tokenizer()
        self._tokenizer.enable_truncation(self.card.limit)
        self.projection: Floats = np.load(model.folder / "projection.npy", allow_pickle=False)
        self._specials = len(self._tokenizer.encode("").ids)
        self._threads = threads
        self._precision = precision
        self._lock = threading.Lock()
        self._compiled: Any = None
        self._idle: list[Any] = []  # requests that no thread uses just now

    @property
    def dimension(self) -> int:
        return self.card.dimension

    @cached_property
    def limit(self) -> int:
        """How many tokens of a text's own the model reads; the special ones are taken off."""
        prompt = len(self._tokenizer.encode(self.card.passage_prompt).ids) - self._specials
        return self.card.limit - self._specials - prompt

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Where each token begins and ends, in characters, shape (tokens, 2); no special tokens."""
        encoding = self._measuring.encode(text, add_special_tokens=False)
        return np.array(encoding.offsets, np.int32).reshape(-1, 2)

    @cached_property
    def _measuring(self) -> Any:
        """A tokenizer that cuts nothing; asking does not need it."""
        return self._load_tokenizer()

    @cached_property
    def words(self) -> frozenset[str]:
        """The whole words of the model's vocabulary, in small letters: those that people know."""
        return frozenset(word.lower() for word in self._tokenizer.get_vocab() if word.isalpha())

    def _load_tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def query(self, question: str) -> Embedding:
        """The question's vectors."""
        return self._one(self.card.query_prompt, question)

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """Each text's position in `texts` and its vectors, in the order in which they are ready.

        A text longer than the limit is cut at it. Texts of one length go through the model
        together, and the next ones are tokenised while the model runs.
        """
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        with ThreadPoolExecutor(max_workers=1) as tokenising:
            ahead = [tokenising.submit(self._encode, texts[:_TEXTS_AT_ONCE])] if starts else []
            for start in starts:
                encodings = ahead.pop().result()
                after = start + _TEXTS_AT_ONCE
                if after < len(texts):
                    ahead.append(
                        tokenising.submit(self._encode, texts[after : after + _TEXTS_AT_ONCE])
                    )
                for position, embedding in self._embed(encodings):
                    yield start + position, embedding

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        prompt = self.card.passage_prompt
        return list(self._tokenizer.encode_batch([prompt + text for text in texts]))

    def _embed(self, encodings: list[Any]) -> Iterator[tuple[int, Embedding]]:
        for batch in _batches([len(encoding.ids) for encoding in encodings]):
            yield from self._run([(position, encodings[position]) for position in batch])

    def _run(self, batch: list[tuple[int, Any]]) -> Iterator[tuple[int, Embedding]]:
        longest = max(len(encoding.ids) for _, encoding in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, (_, encoding) in enumerate(batch):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        with self._states(ids, mask) as states:
            for row, (position, encoding) in enumerate(batch):
                count = len(encoding.ids)
                yield (
                    position,
                    self._embedding(states[row, :count], encoding, len(self.card.passage_prompt)),
                )

    def _one(self, prompt: str, text: str) -> Embedding:
        encoding = self._tokenizer.encode(prompt + text)
        ids = np.array([encoding.ids], np.int64)
        with self._states(ids, np.ones_like(ids)) as states:
            return self._embedding(states[0], encoding, len(prompt))

    def _embedding(self, states: Floats, encoding: Any, prompt: int) -> Embedding:
        pooled = states.mean(axis=0) if self.card.pooling == "mean" else states[0]
        own = np.array(encoding.special_tokens_mask, bool) == 0
        offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2) - prompt
        own &= offsets[:, 0] >= 0
        return Embedding(
            vector=unit(pooled),
            tokens=states[own],
            offsets=offsets[own],
            ids=np.array(encoding.ids, np.int32)[own],
        )

    def warm(self) -> None:
        """Compile the model now, so that the first question need not wait for it."""
        with self._lock:
            if self._compiled is None:
                self._compiled = compiled(
                    self._folder, threads=self._threads, precision=self._precision
                )

    @contextmanager
    def _states(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Iterator[Floats]:
        """Last hidden states, shape (texts, tokens, dimension); valid inside the block only.

        A request serves one thread at a time and holds the memory of the states.
        """
        self.warm()
        with self._lock:
            request = self._idle.pop() if self._idle else self._compiled.create_infer_request()
        request.infer([ids, mask], share_inputs=True, share_outputs=True)
        try:
            yield request.get_output_tensor().data
        finally:
            self._idle.append(request)

    def recipe(self) -> dict[str, object]:
        """What of the embedder shapes an index; two indexes with one recipe have equal vectors."""
        return {
            "model": self.card.name,
            "revision": self.card.revision,
            "dimension": self.card.dimension,
            "token_dimension": self.card.token_dimension,
            "limit": self.card.limit,
            "pooling": self.card.pooling,
            "query_prompt": self.card.query_prompt,
            "passage_prompt": self.card.passage_prompt,
            "engine": self.card.engine,
        }


def unit(vector: Floats) -> Floats:
    """The vector, or each row, at length 1; a zero vector stays zero."""
    norm = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(norm, 1e-12), np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions grouped by length, longest first, so that padding is little and memory known."""
    order = sorted(range(len(lengths)), key=lambda position: (-lengths[position], position))
    start = 0
    while start < len(order):
        size = max(1, _TOKENS_A_BATCH // lengths[order[start]])
        yield order[start : start + size]
        start += size
