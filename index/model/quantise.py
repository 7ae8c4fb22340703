"""A model in eight bits: a quarter of the size, and faster where the processor has VNNI or AMX.

Post-training quantisation by NNCF, which is installed with `codedesk[int8]` and needed only for the
conversion. The ranges of what flows through the model are found on the starter library's texts.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from corpus.starter import DOCUMENTS
from index.errors import ModelProblem

_TEXTS = 60  # more texts change the ranges in the third digit
_CHARACTERS = 1200  # about as many as the longest passage


def require_quantising() -> None:
    """Raises ModelProblem where the package that does it is not installed."""
    if find_spec("nncf") is None:
        raise ModelProblem(
            'The setting `precision = "int8"` needs the package nncf to convert the model. Install '
            'it with `pip install codedesk[int8]`, or set `precision = "auto"`.'
        )


def quantised(model: Any, tokenizer: Path, *, limit: int) -> Any:
    """The OpenVINO model in eight bits; `limit` is how many tokens of a text it reads."""
    import nncf
    from tokenizers import Tokenizer

    encoder = Tokenizer.from_file(str(tokenizer))
    encoder.enable_truncation(limit)
    encoder.no_padding()

    def inputs(text: str) -> list[Any]:
        ids = np.array([encoder.encode(text).ids], np.int64)
        return [ids, np.ones_like(ids)]

    return nncf.quantize(
        model,
        nncf.Dataset(_texts(), inputs),
        model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=_TEXTS,
    )


def _texts() -> list[str]:
    """The beginnings of the starter library's documents, without their metadata."""
    folder = DOCUMENTS
    whole = [path.read_text("utf-8") for path in sorted(folder.rglob("*.md"))]
    return [text.split("\n---\n", 1)[-1][:_CHARACTERS] for text in whole][:_TEXTS]
