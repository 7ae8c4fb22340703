"""Measures text in the tokens of the embedding model, wherever it is split."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_KEPT = 256  # texts


class Tokens:
    """A `Sizer` with the tokenizer in `file`, as the package tokenizers writes it; read when it is
    first needed. `limit` is how many tokens of a text's own the model reads. Safe to share between
    threads."""

    def __init__(self, file: Path, *, limit: int) -> None:
        self.file = file
        self.limit = limit
        # Headings and titles come again with every passage.
        self._kept: dict[str, NDArray[np.int32]] = {}

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Where each token begins and ends, in characters, shape (tokens, 2); no special tokens."""
        found = self._kept.get(text)
        if found is None:
            encoding = self._tokenizer.encode(text, add_special_tokens=False)
            found = np.array(encoding.offsets, np.int32).reshape(-1, 2)
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[text] = found
        return found

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # who does not split does not wait for it

        tokenizer = Tokenizer.from_file(str(self.file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer
