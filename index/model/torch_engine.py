"""The model on a graphics processor, or any device that torch knows, through sentence-transformers.

For indexing alone: a question is one text, and waits longer for torch to be imported than for the
processor to embed it. The vectors are those of the processor but for rounding (1e-4), so that an
index made here is asked there.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelProblem
from index.model.engine import Vectors


class TorchEngine:
    """The same as `index.model.engine.Engine`, on `device` (`cuda`, `cuda:1`, `mps`, `cpu`).

    Raises ModelProblem for a device that this machine has not.
    """

    tokens_a_batch = 32_768  # a graphics processor idles on fewer

    def __init__(
        self, source: Path, projection: NDArray[np.float32], *, pooling: str, device: str
    ) -> None:
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
        self._projection = torch.from_numpy(projection).to(device)
        self._pooling = pooling

    def vectors(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Of texts and of tokens, as `index.model.engine.Engine.vectors`."""
        torch = self._torch
        with torch.inference_mode():
            attention = torch.from_numpy(mask).to(self._device)
            states = self._transformer(
                input_ids=torch.from_numpy(ids).to(self._device), attention_mask=attention
            ).last_hidden_state.float()
            weights = attention.unsqueeze(2)
            mean = (states * weights).sum(1) / weights.sum(1)
            both = mean if self._pooling == "mean" else states[:, 0], states @ self._projection
            passage, tokens = (torch.nn.functional.normalize(rows, dim=-1) for rows in both)
            return passage.cpu().numpy(), tokens.cpu().numpy()
