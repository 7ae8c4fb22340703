"""The model on a graphics processor, or any device that torch knows, through sentence-transformers.

For indexing alone: a question is one text, and waits longer for torch to be imported than for the
processor to embed it. The vectors are those of the processor but for rounding (1e-4), so that an
index made here is asked there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelProblem


class TorchEngine:
    """The same as `index.model.engine.Engine`, on `device` (`cuda`, `cuda:1`, `mps`, `cpu`).

    Raises ModelProblem for a device that this machine has not.
    """

    tokens_a_batch = 32_768  # a graphics processor idles on fewer

    def __init__(self, source: Path, *, device: str) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        import torch
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(str(source), device=device, local_files_only=True)
        except (AssertionError, RuntimeError) as error:
            raise ModelProblem(
                f'The setting `device = "{device}"` cannot be used: {str(error).splitlines()[0]} '
                "Remove it to index on the processor."
            ) from error
        self._torch = torch
        self._device = device
        self._transformer = model[0].model.eval()

    @contextmanager
    def states(
        self, ids: NDArray[np.int64], mask: NDArray[np.int64]
    ) -> Iterator[NDArray[np.float32]]:
        """Last hidden states, shape (texts, tokens, dimension)."""
        torch = self._torch
        with torch.inference_mode():
            found = self._transformer(
                input_ids=torch.from_numpy(ids).to(self._device),
                attention_mask=torch.from_numpy(mask).to(self._device),
            ).last_hidden_state
            yield found.float().cpu().numpy()
